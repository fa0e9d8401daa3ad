// Strict decimal numbers, for options, lists and files alike: no sign, blank,
// leading zero, exponent, hex or "nan".
#ifndef PTRSWEEP_IO_NUMBER_H_
#define PTRSWEEP_IO_NUMBER_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace io {

// Decimal digits without leading zero, at most `max`.
std::optional<uint64_t> ParseUnsigned(absl::string_view text,
                                      uint64_t max = UINT64_MAX);
// Digits, optionally a point and more digits ("5", "0.5", "12.25"); finite,
// at most `max`.
std::optional<double> ParseDecimal(absl::string_view text, double max);
// A decimal number and a unit ms, s, m, h or d ("250ms", "1.5s"); a bare number
// is seconds. At most 365 days.
std::optional<absl::Duration> ParseDuration(absl::string_view text);
// Octets: a whole number and perhaps KiB, MiB or GiB ("64MiB"), at most `max`.
std::optional<uint64_t> ParseOctets(absl::string_view text, uint64_t max);

}  // namespace io

#endif  // PTRSWEEP_IO_NUMBER_H_
