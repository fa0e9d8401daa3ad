#include "tests/world/step_resolver.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "tests/world/names.h"

namespace world {
namespace {

constexpr int kPatienceMs = 2000;
constexpr int kSilencePatienceMs = 50;
constexpr size_t kMostAliases = 11;
constexpr int kDeepestNesting = 5;

enum class Kind { kUseful, kReferral, kLame };

const ReplyRecord* FindRecord(const std::vector<ReplyRecord>& records,
                              std::string_view owner, std::string_view type) {
  const auto at = std::find_if(
      records.begin(), records.end(), [&](const ReplyRecord& record) {
        return record.owner == owner && record.type == type;
      });
  return at == records.end() ? nullptr : &*at;
}

// Owner of the first record of a type, or "".
std::string OwnerOf(const std::vector<ReplyRecord>& records,
                    std::string_view type) {
  const auto at = std::find_if(
      records.begin(), records.end(),
      [&](const ReplyRecord& record) { return record.type == type; });
  return at == records.end() ? "" : at->owner;
}

// The CNAME at the name or a DNAME above it; null if there is neither.
const ReplyRecord* AliasOf(const Reply& reply, const std::string& name) {
  for (const ReplyRecord& record : reply.answer) {
    if (record.type == "DNAME" && IsBelow(name, record.owner)) return &record;
  }
  return FindRecord(reply.answer, name, "CNAME");
}

Kind KindOf(const Reply& reply, const std::string& name,
            const std::string& type, const std::string& zone) {
  if (FindRecord(reply.answer, name, type) != nullptr ||
      AliasOf(reply, name) != nullptr) {
    return Kind::kUseful;
  }
  const std::string denier = OwnerOf(reply.authority, "SOA");
  const bool by_zone = !denier.empty() && IsAtOrBelow(denier, zone);
  if (reply.authoritative && (by_zone || reply.rcode == "NXDOMAIN")) {
    return Kind::kUseful;
  }
  const std::string cut = OwnerOf(reply.authority, "NS");
  const bool down =
      !cut.empty() && IsBelow(cut, zone) && IsAtOrBelow(name, cut);
  return down && !reply.authoritative ? Kind::kReferral : Kind::kLame;
}

// The causes of one zone's servers in the order in which they count.
std::string WorstOf(const std::set<std::string>& seen) {
  for (const char* cause : {"lame", "servfail", "refused", "formerr"}) {
    if (seen.contains(cause)) return cause;
  }
  return seen.empty() ? "ns_unresolvable" : "all_ns_unreachable";
}

std::string RcodeOf(const std::string& cause) {
  if (cause == "lame") return "NOERROR";
  if (cause == "servfail" || cause == "refused" || cause == "formerr") {
    std::string rcode = cause;
    for (char& c : rcode) c = static_cast<char>(c - 'a' + 'A');
    return rcode;
  }
  return "null";
}

// Of a negative the owner of its SOA, "null" if that is above the zone asked;
// of data the owner of an NS set, else the zone asked.
std::string ZoneOf(const Reply& reply, bool negative, const std::string& cut) {
  std::string owner = OwnerOf(reply.authority, negative ? "SOA" : "NS");
  if (!owner.empty() && IsAtOrBelow(owner, cut)) return owner;
  return negative ? "null" : cut;
}

}  // namespace

StepResolver::StepResolver(const std::string& root,
                           std::set<std::string> silent)
    : silent_(std::move(silent)) {
  cuts_["."] = {".", {root}};
}

Steps StepResolver::Resolve(const std::string& name, const std::string& type) {
  return ResolveAt(name, type, 0);
}

Steps StepResolver::ResolveAt(const std::string& name, const std::string& type,
                              int depth) {
  Walk walk{name, type, KnownCut(name), {name}, {}};
  if (depth > kDeepestNesting) {
    walk.found.failure = "ns_unresolvable";
    return walk.found;
  }
  while (Step(&walk, depth)) {
  }
  return walk.found;
}

bool StepResolver::Step(Walk* walk, int depth) {
  const Reply reply = AskServers(*walk, &walk->found);
  if (!reply.received) return false;
  if (KindOf(reply, walk->name, walk->type, walk->cut.zone) ==
      Kind::kReferral) {
    FollowReferral(reply, walk, depth);
    return true;
  }
  const ReplyRecord* alias = AliasOf(reply, walk->name);
  if (alias != nullptr) return FollowAlias(*alias, walk);
  Steps& found = walk->found;
  found.rcode = reply.rcode;
  for (const ReplyRecord& record : reply.answer) {
    if (record.owner == walk->name && record.type == walk->type) {
      found.data.insert(record.data);
    }
  }
  found.zone = ZoneOf(reply, found.data.empty(), walk->cut.zone);
  return false;
}

Reply StepResolver::AskServers(const Walk& walk, Steps* found) {
  std::set<std::string> seen;
  for (const std::string& address : walk.cut.addresses) {
    ++asked_;
    Reply reply = ClientOf(address).Ask(walk.name, walk.type);
    if (!reply.received) {
      seen.insert("silent");
    } else if (reply.rcode != "NOERROR" && reply.rcode != "NXDOMAIN") {
      seen.insert(Lower(reply.rcode));
    } else if (KindOf(reply, walk.name, walk.type, walk.cut.zone) ==
               Kind::kLame) {
      seen.insert("lame");
    } else {
      return reply;
    }
  }
  found->failure = WorstOf(seen);
  found->rcode = RcodeOf(found->failure);
  found->zone = walk.cut.zone;
  return {};
}

bool StepResolver::FollowAlias(const ReplyRecord& alias, Walk* walk) {
  Steps& found = walk->found;
  found.alias = true;
  std::string target = alias.data;
  if (alias.type == "DNAME") {
    found.dname = true;
    target =
        Join(walk->name.substr(0, walk->name.size() - alias.owner.size() - 1),
             alias.data);
  }
  const bool again = !walk->names.insert(target).second;
  if (again || walk->names.size() > kMostAliases + 1) {
    found.failure = again ? "loop" : "chain_too_long";
    found.rcode = "NOERROR";
    found.zone = walk->cut.zone;
    return false;
  }
  walk->name = target;
  walk->cut = KnownCut(target);
  return true;
}

void StepResolver::FollowReferral(const Reply& reply, Walk* walk, int depth) {
  Cut cut{OwnerOf(reply.authority, "NS"), {}};
  for (const ReplyRecord& record : reply.authority) {
    if (record.type != "NS" || record.owner != cut.zone) continue;
    cut.addresses.merge(AddressesOf(record.data, reply, depth));
  }
  if (depth == 0) cuts_[cut.zone] = cut;
  walk->cut = std::move(cut);
}

std::set<std::string> StepResolver::AddressesOf(const std::string& ns_name,
                                                const Reply& referral,
                                                int depth) {
  std::set<std::string> addresses;
  for (const ReplyRecord& record : referral.additional) {
    if (record.owner == ns_name &&
        (record.type == "A" || record.type == "AAAA")) {
      addresses.insert(record.data);
    }
  }
  if (!addresses.empty()) return addresses;
  for (const char* type : {"A", "AAAA"}) {
    addresses.merge(ResolveAt(ns_name, type, depth + 1).data);
  }
  return addresses;
}

StepResolver::Cut StepResolver::KnownCut(const std::string& name) const {
  for (std::string_view zone = name;; zone = Parent(zone)) {
    const auto at = cuts_.find(std::string(zone));
    if (at != cuts_.end()) return at->second;
  }
}

DnsClient& StepResolver::ClientOf(const std::string& address) {
  const int patience_ms =
      silent_.contains(address) ? kSilencePatienceMs : kPatienceMs;
  return clients_.try_emplace(address, address, false, patience_ms, 1)
      .first->second;
}

}  // namespace world
