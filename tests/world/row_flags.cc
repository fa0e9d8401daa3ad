#include "tests/world/row_flags.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "tests/world/names.h"

namespace world {
namespace {

constexpr uint32_t kLowTtl = 300;
constexpr uint32_t kHighTtl = 86400;
constexpr size_t kAskedAaaa = 10;

// The flags of one row.
class Flags {
 public:
  Flags(const Case& subject, const Findings& findings, std::string status)
      : subject_(subject), findings_(findings), status_(std::move(status)) {}

  std::set<std::string> All() {
    AddIf(subject_.ip.IsSpecialUse(), "special_use");
    AddIf(subject_.ip.IsEdge(), "edge_address");
    if (findings_.reverse.outcome != Outcome::kFailed) AddReverse();
    AddNames();
    AddForward();
    AddExpectation();
    if (subject_.with_families) AddFamilies();
    return flags_;
  }

 private:
  void AddIf(bool holds, const std::string& flag) {
    if (holds) flags_.insert(flag);
  }

  void AddReverse() {
    const Resolution& reverse = findings_.reverse;
    AddIf(!reverse.chain.empty(), "cname_chain");
    AddIf(reverse.dname, "dname");
    AddIf(IsClassless(), "classless");
    if (reverse.outcome == Outcome::kData) {
      const bool authoritative = subject_.asked != Asked::kResolver ||
                                 reverse.zone->name_servers.empty();
      AddIf(authoritative && reverse.ttl < kLowTtl, "ttl_low");
      AddIf(reverse.ttl > kHighTtl, "ttl_high");
    } else {
      AddIf(reverse.zone != nullptr && IsLocalZone(*reverse.zone),
            "local_zone");
    }
  }

  bool IsClassless() const {
    const std::vector<std::string>& chain = findings_.reverse.chain;
    return subject_.ip.is_v4() && !chain.empty() &&
           IsBelow(chain.front(), Parent(subject_.ip.ReverseName()));
  }

  void AddNames() {
    AddIf(findings_.names.size() > 1, "multiple_ptr");
    AddIf(findings_.usable.size() > kMaxNames, "excess_ptr");
    for (const std::string& name : findings_.names) {
      for (const std::string& trait :
           subject_.model.TraitsOf(subject_.ip, name)) {
        AddIf(IsUnusableTrait(trait) || name == JudgedName(), trait);
      }
    }
    std::set<std::string> domains;
    for (const std::string& name : findings_.usable) {
      domains.insert(RegistrableDomain(name));
    }
    AddIf(domains.size() > 1, "multi_domain");
  }

  // The world's names have no second-level registries.
  static std::string RegistrableDomain(std::string_view name) {
    while (LabelCount(name) > 2) name = Parent(name);
    return std::string(name);
  }

  // J; "" if no name is usable.
  std::string JudgedName() const {
    for (const char* outcome : {"confirmed", "differs"}) {
      if (const Looked* looked = FirstWith(findings_, outcome)) {
        return looked->name;
      }
    }
    return findings_.asked.empty() ? "" : findings_.asked.front().name;
  }

  void AddForward() {
    const bool pass = status_ == "pass";
    const bool unusable = findings_.usable.size() < findings_.names.size();
    const bool strays = FirstWith(findings_, "differs") != nullptr ||
                        FirstWith(findings_, "nxdomain") != nullptr ||
                        FirstWith(findings_, "nodata") != nullptr;
    AddIf(pass && (unusable || strays), "forward_partial");
    AddIf(pass && FirstError(findings_) != nullptr, "forward_incomplete");
    for (const Looked& looked : findings_.asked) {
      AddIf(looked.alias, "cname_target");
      AddIf(looked.addresses.size() > kKeptAddresses, "forward_many");
      for (const Address& address : looked.addresses) AddAddress(address);
    }
  }

  void AddAddress(const Address& address) {
    const int near_bits = subject_.ip.is_v4() ? 24 : 64;
    AddIf(address.IsLoopback(), "loopback_forward");
    AddIf(!address.IsLoopback() && address.IsSpecialUse(), "private_forward");
    AddIf(status_ == "mismatch" && address.SharesPrefix(subject_.ip, near_bits),
          "near_match");
  }

  Resolution Find(const std::string& name, Type type) const {
    return Resolve(subject_.model, name, type, ViewOf(subject_.asked));
  }

  void AddFamilies() {
    const Type other = subject_.ip.is_v4() ? Type::kAaaa : Type::kA;
    for (const Looked& looked : findings_.asked) {
      AddIf(status_ == "no_forward" &&
                Find(looked.name, other).outcome == Outcome::kData,
            "other_family_only");
    }
    if (status_ != "pass" || !subject_.ip.is_v4()) return;
    std::vector<Address> addresses;
    for (const std::string& text : Find(JudgedName(), Type::kAaaa).data) {
      addresses.push_back(Address::Of(text));
    }
    std::sort(addresses.begin(), addresses.end());
    if (addresses.size() > kAskedAaaa) addresses.resize(kAskedAaaa);
    for (const Address& address : addresses) {
      const Resolution reverse = Find(address.ReverseName(), Type::kPtr);
      AddIf(reverse.outcome != Outcome::kFailed &&
                std::count(reverse.data.begin(), reverse.data.end(),
                           JudgedName()) == 0,
            "aaaa_unconfirmed");
    }
  }

  void AddExpectation() {
    AddIf(IsUnexpected(), "unexpected_name");
    AddIf(findings_.extra && findings_.extra->outcome == "confirmed",
          "expected_ready");
  }

  bool IsUnexpected() const {
    const std::string& expected = subject_.expected.name;
    if (expected.empty() || findings_.names.empty()) return false;
    if (expected == "-") return true;
    if (status_ != "pass") {
      return std::none_of(findings_.names.begin(), findings_.names.end(),
                          [&expected](const std::string& name) {
                            return MatchesExpected(expected, name);
                          });
    }
    return std::none_of(
        findings_.asked.begin(), findings_.asked.end(),
        [&expected](const Looked& looked) {
          return MatchesExpected(expected, looked.name) &&
                 (looked.error || looked.outcome == "confirmed");
        });
  }

  const Case& subject_;
  const Findings& findings_;
  std::string status_;
  std::set<std::string> flags_;
};

}  // namespace

bool MatchesExpected(const std::string& expected, const std::string& name) {
  if (expected.starts_with("*.")) return IsBelow(name, expected.substr(2));
  return name == expected;
}

std::set<std::string> FlagsOf(const Case& subject, const Findings& findings,
                              const std::string& status) {
  return Flags(subject, findings, status).All();
}

}  // namespace world
