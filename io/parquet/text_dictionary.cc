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
    last_ = this->value(id);
    last_id_ = id;
    return id;
  }
  if (octets_.size() + prefix_octets_ + value.size() > kMaxDictionaryOctets) {
    return std::nullopt;
  }
  last_id_ = Add(value);
  last_ = this->value(last_id_);
  slots_[at] = {hash, last_id_ + 1};
  if (2 * ends_.size() > slots_.size()) Grow();
  return last_id_;
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
  last_ = {};
  last_id_ = 0;
}

}  // namespace io
