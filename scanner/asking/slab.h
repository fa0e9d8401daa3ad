// Slab: objects by 32-bit index, recycled last in, first out. An object stays
// where it is and is never destroyed before the slab, so what it has allocated
// serves its next user.
#ifndef PTRSWEEP_SCANNER_ASKING_SLAB_H_
#define PTRSWEEP_SCANNER_ASKING_SLAB_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace scanner {

inline constexpr uint32_t kNil = 0xffffffff;  // no index

template <typename T>
class Slab {
 public:
  // The caller puts the object into its first state: it holds what its last
  // user left.
  uint32_t Acquire() {
    if (free_count_ > 0) return free_[--free_count_];
    if (size_ == free_.size()) Grow();
    return size_++;
  }
  void Release(uint32_t index) { free_[free_count_++] = index; }
  T& operator[](uint32_t index) {
    return chunks_[index / kChunk][index % kChunk];
  }
  const T& operator[](uint32_t index) const {
    return chunks_[index / kChunk][index % kChunk];
  }
  // Begins to fetch the object.
  void Prefetch(uint32_t index) const {
    constexpr size_t kLine = 64;
    const auto* const octets =
        reinterpret_cast<const uint8_t*>(&(*this)[index]);
    for (size_t at = 0; at < sizeof(T); at += kLine) {
      __builtin_prefetch(octets + at);
    }
  }
  size_t in_use() const { return size_ - free_count_; }
  // One more than the highest index ever given.
  uint32_t size() const { return size_; }

 private:
  static constexpr uint32_t kChunk = 256;

  void Grow() {
    chunks_.push_back(std::make_unique<T[]>(kChunk));
    free_.resize(chunks_.size() * kChunk);
  }

  std::vector<std::unique_ptr<T[]>> chunks_;
  std::vector<uint32_t> free_;  // as long as there are objects
  size_t free_count_ = 0;
  uint32_t size_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_SLAB_H_
