#include "io/formats/row_batch.h"

#include <cstring>
#include <new>
#include <optional>
#include <type_traits>

namespace io {
namespace {

size_t OctetsOf(const std::optional<dnswire::NameView>& name) {
  return name ? name->size() : 0;
}

// Not only equal. Often `confirmed` is the list `ptr`.
bool IsSameList(dnswire::NameListView a, dnswire::NameListView b) {
  return a.packed().data() == b.packed().data() &&
         a.packed().size() == b.packed().size();
}

// Octets of all that a row borrows.
size_t BorrowedOctets(const Row& row) {
  size_t octets = row.ptr.packed().size() + row.confirmed.packed().size() +
                  OctetsOf(row.zone) + OctetsOf(row.zone_mname) +
                  OctetsOf(row.zone_rname) + row.label.size() +
                  row.expected.size();
  for (const ForwardItem& item : row.forward) {
    octets += sizeof item + item.name.size() + item.addresses.size_bytes();
  }
  return octets;
}

// Lays copies one behind the other. REQUIRES: there is room; what has an
// alignment comes first.
class Packer {
 public:
  explicit Packer(uint8_t* room) : at_(room) {}

  template <typename T>
  std::span<T> Copy(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (values.empty()) return {};
    std::memcpy(at_, values.data(), values.size_bytes());
    T* const own = std::launder(reinterpret_cast<T*>(at_));
    at_ += values.size_bytes();
    return {own, values.size()};
  }
  dnswire::NameView Copy(dnswire::NameView name) {
    return dnswire::NameView::FromValidWire(Copy(name.wire()));
  }
  dnswire::NameListView Copy(dnswire::NameListView names) {
    return {Copy(names.packed()), names.size()};
  }
  absl::string_view Copy(absl::string_view text) {
    const std::span<const char> own =
        Copy(std::span<const char>(text.data(), text.size()));
    return {own.data(), own.size()};
  }
  void Own(std::optional<dnswire::NameView>* name) {
    if (*name) *name = Copy(**name);
  }

 private:
  uint8_t* at_;
};

static_assert(sizeof(ForwardItem) % alignof(dnswire::IpAddress) == 0);

}  // namespace

void RowBatch::Own() {
  Row& own = rows_.back();
  Packer packer(Allocate(BorrowedOctets(own)));
  const bool all_confirmed = IsSameList(own.confirmed, own.ptr);
  const std::span<ForwardItem> forward = packer.Copy(own.forward);
  own.forward = forward;
  for (ForwardItem& item : forward) {
    item.addresses = packer.Copy(item.addresses);
  }
  for (ForwardItem& item : forward) item.name = packer.Copy(item.name);
  own.ptr = packer.Copy(own.ptr);
  own.confirmed = all_confirmed ? own.ptr : packer.Copy(own.confirmed);
  packer.Own(&own.zone);
  packer.Own(&own.zone_mname);
  packer.Own(&own.zone_rname);
  own.label = packer.Copy(own.label);
  own.expected = packer.Copy(own.expected);
}

void RowBatch::Clear() {
  rows_.clear();
  large_.clear();
  large_octets_ = 0;
  blocks_used_ = 0;
  used_ = 0;
}

uint8_t* RowBatch::Allocate(size_t size) {
  if (size > kBlockOctets) {
    large_.push_back(std::make_unique_for_overwrite<uint8_t[]>(size));
    large_octets_ += size;
    return large_.back().get();
  }
  if (blocks_used_ == 0 || used_ + size > kBlockOctets) {
    if (blocks_used_ == blocks_.size()) {
      blocks_.push_back(
          std::make_unique_for_overwrite<uint8_t[]>(kBlockOctets));
    }
    ++blocks_used_;
    used_ = 0;
  }
  uint8_t* const start = blocks_[blocks_used_ - 1].get() + used_;
  used_ += (size + kAlignment - 1) / kAlignment * kAlignment;
  return start;
}

}  // namespace io
