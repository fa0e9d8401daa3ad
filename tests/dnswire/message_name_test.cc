// Names compared in place, at positions of a message.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "dnswire/message.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing_support::Compressed;
using testing_support::Concat;
using testing_support::Label;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
using testing_support::WireName;
namespace rr = testing_support::rr;

constexpr char kReverseName[] = "10.2.0.192.in-addr.arpa";

PacketBuilder Asked() {
  return PacketBuilder().Response().Question(kReverseName, rr::kPtr);
}

struct CompareCase {
  std::string label;
  WireName owner;
  WireName other;
  bool equals;
  bool at_or_above;
};

std::vector<CompareCase> CompareCases() {
  const Octets question = Pointer(12);
  return {
      {"the question", question, kReverseName, true, true},
      {"the question in capitals", question, "10.2.0.192.IN-ADDR.ARPA", true,
       true},
      {"its parent", Pointer(15), kReverseName, false, true},
      {"its child", Compressed("x", 12), kReverseName, false, false},
      {"a child is below it", question, "x.10.2.0.192.in-addr.arpa", false,
       true},
      {"its sibling", Compressed("11", 15), kReverseName, false, false},
      {"its sibling's child", Compressed("11", 15), "10.2.0.192.in-addr.arpa",
       false, false},
      {"the root", ".", kReverseName, false, true},
      {"the root and the root", ".", ".", true, true},
      {"a name and the root", "a", ".", false, false},
      {"a dot in a label is no dot", Concat({Label("a.b"), {0}}), "a.b", false,
       false},
      {"an octet above ASCII keeps its case", "\xc1", "\xe1", false, false},
      {"@ and ` differ by the case bit", "@", "`", false, false},
      {"a length octet is no label octet",
       Concat({Label("a\x03x"), Label("z"), {0}}),
       Concat({Label("a"), Label("x\x01z"), {0}}), false, false},
      {"the end of a label is no label", "xample", "example", false, false},
  };
}

TEST(MessageNameTest, ComparesNamesInPlaceWithoutCase) {
  for (const CompareCase& test : CompareCases()) {
    SCOPED_TRACE(test.label);
    const Octets octets =
        Asked().Answer().Record(test.owner, rr::kTxt, {}).Build();
    const Message message = Message::Parse(octets);
    ASSERT_EQ(message.fault(), Fault::kNone);
    const size_t at = message.answers().begin()->owner_at;
    const NameView other = NameView::FromValidWire(test.other.octets);
    EXPECT_EQ(message.NameEquals(at, other), test.equals);
    EXPECT_EQ(message.NameIsAtOrAbove(at, other), test.at_or_above);
  }
}

TEST(MessageNameTest, NamesThatStartAtOnePlaceAreFoundByIt) {
  PacketBuilder packet = Asked().Answer();
  const size_t first_at = packet.size();
  packet.Cname(Pointer(12), "a.b");
  packet.Cname(Pointer(first_at), Pointer(first_at + 12));
  const Octets octets = packet.Build();
  const Message message = Message::Parse(octets);
  ASSERT_EQ(message.answers().size(), 2u);
  const Record first = *message.answers().begin();
  const Record second = *++message.answers().begin();
  EXPECT_EQ(message.NameStart(Message::kQuestionAt), 12u);
  EXPECT_EQ(message.NameStart(first.owner_at), 12u);
  EXPECT_EQ(message.NameStart(second.owner_at), 12u);
  EXPECT_EQ(message.NameStart(second.rdata_at), first.rdata_at);
}

}  // namespace
}  // namespace dnswire
