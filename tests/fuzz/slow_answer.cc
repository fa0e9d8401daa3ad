#include "tests/fuzz/slow_answer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "tests/fuzz/slow_names.h"

namespace fuzz {
namespace {

constexpr uint16_t kNs = 2;
constexpr uint16_t kCname = 5;
constexpr uint16_t kSoa = 6;
constexpr uint16_t kDname = 39;
constexpr uint16_t kRrsig = 46;
constexpr uint16_t kFlagAa = 0x0400;
constexpr uint16_t kFlagTc = 0x0200;
constexpr uint16_t kFlagRa = 0x0080;

bool IsBelow(const std::string& name, const std::string& ancestor) {
  return name != ancestor && SlowIsAtOrAbove(ancestor, name);
}

class Resolution {
 public:
  Resolution(const SlowMessage& message, const SlowQuestion& question)
      : message_(message), question_(question), last_(question.name) {}

  SlowAnswer Run() {
    SlowAnswer answer;
    answer.outcome = Decide();
    answer.chain = hops_;
    if (answer.outcome == "data") answer.records = Data();
    return answer;
  }

 private:
  const std::vector<SlowRecord>& answers() const {
    return message_.sections[0];
  }
  const std::vector<SlowRecord>& authorities() const {
    return message_.sections[1];
  }

  std::string Decide();
  std::string Negative() const;
  std::string Noerror(bool soa_in_zone) const;
  bool IsBlocked() const;
  bool IsSpotless() const;
  bool IsReferral() const;
  // Empty, or the outcome that ends the chain.
  std::string Hop(const std::string& name);
  bool IsAboveZone(const std::string& owner) const {
    return question_.iterative && IsBelow(question_.zone, owner);
  }
  std::vector<SlowRecord> Data() const;
  std::set<std::string> Cnames() const;
  std::set<std::pair<std::string, std::string>> Dnames() const;

