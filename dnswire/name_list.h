// NameList: several names in one run of octets, in the order of their
// insertion. Its buffer keeps its capacity over Clear(), so a reused list
// stops allocating.
#ifndef PTRSWEEP_DNSWIRE_NAME_LIST_H_
#define PTRSWEEP_DNSWIRE_NAME_LIST_H_

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>
#include <vector>

#include "dnswire/name.h"

namespace dnswire {

// A borrowed list: per name one length octet (1..255), then its wire form.
class NameListView {
 public:
  class Iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = NameView;
    using difference_type = std::ptrdiff_t;
    using pointer = const NameView*;
    using reference = NameView;

    explicit Iterator(const uint8_t* at = nullptr) : at_(at) {}
    NameView operator*() const {
      return NameView::FromValidWire({at_ + 1, *at_});
    }
    Iterator& operator++() {
      at_ += size_t{1} + *at_;
      return *this;
    }
    friend bool operator==(const Iterator&, const Iterator&) = default;

   private:
    const uint8_t* at_;
  };

  NameListView() = default;
  // REQUIRES: `packed` is packed() of a list with `count` names.
  NameListView(std::span<const uint8_t> packed, size_t count)
      : packed_(packed), count_(count) {}

  Iterator begin() const { return Iterator(packed_.data()); }
  Iterator end() const { return Iterator(packed_.data() + packed_.size()); }
  size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  // REQUIRES: index < size(). Walks: for a few names.
  NameView operator[](size_t index) const;
  bool Contains(NameView name) const;  // without case
  std::span<const uint8_t> packed() const { return packed_; }

 private:
  std::span<const uint8_t> packed_;
  size_t count_ = 0;
};

class NameList {
 public:
  void Clear() {
    packed_.clear();
    count_ = 0;
  }
  void Add(NameView name);
  // Sorts by text, bytewise, and drops names that are equal without case.
  class Sorter;
  void SortUnique(Sorter* sorter);

  NameListView view() const { return {packed_, count_}; }
  operator NameListView() const {  // NOLINT(google-explicit-constructor)
    return view();
  }
  size_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  size_t packed_octets() const { return packed_.size(); }
  // Drops all but the first `count` names. REQUIRES: count <= size().
  void Truncate(size_t count);
  // Gives back what a rare long list took, if that is more than `octets`; the
  // list is empty then.
  void ShrinkTo(size_t octets) {
    if (packed_.capacity() > octets) Free();
  }

 private:
  void Free();

  std::vector<uint8_t> packed_;
  size_t count_ = 0;
};

// What sorting needs beside the list; reused, it stops allocating.
class NameList::Sorter {
 private:
  friend class NameList;

  std::vector<uint8_t> packed_;
  std::vector<NameView> names_;
};

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_NAME_LIST_H_
