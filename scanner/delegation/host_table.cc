#include "scanner/delegation/host_table.h"

#include <utility>

namespace scanner {

HostIndex HostTable::Get(uint64_t hash, dnswire::NameView name) {
  const auto known = by_hash_.find(hash);
  if (known != by_hash_.end()) {
    hosts_[known->second].used = true;
    return known->second;
  }
  const HostIndex index = TakePlace();
  if (index == kNil) return kNil;
  Host& host = hosts_[index];
  host = Host();
  host.name.Add(name);
  host.hash = hash;
  host.used = true;
  by_hash_[hash] = index;
  return index;
}

HostIndex HostTable::Find(uint64_t hash) const {
  const auto known = by_hash_.find(hash);
  return known == by_hash_.end() ? kNil : known->second;
}

HostIndex HostTable::TakePlace() {
  if (hosts_.size() < max_hosts_) {
    hosts_.emplace_back();
    return static_cast<HostIndex>(hosts_.size() - 1);
  }
  for (size_t i = 0; i < 2 * hosts_.size(); ++i) {
    const auto index = static_cast<HostIndex>(hand_);
    hand_ = (hand_ + 1) % hosts_.size();
    Host& host = hosts_[index];
    if (host.asking() || std::exchange(host.used, false)) continue;
    by_hash_.erase(host.hash);
    return index;
  }
  return kNil;
}

}  // namespace scanner
