#include "tests/fuzz/slow_message.h"

#include <optional>
#include <utility>

#include "tests/fuzz/slow_names.h"

namespace fuzz {
namespace {

using Octets = std::span<const uint8_t>;

constexpr const char* kFaults[] = {"bad:answer", "lax:authority",
                                   "lax:additional"};
constexpr int kAdditional = 2;
constexpr uint16_t kOpt = 41;

uint16_t U16(Octets octets, size_t at) {
  return static_cast<uint16_t>(octets[at] * 256 + octets[at + 1]);
}

// Names and other octets that the rdata of a type begins with; nullopt: not
// decoded.
struct Shape {
  int names;
  size_t octets;
};

std::optional<Shape> ShapeOf(const SlowRecord& record) {
  if (record.record_class != 1) return std::nullopt;
  switch (record.type) {
    case 1:  // A
      return Shape{0, 4};
    case 28:  // AAAA
      return Shape{0, 16};
    case 2:   // NS
    case 5:   // CNAME
    case 12:  // PTR
    case 39:  // DNAME
      return Shape{1, 0};
    case 6:  // SOA
      return Shape{2, 20};
    default:
      return std::nullopt;
  }
}

// Name, type and class of a question or record. False on a fault.
bool ReadStart(Octets octets, size_t* at, SlowRecord* record) {
  const auto owner = SlowReadName(octets, *at);
  if (!owner || octets.size() - owner->end < 4) return false;
  record->owner = owner->wire;
  record->lower_owner = SlowLower(owner->wire);
  record->type = U16(octets, owner->end);
  record->record_class = U16(octets, owner->end + 2);
  *at = owner->end + 4;
  return true;
}

bool ReadRecord(Octets octets, size_t* at, SlowRecord* record) {
  if (!ReadStart(octets, at, record) || octets.size() - *at < 6) return false;
  record->ttl =
      uint32_t{U16(octets, *at)} * 65536 + uint32_t{U16(octets, *at + 2)};
  const size_t length = U16(octets, *at + 4);
  *at += 6;
  if (octets.size() - *at < length) return false;
  const auto rdata = octets.subspan(*at, length);
  record->rdata_at = *at;
  record->rdata.assign(rdata.begin(), rdata.end());
  const size_t end = *at + length;
  if (const auto shape = ShapeOf(*record)) {
    for (int i = 0; i < shape->names; ++i) {
      const auto name = SlowReadName(octets, *at);
      if (!name) return false;
      record->names.push_back(SlowLower(name->wire));
      *at = name->end;
    }
    return std::exchange(*at, end) + shape->octets == end;
  }
  *at = end;
  return true;
}

bool IsSoundOpt(const SlowRecord& record) {
  return record.owner == std::string(1, '\0') &&
         SlowForEachOption(record.rdata, [](size_t, const std::string&) {});
}

bool ReadQuestions(Octets octets, size_t* at, SlowMessage* message) {
  for (int i = 0; i < message->header[2]; ++i) {
    SlowRecord question;
    if (!ReadStart(octets, at, &question)) return false;
    message->questions.push_back(question);
  }
  return true;
}

bool ReadSection(Octets octets, int section, size_t* at,
                 std::vector<SlowRecord>* records, uint16_t count) {
  int opts = 0;
  for (int i = 0; i < count; ++i) {
    SlowRecord record;
    if (!ReadRecord(octets, at, &record)) return false;
    if (section == kAdditional && record.type == kOpt &&
        (!IsSoundOpt(record) || ++opts > 1)) {
      return false;
    }
    records->push_back(record);
  }
  return true;
}

}  // namespace

SlowMessage SlowParse(Octets octets) {
  SlowMessage message;
  if (octets.size() < 12) return message;
  for (size_t i = 0; i < 6; ++i) message.header[i] = U16(octets, 2 * i);
  size_t at = 12;
  message.fault = "bad:question";
  if (!ReadQuestions(octets, &at, &message)) {
    message.questions.clear();
    return message;
  }
  for (int section = 0; section < 3; ++section) {
    const auto i = static_cast<size_t>(section);
    auto* const records = &message.sections[i];
    message.fault = kFaults[i];
    if (!ReadSection(octets, section, &at, records, message.header[3 + i])) {
      records->clear();
      return message;
    }
  }
  message.fault = "ok";
  message.trailing = octets.size() - at;
  for (const SlowRecord& record : message.sections[kAdditional]) {
    if (record.type == kOpt) message.opt = &record;
  }
  return message;
}

}  // namespace fuzz
