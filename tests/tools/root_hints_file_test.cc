#include "tools/iteration/root_hints_file.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "scanner/delegation/root_hints.h"

namespace tools {
namespace {

class RootHintsFileTest : public testing::Test {
 protected:
  std::string Write(const std::string& text) const {
    const std::string path = testing::TempDir() + "/root_hints_file_test";
    std::ofstream(path) << text;
    return path;
  }
};

constexpr char kDebianHints[] = "/usr/share/dns/root.hints";

// The table is that of the package dns-root-data, address by address.
TEST_F(RootHintsFileTest, TheBuiltInTableIsDebians) {
  const auto read = ReadRootHints(kDebianHints);
  if (absl::IsNotFound(read.status()) &&
      std::getenv("PTRSWEEP_REQUIRE_WORLD") == nullptr) {
    GTEST_SKIP() << read.status();
  }
  ASSERT_TRUE(read.ok()) << read.status();
  const auto built_in = scanner::BuiltInRootHints();
  ASSERT_EQ(read->size(), built_in.size());
  for (const scanner::RootServer& server : *read) {
    bool found = false;
    for (const scanner::RootServer& known : built_in) {
      if (!known.name.view().Equals(server.name)) continue;
      EXPECT_EQ(known.addresses, server.addresses) << server.name.ToText();
      found = true;
    }
    EXPECT_TRUE(found) << server.name.ToText();
  }
}

TEST_F(RootHintsFileTest, TakesServersOfTheRootThatHaveAnAddress) {
  const auto read =
      ReadRootHints(Write("$TTL 3600\n"
                          ". NS A.root.test.\n"
                          "  NS b.root.test. ; without an address\n"
                          "a.root.test. A 192.0.2.1\n"
                          "             AAAA 2001:db8::1\n"
                          "test. NS c.root.test.\n"
                          "c.root.test. A 192.0.2.3\n"));
  ASSERT_TRUE(read.ok()) << read.status();
  ASSERT_EQ(read->size(), 1U);
  EXPECT_EQ((*read)[0].name.ToText(), "a.root.test");
  EXPECT_EQ((*read)[0].addresses.size(), 2U);
}

TEST_F(RootHintsFileTest, ErrorsNameFileAndLine) {
  const std::string path = Write(". 60 NS a.root.test.\na.root.test. 60 A x\n");
  EXPECT_NE(ReadRootHints(path).status().message().find(path + ":2: "),
            std::string::npos)
      << ReadRootHints(path).status();
  const auto none = ReadRootHints(Write("example. 60 A 192.0.2.1\n"));
  EXPECT_NE(none.status().message().find("no name server of the root"),
            std::string::npos)
      << none.status();
  const auto missing = ReadRootHints("/no/such/file");
  EXPECT_NE(missing.status().message().find("/no/such/file: No such file"),
            std::string::npos)
      << missing.status();
}

}  // namespace
}  // namespace tools
