#include "tests/world/judgement.h"

#include <algorithm>
#include <optional>
#include <set>

#include "tests/world/findings.h"
#include "tests/world/names.h"
#include "tests/world/row_flags.h"

namespace world {
namespace {

constexpr const char* kRegistries[] = {
    "arin.net",        "ripe.net", "apnic.net", "lacnic.net",
    "afrinic.net",     "iana.org", "icann.org", "in-addr-servers.arpa",
    "ip6-servers.arpa"};

bool UnderRegistry(const std::string& host) {
  return std::any_of(
      std::begin(kRegistries), std::end(kRegistries),
      [&host](const char* suffix) { return IsAtOrBelow(host, suffix); });
}

// VERDICTS.md 2, status 3.
bool IsRegistryZone(const Zone& zone) {
  if (zone.apex == "in-addr.arpa" || zone.apex == "ip6.arpa") return true;
  const size_t labels = LabelCount(zone.apex);
  const bool near_top = IsBelow(zone.apex, "in-addr.arpa") ? labels <= 3
                        : IsBelow(zone.apex, "ip6.arpa")   ? labels <= 8
                                                           : false;
  return near_top &&
         (UnderRegistry(zone.soa.mname) || UnderRegistry(zone.soa.rname));
}

// VERDICTS.md 2, for an address with PTR records.
std::string NamedStatus(const Findings& findings) {
  if (findings.usable.empty()) return "bad_name";
  if (FirstWith(findings, "confirmed") != nullptr) return "pass";
  if (FirstError(findings) != nullptr) return "forward_error";
  if (FirstWith(findings, "differs") != nullptr) return "mismatch";
  return "no_forward";
}

bool WantsExtra(const Case& subject, const Findings& findings,
                const std::string& status) {
  const std::string& expected = subject.expected.name;
  if (expected.empty() || expected == "-" || expected.starts_with("*.")) {
    return false;
  }
  const bool definite = status != "forward_error" &&
                        status != "reverse_error" &&
                        status != "reverse_timeout" && status != "skipped";
  return definite && std::find(findings.names.begin(), findings.names.end(),
                               expected) == findings.names.end();
}

Json NullIfEmpty(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

// The lowest 50, the target among them if it is there (flag forward_many).
Json KeptAddresses(const Looked& looked, const Address& target) {
  std::vector<Address> kept = looked.addresses;
  if (kept.size() > kKeptAddresses) {
    kept.resize(kKeptAddresses);
    if (looked.outcome == "confirmed" &&
        std::find(kept.begin(), kept.end(), target) == kept.end()) {
      kept.back() = target;
      std::sort(kept.begin(), kept.end());
    }
  }
  Json list = Json::array();
  for (const Address& address : kept) list.push_back(address.ToText());
  return list;
}

Json ForwardColumn(const Findings& findings, const Address& target) {
  std::vector<Looked> all = findings.asked;
  if (findings.extra) all.push_back(*findings.extra);
  std::sort(all.begin(), all.end(),
            [](const Looked& a, const Looked& b) { return a.name < b.name; });
  Json list = Json::array();
  for (const Looked& looked : all) {
    list.push_back({{"name", looked.name},
                    {"outcome", looked.outcome},
                    {"addresses", KeptAddresses(looked, target)}});
  }
  return list;
}

// Column zone of VERDICTS.md 1.
Json ZoneColumn(const Case& subject, const Resolution& reverse) {
  if (reverse.zone == nullptr) return nullptr;
  if (reverse.outcome != Outcome::kData || subject.asked != Asked::kResolver) {
    return reverse.zone->apex;
  }
  if (reverse.chain.empty()) return nullptr;
  return std::string(Parent(reverse.last_name));
}

// By cause; nothing was heard of the others without rcode.
std::string FailedStatus(const Failure& failure) {
  if (failure.cause == "breaker") return "skipped";
  const bool heard =
      !failure.rcode.empty() || failure.cause == "ns_unresolvable";
  return heard ? "reverse_error" : "reverse_timeout";
}

void SetFailed(const Failure& failure, Json* row) {
  (*row)["status"] = FailedStatus(failure);
  (*row)["cause"] = failure.cause;
  (*row)["rcode"] = NullIfEmpty(failure.rcode);
}

// What may come of a failed lookup. Servers that other addresses found silent
// are not asked any more (ITERATION.md 1.5). No server fails where aliases lead
// nowhere: the zone may be left out, or be the one whose servers were asked.
Failure ChooseFailed(const Case& subject, Resolution* reverse,
                     Choices* choices) {
  Failure failure = PickFailure(*reverse, choices);
  if (subject.asked != Asked::kIterative) return failure;
  if (failure.cause == "all_ns_unreachable" && choices->Pick(2) == 1) {
    failure.cause = "breaker";
  }
  const bool by_alias =
      failure.cause == "loop" || failure.cause == "chain_too_long";
  if (by_alias) {
    const Zone* zones[] = {reverse->zone, nullptr, reverse->asked};
    const bool one_zone = reverse->zone == reverse->asked;
    reverse->zone = zones[choices->Pick(one_zone ? 2 : 3)];
  }
  return failure;
}

// It may be the one that is behind that answers.
void ChooseServer(Resolution* reverse, Choices* choices) {
  if (reverse->lagging_data.empty() || choices->Pick(2) == 0) return;
  reverse->data = reverse->lagging_data;
}

void SetNegative(const Resolution& reverse, Json* row) {
  const bool nxdomain = reverse.outcome == Outcome::kNxdomain;
  const Zone* zone = reverse.zone;
  const bool undelegated = zone != nullptr && reverse.chain.empty() &&
                           !IsLocalZone(*zone) && IsRegistryZone(*zone);
  (*row)["status"] = undelegated ? "undelegated" : "no_ptr";
  (*row)["cause"] = !reverse.chain.empty() ? "dangling_cname"
                    : nxdomain             ? "nxdomain"
                                           : "nodata";
  (*row)["rcode"] = nxdomain ? "NXDOMAIN" : "NOERROR";
  if (zone == nullptr) return;
  (*row)["zone_mname"] = zone->soa.mname;
  (*row)["zone_rname"] = zone->soa.rname;
}

void SetNamed(const Findings& findings, Json* row) {
  const std::string status = NamedStatus(findings);
  (*row)["status"] = status;
  if (status == "forward_error") {
    (*row)["cause"] = FirstError(findings)->outcome;
  }
  (*row)["rcode"] = "NOERROR";
}

Json ConfirmedColumn(const Findings& findings) {
  Json list = Json::array();
  for (const Looked& looked : findings.asked) {
    if (looked.outcome == "confirmed") list.push_back(looked.name);
  }
  return list;
}

Json EmptyRow(const Case& subject) {
  Json row;
  row["ip"] = subject.ip.ToText();
  for (const char* key :
       {"status", "cause", "flags", "ptr", "confirmed", "forward", "rcode",
        "zone", "zone_mname", "zone_rname"}) {
    row[key] = nullptr;
  }
  if (subject.with_labels) {
    row["label"] = NullIfEmpty(subject.expected.label);
    row["expected"] = NullIfEmpty(subject.expected.name);
  }
  return row;
}

}  // namespace

size_t Choices::Pick(size_t count) {
  if (at_ == digits_.size()) {
    digits_.push_back(0);
    counts_.push_back(count);
  }
  return digits_[at_++];
}

bool Choices::Next() {
  at_ = 0;
  while (!digits_.empty()) {
    if (++digits_.back() < counts_.back()) return true;
    digits_.pop_back();
    counts_.pop_back();
  }
  return false;
}

Json Judge(const Case& subject, Choices* choices) {
  Json row = EmptyRow(subject);
  Findings findings;
  findings.reverse = Resolve(subject.model, subject.ip.ReverseName(),
                             Type::kPtr, ViewOf(subject.asked));
  const bool failed = findings.reverse.outcome == Outcome::kFailed;
  if (failed) {
    SetFailed(ChooseFailed(subject, &findings.reverse, choices), &row);
  } else if (findings.reverse.outcome == Outcome::kData) {
    ChooseServer(&findings.reverse, choices);
    LookUpNames(subject, choices, &findings);
    SetNamed(findings, &row);
  } else {
    SetNegative(findings.reverse, &row);
  }
  const std::string status = row["status"];
  if (WantsExtra(subject, findings, status)) {
    findings.extra = LookUp(subject, subject.expected.name, choices);
  }
  row["flags"] = FlagsOf(subject, findings, status);
  row["zone"] = ZoneColumn(subject, findings.reverse);
  if (failed) return row;
  row["ptr"] = findings.names;
  row["confirmed"] = ConfirmedColumn(findings);
  row["forward"] = ForwardColumn(findings, subject.ip);
  return row;
}

}  // namespace world
