#include "scanner/walk/reverse_tree.h"

#include <cassert>
#include <cstddef>
#include <cstring>

#include "absl/numeric/int128.h"
#include "absl/strings/string_view.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using dnswire::Name;
using dnswire::NameView;

constexpr int kNibbleBits = 4;

constexpr int ShiftOf(int at) { return (kNibbles - 1 - at) * kNibbleBits; }

// The nibble that a label is the digit of, in either case; -1 if it is none.
int NibbleOf(absl::string_view label) {
  if (label.size() != 1) return -1;
  const uint8_t c = dnswire::LowerOctet(static_cast<uint8_t>(label[0]));
  if (c >= '0' && c <= '9') return c - '0';
  return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

}  // namespace

NibbleNode NibbleNode::Of(const IpPrefix& prefix) {
  assert(prefix.length() % kNibbleBits == 0);
  return {.first = prefix.first(),
          .depth = static_cast<uint8_t>(prefix.length() / kNibbleBits)};
}

IpPrefix NibbleNode::prefix() const {
  return IpPrefix::Covering(first, depth * kNibbleBits);
}

NibbleNode NibbleNode::Child(int nibble) const {
  assert(depth < kNibbles && nibble >= 0 && nibble < 16);
  const auto bits = absl::uint128{static_cast<unsigned>(nibble)};
  return {.first = first.WithValue(first.value() | bits << ShiftOf(depth)),
          .depth = static_cast<uint8_t>(depth + 1)};
}

NibbleNode NibbleNode::Above(int up) const {
  assert(up >= 0 && up <= depth);
  return Of(IpPrefix::Covering(first, (depth - up) * kNibbleBits));
}

int NibbleNode::NibbleAt(int at) const {
  assert(at >= 0 && at < depth);
  const uint8_t octet = first.octet(at / 2);
  return at % 2 == 0 ? octet >> kNibbleBits : octet & 0xf;
}

bool NibbleNode::IsAtOrBelow(const NibbleNode& other) const {
  return depth >= other.depth && other.prefix().Contains(first);
}

ReverseTree::ReverseTree() : base_(dnswire::Ip6Arpa()) {}

std::optional<Name> ReverseTree::NameOf(const NibbleNode& node) const {
  assert(node.IsAtOrBelow(top_));
  const auto labels = static_cast<size_t>(node.depth - top_.depth);
  const size_t size = 2 * labels + base_.size();
  if (size > dnswire::kMaxNameOctets) return std::nullopt;
  // All 32 labels at once is fastest; those of the node are behind the deeper
  // ones, before those of top().
  uint8_t all[dnswire::kMaxReverseOctets];
  dnswire::EncodeReverseName(node.first, all);
  uint8_t wire[dnswire::kMaxNameOctets];
  std::memcpy(wire, all + 2 * static_cast<size_t>(kNibbles - node.depth),
              2 * labels);
  std::memcpy(wire + 2 * labels, base_.view().wire().data(), base_.size());
  return Name(NameView::FromValidWire({wire, size}));
}

std::optional<NibbleNode> ReverseTree::NodeOf(NameView name) const {
  if (!name.IsAtOrBelow(base_)) return std::nullopt;
  const int depth =
      top_.depth + name.label_count() - base_.view().label_count();
  if (depth > kNibbles) return std::nullopt;
  absl::uint128 value = top_.first.value();
  for (int at = depth - 1; at >= top_.depth; --at, name = name.parent()) {
    const int nibble = NibbleOf(name.first_label());
    if (nibble < 0) return std::nullopt;
    value |= absl::uint128{static_cast<unsigned>(nibble)} << ShiftOf(at);
  }
  return NibbleNode{.first = IpAddress::V6(value),
                    .depth = static_cast<uint8_t>(depth)};
}

}  // namespace scanner
