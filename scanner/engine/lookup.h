// Lookup: the work for one target, from its first query to its row.
//
//   PTR asked --> names asked --> expected name asked --> judged
//       |             |                                     |
//       +-- negative -+------------ no name to ask ---------+--> row
//       +-- gave up ------------------------------------- --+--> late list
//
// Lookup is what every open target costs; Gathered is added once there is a
// response to keep.
#ifndef PTRSWEEP_SCANNER_ENGINE_LOOKUP_H_
#define PTRSWEEP_SCANNER_ENGINE_LOOKUP_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dnswire/answer.h"
#include "dnswire/ip_address.h"
#include "dnswire/message.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/slab.h"
#include "scanner/engine/area_denials.h"
#include "scanner/engine/cross_checks.h"
#include "scanner/engine/forward_cache.h"
#include "scanner/progress/progress_map.h"
#include "scanner/reuse/known_rows.h"
#include "scanner/targets/label_table.h"
#include "scanner/targets/target_order.h"
#include "scanner/transfer/transferred_zones.h"
#include "scanner/verdict/cause_order.h"
#include "scanner/verdict/evidence.h"
#include "scanner/verdict/judge.h"

namespace scanner {

// REQUIRES: kData, kNxdomain or kNodata.
ReverseResult ReverseResultOf(dnswire::Outcome outcome);
// The names of a PTR answer that came to kData, lower case, sorted by text,
// each once.
void ReadPtrNames(const dnswire::Message& message,
                  const dnswire::Answer& answer,
                  dnswire::NameList::Sorter* sorter, dnswire::NameList* names);

// What the lookup of one name came to, for one target.
struct ForwardSlot {
  ForwardAnswer answer;
  bool has_target = false;
  uint32_t address_count = 0;  // distinct ones in the answer
  uint32_t first_address = 0;  // in Gathered::addresses
  uint32_t kept_addresses = 0;
};

// Kept from responses. Reused, so that its lists stop allocating.
struct Gathered {
  dnswire::NameList names;  // N
  dnswire::NameList chain;  // targets of the reverse hops
  dnswire::NameList soa;    // owner, MNAME, RNAME of a negative, or empty
  dnswire::NameList zone;   // one name, or empty
  // Names asked, in N's order, then the expected one if it is asked too.
  dnswire::NameList asked;
  std::vector<ForwardSlot> forward;  // by place in `asked`
  std::vector<dnswire::IpAddress> addresses;
  // Whoever answered last, if anybody was asked and did.
  bool responded = false;
  bool pruned = false;  // it denied a name above, and was not asked again
  bool reused = false;  // it answered an earlier scan, and was not asked again
  bool transferred = false;  // it sent the whole zone, and was not asked
  int64_t answered_us = 0;   // when; since 1970. 0: it did not
  Responder responder;
  uint16_t rcode = 0;
  bool dname = false;
  bool stale = false;
  bool authoritative = false;
  bool ptr_cut = false;
  bool has_ttl = false;
  uint32_t ttl_s = 0;
  std::unique_ptr<CrossChecks> checks;  // null: no option asked for any yet

  void Clear();
  // Drops what KeepAnswer() kept.
  void ForgetAnswer();
  // Keeps what the PTR answer says. `question` is the one it settled, `apex`
  // that of the zone that answered, with own iteration.
  void KeepAnswer(const dnswire::Message& message,
                  const dnswire::Answer& answer, const Question& question,
                  const Responder& from,
                  const std::optional<dnswire::NameView>& apex,
                  dnswire::NameList::Sorter* sorter);
  // Keeps what a transferred zone says, as the answer of who sent it.
  void KeepTransferred(const TransferredZone& from,
                       const dnswire::Answer& answer,
                       dnswire::NameList::Sorter* sorter);
  // Keeps a denial of a whole block as that of the lookup's own question.
  void KeepDenial(const AreaDenial& denial);
  // Keeps what an earlier scan found.
  void KeepKnown(const KnownRows& known, const KnownRow& row);
  // Keeps the zone whose servers gave no answer.
  void KeepZone(dnswire::NameView apex);
  // Keeps who answered last, of a PTR question that gave up.
  void KeepFailure(const Question& question);
  // Keeps `addresses` (ascending, distinct) as the outcome of slot `slot`.
  void KeepForward(size_t slot, const ForwardAnswer& answer,
                   std::span<const dnswire::IpAddress> all_addresses,
                   const dnswire::IpAddress& target);

 private:
  void KeepOutcome(const dnswire::Answer& answer, const Responder& from);
  void KeepZoneOf(const dnswire::Answer& answer,
                  const std::optional<dnswire::NameView>& apex);
};

struct Lookup {
  TargetOrder::Position position = 0;
  uint64_t number = ProgressEvents::kLate;  // of its start
  dnswire::IpAddress target;
  ReverseResult reverse = ReverseResult::kSkipped;
  io::Cause cause = io::Cause::kNone;  // of a reverse lookup without answer
  bool may_learn_more = false;         // a question gave up, and not for good
  bool expected_asked = false;   // the last of Gathered::asked is expected
  uint8_t pass = 0;              // late passes it has been put off to
  uint16_t packets = 0;          // over all passes
  uint16_t pending = 0;          // forward outcomes it waits for
  uint32_t gathered = kNil;      // index, once there is something
  CauseSet reverse_seen;         // over all passes
  CauseSet forward_seen;         // in this pass, over all names
  CauseSet forward_seen_before;  // in earlier ones
  ServerMask failed = 0;         // servers that some question of it gave up on
  ServerMask denying = 0;  // whose denials it rests on, not yet vouched for
  uint32_t epoch = 0;      // CanaryKeeper::EpochOf() them, when they came
  uint32_t area = kNil;    // of the plan that waits for its PTR answer
  bool is_check = false;   // no target's: a denial of the area that waits
};

// Views of a lookup for Judge and for the row; reuses its lists. What it gives
// is valid until the next call or until the lookup changes.
class EvidenceView {
 public:
  // `gathered` may be null: nothing was kept.
  const Evidence& Of(const Lookup& lookup, const Gathered* gathered,
                     bool ptr_only, absl::string_view expected);
  // Fills in a new row, less label, expected and, without an answer, time.
  // `verdict`: Judge()'s of what Of() gave last.
  void FillRow(const Lookup& lookup, const Gathered* gathered,
               const Verdict& verdict, io::Row* row);

 private:
  void AddChecks(const Gathered& gathered);
  dnswire::NameListView ConfirmedOf(const Gathered& gathered);

  Evidence evidence_;
  std::vector<ForwardEvidence> forward_;
  CheckEvidence checks_;
  std::vector<ResolverEvidence> resolvers_;
  std::vector<ForwardEvidence> other_family_;
  std::vector<AaaaEvidence> aaaa_;
  std::vector<io::ForwardItem> items_;
  dnswire::NameList confirmed_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_LOOKUP_H_
