#include "io/parquet/packed_rows.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <optional>
#include <span>
#include <type_traits>

#include "absl/strings/string_view.h"

namespace io {
namespace {

constexpr uint32_t kNone = UINT32_MAX;
constexpr size_t kCacheLine = 64;
constexpr size_t kPrefetched = 4 * kCacheLine;
// More servers than that are not looked for.
constexpr size_t kKnownServers = 8;

bool IsSame(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  return a.size() == b.size() &&
         (a.data() == b.data() || a.empty() ||
          std::memcmp(a.data(), b.data(), a.size()) == 0);
}

uint32_t Small(size_t size) { return static_cast<uint32_t>(size); }

uint8_t SizeOf(const std::optional<dnswire::NameView>& name) {
  return name ? static_cast<uint8_t>(name->size()) : 0;
}

}  // namespace

struct PackedRows::Head {
  dnswire::IpAddress ip;
  int64_t time_us;
  FlagSet flags;
  std::optional<uint32_t> ttl_s;
  std::optional<uint32_t> rtt_us;
  uint32_t queries;
  uint32_t server;  // kNone, or its number
  uint32_t ptr_octets;
  uint32_t ptr_count;
  uint32_t confirmed_octets;
  uint32_t confirmed_count;
  uint32_t forward_count;
  uint32_t label_octets;
  uint32_t expected_octets;
  std::optional<uint16_t> rcode;
  Status status;
  Cause cause;
  bool ptr_known;
  bool confirmed_is_ptr;
  uint8_t zone_octets;  // 0: none
  uint8_t zone_mname_octets;
  uint8_t zone_rname_octets;
};

// Lays values one behind the other. REQUIRES: there is room.
class PackedRows::Writer {
 public:
  explicit Writer(uint8_t* at) : at_(at) {}

  template <typename T>
  void Put(std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T>);
    if (values.empty()) return;
    std::memcpy(at_, values.data(), values.size_bytes());
    at_ += values.size_bytes();
  }
  void Put(const std::optional<dnswire::NameView>& name) {
    if (name) Put(name->wire());
  }
  void Put(absl::string_view text) {
    Put(std::span<const char>(text.data(), text.size()));
  }

 private:
  uint8_t* at_;
};

// Takes them again, in the same order.
class PackedRows::Reader {
 public:
  explicit Reader(const uint8_t* at) : at_(at) {}

  template <typename T>
  std::span<const T> Take(size_t count) {
    const T* const values = std::launder(reinterpret_cast<const T*>(at_));
    at_ += count * sizeof(T);
    return {values, count};
  }
  dnswire::NameView TakeName(size_t octets) {
    return dnswire::NameView::FromValidWire(Take<uint8_t>(octets));
  }
  std::optional<dnswire::NameView> TakeOptional(size_t octets) {
    if (octets == 0) return std::nullopt;
    return TakeName(octets);
  }
  absl::string_view TakeText(size_t octets) {
    const auto text = Take<char>(octets);
    return {text.data(), text.size()};
  }

 private:
  const uint8_t* at_;
};

PackedRows::Handle PackedRows::Append(const Row& row) {
  static_assert(sizeof(Head) % kAlignment == 0);
  static_assert(alignof(Head) <= kAlignment);
  static_assert(alignof(dnswire::IpAddress) <= kAlignment);
  static_assert(sizeof(Forward) % kAlignment == 0);
  const Head head = HeadOf(row);
  const size_t forward_octets = PackForward(row);
  const Handle handle = Allocate(
      sizeof head + forward_octets + head.ptr_octets + head.confirmed_octets +
      head.zone_octets + head.zone_mname_octets + head.zone_rname_octets +
      row.label.size() + row.expected.size());
  Writer writer(At(handle));
  writer.Put(std::span(&head, 1));
  writer.Put(std::span<const Forward>(packed_forward_));
  for (const ForwardItem& item : row.forward) writer.Put(item.addresses);
  writer.Put(row.ptr.packed());
  if (!head.confirmed_is_ptr) writer.Put(row.confirmed.packed());
  for (size_t i = 0; i < row.forward.size(); ++i) {
    if (packed_forward_[i].name_octets == 0) continue;
    writer.Put(row.forward[i].name.wire());
  }
  writer.Put(row.zone);
  writer.Put(row.zone_mname);
  writer.Put(row.zone_rname);
  writer.Put(row.label);
  writer.Put(row.expected);
  ++size_;
  return handle;
}

PackedRows::Head PackedRows::HeadOf(const Row& row) {
  const bool confirmed_is_ptr =
      IsSame(row.ptr.packed(), row.confirmed.packed());
  return {.ip = row.ip,
          .time_us = row.time_us,
          .flags = row.flags,
          .ttl_s = row.ttl_s,
          .rtt_us = row.rtt_us,
          .queries = row.queries,
          .server = row.server ? NumberOf(*row.server) : kNone,
          .ptr_octets = Small(row.ptr.packed().size()),
          .ptr_count = Small(row.ptr.size()),
          .confirmed_octets =
              confirmed_is_ptr ? 0 : Small(row.confirmed.packed().size()),
          .confirmed_count = Small(row.confirmed.size()),
          .forward_count = Small(row.forward.size()),
          .label_octets = Small(row.label.size()),
          .expected_octets = Small(row.expected.size()),
          .rcode = row.rcode,
          .status = row.status,
          .cause = row.cause,
          .ptr_known = row.ptr_known,
          .confirmed_is_ptr = confirmed_is_ptr,
          .zone_octets = SizeOf(row.zone),
          .zone_mname_octets = SizeOf(row.zone_mname),
          .zone_rname_octets = SizeOf(row.zone_rname)};
}

