#include "tests/fuzz/journal_seeds.h"

#include <cstddef>

namespace fuzz {
namespace {

using Octets = std::vector<uint8_t>;

void Add(uint64_t number, size_t size, Octets* octets) {
  for (size_t i = 0; i < size; ++i) {
    octets->push_back(static_cast<uint8_t>(number >> (8 * i)));
  }
}

void AddCrcOfFrom(size_t start, Octets* octets) {
  uint32_t crc = 0xffffffff;
  for (size_t at = start; at < octets->size(); ++at) {
    crc ^= (*octets)[at];
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
  }
  Add(~crc, 4, octets);
}

// The octet for the output's length, then the header.
Octets Start(uint8_t data_octets) {
  Octets octets = {data_octets, 'P', 'T', 'R', 'S', 'W', 'E', 'E', 'P'};
  Add(1, 4, &octets);
  octets.resize(octets.size() + 96, 0x33);
  AddCrcOfFrom(1, &octets);
  return octets;
}

// With four texts of `text` octets each.
void AddRecord(uint64_t seq, uint64_t data_octets, uint32_t text,
               Octets* octets) {
  const size_t start = octets->size();
  Add(8 + 8 + 1 + 4 * (4 + text) + 4, 4, octets);
  Add(seq, 8, octets);
  Add(data_octets, 8, octets);
  octets->push_back(0);
  for (int i = 0; i < 4; ++i) {
    Add(text, 4, octets);
    octets->resize(octets->size() + text, 0x61);
  }
  AddCrcOfFrom(start, octets);
}

}  // namespace

std::vector<std::vector<uint8_t>> JournalSeeds() {
  Octets whole = Start(4);
  std::vector<Octets> seeds = {whole};
  for (uint64_t seq = 0; seq < 3; ++seq) {
    AddRecord(seq, 16 * seq, static_cast<uint32_t>(seq), &whole);
    seeds.push_back(whole);
  }
  seeds.push_back({whole.begin(), whole.end() - 3});
  seeds.push_back(whole);
  seeds.back()[130] ^= 1;
  seeds.push_back(whole);
  seeds.back()[0] = 0;
  return seeds;
}

}  // namespace fuzz
