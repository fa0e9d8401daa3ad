#include "io/files/target_reader.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/io/redirected.h"
#include "tests/io/root_rights.h"
#include "tests/io/temp_folder.h"

namespace io {
namespace {

using dnswire::IpRange;
using testing::HasSubstr;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

std::string Text(const IpRange& range) {
  return absl::StrCat(range.first.ToString(), " ", range.last.ToString());
}

struct TargetCase {
  const char* text;
  const char* expected;  // first and last address
};
constexpr TargetCase kTargets[] = {
    {"192.0.2.7", "192.0.2.7 192.0.2.7"},
    {"192.0.2.0/24", "192.0.2.0 192.0.2.255"},
    {"192.0.2.7/32", "192.0.2.7 192.0.2.7"},
    {"0.0.0.0/0", "0.0.0.0 255.255.255.255"},
    {"192.0.2.1-192.0.2.9", "192.0.2.1 192.0.2.9"},
    {"192.0.2.1-192.0.2.1", "192.0.2.1 192.0.2.1"},
    {"192.0.2.1 - 192.0.2.9", "192.0.2.1 192.0.2.9"},
    {"0.0.0.0-255.255.255.255", "0.0.0.0 255.255.255.255"},
    {" \t192.0.2.7 \t", "192.0.2.7 192.0.2.7"},
    {"2001:db8::/112", "2001:db8:: 2001:db8::ffff"},
    {"2001:DB8::1", "2001:db8::1 2001:db8::1"},
    {"2001:db8::1/128", "2001:db8::1 2001:db8::1"},
    {"2001:db8::1-2001:db8::ff", "2001:db8::1 2001:db8::ff"},
    {"::/0", ":: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    {"::ffff:192.0.2.7", "192.0.2.7 192.0.2.7"},
    {"::ffff:192.0.2.0/120", "192.0.2.0 192.0.2.255"},
    {"::ffff:0:0/96", "0.0.0.0 255.255.255.255"},
    {"::ffff:192.0.2.7/128", "192.0.2.7 192.0.2.7"},
    {"::ffff:192.0.2.1-::ffff:192.0.2.9", "192.0.2.1 192.0.2.9"},
    {"192.0.2.1-::ffff:192.0.2.9", "192.0.2.1 192.0.2.9"},
};

TEST(ParseTargetTest, ReadsAddressesPrefixesAndRanges) {
  for (const auto& [text, expected] : kTargets) {
    const auto range = ParseTarget(text);
    ASSERT_TRUE(range.ok()) << text << ": " << range.status();
    EXPECT_EQ(Text(*range), expected) << text;
  }
}

struct FaultCase {
  absl::string_view text;
  const char* expected;  // the whole message
};
constexpr FaultCase kFaults[] = {
    {"", "an address is missing"},
    {"192.0.2", "\"192.0.2\" is not an IP address"},
    {"192.0.2.256", "\"192.0.2.256\" is not an IP address"},
    {"192.0.2.010", "\"192.0.2.010\" is not an IP address"},
    {"2001:db8::1::2", "\"2001:db8::1::2\" is not an IP address"},
    {"192.0.2.10/24",
     "192.0.2.10/24 has host bits set; did you mean 192.0.2.0/24?"},
    {"2001:db8::1/64",
     "2001:db8::1/64 has host bits set; did you mean 2001:db8::/64?"},
    {"::ffff:192.0.2.10/120",
     "::ffff:192.0.2.10/120 has host bits set; did you mean 192.0.2.0/24?"},
    {"::ffff:0:0/95",
     "::ffff:0:0/95 has host bits set; did you mean ::fffe:0:0/95?"},
    {"192.0.2.0/33",
     "\"192.0.2.0/33\": the prefix length of an IPv4 address is a number from "
     "0 to 32"},
    {"2001:db8::/129",
     "\"2001:db8::/129\": the prefix length of an IPv6 address is a number "
     "from 0 to 128"},
    {"192.0.2.0/", nullptr},
    {"192.0.2.0/024", nullptr},
    {"192.0.2.0/+24", nullptr},
    {"192.0.2.0/ 24", nullptr},
    {"192.0.2.0/24/24", nullptr},
    {"192.0.2.0/-1",
     "\"192.0.2.0/-1\" is not an IP address (a range goes from one address to "
     "another)"},
    {"192.0.2.0/255.255.255.0",
     "\"192.0.2.0/255.255.255.0\": the prefix length of an IPv4 address is a "
     "number from 0 to 32"},
    {"192.0.2.0/4294967304",
     "\"192.0.2.0/4294967304\": the prefix length of an IPv4 address is a "
     "number from 0 to 32"},
    {"192.0.2.9-192.0.2.1",
     "\"192.0.2.9-192.0.2.1\": the range ends before it starts"},
    {"192.0.2.1-2001:db8::1",
     "\"192.0.2.1-2001:db8::1\": a range cannot mix IPv4 and IPv6"},
    {"192.0.2.1-9", "\"192.0.2.1-9\": did you mean 192.0.2.1-192.0.2.9?"},
    {"192.0.2.1-3.9", "\"192.0.2.1-3.9\": did you mean 192.0.2.1-192.0.3.9?"},
    {"192.0.2.1-300", "\"300\" is not an IP address"},
    {"192.0.2.1-", "an address is missing"},
    {"-192.0.2.1", "an address is missing"},
    {"192.0.2.0/24-192.0.3.0/24",
     "\"192.0.2.0/24-192.0.3.0/24\" is not an IP address (a range goes from "
     "one address to another)"},
    {"mail.example.com",
     "\"mail.example.com\" is not an IP address (ptrsweep takes addresses, "
     "not names)"},
    {"my-host.example.com",
     "\"my-host.example.com\" is not an IP address (ptrsweep takes addresses, "
     "not names)"},
    {"example.com/24",
     "\"example.com\" is not an IP address (ptrsweep takes addresses, not "
     "names)"},
    {"192.0.2.*",
     "\"192.0.2.*\" is not an IP address (did you mean 192.0.2.0/24?)"},
    {"10.*.*.*",
     "\"10.*.*.*\" is not an IP address (did you mean 10.0.0.0/8?)"},
    {"192.0.*",
     "\"192.0.*\" is not an IP address (write a prefix such as "
     "192.0.2.0/24)"},
    {"192.*.2.1",
     "\"192.*.2.1\" is not an IP address (write a prefix such as "
     "192.0.2.0/24)"},
    {"192.0.2.1,192.0.2.2",
     "\"192.0.2.1,192.0.2.2\" is not an IP address (write one target a line)"},
    {"192.0.2.1 192.0.2.2",
     "\"192.0.2.1 192.0.2.2\" is not an IP address (write one target a line)"},
    {"[2001:db8::1]",
     "\"[2001:db8::1]\" is not an IP address (write it without brackets)"},
    {"fe80::1%eth0",
     "\"fe80::1%eth0\" is not an IP address (write it without a zone index)"},
    {absl::string_view("1\0.\0", 4),
     "\"1\\000.\\000\" is not an IP address (it holds NUL octets; a target "
     "list is plain text, UTF-8 or ASCII)"},
    {"\x1b[2J\xff\\=",
     "\"\\027[2J\\255\\092=\" is not an IP address (write it "
     "without brackets)"},
    {"caf\xc3\xa9:", "\"caf\xc3\xa9:\" is not an IP address"},
};

TEST(ParseTargetTest, SaysWhatIsWrongInOneLine) {
  for (const auto& [text, expected] : kFaults) {
    const auto range = ParseTarget(text);
    ASSERT_FALSE(range.ok()) << text;
    EXPECT_EQ(range.status().code(), absl::StatusCode::kInvalidArgument);
    if (expected == nullptr) {
      EXPECT_THAT(std::string(range.status().message()),
                  testing::EndsWith("is a number from 0 to 32"));
    } else {
      EXPECT_EQ(range.status().message(), expected) << text;
    }
  }
}

TEST(ParseTargetTest, CutsWhatItShows) {
  const std::string junk(4000, '\xff');
  const auto range = ParseTarget(junk);
  ASSERT_FALSE(range.ok());
  EXPECT_LT(range.status().message().size(), 350u);
  EXPECT_THAT(std::string(range.status().message()), HasSubstr("\\255...\""));
}

TEST(ParseTargetLinesTest, ReadsEachLineThatIsNotEmptyOrComment) {
  const auto targets = ParseTargetLines(
      "# a list\n"
      "\n"
      "192.0.2.0/30\n"
      "  192.0.2.7\t# a host\n"
      "2001:db8::1#right behind\n"
      "   \n"
      "192.0.2.1",
      "list");
  ASSERT_TRUE(targets.ok()) << targets.status();
  std::vector<std::string> texts;
  for (const IpRange& range : *targets) texts.push_back(Text(range));
  EXPECT_THAT(texts, testing::ElementsAre(
                         "192.0.2.0 192.0.2.3", "192.0.2.7 192.0.2.7",
                         "2001:db8::1 2001:db8::1", "192.0.2.1 192.0.2.1"));
}

TEST(ParseTargetLinesTest, AcceptsWindowsLineEndsAndByteOrderMark) {
  const auto targets = ParseTargetLines(
      "\xef\xbb\xbf"
      "192.0.2.1\r\n\r\n192.0.2.2 \r\n192.0.2.3\r",
      "list");
  ASSERT_TRUE(targets.ok()) << targets.status();
  EXPECT_EQ(targets->size(), 3u);
}

TEST(ParseTargetLinesTest, AnEmptyTextHasNoTargets) {
  for (const char* const text : {"", "\n", "\xef\xbb\xbf", "#", "\r\n"}) {
    const auto targets = ParseTargetLines(text, "list");
    ASSERT_TRUE(targets.ok()) << targets.status();
    EXPECT_TRUE(targets->empty());
  }
}

struct LineCase {
  const char* text;
  const char* expected;
};
constexpr LineCase kLines[] = {
    {"192.0.2.1\nx\n", "list:2: \"x\" is not an IP address"},
    {"\r\n\r\n#\r\n192.0.2.0/33", "list:4: \"192.0.2.0/33\": the prefix"},
    {"\xef\xbb\xbf\xef\xbb\xbf", "list:1: \"\xef\xbb\xbf\" is not"},
    {"192.0.2.1\n192.0.2.1/24\n192.0.2.0/99",
     "list:2: 192.0.2.1/24 has host bits set"},
    {"192.0.2.1\r192.0.2.2", "list:1: \"192.0.2.1\\013192.0.2.2\" is not"},
};

TEST(ParseTargetLinesTest, NamesSourceAndLineOfTheFirstFault) {
  for (const auto& [text, expected] : kLines) {
    const auto targets = ParseTargetLines(text, "list");
    ASSERT_FALSE(targets.ok()) << text;
    EXPECT_EQ(targets.status().code(), absl::StatusCode::kInvalidArgument);
    EXPECT_THAT(std::string(targets.status().message()),
                testing::StartsWith(expected));
  }
}

TEST(ParseTargetLinesTest, SourceIsShownAsCarriedText) {
  const auto targets = ParseTargetLines("x", "a\x1b[b");
  EXPECT_THAT(std::string(targets.status().message()),
              testing::StartsWith("a\\027[b:1: "));
}

TEST(ParseTargetLinesTest, RefusesLinesOver4096Octets) {
  const std::string target = "192.0.2.1";
  const std::string longest = target + std::string(4096 - 9, ' ');
  EXPECT_TRUE(ParseTargetLines(longest + "\r\n" + longest, "list").ok());
  EXPECT_TRUE(ParseTargetLines("#" + std::string(4095, 'x'), "list").ok());
  for (const std::string& line : {longest + " ", std::string(4097, '#')}) {
    const auto targets = ParseTargetLines("\n" + line + "\n", "list");
    EXPECT_EQ(targets.status().message(),
              "list:2: the line is longer than 4,096 octets");
  }
}

TEST(ReadWholeFileTest, ReadsFilesOfAnySize) {
  const TempFolder folder;
  // Around the first read of 65,536 octets and its doublings, and none.
  for (const size_t size :
       {0u, 1u, 65535u, 65536u, 65537u, 131072u, 9000000u}) {
    std::string octets(size, 'x');
    for (size_t i = 0; i < size; i += 251) {
      octets[i] = static_cast<char>(i / 251);
    }
    WriteFileOctets(folder.Path("f"), octets);
    const auto content = ReadWholeFile(folder.Path("f"));
    ASSERT_TRUE(content.ok()) << content.status();
    EXPECT_TRUE(*content == octets) << size;
  }
}

TEST(ReadWholeFileTest, ReadsAFifoInPieces) {
  const TempFolder folder;
  const std::string path = folder.Path("fifo");
  ASSERT_EQ(mkfifo(path.c_str(), 0600), 0);
  const std::string octets(300000, 'y');  // more than a pipe holds
  std::thread writer([&] { WriteFileOctets(path, octets); });
  const auto content = ReadWholeFile(path);
  writer.join();
  ASSERT_TRUE(content.ok()) << content.status();
  EXPECT_TRUE(*content == octets);
}

TEST(ReadTargetFileTest, ReadsStdin) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  const testing_support::Redirected stdin_from(STDIN_FILENO, ends[0]);
  // A reader that takes EAGAIN for an error would stop between the two.
  ASSERT_EQ(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
  std::thread writer([end = ends[1]] {
    EXPECT_EQ(write(end, "192.0.2.1\n", 10), 10);
    EXPECT_EQ(write(end, "192.0.2.300\n", 12), 12);
    close(end);
  });
  const auto targets = ReadTargetFile("-");
  writer.join();
  close(ends[0]);
  EXPECT_EQ(targets.status().message(),
            "<stdin>:2: \"192.0.2.300\" is not an IP address");
}

TEST(ReadTargetFileTest, ReadsAFile) {
  const TempFolder folder;
  WriteFileOctets(folder.Path("list"), "192.0.2.1\n192.0.2.2\n");
  const auto targets = ReadTargetFile(folder.Path("list"));
  ASSERT_TRUE(targets.ok()) << targets.status();
  EXPECT_EQ(targets->size(), 2u);
}

TEST(ReadTargetFileTest, AFaultNamesThePath) {
  const TempFolder folder;
  WriteFileOctets(folder.Path("list"), "\nx\n");
  EXPECT_THAT(
      std::string(ReadTargetFile(folder.Path("list")).status().message()),
      testing::StartsWith(folder.Path("list") + ":2: "));
}

TEST(ReadTargetFileTest, NamesPathAndReasonIfItCannotBeRead) {
  const TempFolder folder;
  const auto missing = ReadTargetFile(folder.Path("no\x1b"));
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  EXPECT_EQ(missing.status().message(),
            absl::StrCat("cannot read ", folder.Path("no"),
                         "\\027: No such file or directory"));
  const auto directory = ReadTargetFile(folder.Path("."));
  EXPECT_EQ(directory.status().message(),
            absl::StrCat("cannot read ", folder.Path("."), ": Is a directory"));
  EXPECT_FALSE(ReadTargetFile("").ok());
  EXPECT_THAT(std::string(ReadTargetFile(absl::string_view("/dev/null\0x", 11))
                              .status()
                              .message()),
              HasSubstr("/dev/null\\000x: Invalid argument"));
}

TEST(ReadTargetFileTest, SaysThatAFileIsForbidden) {
  const TempFolder folder;
  WriteFileOctets(folder.Path("secret"), "192.0.2.1\n");
  ASSERT_EQ(chmod(folder.Path("secret").c_str(), 0), 0);
  const testing_support::WithoutRootRights rights;
  const auto targets = ReadTargetFile(folder.Path("secret"));
  EXPECT_EQ(targets.status().code(), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(targets.status().message(),
            absl::StrCat("cannot read ", folder.Path("secret"),
                         ": Permission denied"));
}

}  // namespace
}  // namespace io
