// ZeroArray: a fixed number of plain values that begin as zero octets. The
// kernel gives such memory page by page as it is touched, so that a large table
// costs a short scan nothing.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_ZERO_ARRAY_H_
#define PTRSWEEP_SCANNER_UPSTREAM_ZERO_ARRAY_H_

#include <cstddef>
#include <cstdlib>
#include <memory>
#include <type_traits>

namespace scanner {

template <typename T>
class ZeroArray {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // Without memory for it the process ends.
  explicit ZeroArray(size_t size)
      : values_(static_cast<T*>(std::calloc(size, sizeof(T)))), size_(size) {
    if (values_ == nullptr) std::abort();
  }

  size_t size() const { return size_; }
  T& operator[](size_t i) { return values_[i]; }
  const T& operator[](size_t i) const { return values_[i]; }

 private:
  struct Free {
    void operator()(T* values) const { std::free(values); }
  };

  std::unique_ptr<T[], Free> values_;
  size_t size_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_ZERO_ARRAY_H_
