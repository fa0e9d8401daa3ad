// Input: a message. What its NSEC and NSEC3 records say of the question's name,
// in the zone of the first SOA in authority, equals what the slow judge makes
// of them; so does every record that is decoded.
#include <set>
#include <string>

#include "dnswire/dnssec/denial.h"
#include "dnswire/dnssec/nsec.h"
#include "dnswire/message.h"
#include "dnswire/wire.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slow_denial.h"
#include "tests/fuzz/slow_message.h"

namespace {

using dnswire::Denial;
using dnswire::Message;
using dnswire::Name;
using dnswire::NameView;
using fuzz::Require;
using fuzz::SlowLabels;

SlowLabels LabelsOf(NameView name) {
  return fuzz::SlowLabelsOf(
      std::string(name.wire().begin(), name.wire().end()));
}

template <typename Octets>
std::string StringOf(const Octets& octets) {
  return std::string(octets.begin(), octets.end());
}

void CheckTypes(const dnswire::TypeBitmap& types, const std::set<int>& slow) {
  std::set<int> found;
  for (int type = 0; type < 300; ++type) {
    if (types.Has(static_cast<uint16_t>(type))) found.insert(type);
  }
  Require(found == std::set<int>(slow.begin(), slow.lower_bound(300)),
          "low types");
  for (const int type : slow) {
    Require(types.Has(static_cast<uint16_t>(type)), "every type");
  }
}

void CheckRecord(const Message& message, const dnswire::Record& record,
                 const fuzz::SlowRecord& slow_record) {
  dnswire::Nsec nsec;
  const auto slow = fuzz::SlowReadNsec(slow_record);
  Require(ReadNsec(message, record, &nsec) == slow.has_value(), "an NSEC");
  if (slow) {
    Require(LabelsOf(nsec.owner) == slow->owner, "NSEC owner");
    Require(LabelsOf(nsec.next) == slow->next, "NSEC next");
    CheckTypes(nsec.types, slow->types);
  }
  dnswire::Nsec3 nsec3;
  const auto slow3 = fuzz::SlowReadNsec3(slow_record);
  Require(ReadNsec3(message, record, &nsec3) == slow3.has_value(), "an NSEC3");
  if (slow3) {
    Require(LabelsOf(nsec3.zone) == slow3->zone, "NSEC3 zone");
    Require(StringOf(nsec3.hash) == slow3->hash, "NSEC3 hash");
    Require(StringOf(nsec3.next) == slow3->next, "NSEC3 next");
    Require(StringOf(nsec3.salt) == slow3->salt, "NSEC3 salt");
    Require(nsec3.iterations == slow3->iterations, "NSEC3 iterations");
    Require(nsec3.flags == slow3->flags, "NSEC3 flags");
    CheckTypes(nsec3.types, slow3->types);
  }
}

std::string TextOf(Denial denial) {
  switch (denial) {
    case Denial::kNone:
      return "none";
    case Denial::kNotReal:
      return "not real";
    case Denial::kNsec:
      return "nsec";
    case Denial::kNsec3:
      return "nsec3";
  }
  return "";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const Message message = Message::Parse({data, size});
  const fuzz::SlowMessage slow = fuzz::SlowParse({data, size});
  Require(message.authorities().size() == slow.sections[1].size(), "records");
  Name zone;
  bool has_zone = false;
  size_t i = 0;
  for (const dnswire::Record& record : message.authorities()) {
    CheckRecord(message, record, slow.sections[1][i++]);
    if (record.type == dnswire::kTypeSoa && !has_zone) {
      message.ReadName(record.owner_at, &zone);
      has_zone = true;
    }
  }
  if (!message.has_question()) return 0;
  const NameView name = message.question_name();
  Require(TextOf(JudgeDenial(message, name, zone)) ==
              SlowDenial(slow, LabelsOf(name), LabelsOf(zone)),
          "denial");
  return 0;
}