size_t PackedRows::PackForward(const Row& row) {
  packed_forward_.clear();
  size_t octets = row.forward.size() * sizeof(Forward);
  auto name = row.ptr.begin();
  for (const ForwardItem& item : row.forward) {
    const bool has_name = name != row.ptr.end();
    const bool is_ptr = has_name && IsSame((*name).wire(), item.name.wire());
    if (has_name) ++name;
    const size_t name_octets = is_ptr ? 0 : item.name.size();
    octets += item.addresses.size_bytes() + name_octets;
    packed_forward_.push_back(
        {.address_count = Small(item.addresses.size()),
         .outcome = item.outcome,
         .cause = item.cause,
         .name_octets = static_cast<uint8_t>(name_octets)});
  }
  return octets;
}

uint32_t PackedRows::NumberOf(const Endpoint& server) {
  const size_t known = std::min(servers_.size(), kKnownServers);
  const auto end = servers_.begin() + static_cast<std::ptrdiff_t>(known);
  const auto found = std::find(servers_.begin(), end, server);
  if (found != end) return Small(static_cast<size_t>(found - servers_.begin()));
  servers_.push_back(server);
  return Small(servers_.size() - 1);
}

const Row& PackedRows::Get(Handle handle) {
  Reader reader(At(handle));
  const Head& head = reader.Take<Head>(1)[0];
  row_ = {.ip = head.ip,
          .status = head.status,
          .cause = head.cause,
          .flags = head.flags,
          .ptr_known = head.ptr_known,
          .ttl_s = head.ttl_s,
          .rcode = head.rcode,
          .queries = head.queries,
          .rtt_us = head.rtt_us,
          .time_us = head.time_us};
  if (head.server != kNone) row_.server = servers_[head.server];
  TakeForward(head, &reader);
  row_.zone = reader.TakeOptional(head.zone_octets);
  row_.zone_mname = reader.TakeOptional(head.zone_mname_octets);
  row_.zone_rname = reader.TakeOptional(head.zone_rname_octets);
  row_.label = reader.TakeText(head.label_octets);
  row_.expected = reader.TakeText(head.expected_octets);
  return row_;
}

void PackedRows::TakeForward(const Head& head, Reader* reader) {
  const auto packed = reader->Take<Forward>(head.forward_count);
  forward_.clear();
  for (const Forward& item : packed) {
    forward_.push_back(
        {.outcome = item.outcome,
         .cause = item.cause,
         .addresses = reader->Take<dnswire::IpAddress>(item.address_count)});
  }
  row_.forward = forward_;
  row_.ptr = {reader->Take<uint8_t>(head.ptr_octets), head.ptr_count};
  row_.confirmed =
      head.confirmed_is_ptr
          ? row_.ptr
          : dnswire::NameListView(reader->Take<uint8_t>(head.confirmed_octets),
                                  head.confirmed_count);
  auto name = row_.ptr.begin();
  for (size_t i = 0; i < packed.size(); ++i) {
    const size_t octets = packed[i].name_octets;
    forward_[i].name = octets == 0 ? *name : reader->TakeName(octets);
    if (name != row_.ptr.end()) ++name;
  }
}

void PackedRows::Prefetch(Handle handle) const {
  const uint8_t* const octets = At(handle);
  for (size_t at = 0; at < kPrefetched; at += kCacheLine) {
    __builtin_prefetch(octets + at);
  }
}

PackedRows::Block::Block(size_t wanted)
    : size((wanted + kBlockOctets - 1) / kBlockOctets * kBlockOctets),
      octets(static_cast<uint8_t*>(operator new(
          size, std::align_val_t(kBlockOctets)))) {
  madvise(octets.get(), size, MADV_HUGEPAGE);  // or not
}

void PackedRows::Free::operator()(uint8_t* octets) const {
  operator delete(octets, std::align_val_t(kBlockOctets));
}

PackedRows::Handle PackedRows::Allocate(size_t size) {
  const size_t taken = (size + kAlignment - 1) / kAlignment * kAlignment;
  // Nothing lies behind a row that is longer than a block.
  if (blocks_used_ == 0 || used_ + taken > kBlockOctets) {
    if (blocks_used_ == blocks_.size()) {
      blocks_.emplace_back(taken);
    } else if (blocks_[blocks_used_].size < taken) {
      blocks_[blocks_used_] = Block(taken);
    }
    ++blocks_used_;
    used_ = 0;
  }
  const auto place = static_cast<Handle>(used_ / kAlignment);
  used_ += taken;
  octets_ += taken;
  return static_cast<Handle>(blocks_used_ - 1) << kPlaceBits | place;
}

// A block that a long row took is given back.
void PackedRows::Clear() {
  std::erase_if(blocks_,
                [](const Block& block) { return block.size > kBlockOctets; });
  blocks_used_ = used_ = octets_ = size_ = 0;
  servers_.clear();
}

}  // namespace io
