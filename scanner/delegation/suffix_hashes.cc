#include "scanner/delegation/suffix_hashes.h"

#include <bit>
#include <cstring>

namespace scanner {
namespace {

constexpr uint64_t kMultiplier = 0x9e3779b97f4a7c15;

uint64_t Mix(uint64_t hash, uint64_t value) {
  const auto product =
      static_cast<unsigned __int128>(hash ^ value) * kMultiplier;
  return static_cast<uint64_t>(product) ^ static_cast<uint64_t>(product >> 64);
}

uint64_t LoadWord(const uint8_t* at) {
  uint64_t word;
  std::memcpy(&word, at, sizeof word);
  return word;
}

// The first `octets` (1 to 8) of a word in memory, in one way whatever lies
// behind them.
uint64_t FirstOctets(uint64_t word, size_t octets) {
  const size_t unused = 8 * (sizeof word - octets);
  return std::endian::native == std::endian::little ? word << unused
                                                    : word >> unused;
}

// Eight octets at a time, the first of which is the label's length: it tells
// short labels apart. REQUIRES: seven octets behind the label can be read.
uint64_t AddLabel(uint64_t hash, const uint8_t* label) {
  size_t octets = label[0] + size_t{1};
  for (; octets > sizeof(uint64_t); octets -= sizeof(uint64_t)) {
    hash = Mix(hash, LoadWord(label));
    label += sizeof(uint64_t);
  }
  return Mix(hash, FirstOctets(LoadWord(label), octets));
}

// A name in lower case with room behind it, so that it can be read in words.
// Length octets are no letters.
struct LowerName {
  explicit LowerName(std::span<const uint8_t> wire) {
    const size_t size = wire.size();
    if (size >= kWord) {
      for (size_t i = 0; i + kWord < size; i += kWord) TakeWord(wire, i);
      TakeWord(wire, size - kWord);
    } else {
      for (size_t i = 0; i < size; ++i)
        octets[i] = dnswire::LowerOctet(wire[i]);
    }
    std::memset(octets + size, 0, kWord);
  }

  void TakeWord(std::span<const uint8_t> wire, size_t at) {
    const uint64_t word = dnswire::LowerEightOctets(LoadWord(&wire[at]));
    std::memcpy(octets + at, &word, kWord);
  }

  static constexpr size_t kWord = sizeof(uint64_t);
  uint8_t octets[dnswire::kMaxNameOctets + kWord];
};

}  // namespace

SuffixHashes::SuffixHashes(dnswire::NameView name, uint64_t key) : name_(name) {
  const LowerName lower(name.wire());
  for (size_t at = 0; lower.octets[at] != 0;
       at += size_t{1} + lower.octets[at]) {
    starts_[labels_++] = static_cast<uint8_t>(at);
  }
  uint64_t hash = Mix(key, kMultiplier);
  hashes_[0] = hash;
  for (size_t i = 1; i <= labels_; ++i) {
    hash = AddLabel(hash, lower.octets + starts_[labels_ - i]);
    hashes_[i] = hash;
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
