// NSEC (RFC 4034 section 4) and NSEC3 (RFC 5155 section 3): the records by
// which a signed zone says what it does not have, each a link of a chain
// through all its names. Decoded from a message, which must outlive them;
// nothing allocates.
//
//   NSEC    owner name        -> next name in canonical order    types at owner
//   NSEC3   hash of a name    -> next hash in order of numbers   types at it
//
// Between owner and next there is nothing: both are "covered" if they lie
// there. The last link leads back to the first: to the apex, to the lowest
// hash.
#ifndef PTRSWEEP_DNSWIRE_DNSSEC_NSEC_H_
#define PTRSWEEP_DNSWIRE_DNSSEC_NSEC_H_

#include <cstdint>
#include <optional>
#include <span>

#include "absl/strings/string_view.h"
#include "dnswire/dnssec/sha1.h"
#include "dnswire/message.h"
#include "dnswire/name.h"

namespace dnswire {

// Hash of a name in NSEC3; compares as the number it is, big-endian.
using NameHash = Sha1Digest;

// Record types at one name (RFC 4034 section 4.1.2), borrowed.
class TypeBitmap {
 public:
  TypeBitmap() = default;  // no types
  // nullopt unless `octets` is a sequence of whole windows, each of 1 to 32
  // octets, in ascending order. None at all is a bitmap too (RFC 5155 section
  // 3.2.1: an empty non-terminal).
  static std::optional<TypeBitmap> Parse(std::span<const uint8_t> octets);

  bool Has(uint16_t type) const;
  bool empty() const { return windows_.empty(); }
  // A delegation: NS without SOA. What is below it is not of this zone.
  bool IsCut() const;

 private:
  std::span<const uint8_t> windows_;
};

struct Nsec {
  Name owner;  // letter case as sent
  NameView next;
  TypeBitmap types;
};

// Only hash algorithm 1 and flags 0 and 1: records with others are to be
// ignored (RFC 5155 sections 8.1 and 8.2), so they are not decoded.
struct Nsec3 {
  static constexpr uint8_t kOptOut = 1;

  bool opt_out() const { return (flags & kOptOut) != 0; }
  // Same chain: same salt, iterations, and of one zone if the owners are.
  bool SameParameters(const Nsec3& other) const;

  Name zone;      // the owner without its first label, letter case as sent
  NameHash hash;  // the owner's first label
  NameHash next;
  uint8_t flags = 0;
  uint16_t iterations = 0;        // added to the first hashing
  std::span<const uint8_t> salt;  // 0 to 255 octets
  TypeBitmap types;
};

// False, with *nsec unspecified, if the record is of another type, not of class
// IN, or its rdata breaks the format: names there are never compressed (RFC
// 4034 section 4.1.1), and nothing follows the bitmap.
// REQUIRES: `record` is of a sound section of `message`.
bool ReadNsec(const Message& message, const Record& record, Nsec* nsec);
// Likewise. Also false if the owner's first label is not a hash, and as said at
// Nsec3.
bool ReadNsec3(const Message& message, const Record& record, Nsec3* nsec3);

// 32 digits of base32hex without padding (RFC 4648 section 7), either case, as
// 20 octets; nullopt for anything else.
std::optional<NameHash> ParseNameHash(absl::string_view label);
// RFC 5155 section 5, of the name in lower case. Takes iterations + 1 rounds of
// SHA-1, 0.1 s at most: whoever does not trust the number looks at it first.
// REQUIRES: salt.size() <= 255.
NameHash HashName(NameView name, std::span<const uint8_t> salt,
                  uint16_t iterations);

// `name` lies between owner and next in canonical order. A last link covers
// what is behind its owner, and what is before the name it leads to, of which
// there is none in its zone: that `name` is in the zone is for the caller.
bool Covers(const Nsec& nsec, NameView name);
// The same by numbers. A link to itself covers all but itself.
bool Covers(const Nsec3& nsec3, const NameHash& hash);

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_DNSSEC_NSEC_H_
