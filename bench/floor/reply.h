// The little that the floor client reads of a reply.
#ifndef PTRSWEEP_BENCH_FLOOR_REPLY_H_
#define PTRSWEEP_BENCH_FLOOR_REPLY_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dnswire/name.h"

namespace bench {

// The first record of the answer section. nullopt if there is none, or not one
// question before it.
struct FirstAnswer {
  uint16_t type = 0;
  std::span<const uint8_t> rdata;
};
std::optional<FirstAnswer> ReadFirstAnswer(std::span<const uint8_t> reply);

// The uncompressed name at the start of `octets`; nullopt if there is none.
std::optional<dnswire::NameView> ReadPlainName(std::span<const uint8_t> octets);

}  // namespace bench

#endif  // PTRSWEEP_BENCH_FLOOR_REPLY_H_
