#include "dnswire/dnssec/nsec.h"

#include <algorithm>
#include <array>
#include <functional>

#include "dnswire/reader.h"
#include "dnswire/wire.h"

namespace dnswire {
namespace {

constexpr uint8_t kMaxWindowOctets = 32;
constexpr uint8_t kSha1Algorithm = 1;  // RFC 5155 section 11
constexpr size_t kMaxSaltOctets = 255;
constexpr int kBase32Bits = 5;
constexpr size_t kHashDigits = kSha1Octets * 8 / kBase32Bits;

Reader RdataReader(const Message& message, const Record& record) {
  return Reader(message.octets().subspan(record.rdata_at, record.rdata_size));
}

// A name without pointers; the root, and a failed reader, if it is none.
NameView ReadPlainName(std::span<const uint8_t> rdata, Reader* reader) {
  const size_t at = reader->position();
  uint8_t length = 0;
  do {
    length = reader->ReadU8();
    reader->Skip(length <= kMaxLabelOctets ? length : rdata.size() + 1);
  } while (reader->ok() && length != 0);
  const size_t size = reader->position() - at;
  if (size > kMaxNameOctets) reader->Skip(rdata.size() + 1);
  if (!reader->ok()) return NameView();
  return NameView::FromValidWire(rdata.subspan(at, size));
}

// All that is left.
bool ReadTypes(Reader* reader, TypeBitmap* types) {
  const auto parsed =
      TypeBitmap::Parse(reader->ReadOctets(reader->remaining()));
  if (parsed) *types = *parsed;
  return reader->ok() && parsed.has_value();
}

// -1 if it is no digit.
int Base32Digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const auto lower = static_cast<char>(LowerOctet(static_cast<uint8_t>(c)));
  return lower >= 'a' && lower <= 'v' ? lower - 'a' + 10 : -1;
}

template <typename Value, typename Less>
bool IsBetween(const Value& owner, const Value& value, const Value& next,
               Less less) {
  const bool behind = less(owner, value);
  const bool before = less(value, next);
  return less(owner, next) ? behind && before : behind || before;
}

}  // namespace

std::optional<TypeBitmap> TypeBitmap::Parse(std::span<const uint8_t> octets) {
  Reader reader(octets);
  int last_window = -1;
  while (reader.remaining() > 0) {
    const int window = reader.ReadU8();
    const uint8_t size = reader.ReadU8();
    reader.Skip(size);
    if (!reader.ok() || window <= last_window || size == 0 ||
        size > kMaxWindowOctets) {
      return std::nullopt;
    }
    last_window = window;
  }
  TypeBitmap bitmap;
  bitmap.windows_ = octets;
  return bitmap;
}

bool TypeBitmap::Has(uint16_t type) const {
  Reader reader(windows_);
  while (reader.remaining() > 0) {
    const uint8_t window = reader.ReadU8();
    const auto bits = reader.ReadOctets(reader.ReadU8());
    if (window != type >> 8) continue;
    const size_t octet = (type & 0xff) / 8;
    return octet < bits.size() && (bits[octet] & 0x80 >> type % 8) != 0;
  }
  return false;
}

bool TypeBitmap::IsCut() const { return Has(kTypeNs) && !Has(kTypeSoa); }

bool Nsec3::SameParameters(const Nsec3& other) const {
  return iterations == other.iterations &&
         std::equal(salt.begin(), salt.end(), other.salt.begin(),
                    other.salt.end());
}

bool ReadNsec(const Message& message, const Record& record, Nsec* nsec) {
  if (record.type != kTypeNsec || record.record_class != kClassIn) return false;
  Reader reader = RdataReader(message, record);
  nsec->next = ReadPlainName(
      message.octets().subspan(record.rdata_at, record.rdata_size), &reader);
  if (!ReadTypes(&reader, &nsec->types)) return false;
  message.ReadName(record.owner_at, &nsec->owner);
  return true;
}

bool ReadNsec3(const Message& message, const Record& record, Nsec3* nsec3) {
  if (record.type != kTypeNsec3 || record.record_class != kClassIn) {
    return false;
  }
  Reader reader = RdataReader(message, record);
  const uint8_t algorithm = reader.ReadU8();
  nsec3->flags = reader.ReadU8();
  nsec3->iterations = reader.ReadU16();
  nsec3->salt = reader.ReadOctets(reader.ReadU8());
  const auto next = reader.ReadOctets(reader.ReadU8());
  if (algorithm != kSha1Algorithm || nsec3->flags > Nsec3::kOptOut ||
      next.size() != kSha1Octets || !ReadTypes(&reader, &nsec3->types)) {
    return false;
  }
  std::copy(next.begin(), next.end(), nsec3->next.begin());
  Name owner;
  message.ReadName(record.owner_at, &owner);
  const auto hash = ParseNameHash(owner.view().first_label());
  if (!hash) return false;
  nsec3->hash = *hash;
  nsec3->zone.Assign(owner.view().parent());
  return true;
}

std::optional<NameHash> ParseNameHash(absl::string_view label) {
  if (label.size() != kHashDigits) return std::nullopt;
  NameHash hash = {};
  uint32_t bits = 0;
  int bit_count = 0;
  size_t octets = 0;
  for (const char c : label) {
    const int digit = Base32Digit(c);
    if (digit < 0) return std::nullopt;
    bits = bits << kBase32Bits | static_cast<uint32_t>(digit);
    bit_count += kBase32Bits;
    if (bit_count < 8) continue;
    bit_count -= 8;
    hash[octets++] = static_cast<uint8_t>(bits >> bit_count);
  }
  return hash;
}

NameHash HashName(NameView name, std::span<const uint8_t> salt,
                  uint16_t iterations) {
  Name lower(name);
  lower.Lower();
  const auto wire = lower.view().wire();
  std::array<uint8_t, kMaxNameOctets + kMaxSaltOctets> input;
  std::copy(wire.begin(), wire.end(), input.begin());
  std::copy(salt.begin(), salt.end(), &input[wire.size()]);
  NameHash hash = Sha1(std::span(input).first(wire.size() + salt.size()));
  std::copy(salt.begin(), salt.end(), &input[hash.size()]);
  for (int i = 0; i < iterations; ++i) {
    std::copy(hash.begin(), hash.end(), input.begin());
    hash = Sha1(std::span(input).first(hash.size() + salt.size()));
  }
  return hash;
}

bool Covers(const Nsec& nsec, NameView name) {
  return IsBetween(
      nsec.owner.view(), name, nsec.next,
      [](NameView a, NameView b) { return a.CompareCanonical(b) < 0; });
}

bool Covers(const Nsec3& nsec3, const NameHash& hash) {
  return IsBetween(nsec3.hash, hash, nsec3.next, std::less<>());
}

}  // namespace dnswire
