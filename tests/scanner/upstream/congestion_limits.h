// The limits that tests of Congestion are about, and when they begin.
#ifndef PTRSWEEP_TESTS_SCANNER_UPSTREAM_CONGESTION_LIMITS_H_
#define PTRSWEEP_TESTS_SCANNER_UPSTREAM_CONGESTION_LIMITS_H_

#include "io/net/time.h"
#include "scanner/upstream/congestion.h"

namespace scanner {

inline constexpr io::TimeNs kStart = 1000 * io::kSecond;

inline constexpr PaceLimits kLoopback = {};
inline constexpr PaceLimits kResolver = {.start_qps = 100,
                                         .floor_qps = 20,
                                         .cap_qps = 500,
                                         .window_start = 32,
                                         .window_min = 4,
                                         .window_max = 1024};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_UPSTREAM_CONGESTION_LIMITS_H_
