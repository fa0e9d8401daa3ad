// SignedZone: the records by which a signed zone denies names (RFC 4035 section
// 3.1.3, RFC 5155 section 7.2), made from the list of its names. It shares no
// code with what reads them but the hash.
#ifndef PTRSWEEP_TESTS_SCANNER_WALK_SIGNED_ZONE_H_
#define PTRSWEEP_TESTS_SCANNER_WALK_SIGNED_ZONE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dnswire/name.h"
#include "tests/scanner/walk/nsec3_chain.h"

namespace scanner {

class SignedZone {
 public:
  enum class Chain : uint8_t { kNsec, kNsec3 };

  SignedZone(Chain chain, const dnswire::Name& apex);

  // Names above it that have no records exist without.
  void Add(const dnswire::Name& name,
           const testing_support::RecordTypes& types);

  // A response about `name`, which has no PTR: that it does not exist, or what
  // is there, or below which wildcard it is.
  testing_support::Octets Denial(const dnswire::Name& name) const;
  // One with a PTR that a wildcard has made.
  testing_support::Octets Wildcard(const dnswire::Name& name) const;
  // The referral at `cut`.
  testing_support::Octets Referral(const dnswire::Name& cut) const;
  // Of the chain.
  size_t size() const;

 private:
  using Labels = std::vector<std::string>;  // from the root on: their order
                                            // is the canonical one
  using Names = std::map<Labels, testing_support::RecordTypes>;

  static Labels LabelsOf(const dnswire::Name& name);
  static testing_support::Octets WireOf(const Labels& labels);
  Labels EncloserOf(Labels name) const;
  testing_support::Octets Respond(const dnswire::Name& name,
                                  const std::vector<Labels>& shown) const;

  Chain chain_;
  Labels apex_;
  Names names_;           // with records
  std::set<Labels> all_;  // that exist
  testing_support::Nsec3Chain hashed_;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_WALK_SIGNED_ZONE_H_
