// TextDictionary: the different values of a column chunk, each once.
#ifndef PTRSWEEP_IO_PARQUET_TEXT_DICTIONARY_H_
#define PTRSWEEP_IO_PARQUET_TEXT_DICTIONARY_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace io {

// A dictionary page holds at most so many octets.
inline constexpr size_t kMaxDictionaryOctets = 1 << 20;

// Whether the first and last octets, a T of each, are the same.
template <typename T>
bool SameEnds(absl::string_view a, absl::string_view b) {
  const size_t end = a.size() - sizeof(T);
  T ends[4];
  std::memcpy(&ends[0], a.data(), sizeof(T));
  std::memcpy(&ends[1], b.data(), sizeof(T));
  std::memcpy(&ends[2], a.data() + end, sizeof(T));
  std::memcpy(&ends[3], b.data() + end, sizeof(T));
  return ends[0] == ends[1] && ends[2] == ends[3];
}

// Equality of texts that mostly are short and equal.
inline bool SameText(absl::string_view a, absl::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() >= 8 && a.size() <= 16) return SameEnds<uint64_t>(a, b);
  if (a.size() >= 4 && a.size() < 8) return SameEnds<uint32_t>(a, b);
  return std::memcmp(a.data(), b.data(), a.size()) == 0;
}

// Numbers values in the order of their first appearance. They are kept as
// PLAIN has them: each behind `prefix_octets` of length (4), or alone (0).
// Open addressing, at most half full; the memory stays over Clear().
class TextDictionary {
 public:
  explicit TextDictionary(size_t prefix_octets);

  // The value's number; a new one if it is new. nullopt if it is new and there
  // is no more room.
  std::optional<uint32_t> Intern(absl::string_view value) {
    const Recent& recent = recent_[PlaceOf(value)];
    if (recent.known && SameText(value, recent.value)) return recent.id;
    return Find(value);
  }
  uint32_t size() const { return static_cast<uint32_t>(ends_.size()); }
  absl::string_view value(uint32_t id) const {
    const size_t begin = (id == 0 ? 0 : ends_[id - 1]) + prefix_octets_;
    return absl::string_view(octets_).substr(begin, ends_[id] - begin);
  }
  // The same with its length in front.
  absl::string_view plain(uint32_t id) const {
    const size_t begin = id == 0 ? 0 : ends_[id - 1];
    return absl::string_view(octets_).substr(begin, ends_[id] - begin);
  }
  // All values, PLAIN.
  const std::string& octets() const { return octets_; }
  void Clear();

 private:
  struct Slot {
    uint32_t hash = 0;
    uint32_t id_plus_one = 0;  // 0: free
  };
  // Values seen a short time ago: a column has few, flags two or three a row.
  struct Recent {
    absl::string_view value;  // in octets_
    uint32_t id = 0;
    bool known = false;
  };
  static constexpr size_t kRecent = 8;
  // Which of recent_: sizes and first octets tell texts apart that are few.
  static size_t PlaceOf(absl::string_view value) {
    const auto first =
        value.empty() ? uint8_t{0} : static_cast<uint8_t>(value[0]);
    return (value.size() + first) % kRecent;
  }
  uint32_t Remember(uint32_t id);
  std::optional<uint32_t> Find(absl::string_view value);
  uint32_t Add(absl::string_view value);
  void Grow();

  const size_t prefix_octets_;
  std::string octets_;  // never reallocated
  std::vector<uint32_t> ends_;
  std::vector<Slot> slots_;
  std::array<Recent, kRecent> recent_ = {};
};

}  // namespace io

#endif  // PTRSWEEP_IO_PARQUET_TEXT_DICTIONARY_H_
