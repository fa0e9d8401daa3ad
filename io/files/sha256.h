// SHA-256 (FIPS 180-4): the digests by which a journal knows its run again, and
// `finalize` the parts of a dataset.
#ifndef PTRSWEEP_IO_FILES_SHA256_H_
#define PTRSWEEP_IO_FILES_SHA256_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace io {

using Digest = std::array<uint8_t, 32>;

// 64 hexadecimal digits, lower case.
std::string HexText(const Digest& digest);

// Fed in pieces of any size. Here it finds differences, it guards no secret.
class Sha256 {
 public:
  void Add(absl::string_view octets);
  // The digest of all that was added. REQUIRES: called once, last.
  Digest Finish();
  // Octets added so far.
  uint64_t size() const { return size_; }

 private:
  static constexpr size_t kBlockOctets = 64;

  void AddBlock();

  std::array<uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                    0xa54ff53a, 0x510e527f, 0x9b05688c,
                                    0x1f83d9ab, 0x5be0cd19};
  std::array<uint8_t, kBlockOctets> block_{};
  size_t used_ = 0;  // octets of block_
  uint64_t size_ = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_SHA256_H_
