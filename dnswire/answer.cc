#include "dnswire/answer.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include "dnswire/wire.h"

namespace dnswire {
namespace {

bool IsIn(const Record& record, uint16_t type) {
  return record.type == type && record.record_class == kClassIn;
}

// What the answer section says about one name. A kept record's TTL is the
// smallest effective one of its equals.
struct NameRecords {
  std::optional<Record> data;   // any one of the asked type
  std::optional<Record> cname;  // owned by the name
  std::optional<Record> dname;  // owned by a proper ancestor
  bool cnames_differ = false;
  bool dnames_differ = false;
};

// One response on its way to its outcome, rule by rule in the order of WIRE.md
// section 3.
class Resolution {
 public:
  Resolution(const Message& message, const Question& question,
             const AskedAs& asked_as, NameListView previous, Answer* answer)
      : message_(message),
        question_(question),
        asked_as_(asked_as),
        previous_(previous),
        answer_(*answer) {}

  void Run() {
    ClearAnswer();
    answer_.outcome = Decide();
  }

 private:
  void ClearAnswer();
  Outcome Decide();
  bool ReadExtendedErrors();

  std::optional<Outcome> WalkChain();
  NameRecords RecordsOfLastName() const;
  bool IsOwnedByAncestorInZone(const Record& record) const;
  std::optional<Outcome> HopByCname(const Record& cname);
  std::optional<Outcome> HopByDname(const Record& dname);
  std::optional<Outcome> HopTo(size_t target_at);
  bool WasMet(NameView name) const;
  size_t HopsBefore() const;

  void FindNsOwner();
  Outcome DecideNegative();
  Outcome DecideNxdomain() const;
  Outcome DecideNoerror() const;
  bool FindSoa();
  bool IsAboveZone(const Record& record) const;
  bool IsReferral() const;
  bool IsSpotless() const;
  bool IsPartOfChain(const Record& record) const;
  template <typename Predicate>
  bool AnyChainName(Predicate predicate) const;

  void UseTtl(uint32_t ttl);
  void UseSoa(const Record& record);

