#include "io/files/transfer_list.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> Texts(absl::string_view text) {
  const auto list = ParseTransferList(text, "axfr.txt");
  EXPECT_TRUE(list.ok()) << list.status();
  std::vector<std::string> texts;
  if (!list.ok()) return texts;
  for (const ListedTransfer& listed : *list) {
    texts.push_back(absl::StrCat(listed.line, "|", listed.apex.ToText(), "|"));
    for (const Endpoint& server : listed.servers) {
      absl::StrAppend(&texts.back(), server.ToString(), ";");
    }
    absl::StrAppend(&texts.back(), "|", listed.key ? listed.key->ToText() : "");
  }
  return texts;
}

struct Case {
  const char* text;
  const char* expected;
};

TEST(TransferListTest, ReadsZonesServersAndKeys) {
  constexpr Case kCases[] = {
      {"10.in-addr.arpa", "1|10.in-addr.arpa||"},
      {"10.IN-ADDR.arpa.", "1|10.in-addr.arpa||"},
      {"10.in-addr.arpa 192.0.2.1", "1|10.in-addr.arpa|192.0.2.1;|"},
      {"10.in-addr.arpa\t192.0.2.1:5353,[2001:db8::1]:54  Key.1 ",
       "1|10.in-addr.arpa|192.0.2.1:5353;[2001:db8::1]:54;|key.1"},
      {"10.in-addr.arpa my-key", "1|10.in-addr.arpa||my-key"},
      {"10.in-addr.arpa 2001:db8::1", "1|10.in-addr.arpa|2001:db8::1;|"},
      {"10.0.0.0/8", "1|10.in-addr.arpa||"},
      {"0.0.0.0/0", "1|in-addr.arpa||"},
      {"192.0.2.0/24 k", "1|2.0.192.in-addr.arpa||k"},
      {"192.0.2.7/32", "1|7.2.0.192.in-addr.arpa||"},
      {"2001:db8::/36", "1|0.8.b.d.0.1.0.0.2.ip6.arpa||"},
      {"0/25.2.0.192.in-addr.arpa", "1|0\\04725.2.0.192.in-addr.arpa||"},
      {"example.net", "1|example.net||"},
  };
  for (const auto& [text, expected] : kCases) {
    EXPECT_THAT(Texts(text), ElementsAre(expected)) << text;
  }
}

TEST(TransferListTest, KeepsNamesInLowerCase) {
  const auto list = ParseTransferList("Zone.Arpa KEY", "axfr.txt");
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_EQ((*list)[0].apex.view().first_label(), "zone");
  EXPECT_EQ((*list)[0].key->view().first_label(), "key");
}

TEST(TransferListTest, SkipsCommentsAndEmptyLines) {
  EXPECT_THAT(Texts("\xef\xbb\xbf# zones\r\n\r\n a.arpa k # one\r\n\tb.arpa"),
              ElementsAre("3|a.arpa||k", "4|b.arpa||"));
  EXPECT_THAT(Texts(""), ElementsAre());
}

TEST(TransferListTest, NamesTheLineOfEveryFault) {
  constexpr char kServer[] =
      " is no server (ADDRESS, ADDRESS:PORT, [V6], [V6]:PORT)";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"a.arpa\na..arpa", "2: \"a..arpa\" is not a name"},
      {".", "1: \".\" is no zone: write its name or its prefix"},
      {"10.0.0.0", "1: \"10.0.0.0\" is no zone: write its name or its prefix"},
      {"2001:db8::",
       "1: \"2001:db8::\" is no zone: write its name or its prefix"},
      {"10.0.0.1/8",
       "1: \"10.0.0.1/8\" has host bits set; did you mean 10.0.0.0/8?"},
      {"10.0.0.0/9",
       "1: \"10.0.0.0/9\" is no zone: its length is no multiple of 8"},
      {"2001:db8::/33",
       "1: \"2001:db8::/33\" is no zone: its length is no multiple of 4"},
      {"10.0.0.0/33",
       "1: \"10.0.0.0/33\": the prefix length of an IPv4 address is a number "
       "from 0 to 32"},
      {"a.arpa 192.0.2.256", absl::StrCat("1: \"192.0.2.256\"", kServer)},
      {"a.arpa 192.0.2.1:0", absl::StrCat("1: \"192.0.2.1:0\"", kServer)},
      {"a.arpa 192.0.2.1,ns.example",
       absl::StrCat("1: \"ns.example\"", kServer)},
      {"a.arpa ns.example key", absl::StrCat("1: \"ns.example\"", kServer)},
      {"a.arpa 192.0.2.1,",
       "1: \"\": servers are joined by commas, without blanks"},
      {"a.arpa 192.0.2.1 192.0.2.2",
       "1: \"192.0.2.2\": servers are joined by commas, without blanks"},
      {"a.arpa k..k", "1: \"k..k\" is not a name"},
      {"a.arpa 192.0.2.1 key more",
       "1: \"more\": a line is APEX [SERVER,...] [KEY]"},
      {"10.in-addr.arpa\nb.arpa\n10.0.0.0/8 k",
       "3: zone 10.in-addr.arpa was given on line 1"},
      {std::string(4097, 'x'), "1: the line is longer than 4,096 octets"},
  };
  for (const auto& [text, expected] : cases) {
    const auto list = ParseTransferList(text, "axfr.txt");
    ASSERT_FALSE(list.ok()) << text;
    EXPECT_EQ(list.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(list.status().message(), absl::StrCat("axfr.txt:", expected));
  }
}

TEST(TransferListTest, ShowsWhatItWasGivenHarmlessly) {
  const auto list = ParseTransferList("a.arpa \x1b[31m,\x1b[0m", "axfr.txt");
  ASSERT_FALSE(list.ok());
  EXPECT_EQ(list.status().message().find('\x1b'), absl::string_view::npos);
}

}  // namespace
}  // namespace io
