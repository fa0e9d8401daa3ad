#include "io/parquet/thrift_compact.h"

#include <cassert>

namespace io {
namespace {

constexpr int kMaxDelta = 15;
constexpr size_t kLongList = 15;
constexpr int kMaxVarintOctets = 10;

uint64_t ToZigZag(int64_t value) {
  return static_cast<uint64_t>(value) << 1 ^ static_cast<uint64_t>(value >> 63);
}

}  // namespace

void AppendVarint(uint64_t value, std::string* out) {
  for (; value >= 0x80; value >>= 7) {
    out->push_back(static_cast<char>(value | 0x80));
  }
  out->push_back(static_cast<char>(value));
}

// ---- ThriftWriter

void ThriftWriter::Header(int id, ThriftType type) {
  const int delta = id - last_id_[depth_];
  assert(delta > 0 && delta <= kMaxDelta);
  last_id_[depth_] = id;
  out_->push_back(static_cast<char>(delta << 4 | static_cast<int>(type)));
}

void ThriftWriter::Int(int id, ThriftType type, int64_t value) {
  Header(id, type);
  AppendVarint(ToZigZag(value), out_);
}

void ThriftWriter::Bool(int id, bool value) {
  Header(id, value ? ThriftType::kTrue : ThriftType::kFalse);
}

void ThriftWriter::Binary(int id, absl::string_view octets) {
  Header(id, ThriftType::kBinary);
  BinaryElement(octets);
}

void ThriftWriter::BeginStruct(int id) {
  Header(id, ThriftType::kStruct);
  BeginStructElement();
}

void ThriftWriter::EmptyStruct(int id) {
  BeginStruct(id);
  EndStruct();
}

void ThriftWriter::BeginList(int id, ThriftType type, size_t size) {
  Header(id, ThriftType::kList);
  const size_t short_size = size < kLongList ? size : kLongList;
  out_->push_back(
      static_cast<char>(short_size << 4 | static_cast<size_t>(type)));
  if (size >= kLongList) AppendVarint(size, out_);
}

void ThriftWriter::I32Element(int32_t value) {
  AppendVarint(ToZigZag(value), out_);
}

void ThriftWriter::BinaryElement(absl::string_view octets) {
  AppendVarint(octets.size(), out_);
  out_->append(octets.data(), octets.size());
}

void ThriftWriter::BeginStructElement() {
  ++depth_;
  assert(depth_ < kMaxThriftDepth);
  last_id_[depth_] = 0;
}

void ThriftWriter::EndStruct() {
  out_->push_back('\0');
  if (depth_ > 0) --depth_;
}

// ---- ThriftReader

void ThriftReader::Fail() {
  ok_ = false;
  at_ = octets_.size();
}

uint8_t ThriftReader::Octet() {
  if (at_ == octets_.size()) {
    Fail();
    return 0;
  }
  return static_cast<uint8_t>(octets_[at_++]);
}

uint64_t ThriftReader::Varint() {
  uint64_t value = 0;
  for (int i = 0; i < kMaxVarintOctets; ++i) {
    const uint8_t octet = Octet();
    value |= uint64_t{octet & 0x7fu} << (7 * i);
    if (octet < 0x80) return ok_ ? value : 0;
  }
  Fail();
  return 0;
}

int64_t ThriftReader::ZigZag() {
  const uint64_t value = Varint();
  return static_cast<int64_t>(value >> 1 ^ (0 - (value & 1)));
}

void ThriftReader::BeginStruct() {
  if (depth_ == kMaxThriftDepth) return Fail();
  last_id_[++depth_] = 0;
}

void ThriftReader::Struct() {
  if (type_ != ThriftType::kStruct) return Fail();
  BeginStruct();
}

bool ThriftReader::NextField() {
  const uint8_t header = Octet();
  type_ = static_cast<ThriftType>(header & 0xf);
  if (!ok_ || depth_ == 0) return false;
  if (type_ == ThriftType::kStop) {
    --depth_;
    return false;
  }
  const int delta = header >> 4;
  const int64_t id = delta > 0 ? last_id_[depth_] + delta : ZigZag();
  if (id < 1 || id > INT16_MAX) Fail();
  if (!ok_) return false;
  id_ = last_id_[depth_] = static_cast<int>(id);
  return true;
}

bool ThriftReader::Bool() {
  if (type_ != ThriftType::kTrue && type_ != ThriftType::kFalse) Fail();
  return ok_ && type_ == ThriftType::kTrue;
}

int64_t ThriftReader::Int() {
  if (type_ < ThriftType::kI16 || type_ > ThriftType::kI64) Fail();
  return ZigZag();
}

absl::string_view ThriftReader::Binary() {
  if (type_ != ThriftType::kBinary) Fail();
  return BinaryElement();
}

absl::string_view ThriftReader::BinaryElement() {
  const uint64_t size = Varint();
  if (size > octets_.size() - at_) Fail();
  if (!ok_) return "";
  const absl::string_view octets = octets_.substr(at_, size);
  at_ += size;
  return octets;
}

size_t ThriftReader::List(ThriftType type) {
  if (type_ != ThriftType::kList) Fail();
  const uint8_t header = Octet();
  uint64_t size = header >> 4;
  if (size == kLongList) size = Varint();
  if (static_cast<ThriftType>(header & 0xf) != type && size > 0) Fail();
  if (size > octets_.size() - at_) Fail();  // an element has an octet or more
  return ok_ ? static_cast<size_t>(size) : 0;
}

void ThriftReader::SkipValue(ThriftType type, size_t depth) {
  if (depth > kMaxThriftDepth) return Fail();
  switch (type) {
    case ThriftType::kTrue:
    case ThriftType::kFalse:
      return;
    case ThriftType::kI8:
      Octet();
      return;
    case ThriftType::kI16:
    case ThriftType::kI32:
    case ThriftType::kI64:
      Varint();
      return;
    case ThriftType::kDouble:
      for (int i = 0; i < 8; ++i) Octet();
      return;
    case ThriftType::kBinary:
      BinaryElement();
      return;
    case ThriftType::kList:
    case ThriftType::kSet:
    case ThriftType::kMap:
      return SkipElements(type, depth);
    case ThriftType::kStruct:
      return SkipFields(depth);
    case ThriftType::kStop:
      break;
  }
  Fail();
}

// Maps are in none of Parquet's structs. A boolean element takes an octet.
void ThriftReader::SkipElements(ThriftType type, size_t depth) {
  if (type == ThriftType::kMap) return Fail();
  const uint8_t header = Octet();
  uint64_t size = header >> 4;
  if (size == kLongList) size = Varint();
  auto element = static_cast<ThriftType>(header & 0xf);
  if (element == ThriftType::kTrue || element == ThriftType::kFalse) {
    element = ThriftType::kI8;
  }
  for (; ok_ && size > 0; --size) SkipValue(element, depth + 1);
}

void ThriftReader::SkipFields(size_t depth) {
  const int id = id_;
  BeginStruct();
  while (NextField()) SkipValue(type_, depth + 1);
  id_ = id;
}

}  // namespace io
