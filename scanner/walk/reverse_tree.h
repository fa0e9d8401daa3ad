// ReverseTree: names of nibbles, and which prefixes they are of. Usually those
// of ip6.arpa; below a DNAME the same nibbles have other names (ITERATION.md
// 3.1):
//
//   names below D = the reverse name of `top`   are those below `base`
//   2001:db8:a00c::/48, DNAME v6.example.net:
//   1.0.0.0.c.0.0.a.8.b.d.0.1.0.0.2.ip6.arpa -> 1.0.0.0.v6.example.net
#ifndef PTRSWEEP_SCANNER_WALK_REVERSE_TREE_H_
#define PTRSWEEP_SCANNER_WALK_REVERSE_TREE_H_

#include <cstdint>
#include <optional>
#include <utility>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"

namespace scanner {

inline constexpr int kNibbles = 32;  // of an address

// The first nibbles of an address; the rest of it is zero.
struct NibbleNode {
  dnswire::IpAddress first = dnswire::IpAddress::V6(0);
  uint8_t depth = 0;  // nibbles

  // REQUIRES: whole nibbles.
  static NibbleNode Of(const dnswire::IpPrefix& prefix);
  static NibbleNode OfAddress(const dnswire::IpAddress& address) {
    return {.first = address, .depth = kNibbles};
  }
  dnswire::IpPrefix prefix() const;
  // REQUIRES: depth < kNibbles, 0 <= nibble < 16.
  NibbleNode Child(int nibble) const;
  // REQUIRES: depth >= `up`.
  NibbleNode Above(int up = 1) const;
  // Its nibble number `at`, from 0. REQUIRES: at < depth.
  int NibbleAt(int at) const;
  bool IsAtOrBelow(const NibbleNode& other) const;
  friend bool operator==(const NibbleNode&, const NibbleNode&) = default;
  template <typename H>
  friend H AbslHashValue(H hash, const NibbleNode& node) {
    return H::combine(std::move(hash), node.first, node.depth);
  }
};

class ReverseTree {
 public:
  ReverseTree();  // ip6.arpa
  // The names below `base` are those of the nodes below `top`.
  ReverseTree(const NibbleNode& top, dnswire::NameView base)
      : top_(top), base_(base) {}

  const NibbleNode& top() const { return top_; }
  dnswire::NameView base() const { return base_; }
  // nullopt: too long to be a name. REQUIRES: at or below top().
  std::optional<dnswire::Name> NameOf(const NibbleNode& node) const;
  // The node that `name` is of; nullopt if it is at no node at or below top().
  std::optional<NibbleNode> NodeOf(dnswire::NameView name) const;

 private:
  NibbleNode top_;
  dnswire::Name base_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_REVERSE_TREE_H_
