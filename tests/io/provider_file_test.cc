#include "io/files/provider_file.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

using ::testing::ElementsAre;
using ::testing::StartsWith;

std::vector<std::string> Texts(absl::string_view text) {
  const auto list = ParseProviderFile(text, "own.tsv");
  EXPECT_TRUE(list.ok()) << list.status();
  std::vector<std::string> texts;
  if (!list.ok()) return texts;
  for (const ListedProvider& listed : *list) {
    texts.push_back(absl::StrCat(listed.suffix, "|", listed.provider, "|",
                                 listed.where, listed.usually ? "|?" : ""));
  }
  return texts;
}

TEST(ProviderFileTest, ReadsLinesInTheColumnsOfTheHeader) {
  EXPECT_THAT(
      Texts("# ours\n"
            "suffix\tprovider\twhere\tforward_first\tbasis\tchecked\n"
            "\n"
            "Example.NET.\tUs\tticket #7 of https://a/#b\tyes\tobserved\t2026-"
            "11\n"
            "awsdns-*.com\tA, B\tmail\tno\tgeneral\t\n"
            "short.example\tC\there\r\n"),
      ElementsAre("example.net|Us|ticket #7 of https://a/#b",
                  "awsdns-*.com|A, B|mail|?", "short.example|C|here"));
  EXPECT_THAT(Texts("\xef\xbb\xbfwhere\tsuffix\tprovider\nw\ts\tp"),
              ElementsAre("s|p|w"));
}

TEST(ProviderFileTest, WhatIsShownIsSafe) {
  EXPECT_THAT(Texts("suffix\tprovider\twhere\n"
                    "a.b\t=Stra\xc3\x9f"
                    "e\tx\x1b[0m\n"),
              ElementsAre("a.b|\\061Stra\xc3\x9f"
                          "e|x\\027[0m"));
}

struct Case {
  const char* text;
  const char* error;  // behind "own.tsv:"
};

TEST(ProviderFileTest, ErrorsNameTheLine) {
  const std::string head = "suffix\tprovider\twhere\tbasis\n";
  const Case kCases[] = {
      {"", "1: there is no header"},
      {"# nothing\n", "2: there is no header"},
      {"suffix provider where\n", "1: \"suffix provider where\" is no column"},
      {"suffix\tprovidr\twhere\n",
       "1: \"providr\" is no column of a header (suffix, provider, where, "},
      {"suffix\tprovider\n", "1: the header has no column where"},
      {"suffix\tprovider\twhere\twhere\n", "1: \"where\" is there twice"},
      {"suffix\tprovider\twhere\tbasis\na..b\tp\tw\n",
       "2: \"a..b\" is not a domain name"},
      {"suffix\tprovider\twhere\tbasis\n.\tp\tw\n",
       "2: \".\" is not a domain name"},
      {"suffix\tprovider\twhere\tbasis\na*b*.net\tp\tw\n",
       "2: \"a*b*.net\" has a label with more than one *"},
      {"suffix\tprovider\twhere\tbasis\n\na.net\t\tw\n",
       "3: provider is empty"},
      {"suffix\tprovider\twhere\tbasis\na.net\tp\n", "2: where is empty"},
      {"suffix\tprovider\twhere\tbasis\na.net\tp\tw\tsure\n",
       "2: \"sure\" is none of documented, observed, general"},
      {"suffix\tprovider\twhere\tforward_first\na.net\tp\tw\tmaybe\n",
       "2: \"maybe\" is none of yes, no, unknown"},
      {"suffix\tprovider\twhere\tchecked\na.net\tp\tw\t2026-13\n",
       "2: \"2026-13\" is no month"},
      {"suffix\tprovider\twhere\tchecked\na.net\tp\tw\t-026-11\n",
       "2: \"\\045026-11\" is no month"},
      {"suffix\tprovider\twhere\tbasis\na.net\tp\tw\tgeneral\tmore\n",
       "2: \"more\": the header has fewer columns"},
      {"suffix\tprovider\twhere\tbasis\na.net\tp\tw\nb.net\tp\tw\nA."
       "net\tp\tw\n",
       "4: \"a.net\" was given on line 2"},
      {"suffix\tprovider\twhere\tbasis\na.net\tp\xff\tw\n",
       "2: the line is not valid UTF-8"},
  };
  for (const auto& [text, error] : kCases) {
    const auto list = ParseProviderFile(text, "own.tsv");
    EXPECT_FALSE(list.ok()) << text;
    EXPECT_THAT(std::string(list.status().message()),
                StartsWith(absl::StrCat("own.tsv:", error)));
  }
  const auto list =
      ParseProviderFile(absl::StrCat(head, std::string(5000, 'a')), "own.tsv");
  EXPECT_THAT(std::string(list.status().message()),
              StartsWith("own.tsv:2: the line is longer"));
}

}  // namespace
}  // namespace io
