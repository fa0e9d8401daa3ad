// WayTable: what is known by key, in a fixed room. A key has one set of eight
// places; a ninth entry of a set takes the place of its oldest.
//
//   set of a key   [ e3 e4 e5 e6 e7 e8 e1 e2 ]
//                                      ^ the next to be overwritten
//
// So entries of use are found for as long as the table is not full of younger
// ones, give or take the chance that an eighth of its sets are crowded: for
// what may be forgotten at a price, never for what must be kept.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_WAY_TABLE_H_
#define PTRSWEEP_SCANNER_UPSTREAM_WAY_TABLE_H_

#include <array>
#include <cstddef>
#include <cstdint>

#include "scanner/upstream/zero_array.h"

namespace scanner {

// `Value` is a plain value that may be all zero octets. Keys are well-mixed and
// 0 is none.
template <typename Value>
class WayTable {
 public:
  static constexpr size_t kWays = 8;

  // Room for sets * kWays entries, taken at once. REQUIRES: `sets` is a power
  // of two.
  explicit WayTable(size_t sets) : sets_(sets) {}

  // The entry of `key` for which `matches` holds, or nullptr. It stays where it
  // is until it is overwritten.
  template <typename Predicate>
  Value* Find(uint64_t key, Predicate matches) {
    Set& set = SetOf(key);
    for (size_t i = 0; i < kWays; ++i) {
      if (set.keys[i] == key && matches(set.values[i])) return &set.values[i];
    }
    return nullptr;
  }
  Value* Find(uint64_t key) {
    return Find(key, [](const Value&) { return true; });
  }
  // Several entries may have one key.
  Value& Add(uint64_t key, const Value& value) {
    Set& set = SetOf(key);
    const size_t place = set.oldest;
    set.oldest = static_cast<uint8_t>((place + 1) % kWays);
    set.keys[place] = key;
    return set.values[place] = value;
  }
  // Calls `visit(Value&)` for each entry of `key`.
  template <typename Visit>
  void ForEach(uint64_t key, Visit visit) {
    Set& set = SetOf(key);
    for (size_t i = 0; i < kWays; ++i) {
      if (set.keys[i] == key) visit(set.values[i]);
    }
  }

 private:
  struct Set {
    std::array<uint64_t, kWays> keys = {};
    std::array<Value, kWays> values = {};
    uint8_t oldest = 0;
  };

  Set& SetOf(uint64_t key) { return sets_[key & (sets_.size() - 1)]; }

  ZeroArray<Set> sets_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_WAY_TABLE_H_
