// The README's tables are what the program does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "io/formats/row.h"
#include "io/formats/status.h"
#include "scanner/verdict/actor.h"
#include "tests/io/temp_folder.h"

namespace tools {
namespace {

using testing::HasSubstr;

std::string Readme() {
  std::string text =
      testing_support::ReadFileOctets(PTRSWEEP_SOURCE_DIR "/README.md");
  EXPECT_FALSE(text.empty());
  return text;
}

TEST(ReadmeTest, ListsEveryColumnWithItsDocumentation) {
  std::string table;
  for (const io::Column& column : io::Columns()) {
    absl::StrAppend(&table, "| `", column.name, "` | ", column.doc, " |\n");
  }
  EXPECT_THAT(Readme(), HasSubstr(table));
}

TEST(ReadmeTest, ListsEveryStatusAndWhoActs) {
  const std::string text = Readme();
  for (size_t i = 0; i < io::kStatusCount; ++i) {
    const auto status = static_cast<io::Status>(i);
    const size_t at =
        text.find(absl::StrCat("\n| `", io::StatusName(status), "` | "));
    ASSERT_NE(at, std::string::npos) << io::StatusName(status);
    const std::string line = text.substr(at, text.find('\n', at + 1) - at);
    EXPECT_THAT(line, testing::EndsWith(
                          absl::StrCat(" | ", scanner::WhoActs(status), " |")));
  }
}

TEST(ReadmeTest, SaysTheTwoCommandsOnItsFirstScreen) {
  const std::string text = Readme();
  for (const char* command : {"./tools/quickstart", "./tools/test"}) {
    EXPECT_LT(text.find(command), 2500u) << command;
  }
}

}  // namespace
}  // namespace tools
