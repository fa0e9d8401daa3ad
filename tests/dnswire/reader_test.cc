#include "dnswire/reader.h"

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing::ElementsAreArray;
using testing_support::Compressed;
using testing_support::Concat;
using testing_support::FromHex;
using testing_support::Label;
using testing_support::NameOfSize;
using testing_support::Octets;
using testing_support::Pointer;
using testing_support::WireName;

TEST(ReaderTest, ReadsBigEndianNumbersInTurn) {
  const Octets octets = FromHex("01 0203 04050607");
  Reader reader(octets);
  EXPECT_EQ(reader.ReadU8(), 0x01);
  EXPECT_EQ(reader.ReadU16(), 0x0203);
  EXPECT_EQ(reader.ReadU32(), 0x04050607u);
  EXPECT_TRUE(reader.ok());
  EXPECT_EQ(reader.remaining(), 0u);
}

TEST(ReaderTest, FailsOneOctetBeforeANumberIsWhole) {
  const Octets octets = FromHex("ffffff");
  EXPECT_EQ(Reader(octets, 3).ReadU8(), 0);
  EXPECT_EQ(Reader(octets, 2).ReadU16(), 0);
  EXPECT_EQ(Reader(octets, 0).ReadU32(), 0u);
  EXPECT_EQ(Reader(octets, 1).ReadU16(), 0xffff);
}

TEST(ReaderTest, StaysFailedAfterOneReadPastTheEnd) {
  const Octets octets = FromHex("0102");
  Reader reader(octets);
  reader.ReadU32();
  EXPECT_FALSE(reader.ok());
  EXPECT_EQ(reader.ReadU8(), 0);
  EXPECT_EQ(reader.remaining(), 0u);
  EXPECT_FALSE(reader.ok());
}

TEST(ReaderTest, FailsWhenItStartsBehindTheEnd) {
  const Octets octets = FromHex("0102");
  EXPECT_TRUE(Reader(octets, 2).ok());
  EXPECT_FALSE(Reader(octets, 3).ok());
}

TEST(ReaderTest, GivesOctetsUpToTheEndAndNoneBeyond) {
  const Octets octets = FromHex("010203");
  Reader reader(octets, 1);
  EXPECT_THAT(reader.ReadOctets(2), ElementsAreArray({0x02, 0x03}));
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.ReadOctets(0).empty());
  EXPECT_TRUE(reader.ok());
  EXPECT_TRUE(reader.ReadOctets(1).empty());
  EXPECT_FALSE(reader.ok());
}

// A name that starts at `at` of a message; the octets before it are what it may
// point to, from octet 12 on.
struct NameCase {
  std::string label;
  Octets message;
  size_t at;
  std::optional<Octets> name;  // nullopt: refused
  size_t end;                  // of the name's own octets
};

Octets Header() { return Octets(12, 0); }
Octets Plain(const char* text) { return WireName(text).octets; }

NameCase Good(std::string label, Octets message, size_t at, Octets name,
              size_t end) {
  return {std::move(label), std::move(message), at, std::move(name), end};
}

NameCase Bad(std::string label, Octets message, size_t at) {
  return {std::move(label), std::move(message), at, std::nullopt, 0};
}

// `count` pointers, each to the one before it, behind the root at 12.
Octets PointerChain(size_t count) {
  Octets message = Concat({Header(), {0}});
  for (size_t i = 0; i < count; ++i) {
    const size_t target = i == 0 ? 12 : message.size() - 2;
    message = Concat({message, Pointer(target)});
  }
  return message;
}

std::vector<NameCase> PlainNameCases() {
  const Octets label63 = Label(std::string(63, 'x'));
  return {
      Good("the root", {0}, 0, {0}, 1),
      Good("two labels", Plain("www.example"), 0, Plain("www.example"), 13),
      Good("letter case is kept", Plain("WwW"), 0, Plain("WwW"), 5),
      Good("label of 63", Concat({label63, {0}}), 0, Concat({label63, {0}}),
           65),
      Good("name of 255", NameOfSize(255), 0, NameOfSize(255), 255),
      Good("octets behind the name stay", Concat({Plain("a"), {7, 7}}), 0,
           Plain("a"), 3),
      Bad("no octet at all", {}, 0),
      Bad("label without octets", {1}, 0),
      Bad("label cut", {3, 'a', 'b'}, 0),
      Bad("no root", {1, 'a'}, 0),
      Bad("name of 256", Concat({Label("x"), NameOfSize(254)}), 0),
      Bad("label type 01", Concat({{0x40}, Octets(64, 'x'), {0}}), 0),
      Bad("label type 10", Concat({{0x80}, Octets(128, 'x'), {0}}), 0),
      Bad("label type 01 is no pointer", Concat({Header(), {0, 0x40, 12}}), 13),
      Bad("label type 10 is no pointer", Concat({Header(), {0, 0x80, 12}}), 13),
  };
}

