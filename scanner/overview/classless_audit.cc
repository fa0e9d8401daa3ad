#include "scanner/overview/classless_audit.h"

#include <algorithm>
#include <utility>

namespace scanner {
namespace {

using dnswire::IpPrefix;
using io::Flag;

dnswire::IpAddress FirstOfBlock(const io::Row& row) {
  return IpPrefix::Covering(row.ip, 24).first();
}

std::vector<uint8_t> ListOf(const std::bitset<256>& octets) {
  std::vector<uint8_t> list;
  for (size_t i = 0; i < octets.size(); ++i) {
    if (octets.test(i)) list.push_back(static_cast<uint8_t>(i));
  }
  return list;
}

}  // namespace

void ClasslessAudit::Survey(const io::Row& row) {
  if (!row.ip.is_v4() || !row.flags.Has(Flag::kClassless)) return;
  blocks_.try_emplace(FirstOfBlock(row));
}

void ClasslessAudit::Add(const io::Row& row) {
  if (!row.ip.is_v4()) return;
  const bool classless = row.flags.Has(Flag::kClassless);
  const bool denied =
      row.status == io::Status::kNoPtr && !row.flags.Has(Flag::kCnameChain);
  if (!classless && !denied) return;
  const auto block = blocks_.find(FirstOfBlock(row));
  if (block == blocks_.end()) return;
  const uint8_t octet = row.ip.octet(3);
  if (denied) block->second.denied.set(octet);
  if (!classless) return;
  Child& child =
      block->second.children[row.zone ? row.zone->ToText() : std::string()];
  child.classless.set(octet);
  if (row.cause == io::Cause::kDanglingCname) child.dangling.set(octet);
}

std::vector<ClasslessGroup> ClasslessAudit::Groups() const {
  std::vector<ClasslessGroup> groups;
  for (const auto& [first, block] : blocks_) {
    const size_t begin = groups.size();
    for (const auto& [zone, child] : block.children) {
      const std::vector<uint8_t> octets = ListOf(child.classless);
      ClasslessGroup group{.block = IpPrefix::Covering(first, 24),
                           .zone = zone,
                           .rows = static_cast<uint32_t>(octets.size()),
                           .first = octets.front(),
                           .last = octets.back(),
                           .holes = {},
                           .dangling = ListOf(child.dangling)};
      for (size_t i = group.first; i <= group.last; ++i) {
        if (block.denied.test(i)) {
          group.holes.push_back(static_cast<uint8_t>(i));
        }
      }
      groups.push_back(std::move(group));
    }
    std::sort(groups.begin() + static_cast<std::ptrdiff_t>(begin), groups.end(),
              [](const ClasslessGroup& a, const ClasslessGroup& b) {
                return a.first < b.first;
              });
  }
  return groups;
}

}  // namespace scanner
