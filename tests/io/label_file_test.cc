#include "io/files/label_file.h"

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace io {
namespace {

std::string Text(const LabelLine& line) {
  return absl::StrCat(line.line, "|", line.target.ToString(), "|", line.label,
                      "|", line.expected);
}

std::vector<std::string> Texts(const LabelFile& file) {
  std::vector<std::string> texts;
  for (const LabelLine& line : file.lines) texts.push_back(Text(line));
  return texts;
}

struct Case {
  const char* label;
  const char* text;
  std::vector<std::string> expected;
};

const std::vector<Case>& Cases() {
  static const auto* const cases = new std::vector<Case>{
      {"header only", "target,label\n", {}},
      {"all columns",
       "target,label,expected\n192.0.2.0/24,web,*.example.net\n",
       {"2|192.0.2.0/24|web|*.example.net"}},
      {"any order",
       "expected,label,target\nmail.example.com,mx,192.0.2.1\n",
       {"2|192.0.2.1/32|mx|mail.example.com"}},
      {"aliases: ip, tenant, dns_name",
       "ip,tenant,dns_name\n192.0.2.1,a,b.c\n",
       {"2|192.0.2.1/32|a|b.c"}},
      {"aliases: prefix, customer",
       "prefix,customer\n192.0.2.0/31,a\n",
       {"2|192.0.2.0/31|a|"}},
      {"alias: address; no label",
       "address,expected\n2001:db8::1,-\n",
       {"2|2001:db8::1/128||-"}},
      {"letter case and blanks of the header",
       " Target , LABEL\n192.0.2.1,a\n",
       {"2|192.0.2.1/32|a|"}},
      {"blanks around cells",
       "target,label,expected\n 192.0.2.1 , a b , - \n",
       {"2|192.0.2.1/32|a b|-"}},
      {"host bits: that one address",
       "target,label\n192.0.2.10/24,a\n",
       {"2|192.0.2.10/32|a|"}},
      {"host bits, IPv6",
       "target,label\n2001:db8::1/64,a\n",
       {"2|2001:db8::1/128|a|"}},
      {"mapped",
       "target,label\n::ffff:192.0.2.0/120,a\n::ffff:192.0.2.1/95,b\n",
       {"2|192.0.2.0/24|a|", "3|192.0.2.1/32|b|"}},
      {"empty cells",
       "target,label,expected\n192.0.2.1,,\n",
       {"2|192.0.2.1/32||"}},
      {"quotes, UTF-8, line numbers",
       "\xef\xbb\xbftarget,label\r\n192.0.2.1,\"a, \"\"b\"\"\nc\"\r\n\r\n"
       "192.0.2.2,caf\xc3\xa9\r\n",
       {"2|192.0.2.1/32|a, \"b\"\nc|", "5|192.0.2.2/32|caf\xc3\xa9|"}},
      {"expected in lower case, no final dot",
       "target,expected\n192.0.2.1,MAIL.Example.COM.\n192.0.2.2,*.Example.COM."
       "\n",
       {"2|192.0.2.1/32||mail.example.com", "3|192.0.2.2/32||*.example.com"}},
      {"pattern",
       "target,expected\n192.0.2.0/24,{A}-{b}-{c}-{d}.pool_1.example.net\n",
       {"2|192.0.2.0/24||{a}-{b}-{c}-{d}.pool_1.example.net"}},
      {"nested targets are no repetition",
       "target,label\n192.0.2.0/24,a\n192.0.2.0/25,b\n192.0.2.0,c\n",
       {"2|192.0.2.0/24|a|", "3|192.0.2.0/25|b|", "4|192.0.2.0/32|c|"}},
  };
  return *cases;
}

TEST(LabelFileTest, ReadsTargetsLabelsAndExpectedNames) {
  for (const Case& c : Cases()) {
    const auto file = ParseLabelFile(c.text, "labels.csv");
    ASSERT_TRUE(file.ok()) << c.label << ": " << file.status();
    EXPECT_EQ(Texts(*file), c.expected) << c.label;
    EXPECT_TRUE(file->ignored_columns.empty()) << c.label;
  }
}

TEST(LabelFileTest, NamesTheColumnsItIgnores) {
  const auto file = ParseLabelFile(
      "rack,target,\"ow\x1bner\",label,\n3,192.0.2.1,x,web,\n", "labels.csv");
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_THAT(Texts(*file), testing::ElementsAre("2|192.0.2.1/32|web|"));
  EXPECT_THAT(file->ignored_columns,
              testing::ElementsAre("rack", "ow\\027ner", ""));
}

struct FaultCase {
  const char* text;
  const char* expected;  // the message behind "labels.csv:"
};
constexpr FaultCase kFaults[] = {
    {"", "1: the header has no column target (or ip, prefix, address)"},
    {"192.0.2.1,web\n",
     "1: the header has no column target (or ip, prefix, address)"},
    {"label,expected\n",
     "1: the header has no column target (or ip, prefix, address)"},
    {"\n\ntarget,name\n",
     "3: the header has neither a column label (or tenant, customer) nor "
     "expected (or dns_name)"},
    {"target,label,ip\n", "1: columns \"target\" and \"ip\" mean the same"},
    {"target,label,Label\n",
     "1: columns \"label\" and \"Label\" mean the same"},
    {"target,label\n192.0.2.1\n", "2: 1 cells, but the header has 2"},
    {"target,label\n192.0.2.1,a,b\n", "2: 3 cells, but the header has 2"},
    {"target,label\n,web\n", "2: an address is missing"},
    {"target,label\n192.0.2.1,a\nx,web\n",
     "3: \"x\" is not an IP address (ptrsweep takes addresses, not names)"},
    {"target,label\n192.0.2.0/33,a\n",
     "2: \"192.0.2.0/33\": the prefix length of an IPv4 address is a number "
     "from 0 to 32"},
    {"target,label\n192.0.2.1-192.0.2.9,a\n",
     "2: \"192.0.2.1-192.0.2.9\": a target here is an address or a prefix"},
    {"target,label\n192.0.2.1,\"a\n192.0.2.2,b\n", "2: a quote is not closed"},
    {"target,label\n192.0.2.1,a\"b\"\n",
     "2: a quote stands inside an unquoted cell"},
    {"target,label\n192.0.2.1,caf\xe9\n", "2: the line is not valid UTF-8"},
    {"target,label,caf\xe9\n", "1: the line is not valid UTF-8"},
    {"target,label\n192.0.2.0/24,a\n192.0.2.9,x\n192.0.2.0/24,b\n",
     "4: target 192.0.2.0/24 was given on line 2"},
    {"target,label\n192.0.2.9,a\n192.0.2.9/24,b\n",
     "3: target 192.0.2.9/32 was given on line 2"},
    {"target,label\n192.0.2.9,a\n192.0.2.1,b\n192.0.2.9,c\n192.0.2.1,d\n",
     "4: target 192.0.2.9/32 was given on line 2"},
    {"target,label\n192.0.2.9,a\n192.0.2.9,b\n192.0.2.9,c\n",
     "3: target 192.0.2.9/32 was given on line 2"},
};

TEST(LabelFileTest, NamesTheLineOfEveryFault) {
  for (const auto& [text, expected] : kFaults) {
    const auto file = ParseLabelFile(text, "labels.csv");
    ASSERT_FALSE(file.ok()) << text;
    EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_EQ(file.status().message(), absl::StrCat("labels.csv:", expected))
        << text;
  }
}

TEST(LabelFileTest, RefusesRecordsOver4096Octets) {
  const std::string start = "target,label\n192.0.2.1,";
  const std::string longest(4096 - 10, 'x');
  EXPECT_TRUE(ParseLabelFile(start + longest + "\r\n", "l").ok());
  EXPECT_EQ(ParseLabelFile(start + longest + "x\n", "l").status().message(),
            "l:2: the line is longer than 4,096 octets");
}

// Label octets: 63; the whole: 253 (255 with its first and last length octet).
const std::string& Longest() {
  static const auto* const name =
      new std::string(std::string(63, 'a') + "." + std::string(63, 'b') + "." +
                      std::string(63, 'c') + "." + std::string(61, 'd'));
  return *name;
}

TEST(LabelFileTest, AcceptsHostNamesAsExpected) {
  for (const std::string& cell :
       {std::string("mailhost"), std::string("a.b"),
        std::string("xn--bcher-kva.example"), std::string("_x.3com.example"),
        std::string("*.example"), std::string("h{d}.example"),
        std::string(60, 'a') + "{d}.example", Longest()}) {
    const auto file =
        ParseLabelFile(absl::StrCat("ip,expected\n192.0.2.1,", cell), "l");
    ASSERT_TRUE(file.ok()) << file.status();
    EXPECT_EQ(file->lines[0].expected, cell);
  }
}

struct ExpectedCase {
  std::string cell;
  const char* fault;
};

TEST(LabelFileTest, RefusesWhatIsNoHostNameAsExpected) {
  constexpr char kOctets[] =
      "it may hold letters, digits, '-', '_' and '.' only";
  constexpr char kSize[] =
      "its labels are 1 to 63 octets, all of it 253 at most";
  constexpr char kDash[] = "a label cannot start or end with '-'";
  constexpr char kNumber[] = "its last label is a number";
  const ExpectedCase cases[] = {
      {"mail example.com", kOctets},
      {"a/b.example", kOctets},
      {"{e}.example", kOctets},
      {"*", kOctets},
      {"a.*.example", kOctets},
      {"*.*.example", kOctets},
      {"*.{a}.example", kOctets},
      {"a\\046b.example", kOctets},
      {"b\xc3\xbc"
       "cher.example",
       "write it in its ASCII form (xn--...)"},
      {".", kSize},
      {"*.", kOctets},
      {"*..", kSize},
      {"a..b", kSize},
      {".a", kSize},
      {"a.b..", kSize},
      {std::string(64, 'a') + ".example", kSize},
      {std::string(61, 'a') + "{d}.example", kSize},
      {Longest() + "d", kSize},
      {"-a.example", kDash},
      {"a.b-.example", kDash},
      {"--", kDash},
      {"192.0.2.1", kNumber},
      {"{a}.{b}.{c}.{d}", kNumber},
      {"host.123", kNumber},
  };
  for (const auto& [cell, fault] : cases) {
    const auto file =
        ParseLabelFile(absl::StrCat("ip,expected\n192.0.2.1,", cell), "l");
    EXPECT_EQ(file.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(file.status().message()),
                testing::AllOf(testing::StartsWith("l:2: expected \""),
                               testing::EndsWith(absl::StrCat(
                                   "\" is not a host name: ", fault))))
        << cell;
  }
}

TEST(LabelFileTest, OctetsOfTheAddressAreForIpv4Only) {
  const auto file =
      ParseLabelFile("ip,expected\n2001:db8::/64,h{d}.example", "l");
  EXPECT_EQ(file.status().message(),
            "l:2: expected \"h{d}.example\": {a} to {d} are octets of IPv4 "
            "only");
}

}  // namespace
}  // namespace io
