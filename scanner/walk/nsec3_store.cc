#include "scanner/walk/nsec3_store.h"

#include <algorithm>
#include <iterator>

#include "dnswire/dnssec/denial.h"

namespace scanner {
namespace {

using dnswire::NameHash;
using dnswire::NameView;
using dnswire::Nsec3;

// Of a tree's node for each of its points, where they came in random order.
constexpr size_t kOctetsAPoint = 32;

}  // namespace

bool Nsec3Store::Learn(const dnswire::Message& response, NameView apex) {
  Nsec3 nsec3;
  for (const dnswire::Record& record : response.authorities()) {
    if (!is_usable_) break;
    if (!dnswire::ReadNsec3(response, record, &nsec3) ||
        !nsec3.zone.view().Equals(apex)) {
      continue;
    }
    if (!Take(nsec3)) {
      is_usable_ = false;
      Clear();
    }
  }
  return is_usable_;
}

bool Nsec3Store::Take(const Nsec3& nsec3) {
  if (!has_chain_) {
    has_chain_ = true;
    iterations_ = nsec3.iterations;
    salt_.assign(nsec3.salt.begin(), nsec3.salt.end());
  }
  // A zone may have a second chain, while it is given another salt.
  const bool of_chain = nsec3.iterations == iterations_ &&
                        std::equal(nsec3.salt.begin(), nsec3.salt.end(),
                                   salt_.begin(), salt_.end());
  if (!of_chain) return true;
  if (!dnswire::IsReal(nsec3)) return false;
  Add(nsec3);
  return true;
}

void Nsec3Store::Add(const Nsec3& nsec3) {
  if (room_->octets < 2 * kOctetsAPoint) return;
  Put(nsec3.next);  // moves points, so the other is found after it
  const auto point = Put(nsec3.hash);
  auto behind = std::next(point);
  if (behind == points_.end()) behind = points_.begin();
  point->second = {.types = NameTypes::Of(nsec3.types),
                   .types_known = true,
                   .gap_closed = behind->first == nsec3.next};
}

// A new point in a gap that was closed shows that the gap is not empty.
Nsec3Store::Points::iterator Nsec3Store::Put(const NameHash& hash) {
  const auto [point, is_new] = points_.try_emplace(hash);
  if (is_new) {
    room_->octets -= kOctetsAPoint;
    const auto behind = point == points_.begin() ? points_.end() : point;
    std::prev(behind)->second.gap_closed = false;
  }
  return point;
}

void Nsec3Store::Clear() {
  room_->octets += points_.size() * kOctetsAPoint;
  points_.clear();
}

Nsec3Store::Knowledge Nsec3Store::Look(NameView name) const {
  if (points_.empty()) return {};
  const NameHash hash = dnswire::HashName(name, salt_, iterations_);
  const auto point = points_.lower_bound(hash);
  if (point != points_.end() && point->first == hash) {
    if (!point->second.types_known) return {};
    return {.existence = Existence::kPresent, .types = point->second.types};
  }
  const auto before =
      std::prev(point == points_.begin() ? points_.end() : point);
  if (!before->second.gap_closed) return {};
  return {.existence = Existence::kAbsent};
}

Nsec3Store::Knowledge Nsec3Store::LookWithWildcard(NameView name) const {
  const Knowledge known = Look(name);
  if (known.existence != Existence::kAbsent) return known;
  dnswire::Name wildcard(name.parent());
  if (!wildcard.PrependLabel("*")) return {};
  const auto [existence, types] = Look(wildcard);
  const bool answers = types.ptr || types.cname || types.dname || types.ns;
  if (existence == Existence::kUnknown || answers) return {};
  return known;
}

}  // namespace scanner
