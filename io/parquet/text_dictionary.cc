#include "io/parquet/text_dictionary.h"

#include <algorithm>
#include <utility>

#include "absl/hash/hash.h"

namespace io {
namespace {

constexpr size_t kFirstSlots = 64;

}  // namespace

TextDictionary::TextDictionary(size_t prefix_octets)
    : prefix_octets_(prefix_octets), slots_(kFirstSlots) {
  octets_.reserve(kMaxDictionaryOctets);
}

std::optional<uint32_t> TextDictionary::Find(absl::string_view value) {
  const auto hash = static_cast<uint32_t>(absl::HashOf(value));
  const size_t mask = slots_.size() - 1;
  size_t at = hash & mask;
  for (; slots_[at].id_plus_one != 0; at = (at + 1) & mask) {
    const uint32_t id = slots_[at].id_plus_one - 1;
    if (slots_[at].hash != hash || this->value(id) != value) continue;
    return Remember(id);
  }
  if (octets_.size() + prefix_octets_ + value.size() > kMaxDictionaryOctets) {
    return std::nullopt;
  }
  const uint32_t id = Add(value);
  slots_[at] = {hash, id + 1};
  if (2 * ends_.size() > slots_.size()) Grow();
  return Remember(id);
}

uint32_t TextDictionary::Remember(uint32_t id) {
  recent_[PlaceOf(value(id))] = {value(id), id, true};
  return id;
}

uint32_t TextDictionary::Add(absl::string_view value) {
  for (size_t i = 0; i < prefix_octets_; ++i) {
    octets_.push_back(static_cast<char>(value.size() >> (8 * i)));
  }
  octets_.append(value.data(), value.size());
  ends_.push_back(static_cast<uint32_t>(octets_.size()));
  return size() - 1;
}

void TextDictionary::Grow() {
  std::vector<Slot> larger(2 * slots_.size());
  const size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.id_plus_one == 0) continue;
    size_t at = slot.hash & mask;
    while (larger[at].id_plus_one != 0) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

void TextDictionary::Clear() {
  if (ends_.empty()) return;
  octets_.clear();
  ends_.clear();
  std::fill(slots_.begin(), slots_.end(), Slot{});
  recent_ = {};
}

}  // namespace io
