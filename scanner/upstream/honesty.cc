#include "scanner/upstream/honesty.h"

#include "scanner/targets/mix.h"

namespace scanner {
namespace {

constexpr size_t kSaidSets = 4096;
constexpr size_t kRecordSets = 2048;
constexpr uint8_t kNamesForHonest = 2;

uint64_t KeyOf(ZoneServer who) {
  return Mix(1, uint64_t{who.zone} << 16 | who.server);
}

}  // namespace

Honesty::Honesty() : said_(kSaidSets), records_(kRecordSets) {}

Honesty::State Honesty::StateOf(ZoneServer who) const {
  const Record* record = records_.Find(
      KeyOf(who), [who](const Record& r) { return r.who == who; });
  return record == nullptr ? State::kUnknown : record->state;
}

bool Honesty::OnNx(ZoneServer who, uint64_t name) {
  Note(who, name, true);
  return WantsProof(who);
}

bool Honesty::WantsProof(ZoneServer who) {
  Record& record = RecordOf(who);
  const bool first = !record.proof_asked && record.state != State::kBroken;
  record.proof_asked = true;
  return first;
}

void Honesty::OnProof(ZoneServer who, bool real) {
  Record& record = RecordOf(who);
  if (real && record.state != State::kBroken) record.state = State::kSigned;
}

void Honesty::Assume(ZoneServer who, State state) {
  if (state == State::kUnknown) return;
  Record& record = RecordOf(who);
  if (record.state == State::kUnknown) record.state = state;
}

void Honesty::OnNodata(ZoneServer who, uint64_t name) {
  Note(who, name, false);
}

Honesty::Record& Honesty::RecordOf(ZoneServer who) {
  const uint64_t key = KeyOf(who);
  Record* record =
      records_.Find(key, [who](const Record& r) { return r.who == who; });
  return record != nullptr ? *record : records_.Add(key, {.who = who});
}

// A name said to be both is one that was changed, or a server that cannot make
// up its mind: the NXDOMAIN stays.
void Honesty::Note(ZoneServer who, uint64_t name, bool nx) {
  Said* said = said_.Find(name, [who](const Said& s) { return s.who == who; });
  if (said == nullptr) {
    said_.Add(name, {.who = who, .nx = nx});
  } else {
    said->nx = said->nx || nx;
  }
}

bool Honesty::Learn(bool has_ptr, Said* said) {
  Record& record = RecordOf(said->who);
  const State before = record.state;
  if (said->nx) {
    record.state = State::kBroken;
  } else if (has_ptr && !said->counted) {
    said->counted = true;
    ++record.confirmed;
    if (record.confirmed >= kNamesForHonest && before == State::kUnknown) {
      record.state = State::kHonest;
    }
  }
  return record.state != before;
}

}  // namespace scanner
