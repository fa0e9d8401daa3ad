// IPv6 prefixes as the reverse tree has them: one label for each nibble.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_NIBBLES_H_
#define PTRSWEEP_TESTS_WORLD_WALK_NIBBLES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tests/world/address.h"

namespace world {

inline constexpr int kNibbleBits = 4;
inline constexpr int kNibbles = 32;

// "2001:db8::/32"
std::string TextOf(const Prefix& prefix);

// The first `length` bits of an address.
Prefix PrefixAt(const Address& address, int length);

// `inner` is `outer` or lies in it.
bool IsWithin(const Prefix& inner, const Prefix& outer);

// The name of a prefix. REQUIRES: its length is a multiple of 4.
std::string NameOf(const Prefix& prefix);

// The prefix of a name below ip6.arpa that consists of nibbles, ip6.arpa
// itself being ::/0.
std::optional<Prefix> PrefixOfName(std::string_view name);

// The prefix that a walk enters at the next names, 1, 2, 4 or 8 of them.
std::vector<Prefix> StartsOf(const Prefix& prefix);

// The 16 prefixes that are one nibble longer. REQUIRES: length <= 124, a
// multiple of 4.
std::vector<Prefix> ChildrenOf(const Prefix& prefix);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_NIBBLES_H_
