// Engine time: nanoseconds of CLOCK_MONOTONIC, read once a turn and passed on
// as `now`.
#ifndef PTRSWEEP_IO_NET_TIME_H_
#define PTRSWEEP_IO_NET_TIME_H_

#include <cstdint>

namespace io {

using TimeNs = int64_t;

inline constexpr TimeNs kMicrosecond = 1000;
inline constexpr TimeNs kMillisecond = 1000 * kMicrosecond;
inline constexpr TimeNs kSecond = 1000 * kMillisecond;
inline constexpr TimeNs kNever = INT64_MAX;

}  // namespace io

#endif  // PTRSWEEP_IO_NET_TIME_H_
