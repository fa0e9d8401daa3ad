// The decoder against 7,594 messages with their exact expected decode, every
// prefix of them, and every flipped bit of those that hold data (WIRE.md 12).
#include <gmock/gmock.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "tests/dnswire/decode_text.h"
#include "tests/support/corpus_fixture.h"
#include "tests/support/corpus_reader.h"

namespace dnswire {
namespace {

using testing_support::CorpusMessage;
using testing_support::CorpusName;
using testing_support::CorpusTest;
using testing_support::Octets;

// Octets in a heap block of exactly their size, so that AddressSanitizer sees
// the first octet read behind them.
class ExactBlock {
 public:
  ExactBlock(const Octets& octets, size_t size)
      : octets_(new uint8_t[size]), size_(size) {
    std::copy_n(octets.begin(), size, octets_.get());
  }
  std::span<const uint8_t> span() const { return {octets_.get(), size_}; }

 private:
  std::unique_ptr<uint8_t[]> octets_;
  size_t size_;
};

// Id and first differing column, or nothing.
std::string Difference(const CorpusMessage& message) {
  constexpr size_t kColumnsBefore = 2;  // id and basis are not ours to print
  const ExactBlock block(message.octets, message.octets.size());
  const std::vector<std::string> ours = DecodeColumns(block.span());
  for (size_t i = 0; i < ours.size(); ++i) {
    const std::string& expected = message.expected.at(i + kColumnsBefore);
    if (ours[i] == expected) continue;
    return absl::StrCat(message.id, " (", message.origin, ") column ",
                        i + kColumnsBefore + 1, ": ", ours[i], " instead of ",
                        expected);
  }
  return "";
}

// Follows every name of every record, as a careless reader of a message that
// was accepted would.
void ReadAllNames(const Message& message) {
  Name name;
  for (const RecordRange& range :
       {message.answers(), message.authorities(), message.additionals()}) {
    for (const Record& record : range) {
      message.ReadName(record.owner_at, &name);
      message.NameIsAtOrAbove(record.owner_at, name);
      if (IsDecoded(record) && record.type == kTypeSoa) {
        message.ReadName(message.ReadSoa(record).rname_at, &name);
      }
    }
  }
}

Outcome OutcomeOf(const Message& message, const AskedAs& asked_as,
                  Answer* answer) {
  if (!message.has_question()) return Outcome::kMalformed;
  ResolveAnswer(message, QuestionOf(message), asked_as, NameListView(), answer);
  return answer->outcome;
}

// What a response must keep to be taken for the answer to the same question.
bool StillAnswers(const Message& original, const Message& message) {
  return message.has_question() &&
         message.header().id == original.header().id &&
         message.header().qr == original.header().qr &&
         message.header().opcode == original.header().opcode &&
         message.question_type() == original.question_type() &&
         message.question_class() == original.question_class() &&
         message.question_name().Equals(original.question_name());
}

// Bits whose flip makes an accepted nxdomain or nodata out of `octets`.
std::vector<size_t> BitsThatDeny(const Octets& octets,
                                 const AskedAs& asked_as) {
  std::vector<size_t> bits;
  Octets flipped = octets;
  Answer answer;
  const Message original = Message::ParseHead(octets);
  for (size_t bit = 0; bit < 8 * octets.size(); ++bit) {
    const auto mask = static_cast<uint8_t>(0x80 >> bit % 8);
    flipped[bit / 8] ^= mask;
    const Message message = Message::Parse(flipped);
    if (StillAnswers(original, message)) {
      const Outcome outcome = OutcomeOf(message, asked_as, &answer);
      if (outcome == Outcome::kNxdomain || outcome == Outcome::kNodata) {
        bits.push_back(bit);
      }
    }
    flipped[bit / 8] ^= mask;
  }
  return bits;
}

TEST_F(CorpusTest, EveryMessageDecodesAsExpected) {
  const std::vector<CorpusMessage> messages =
      testing_support::ReadCorpusMessages();
  ASSERT_EQ(messages.size(), 7594u);
  for (const CorpusMessage& message : messages) {
    EXPECT_EQ(Difference(message), "");
  }
}

TEST_F(CorpusTest, NoPrefixOfASoundMessageIsSound) {
  size_t prefixes = 0;
  Answer answer;
  for (const CorpusMessage& message : testing_support::ReadCorpusMessages()) {
    const Message whole = Message::Parse(message.octets);
    const bool complete =
        whole.fault() == Fault::kNone && whole.trailing_octets() == 0;
    for (size_t size = 0; size < message.octets.size(); ++size) {
      const ExactBlock block(message.octets, size);
      const Message prefix = Message::Parse(block.span());
      ReadAllNames(prefix);
      OutcomeOf(prefix, AskedAs{}, &answer);
      ASSERT_FALSE(complete && prefix.fault() == Fault::kNone)
          << message.id << " cut to " << size;
      ++prefixes;
    }
  }
  EXPECT_GT(prefixes, 1'000'000u);
}

TEST_F(CorpusTest, NoFlippedBitTurnsDataIntoItsAbsence) {
  constexpr size_t kOutcomeColumn = 9;
  size_t tried = 0;
  for (const CorpusMessage& message : testing_support::ReadCorpusMessages()) {
    if (!message.is_original()) continue;
    if (message.expected.at(kOutcomeColumn) != "data") continue;
    const AskedAs from_root = {.iterative = true, .zone = NameView()};
    EXPECT_THAT(BitsThatDeny(message.octets, AskedAs{}), testing::IsEmpty())
        << message.id;
    EXPECT_THAT(BitsThatDeny(message.octets, from_root), testing::IsEmpty())
        << message.id;
    ++tried;
  }
  EXPECT_GT(tried, 400u);
}

TEST_F(CorpusTest, NamesHaveTheirTextAndComeBackFromIt) {
  const std::vector<CorpusName> names = testing_support::ReadCorpusNames();
  ASSERT_EQ(names.size(), 1207u);
  for (const CorpusName& name : names) {
    const NameView view = NameView::FromValidWire(name.wire);
    EXPECT_EQ(view.ToText(), name.text);
    Octets lower = name.wire;
    std::transform(lower.begin(), lower.end(), lower.begin(), LowerOctet);
    const std::optional<Name> parsed = Name::Parse(name.text);
    ASSERT_TRUE(parsed.has_value()) << name.text;
    EXPECT_THAT(parsed->view().wire(), testing::ElementsAreArray(lower));
  }
}

}  // namespace
}  // namespace dnswire
