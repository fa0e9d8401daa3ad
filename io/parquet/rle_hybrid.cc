#include "io/parquet/rle_hybrid.h"

#include <algorithm>
#include <bit>
#include <limits>
#include <span>

#include "io/parquet/thrift_compact.h"

namespace io {
namespace {

constexpr uint32_t kGroup = 8;

size_t OctetsOf(int width) { return (static_cast<size_t>(width) + 7) / 8; }

void AppendRun(uint32_t count, uint32_t value, int width, std::string* out) {
  AppendVarint(uint64_t{count} << 1, out);
  for (size_t i = 0; i < OctetsOf(width); ++i) {
    out->push_back(static_cast<char>(value >> (8 * i)));
  }
}

void AppendPacked(std::span<const uint32_t> values, int width,
                  std::string* out) {
  const size_t groups = (values.size() + kGroup - 1) / kGroup;
  AppendVarint(groups << 1 | 1, out);
  const size_t start = out->size();
  out->resize(start + groups * static_cast<size_t>(width));
  char* to = out->data() + start;
  uint64_t bits = 0;
  int held = 0;
  for (const uint32_t value : values) {
    bits |= uint64_t{value} << held;
    for (held += width; held >= 8; held -= 8) {
      *to++ = static_cast<char>(bits);
      bits >>= 8;
    }
  }
  if (held > 0) *to = static_cast<char>(bits);
}

// Takes octets off the front; sticky.
class Cursor {
 public:
  explicit Cursor(absl::string_view octets) : octets_(octets) {}

  bool ok() const { return ok_; }
  bool empty() const { return octets_.empty(); }
  absl::string_view Take(size_t size) {
    if (size > octets_.size()) {
      ok_ = false;
      return "";
    }
    const absl::string_view taken = octets_.substr(0, size);
    octets_.remove_prefix(size);
    return taken;
  }
  // At most 32 bits: no count here is larger.
  uint64_t TakeVarint() {
    uint64_t value = 0;
    for (int shift = 0; shift < 35; shift += 7) {
      const absl::string_view octet = Take(1);
      if (!ok_) return 0;
      const auto bits = static_cast<uint8_t>(octet[0]);
      value |= uint64_t{bits & 0x7fu} << shift;
      if (bits < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  // Little-endian.
  uint32_t TakeValue(size_t size) {
    uint32_t value = 0;
    const absl::string_view octets = Take(size);
    for (size_t i = 0; i < octets.size(); ++i) {
      value |= uint32_t{static_cast<uint8_t>(octets[i])} << (8 * i);
    }
    return value;
  }

 private:
  absl::string_view octets_;
  bool ok_ = true;
};

// Appends the first `count` values of `packed`; false if one is above `max`.
// REQUIRES: it has that many.
template <typename T>
bool Unpack(absl::string_view packed, int width, size_t count, uint32_t max,
            std::vector<T>* out) {
  const uint64_t mask = (uint64_t{1} << width) - 1;
  uint64_t bits = 0;
  int held = 0;
  size_t at = 0;
  for (size_t i = 0; i < count; ++i) {
    for (; held < width; held += 8) {
      bits |= uint64_t{static_cast<uint8_t>(packed[at++])} << held;
    }
    const auto value = static_cast<uint32_t>(bits & mask);
    if (value > max) return false;
    out->push_back(static_cast<T>(value));
    bits >>= width;
    held -= width;
  }
  return true;
}

}  // namespace

int BitWidth(uint32_t max) {
  return std::numeric_limits<uint32_t>::digits - std::countl_zero(max);
}

// ---- RleEncoder

// Bit-packed stretches hold whole groups: a run first fills up the last one.
void RleEncoder::EndRun(uint32_t next) {
  if (run_ < kGroup) {
    AddLiterals(run_, value_);
  } else {
    const auto open = static_cast<uint32_t>(literals_.size() % kGroup);
    const uint32_t fill = open == 0 ? 0 : std::min(run_, kGroup - open);
    AddLiterals(fill, value_);
    run_ -= fill;
    if (run_ >= kGroup) {
      stretches_.push_back({run_, value_, false});
    } else {
      AddLiterals(run_, value_);
    }
  }
  value_ = next;
  run_ = 0;
}

void RleEncoder::AddLiterals(uint32_t count, uint32_t value) {
  if (count == 0) return;
  for (uint32_t i = 0; i < count; ++i) literals_.push_back(value);
  if (!stretches_.empty() && stretches_.back().literal) {
    stretches_.back().count += count;
  } else {
    stretches_.push_back({count, 0, true});
  }
}

void RleEncoder::Finish(int width, std::string* out) {
  EndRun(0);
  size_t at = 0;
  for (const Stretch& stretch : stretches_) {
    if (stretch.literal) {
      AppendPacked(std::span(literals_).subspan(at, stretch.count), width, out);
      at += stretch.count;
    } else {
      AppendRun(stretch.count, stretch.value, width, out);
    }
  }
  Discard();
}

void RleEncoder::Discard() {
  stretches_.clear();
  literals_.clear();
  value_ = 0;
  run_ = 0;
}

// ---- DecodeRle

template <typename T>
bool DecodeRle(absl::string_view octets, int width, size_t count, uint32_t max,
               std::vector<T>* out) {
  Cursor cursor(octets);
  while (count > 0) {
    const uint64_t header = cursor.TakeVarint();
    const uint64_t stated = header >> 1;
    if (!cursor.ok() || stated == 0) return false;
    if ((header & 1) != 0) {
      const absl::string_view packed =
          cursor.Take(stated * static_cast<size_t>(width));
      const size_t taken = std::min<uint64_t>(count, stated * kGroup);
      if (!cursor.ok() || !Unpack(packed, width, taken, max, out)) return false;
      count -= taken;
    } else {
      const uint32_t value = cursor.TakeValue(OctetsOf(width));
      if (!cursor.ok() || value > max || stated > count) return false;
      out->insert(out->end(), static_cast<size_t>(stated),
                  static_cast<T>(value));
      count -= static_cast<size_t>(stated);
    }
  }
  return true;
}

template bool DecodeRle(absl::string_view, int, size_t, uint32_t,
                        std::vector<uint8_t>*);
template bool DecodeRle(absl::string_view, int, size_t, uint32_t,
                        std::vector<uint32_t>*);

}  // namespace io
