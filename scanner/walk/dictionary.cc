#include "scanner/walk/dictionary.h"

#include <algorithm>
#include <array>
#include <span>

#include "absl/numeric/int128.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;

constexpr int kSubnetBits = 64;
constexpr int kOctetBits = 120;
constexpr size_t kOctetAddresses = 256;
constexpr uint64_t kNeighboursEachSide = 8;

constexpr uint16_t kFewIids[] = {0x1, 0x2, 0x3, 0x53, 0x80};
constexpr uint64_t kFewSubnets = 4;

constexpr uint16_t kLowIids = 0x20;  // 1 to this
constexpr uint16_t kPortIids[] = {0x25,  0x53,  0x80,  0x110, 0x143,
                                  0x443, 0x465, 0x587, 0x993};
constexpr std::array<uint16_t, kLowIids + std::size(kPortIids)> kIids = [] {
  std::array<uint16_t, kLowIids + std::size(kPortIids)> iids{};
  for (uint16_t i = 0; i < kLowIids; ++i) {
    iids[i] = static_cast<uint16_t>(i + 1);
  }
  std::copy(std::begin(kPortIids), std::end(kPortIids), &iids[kLowIids]);
  return iids;
}();

int LengthOf(const NibbleNode& start) { return start.depth * 4; }

// Subnet `number` of start, as its /64. nullopt: start has no such subnet.
std::optional<IpAddress> SubnetOf(const NibbleNode& start, uint64_t number) {
  const int bits = std::max(kSubnetBits - LengthOf(start), 0);
  if (bits < 64 && number >> bits != 0) return std::nullopt;
  return start.first.WithValue(start.first.value() |
                               absl::MakeUint128(number, 0));
}

// The address whose host part is `iid`; nullopt: it has no room between
// `subnet`, of at least 64 bits, and the end.
std::optional<IpAddress> WithIid(const IpAddress& subnet, int length,
                                 uint16_t iid) {
  const int bits = subnet.bits() - length;
  const absl::uint128 host = iid;
  if (host >> bits != 0) return std::nullopt;
  return subnet.WithValue(subnet.value() | host);
}

}  // namespace

std::vector<IpAddress> CanaryAddresses(const NibbleNode& start) {
  std::vector<IpAddress> addresses;
  const int length = std::max(kSubnetBits, LengthOf(start));
  for (uint64_t number = 0; number < kFewSubnets; ++number) {
    const auto subnet = SubnetOf(start, number);
    if (!subnet) break;
    for (const uint16_t iid : kFewIids) {
      const auto address = WithIid(*subnet, length, iid);
      if (address) addresses.push_back(*address);
    }
  }
  return addresses;
}

BrokenDictionary::BrokenDictionary(const NibbleNode& start,
                                   std::vector<IpAddress> hosts,
                                   uint32_t budget)
    : start_(start), hosts_(std::move(hosts)), budget_(budget) {
  const IpPrefix prefix = start_.prefix();
  std::erase_if(hosts_, [&prefix](const IpAddress& host) {
    return !prefix.Contains(host);
  });
  std::sort(hosts_.begin(), hosts_.end());
  for (const IpAddress& host : hosts_) {
    Open(PartOf(host, PartKind::kSubnet), /*in_front=*/false);
  }
  for (const uint64_t step : {0x1u, 0x100u, 0x1000u}) {
    const uint64_t count = step == 1 ? 0x100 : 0x10;
    for (uint64_t i = step == 1 ? 0 : 1; i < count; ++i) {
      const auto subnet = SubnetOf(start_, i * step);
      if (subnet) Open({*subnet, PartKind::kSubnet}, /*in_front=*/false);
    }
  }
}

std::optional<IpAddress> BrokenDictionary::Next() {
  while (!is_spent()) {
    const auto address = current_ ? AddressAt(at_) : std::nullopt;
    if (!address) {
      if (!BeginPart()) return std::nullopt;
      continue;
    }
    ++at_;
    if (!IsNew(*address)) continue;
    ++given_;
    return address;
  }
  return std::nullopt;
}

void BrokenDictionary::OnHit(const IpAddress& address) {
  if (!start_.prefix().Contains(address)) return;
  hits_.insert(address);
  // The last one opened is the first.
  OpenNeighbours(address);
  Open(PartOf(address, PartKind::kSubnet), /*in_front=*/true);
  Open(PartOf(address, PartKind::kOctet), /*in_front=*/true);
}

// As much of the /64 or of the last octet as is in start.
BrokenDictionary::Part BrokenDictionary::PartOf(const IpAddress& address,
                                                PartKind kind) const {
  const int length = kind == PartKind::kSubnet ? kSubnetBits : kOctetBits;
  return {
      IpPrefix::Covering(address, std::max(length, LengthOf(start_))).first(),
      kind};
}

