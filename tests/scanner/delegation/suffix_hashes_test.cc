#include "scanner/delegation/suffix_hashes.h"

#include <gtest/gtest.h>

#include <set>

namespace scanner {
namespace {

dnswire::Name N(absl::string_view text) { return *dnswire::Name::Parse(text); }

constexpr uint64_t kKey = 4711;

TEST(SuffixHashesTest, EverySuffixHasTheHashOfTheNameItIs) {
  const dnswire::Name name = N("4.3.2.1.in-addr.arpa");
  const SuffixHashes hashes(name, kKey);
  ASSERT_EQ(hashes.labels(), 6U);
  dnswire::NameView suffix = name;
  for (size_t labels = 6; labels > 0; --labels) {
    EXPECT_TRUE(hashes.Suffix(labels).Equals(suffix)) << labels;
    EXPECT_EQ(hashes[labels], HashOfName(suffix, kKey)) << labels;
    suffix = suffix.parent();
  }
  EXPECT_TRUE(hashes.Suffix(0).is_root());
  EXPECT_EQ(hashes[0], HashOfName(dnswire::NameView(), kKey));
}

TEST(SuffixHashesTest, CaseDoesNotCountAndTheKeyDoes) {
  const uint64_t hash = HashOfName(N("Mail.EXAMPLE.com"), kKey);
  EXPECT_EQ(hash, HashOfName(N("mail.example.COM"), kKey));
  EXPECT_NE(hash, HashOfName(N("mail.example.com"), kKey + 1));
  EXPECT_EQ(HashOfName(N("Z"), kKey), HashOfName(N("z"), kKey));
  EXPECT_EQ(HashOfName(N("ABCDEFGHIJKLMNOPQRSTUVWXYZ"), kKey),
            HashOfName(N("abcdefghijklmnopqrstuvwxyz"), kKey));
  EXPECT_NE(HashOfName(N("@[`{"), kKey), HashOfName(N("`{@["), kKey));
}

// Names that differ in where their dots are, in a trailing octet, or in zeros
// before the first digit.
TEST(SuffixHashesTest, NamesThatLookAlikeDiffer) {
  std::set<uint64_t> seen;
  const char* const kNames[] = {".",
                                "a",
                                "ab",
                                "a.b",
                                "b.a",
                                "1",
                                "01",
                                "001",
                                "10",
                                "abcdefgh",
                                "abcdefghi",
                                "abcdefg.h",
                                "a.bcdefgh",
                                "abcdefgh.abcdefgh",
                                "abcdefghabcdefgh",
                                "\\000",
                                "\\000\\000",
                                "\\000.\\000"};
  for (const char* const text : kNames) {
    EXPECT_TRUE(seen.insert(HashOfName(N(text), kKey)).second) << text;
  }
}

TEST(SuffixHashesTest, TakesTheLongestNameAndTheMostLabels) {
  std::string text;
  for (int i = 0; i < 126; ++i) text += "a.";
  const dnswire::Name name = N(text + "b");
  const SuffixHashes hashes(name, kKey);
  EXPECT_EQ(hashes.labels(), 127U);
  std::set<uint64_t> seen;
  for (size_t i = 0; i <= 127; ++i) seen.insert(hashes[i]);
  EXPECT_EQ(seen.size(), 128U);
}

}  // namespace
}  // namespace scanner