  const Message& message_;
  const Question& question_;
  const AskedAs& asked_as_;
  const NameListView previous_;
  Answer& answer_;
  // The SOA that makes a negative credible: owned by the last name or an
  // ancestor, in iterative mode at or below the zone if there is such a one.
  std::optional<Record> soa_;
  bool soa_in_zone_ = false;
};

void Resolution::ClearAnswer() {
  const Header& header = message_.header();
  answer_.rcode = header.rcode;
  answer_.chain.Clear();
  answer_.last_name.AssignLower(question_.name);
  answer_.last_name_at = message_.has_question() ? Message::kQuestionAt : 0;
  answer_.dname = false;
  answer_.authoritative = header.aa;
  answer_.stale = false;
  answer_.dnssec_bogus = false;
  answer_.no_reachable_ns = false;
  answer_.has_ttl = false;
  answer_.ttl_s = 0;
  answer_.has_soa = false;
  answer_.has_ns_owner = false;
  answer_.lax = false;
  answer_.trailing = false;
}

Outcome Resolution::Decide() {
  if (message_.header().tc) return Outcome::kTruncated;  // RFC 2181 section 9
  const Fault fault = message_.fault();
  if (fault != Fault::kNone && fault < Fault::kAuthority) {
    return Outcome::kMalformed;
  }
  answer_.lax = fault != Fault::kNone;
  answer_.trailing = message_.trailing_octets() > 0;
  answer_.rcode = message_.rcode();
  if (ReadExtendedErrors()) return Outcome::kBlocked;
  if (answer_.rcode != kRcodeNoerror && answer_.rcode != kRcodeNxdomain) {
    return Outcome::kRcode;
  }
  const std::optional<Outcome> end = WalkChain();
  FindNsOwner();
  return end ? *end : DecideNegative();
}

// True if one of them says that the answer is not the zone's own.
bool Resolution::ReadExtendedErrors() {
  bool blocked = false;
  message_.ForEachExtendedError([this, &blocked](uint16_t code) {
    blocked |= code == kEdeForgedAnswer ||
               (code >= kEdeBlocked && code <= kEdeFiltered);
    answer_.stale |= code == kEdeStaleAnswer || code == kEdeStaleNxdomain;
    answer_.dnssec_bogus |= code >= kEdeDnssecBogus && code <= kEdeNsecMissing;
    answer_.no_reachable_ns |=
        code == kEdeNoReachableAuthority || code == kEdeNetworkError;
  });
  return blocked;
}

// Follows aliases from the question's name. nullopt: the chain ends at
// last_name without data, so the response is some kind of negative.
std::optional<Outcome> Resolution::WalkChain() {
  for (;;) {
    const NameRecords records = RecordsOfLastName();
    std::optional<Outcome> end;
    if (records.cname) {
      if (records.data || records.cnames_differ) return Outcome::kMalformed;
      answer_.dname |= records.dname.has_value();
      end = HopByCname(*records.cname);
    } else if (records.data) {
      if (answer_.rcode == kRcodeNxdomain) return Outcome::kMalformed;
      UseTtl(records.data->ttl);
      return Outcome::kData;
    } else if (records.dname) {
      if (records.dnames_differ) return Outcome::kMalformed;
      answer_.dname = true;
      end = HopByDname(*records.dname);
    } else {
      return std::nullopt;
    }
    if (end) return end;
  }
}

// Keeps one of several equal records, with the smallest TTL.
void Keep(const Record& record, std::optional<Record>* kept) {
  const uint32_t ttl = EffectiveTtl(record.ttl);
  if (!*kept) {
    *kept = record;
    (*kept)->ttl = ttl;
  }
  (*kept)->ttl = std::min((*kept)->ttl, ttl);
}

bool SameName(const Message& message, size_t a, size_t b) {
  if (message.NameStart(a) == message.NameStart(b)) return true;
  Name name;
  message.ReadName(a, &name);
  return message.NameEquals(b, name);
}

NameRecords Resolution::RecordsOfLastName() const {
  NameRecords found;
  for (const Record& record : message_.answers()) {
    if (IsIn(record, question_.type)) {
      if (IsOwnedByLastName(message_, record, answer_)) {
        Keep(record, &found.data);
      }
    } else if (IsIn(record, kTypeCname)) {
      if (!IsOwnedByLastName(message_, record, answer_)) continue;
      Keep(record, &found.cname);
      found.cnames_differ |=
          !SameName(message_, record.rdata_at, found.cname->rdata_at);
    } else if (IsIn(record, kTypeDname) && IsOwnedByAncestorInZone(record)) {
      Keep(record, &found.dname);
      found.dnames_differ |=
          !SameName(message_, record.owner_at, found.dname->owner_at) ||
          !SameName(message_, record.rdata_at, found.dname->rdata_at);
    }
  }
  return found;
}

// A proper ancestor; in iterative mode a server speaks for no name above its
// zone (ITERATION.md 1.4).
bool Resolution::IsOwnedByAncestorInZone(const Record& record) const {
  return message_.NameIsAtOrAbove(record.owner_at, answer_.last_name) &&
         !IsOwnedByLastName(message_, record, answer_) &&
         !(asked_as_.iterative && IsAboveZone(record));
}

std::optional<Outcome> Resolution::HopByCname(const Record& cname) {
  UseTtl(cname.ttl);
  message_.ReadName(cname.rdata_at, &answer_.last_name);
  return HopTo(message_.NameStart(cname.rdata_at));
}

std::optional<Outcome> Resolution::HopByDname(const Record& dname) {
  UseTtl(dname.ttl);
  Name owner;
  Name target;
  message_.ReadName(dname.owner_at, &owner);
  message_.ReadName(dname.rdata_at, &target);
  const std::optional<Name> name =
      Name::Substitute(answer_.last_name, owner, target);
  if (!name) return Outcome::kMalformed;  // YXDOMAIN, RFC 6672 section 2.2
  answer_.last_name = *name;
  return HopTo(0);
}

// Takes last_name, just set, as the next name of the chain. An outcome if the
// chain ends with it.
std::optional<Outcome> Resolution::HopTo(size_t target_at) {
  answer_.last_name.Lower();
  answer_.last_name_at = target_at;
  const bool was_met = WasMet(answer_.last_name);
  answer_.chain.Add(answer_.last_name);
  if (was_met) return Outcome::kLoop;
  if (HopsBefore() + answer_.chain.size() > kMaxHops) {
    return Outcome::kChainTooLong;
  }
  // What lies outside is for the servers of the target to say.
  if (asked_as_.iterative &&
      !answer_.last_name.view().IsAtOrBelow(asked_as_.zone)) {
    return Outcome::kFollow;
  }
  return std::nullopt;
}

bool Resolution::WasMet(NameView name) const {
  return name.Equals(question_.name) || answer_.chain.view().Contains(name) ||
         previous_.Contains(name);
}

// `previous` is the first name and one more a hop, this question's name
// included or not.
size_t Resolution::HopsBefore() const {
  if (previous_.empty()) return 0;
  return previous_.size() - (previous_.Contains(question_.name) ? 1 : 0);
}

void Resolution::FindNsOwner() {
  for (const Record& record : message_.authorities()) {
    if (!IsIn(record, kTypeNs)) continue;
    if (!message_.NameIsAtOrAbove(record.owner_at, answer_.last_name)) continue;
    answer_.has_ns_owner = true;
    message_.ReadLowerName(record.owner_at, &answer_.ns_owner);
    return;
  }
}

Outcome Resolution::DecideNegative() {
  if (!IsSpotless()) return Outcome::kMalformed;
  const bool only_foreign_soa = FindSoa() && !soa_;
  const bool follows = answer_.rcode == kRcodeNoerror && !answer_.chain.empty();
  if (only_foreign_soa && !follows) return Outcome::kMalformed;
  const Outcome outcome =
      answer_.rcode == kRcodeNxdomain ? DecideNxdomain() : DecideNoerror();
  if (outcome == Outcome::kNxdomain || outcome == Outcome::kNodata) {
    answer_.has_ttl = false;  // the chain's: a negative lasts as its SOA says
    if (soa_) UseSoa(*soa_);
  }
  return outcome;
}

Outcome Resolution::DecideNxdomain() const {
  const bool credible =
      !asked_as_.iterative || answer_.authoritative || soa_in_zone_;
  return credible ? Outcome::kNxdomain : Outcome::kLame;
}

Outcome Resolution::DecideNoerror() const {
  if (soa_in_zone_) return Outcome::kNodata;
  if (!answer_.chain.empty()) return Outcome::kFollow;
  if (answer_.authoritative) return Outcome::kNodata;
  if (IsReferral()) return Outcome::kReferral;
  if (asked_as_.iterative || !message_.header().ra) return Outcome::kLame;
  return Outcome::kNodata;
}

// Sets soa_; true if authority holds any SOA at all.
bool Resolution::FindSoa() {
  bool any = false;
  for (const Record& record : message_.authorities()) {
    if (!IsIn(record, kTypeSoa)) continue;
    any = true;
    if (!message_.NameIsAtOrAbove(record.owner_at, answer_.last_name)) continue;
    const bool in_zone = !asked_as_.iterative || !IsAboveZone(record);
    if (soa_ && (soa_in_zone_ || !in_zone)) continue;
    soa_ = record;
    soa_in_zone_ = in_zone;
  }
  return any;
}

bool Resolution::IsAboveZone(const Record& record) const {
  return message_.NameIsAtOrAbove(record.owner_at, asked_as_.zone) &&
         !message_.NameEquals(record.owner_at, asked_as_.zone);
}

// Resolver mode: any NS set at or above the name. Iterative mode: one owner,
// strictly below the zone; all else is upward or sideways (ITERATION.md 1.3).
bool Resolution::IsReferral() const {
  if (!answer_.has_ns_owner) return false;
  if (!asked_as_.iterative) return true;
  if (!answer_.ns_owner.view().IsBelow(asked_as_.zone)) return false;
  for (const Record& record : message_.authorities()) {
    if (IsIn(record, kTypeNs) &&
        !message_.NameEquals(record.owner_at, answer_.ns_owner)) {
      return false;
    }
  }
  return true;
}

// Nothing in the response is faulty or unexplained, so that no flipped bit can
// have turned data into its absence.
bool Resolution::IsSpotless() const {
  if (answer_.lax || answer_.trailing) return false;
  for (const Record& record : message_.answers()) {
    if (!IsPartOfChain(record)) return false;
  }
  return true;
}

bool Resolution::IsPartOfChain(const Record& record) const {
  if (answer_.chain.empty()) return false;
  if (record.record_class != kClassIn) return false;
  if (record.type == kTypeRrsig) return true;
  const size_t owner_at = record.owner_at;
  if (record.type == kTypeCname) {
    return AnyChainName([this, owner_at](NameView name) {
      return message_.NameEquals(owner_at, name);
    });
  }
  if (record.type != kTypeDname) return false;
  return AnyChainName([this, owner_at](NameView name) {
    return message_.NameIsAtOrAbove(owner_at, name) &&
           !message_.NameEquals(owner_at, name);
  });
}

template <typename Predicate>
bool Resolution::AnyChainName(Predicate predicate) const {
  const NameListView chain = answer_.chain;
  return predicate(question_.name) ||
         std::any_of(chain.begin(), chain.end(), predicate);
}

void Resolution::UseTtl(uint32_t ttl) {
  answer_.ttl_s = answer_.has_ttl ? std::min(answer_.ttl_s, ttl) : ttl;
  answer_.has_ttl = true;
}

void Resolution::UseSoa(const Record& record) {
  const Soa soa = message_.ReadSoa(record);
  answer_.has_soa = true;
  message_.ReadLowerName(record.owner_at, &answer_.soa_owner);
  message_.ReadLowerName(soa.mname_at, &answer_.soa_mname);
  message_.ReadLowerName(soa.rname_at, &answer_.soa_rname);
  answer_.soa_serial = soa.serial;
  answer_.has_ttl = true;
  answer_.ttl_s = std::min(EffectiveTtl(record.ttl), EffectiveTtl(soa.minimum));
}

}  // namespace

void ResolveAnswer(const Message& message, const Question& question,
                   const AskedAs& asked_as, NameListView previous,
                   Answer* answer) {
  assert(!message.has_question() ||
         message.question_name().Equals(question.name));
  Resolution(message, question, asked_as, previous, answer).Run();
}

}  // namespace dnswire
