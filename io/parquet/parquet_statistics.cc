#include "io/parquet/parquet_statistics.h"

namespace io {
namespace {

bool IsContinuation(char octet) {
  return (static_cast<uint8_t>(octet) & 0xc0) == 0x80;
}

// At most kMaxStatisticOctets, no UTF-8 sequence cut.
absl::string_view Cut(absl::string_view text) {
  if (text.size() <= kMaxStatisticOctets) return text;
  size_t size = kMaxStatisticOctets;
  while (size > 0 && IsContinuation(text[size])) --size;
  return text.substr(0, size);
}

// ASCII before DEL, or a continuation octet before the last one: the octet
// after it is of the same kind, so the text stays UTF-8.
bool CanGrow(char octet) {
  const auto value = static_cast<uint8_t>(octet);
  return value < 0x7f || (value >= 0x80 && value < 0xbf);
}

}  // namespace

ParquetBound LowerBound(absl::string_view text) {
  const absl::string_view cut = Cut(text);
  return {std::string(cut), cut.size() == text.size()};
}

std::optional<ParquetBound> UpperBound(absl::string_view text) {
  if (text.size() <= kMaxStatisticOctets) {
    return ParquetBound{std::string(text)};
  }
  absl::string_view cut = Cut(text);
  while (!cut.empty() && !CanGrow(cut.back())) {
    while (cut.size() > 1 && IsContinuation(cut.back())) cut.remove_suffix(1);
    cut.remove_suffix(1);
  }
  if (cut.empty()) return std::nullopt;
  ParquetBound bound{std::string(cut), false};
  ++bound.octets.back();
  return bound;
}

void OctetsRange::Add(absl::string_view value) {
  if (empty_ || value < min_) min_.assign(value.data(), value.size());
  if (empty_ || value > max_) max_.assign(value.data(), value.size());
  empty_ = false;
}

}  // namespace io
