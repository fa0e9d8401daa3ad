#include "tests/scanner/engine/resolved_net.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdio>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "tests/support/packet_builder.h"
#include "tests/support/scripted_replies.h"

namespace scanner {

using testing_support::Asked;
using testing_support::CollectingSink;
using testing_support::Concat;
using testing_support::ExtendedError;
using testing_support::NegativeReply;
using testing_support::Octets;
using testing_support::Once;
using testing_support::PacketBuilder;
using testing_support::Pointer;
using testing_support::PtrReply;
using testing_support::Replies;
using testing_support::ReplyTo;
using testing_support::WireName;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

namespace {

constexpr char kZone[] = "10.in-addr.arpa";
constexpr int kZoneLabels = 3;
constexpr int kBlockLabels = 5;
constexpr uint16_t kNsec = 47;

// An OPT record behind the question, with DO=1.
bool WantsProof(const Asked& asked) {
  const size_t opt = 12 + (asked.name.size() + 2) + 4;
  return asked.query.size() >= opt + 11 && asked.query[opt + 2] == 41 &&
         (asked.query[opt + 7] & 0x80) != 0;
}

// The first numbers of a name are those of the address, last one first.
std::array<int, 3> NumbersOf(const std::string& name, int labels) {
  std::array<int, 3> numbers = {-1, -1, -1};
  const auto missing = static_cast<size_t>(kBlockLabels + 1 - labels);
  size_t at = 0;
  for (size_t i = missing; i < 3; ++i) {
    numbers[i] = std::stoi(name.substr(at));
    at = name.find('.', at) + 1;
  }
  return numbers;
}

}  // namespace

bool ResolvedNet::Exists(const std::string& name, int labels) const {
  if (labels == kZoneLabels) return true;
  const auto [last, third, second] = NumbersOf(name, labels);
  if (last >= 0) return last * 167 % 256 < ptrs_(second, third);
  if (third >= 0) return ptrs_(second, third) > 0;
  for (int i = 0; i < 256; ++i) {
    if (ptrs_(second, i) > 0) return true;
  }
  return false;
}

bool ResolvedNet::IsBelowDenied(std::string name) const {
  for (; name.size() > sizeof kZone - 1; name.erase(0, name.find('.') + 1)) {
    if (denied_.contains(name)) return true;
  }
  return false;
}

Replies ResolvedNet::operator()(const Asked& asked) {
  const auto labels = static_cast<int>(
      std::count(asked.name.begin(), asked.name.end(), '.') + 1);
  if (!absl::EndsWith(asked.name, kZone) || labels > kBlockLabels + 1) {
    return Once(NegativeReply(asked, rcode::kNxdomain, "arpa"));
  }
  const bool leaf = labels == kBlockLabels + 1;
  const bool cached = !asked_.insert(asked.name).second;
  if (options_.cuts_below && !cached && IsBelowDenied(asked.name)) {
    return Once(NegativeReply(asked, rcode::kNxdomain, kZone));
  }
  const bool exists = Exists(asked.name, labels);
  if (exists && leaf && asked.type == rr::kPtr) {
    const auto [last, third, second] = NumbersOf(asked.name, labels);
    return Once(PtrReply(asked, {absl::StrCat("h-", last, "-", third, "-",
                                              second, ".example.com")}));
  }
  if (labels == kZoneLabels && asked.type == rr::kSoa) {
    return Once(ReplyTo(asked)
                    .Answer()
                    .Soa(Pointer(12), "ns.example", "h.example")
                    .Build());
  }
  if (exists && (leaf || !options_.denies_empty)) {
    return Once(NegativeReply(asked, rcode::kNoerror, kZone));
  }
  return Deny(asked, !leaf);
}

Replies ResolvedNet::Deny(const Asked& asked, bool block) {
  const auto& instead = block ? options_.at_block : options_.at_leaf;
  if (instead) {
    if (auto replies = instead(asked)) return *std::move(replies);
  }
  denied_.insert(asked.name);
  PacketBuilder reply = ReplyTo(asked);
  reply.Rcode(rcode::kNxdomain).Ad(options_.ad_only);
  reply.Authority().Soa(kZone, "ns1.example.net", "hostmaster.example.net");
  if (options_.is_signed && WantsProof(asked) && !(block && options_.ad_only)) {
    // SOA, RRSIG, NSEC; nothing between the apex and a name behind them all.
    const Octets types = {0, 6, 0x02, 0, 0, 0, 0, 0x03};
    reply.Record(kZone, kNsec,
                 Concat({WireName(absl::StrCat("z.", kZone)).octets, types}));
  }
  return Once(reply.Build());
}

bool ResolvedNet::HasPtr(const std::string& address) const {
  int second = 0;
  int third = 0;
  int last = 0;
  if (std::sscanf(address.c_str(), "10.%d.%d.%d", &second, &third, &last) !=
      3) {
    return false;
  }
  return last * 167 % 256 < ptrs_(second, third);
}

size_t ResolvedNet::CountWrong(const CollectingSink& sink) const {
  size_t wrong = 0;
  for (const auto& [address, row] : sink.rows()) {
    if (row.status == "reverse_error" || row.status == "reverse_timeout") {
      continue;
    }
    const std::string status = HasPtr(address) ? "unconfirmed" : "no_ptr";
    if (row.status == status) continue;
    if (++wrong == 1) ADD_FAILURE() << address << " " << row.status;
  }
  return wrong;
}

size_t CountPruned(const CollectingSink& sink) {
  size_t pruned = 0;
  for (const auto& [address, row] : sink.rows()) {
    if (absl::StrContains(row.flags, "pruned")) ++pruned;
  }
  return pruned;
}

Octets DeniedReply(const Asked& asked, const std::string& zone, uint16_t ede) {
  return ReplyTo(asked)
      .Rcode(rcode::kNxdomain)
      .Authority()
      .Soa(zone, "ns1.example.net", "hostmaster.example.net")
      .Additional()
      .Opt({.options = ExtendedError(ede)})
      .Build();
}

}  // namespace scanner