std::vector<NameCase> PointerCases() {
  const Octets base = Concat({Header(), Plain("example.com")});  // ends at 25
  const Octets nested = Concat({base, Compressed("www", 12)});   // at 25..31
  return {
      Good("pointer to a name", Concat({base, Pointer(12)}), 25,
           Plain("example.com"), 27),
      Good("pointer to its parent", Concat({base, Pointer(20)}), 25,
           Plain("com"), 27),
      Good("pointer to the root", Concat({base, Pointer(24)}), 25, {0}, 27),
      Good("labels and a pointer", nested, 25, Plain("www.example.com"), 31),
      Good("pointer to labels and a pointer", Concat({nested, Pointer(25)}), 31,
           Plain("www.example.com"), 33),
      Good("pointer to a pointer", Concat({nested, Pointer(29)}), 31,
           Plain("example.com"), 33),
      Good("pointer into a label's octets",
           Concat(
               {Header(), Label(std::string("a\x01z\0", 4)), {0}, Pointer(14)}),
           18, Plain("z"), 20),
      Good("127 pointers", PointerChain(127), 13 + 2 * 126, {0}, 13 + 2 * 127),
      Bad("128 pointers", PointerChain(128), 13 + 2 * 127),
      Bad("second pointer octet missing", Concat({base, {0xc0}}), 25),
      Bad("pointer to itself", Concat({base, Pointer(25)}), 25),
      Bad("pointer to its own label", Concat({base, Compressed("www", 25)}),
          25),
      Bad("pointer into its own label", Concat({base, Compressed("www", 26)}),
          25),
      Bad("pointer forward", Concat({base, Pointer(27), {0}}), 25),
      Bad("pointer past the end", Concat({base, Pointer(0x3fff)}), 25),
      Bad("pointer to the header's end minus one", Concat({base, Pointer(11)}),
          25),
      Bad("pointer to the start", Concat({base, Pointer(0)}), 25),
      Bad("two pointers in a ring",
          Concat({Header(), Pointer(14), Pointer(12)}), 14),
      // The label at 12 would end at 16, behind where the pointer stands.
      Bad("pointed-to label runs into the pointer",
          Concat({Header(), {3, 'a'}, Pointer(12), {0}}), 14),
      // The name at 12 has no root before the label that points to it.
      Bad("pointed-to name runs into the labels before the pointer",
          Concat({Header(), {1, 'a'}, Compressed("b", 12)}), 14),
      // From 12: a label over 13 and 14, the root at 15, inside the label that
      // stands before the pointer.
      Bad("pointed-to name ends within the labels before the pointer",
          Concat({Header(), {2, 'a'}, {1, 0}, Pointer(12)}), 14),
      // From 13: a pointer to 12 whose second octet is the length of the label
      // that stands before the pointer to 13.
      Bad("pointed-to pointer ends within the labels before the pointer",
          Concat(
              {Header(), {0, 0xc0}, Label(std::string(12, 'x')), Pointer(13)}),
          14),
  };
}

// 255 octets of which the last ones come through a pointer, and 256.
std::vector<NameCase> LongCompressedCases() {
  const Octets tail = Concat({Header(), NameOfSize(200)});  // ends at 212
  const std::string label54(54, 'y');
  const std::string label55(55, 'y');
  return {
      Good("255 with a pointer", Concat({tail, Label(label54), Pointer(12)}),
           212, Concat({Label(label54), NameOfSize(200)}), 212 + 57),
      Bad("256 with a pointer", Concat({tail, Label(label55), Pointer(12)}),
          212),
  };
}

std::vector<NameCase> AllCases() {
  std::vector<NameCase> all;
  for (const auto& cases :
       {PlainNameCases(), PointerCases(), LongCompressedCases()}) {
    all.insert(all.end(), cases.begin(), cases.end());
  }
  return all;
}

// A heap block of exactly that size: AddressSanitizer sees a read behind it.
std::vector<uint8_t> Exactly(const Octets& octets) {
  std::vector<uint8_t> block;
  block.reserve(octets.size());
  block.assign(octets.begin(), octets.end());
  return block;
}

TEST(ReaderTest, ReadsOrRefusesNames) {
  for (const NameCase& test : AllCases()) {
    SCOPED_TRACE(test.label);
    const Octets message = Exactly(test.message);
    Reader reader(message, test.at);
    Name name;
    reader.ReadName(&name);
    ASSERT_EQ(reader.ok(), test.name.has_value());
    if (!test.name) continue;
    EXPECT_THAT(name.view().wire(), ElementsAreArray(*test.name));
    EXPECT_EQ(reader.position(), test.end);
  }
}

TEST(ReaderTest, SkipsExactlyTheNamesThatItReads) {
  for (const NameCase& test : AllCases()) {
    SCOPED_TRACE(test.label);
    const Octets message = Exactly(test.message);
    Reader reader(message, test.at);
    reader.SkipName();
    ASSERT_EQ(reader.ok(), test.name.has_value());
    if (!test.name) continue;
    EXPECT_EQ(reader.position(), test.end);
  }
}

TEST(ReaderTest, ReadsNoNameAfterFailure) {
  const Octets message = Plain("www.example");
  Reader reader(message);
  reader.Skip(message.size() + 1);
  Name name;
  reader.ReadName(&name);
  EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace dnswire
