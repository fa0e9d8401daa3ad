#include "scanner/delegation/suffix_hashes.h"

namespace scanner {
namespace {

constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15;

uint64_t Mix(uint64_t hash, uint64_t value) {
  const auto product =
      static_cast<unsigned __int128>(hash ^ value) * kMultiplier;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

constexpr uint8_t Lower(uint8_t octet) {
  return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : octet;
}

// Eight octets of the label at a time; its length tells short ones apart.
uint64_t AddLabel(uint64_t hash, const uint8_t* label) {
  const size_t size = label[0];
  uint64_t word = size;
  for (size_t i = 1; i <= size; ++i) {
    word = word << 8 | Lower(label[i]);
    if (i % 8 == 0) {
      hash = Mix(hash, word);
      word = 0;
    }
  }
  return Mix(hash, word ^ uint64_t{size} << 56);
}

}  // namespace

SuffixHashes::SuffixHashes(dnswire::NameView name, uint64_t key) : name_(name) {
  const uint8_t* const octets = name.wire().data();
  for (size_t at = 0; octets[at] != 0; at += size_t{1} + octets[at]) {
    starts_[labels_++] = static_cast<uint8_t>(at);
  }
  hashes_[0] = Mix(key, kMultiplier);
  for (size_t i = 1; i <= labels_; ++i) {
    hashes_[i] = AddLabel(hashes_[i - 1], octets + starts_[labels_ - i]);
  }
}

dnswire::NameView SuffixHashes::Suffix(size_t labels) const {
  if (labels == 0) return dnswire::NameView();
  return dnswire::NameView::FromValidWire(
      name_.wire().subspan(starts_[labels_ - labels]));
}

uint64_t HashOfName(dnswire::NameView name, uint64_t key) {
  const SuffixHashes hashes(name, key);
  return hashes[hashes.labels()];
}

}  // namespace scanner