void BrokenDictionary::Open(const Part& part, bool in_front) {
  if (parts_.size() >= budget_ || !parts_.try_emplace(part, false).second) {
    return;
  }
  if (in_front) {
    waiting_.push_front(part);
  } else {
    waiting_.push_back(part);
  }
}

// The farthest first: the last one opened comes first.
void BrokenDictionary::OpenNeighbours(const IpAddress& address) {
  const IpPrefix all = start_.prefix();
  const uint64_t own = absl::Uint128High64(address.value());
  const uint64_t before = own - absl::Uint128High64(all.first().value());
  const uint64_t behind = absl::Uint128High64(all.last().value()) - own;
  const auto open = [this](uint64_t high) {
    Open({IpAddress::V6(absl::MakeUint128(high, 0)), PartKind::kSubnet},
         /*in_front=*/true);
  };
  for (uint64_t by = kNeighboursEachSide; by > 0; --by) {
    if (by <= behind) open(own + by);
    if (by <= before) open(own - by);
  }
}

bool BrokenDictionary::BeginPart() {
  if (current_) parts_[*current_] = true;
  current_.reset();
  if (waiting_.empty()) return false;
  current_ = waiting_.front();
  waiting_.pop_front();
  at_ = 0;
  return true;
}

std::optional<IpAddress> BrokenDictionary::AddressAt(size_t at) const {
  const auto& [first, kind] = *current_;
  if (kind == PartKind::kSubnet) {
    const int length = std::max(kSubnetBits, LengthOf(start_));
    return at < kIids.size() ? WithIid(first, length, kIids[at]) : std::nullopt;
  }
  if (at >= kOctetAddresses) return std::nullopt;
  const IpAddress address = first.WithValue(first.value() + at);
  if (!start_.prefix().Contains(address)) return std::nullopt;
  return address;
}

// Parts come one after the other, so an address was given if it is in another
// one that is done.
bool BrokenDictionary::IsNew(const IpAddress& address) const {
  if (hits_.contains(address) ||
      std::binary_search(hosts_.begin(), hosts_.end(), address)) {
    return false;
  }
  const Part subnet = PartOf(address, PartKind::kSubnet);
  if (current_->second == PartKind::kSubnet) {
    return !IsDone(PartOf(address, PartKind::kOctet));
  }
  const absl::uint128 iid = address.value() - subnet.first.value();
  const bool is_listed =
      std::find(kIids.begin(), kIids.end(), iid) != kIids.end();
  return !is_listed || !IsDone(subnet);
}

bool BrokenDictionary::IsDone(const Part& part) const {
  const auto known = parts_.find(part);
  return known != parts_.end() && known->second;
}

// ---- state: how many were given; the part begun, and how far; those that
// wait; those that are done

void BrokenDictionary::Put(io::OctetPacker* packer) const {
  packer->Put(given_);
  packer->Put(uint8_t{current_.has_value()});
  if (current_) PutPart(*current_, packer);
  packer->PutShort(at_);
  packer->PutShort(waiting_.size());
  for (const Part& part : waiting_) PutPart(part, packer);
  std::vector<Part> done;
  for (const auto& [part, is_done] : parts_) {
    if (is_done) done.push_back(part);
  }
  packer->PutShort(done.size());
  for (const Part& part : done) PutPart(part, packer);
}

void BrokenDictionary::PutPart(const Part& part, io::OctetPacker* packer) {
  packer->Put(static_cast<uint8_t>(part.second));
  packer->Put128(part.first.value());
}

bool BrokenDictionary::TakeUp(io::OctetTaker* taker) {
  waiting_.clear();
  parts_.clear();
  given_ = taker->Take<uint32_t>();
  if (taker->Take<uint8_t>() != 0) {
    current_ = TakePart(taker);
    if (!current_) return false;
    parts_[*current_] = false;
  }
  at_ = absl::Uint128Low64(taker->TakeShort());
  for (const bool is_done : {false, true}) {
    for (absl::uint128 left = taker->TakeShort(); left > 0; --left) {
      const auto part = TakePart(taker);
      if (!part || !parts_.try_emplace(*part, is_done).second) return false;
      if (!is_done) waiting_.push_back(*part);
    }
  }
  return taker->ok() && given_ <= budget_;
}

// nullopt: it is no part of start.
std::optional<BrokenDictionary::Part> BrokenDictionary::TakePart(
    io::OctetTaker* taker) const {
  const auto kind = taker->Take<uint8_t>();
  const auto first = IpAddress::V6(taker->Take128());
  if (kind > static_cast<uint8_t>(PartKind::kOctet) ||
      !start_.prefix().Contains(first)) {
    return std::nullopt;
  }
  const Part part = PartOf(first, static_cast<PartKind>(kind));
  if (part.first != first) return std::nullopt;
  return part;
}

}  // namespace scanner