  const SlowMessage& message_;
  const SlowQuestion& question_;
  std::string last_;
  std::vector<std::string> hops_;
  unsigned rcode_ = 0;
};

std::string Resolution::Decide() {
  if (message_.Flag(kFlagTc)) return "truncated";
  if (message_.fault.substr(0, 3) == "bad") return "malformed";
  if (IsBlocked()) return "blocked";
  rcode_ = message_.header[1] % 16;
  if (message_.opt != nullptr) rcode_ += (message_.opt->ttl >> 24) * 16;
  if (rcode_ != 0 && rcode_ != 3) return "rcode" + std::to_string(rcode_);
  for (;;) {
    const auto cnames = Cnames();
    const auto dnames = Dnames();
    std::string next;
    if (!cnames.empty()) {
      if (!Data().empty() || cnames.size() > 1) return "malformed";
      next = *cnames.begin();
    } else if (!Data().empty()) {
      return rcode_ == 3 ? "malformed" : "data";
    } else if (!dnames.empty()) {
      if (dnames.size() > 1) return "malformed";
      const auto& [owner, target] = *dnames.begin();
      next = last_.substr(0, last_.size() - owner.size()) + target;
      if (next.size() > 255) return "malformed";
    } else {
      return Negative();
    }
    std::string end = Hop(next);
    if (!end.empty()) return end;
  }
}

bool Resolution::IsBlocked() const {
  bool blocked = false;
  if (message_.opt == nullptr) return false;
  SlowForEachOption(message_.opt->rdata,
                    [&blocked](size_t code, const std::string& octets) {
                      if (code != 15 || octets.size() < 2) return;
                      const int error = static_cast<uint8_t>(octets[0]) * 256 +
                                        static_cast<uint8_t>(octets[1]);
                      blocked |= error == 4 || (error >= 15 && error <= 17);
                    });
  return blocked;
}

std::vector<SlowRecord> Resolution::Data() const {
  std::vector<SlowRecord> found;
  for (const SlowRecord& record : answers()) {
    if (record.Is(question_.type) && record.lower_owner == last_) {
      found.push_back(record);
    }
  }
  return found;
}

std::set<std::string> Resolution::Cnames() const {
  std::set<std::string> found;
  for (const SlowRecord& record : answers()) {
    if (record.Is(kCname) && record.lower_owner == last_) {
      found.insert(record.names[0]);
    }
  }
  return found;
}

std::set<std::pair<std::string, std::string>> Resolution::Dnames() const {
  std::set<std::pair<std::string, std::string>> found;
  for (const SlowRecord& record : answers()) {
    if (record.Is(kDname) && IsBelow(last_, record.lower_owner) &&
        !IsAboveZone(record.lower_owner)) {
      found.emplace(record.lower_owner, record.names[0]);
    }
  }
  return found;
}

std::string Resolution::Hop(const std::string& name) {
  std::set<std::string> met(hops_.begin(), hops_.end());
  met.insert(question_.name);
  std::set<std::string> before(question_.previous.begin(),
                               question_.previous.end());
  const bool loops = met.count(name) > 0 || before.count(name) > 0;
  before.erase(question_.name);
  hops_.push_back(name);
  last_ = name;
  if (loops) return "loop";
  if (before.size() + hops_.size() > 11) return "chain_too_long";
  if (question_.iterative && !SlowIsAtOrAbove(question_.zone, name)) {
    return "follow";
  }
  return "";
}

bool Resolution::IsSpotless() const {
  if (message_.fault != "ok" || message_.trailing > 0) return false;
  std::vector<std::string> names = hops_;
  names.push_back(question_.name);
  for (const SlowRecord& record : answers()) {
    if (hops_.empty() || record.record_class != 1) return false;
    const bool explained = std::any_of(
        names.begin(), names.end(), [&record](const std::string& name) {
          return (record.type == kCname && record.lower_owner == name) ||
                 (record.type == kDname && IsBelow(name, record.lower_owner));
        });
    if (!explained && record.type != kRrsig) return false;
  }
  return true;
}

std::string Resolution::Negative() const {
  if (!IsSpotless()) return "malformed";
  int soas = 0;
  int good = 0;
  int in_zone = 0;
  for (const SlowRecord& record : authorities()) {
    if (!record.Is(kSoa)) continue;
    ++soas;
    if (!SlowIsAtOrAbove(record.lower_owner, last_)) continue;
    ++good;
    in_zone += IsAboveZone(record.lower_owner) ? 0 : 1;
  }
  const bool follows = rcode_ == 0 && !hops_.empty();
  if (soas > 0 && good == 0 && !follows) return "malformed";
  if (rcode_ == 0) return Noerror(in_zone > 0);
  const bool credible =
      !question_.iterative || message_.Flag(kFlagAa) || in_zone > 0;
  return credible ? "nxdomain" : "lame";
}

std::string Resolution::Noerror(bool soa_in_zone) const {
  if (soa_in_zone) return "nodata";
  if (!hops_.empty()) return "follow";
  if (message_.Flag(kFlagAa)) return "nodata";
  if (IsReferral()) return "referral";
  return !question_.iterative && message_.Flag(kFlagRa) ? "nodata" : "lame";
}

// ITERATION.md 1.3: of one owner, strictly below the zone.
bool Resolution::IsReferral() const {
  std::set<std::string> owners;
  std::set<std::string> above;
  for (const SlowRecord& record : authorities()) {
    if (!record.Is(kNs)) continue;
    owners.insert(record.lower_owner);
    if (SlowIsAtOrAbove(record.lower_owner, last_)) {
      above.insert(record.lower_owner);
    }
  }
  if (!question_.iterative) return !above.empty();
  return owners.size() == 1 && above.size() == 1 &&
         IsBelow(*above.begin(), question_.zone);
}

}  // namespace

SlowAnswer SlowResolve(const SlowMessage& message,
                       const SlowQuestion& question) {
  return Resolution(message, question).Run();
}

}  // namespace fuzz
