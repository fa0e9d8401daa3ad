// Nsec3Chain: the NSEC3 chain of a zone, made from its names, and responses
// that show parts of it.
#ifndef PTRSWEEP_TESTS_SCANNER_WALK_NSEC3_CHAIN_H_
#define PTRSWEEP_TESTS_SCANNER_WALK_NSEC3_CHAIN_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "dnswire/dnssec/nsec.h"
#include "dnswire/name.h"
#include "tests/dnswire/dnssec/rdata.h"
#include "tests/support/packet_builder.h"

namespace testing_support {

using RecordTypes = std::set<uint16_t>;

class Nsec3Chain {
 public:
  explicit Nsec3Chain(std::string apex) : apex_(std::move(apex)) {}

  std::string apex() const { return apex_; }
  size_t size() const { return names_.size(); }

  void Add(const std::string& name, const RecordTypes& types) {
    names_[HashOf(name)] = types;
  }
  // Its salt, flags and the like; next and types are set for each record.
  Nsec3Fields& fields() { return fields_; }

  dnswire::NameHash HashOf(const std::string& name) const {
    return dnswire::HashName(*dnswire::Name::Parse(name), fields_.salt,
                             fields_.iterations);
  }

  // The records of the given numbers, ascending by hash from 0, in that order.
  Octets Response(std::span<const size_t> numbers) const {
    PacketBuilder builder;
    builder.Response().Aa().Rcode(3).Question("x." + apex_, rr::kPtr);
    builder.Authority().Soa(apex_, "ns.test", "root.test");
    const size_t apex_at = 12 + 2;  // behind header and "x"
    for (const size_t number : numbers) {
      const auto record = std::next(names_.begin(), Step(number));
      auto next = std::next(record);
      if (next == names_.end()) next = names_.begin();
      Nsec3Fields fields = fields_;
      fields.next = Octets(next->first.begin(), next->first.end());
      fields.types = record->second;
      builder.Record(Compressed(Base32(record->first), apex_at), rr::kNsec3,
                     Nsec3Rdata(fields));
    }
    return builder.Build();
  }
  Octets Response(std::initializer_list<size_t> numbers) const {
    return Response(std::vector<size_t>(numbers));
  }
  // The number of the record that matches the name.
  size_t NumberOf(const std::string& name) const {
    return static_cast<size_t>(
        std::distance(names_.begin(), names_.find(HashOf(name))));
  }
  // The number of the record that matches the name, or else covers it.
  size_t NumberAtOrBefore(const std::string& name) const {
    const auto behind = names_.upper_bound(HashOf(name));
    return behind == names_.begin()
               ? names_.size() - 1
               : static_cast<size_t>(std::distance(names_.begin(), behind) - 1);
  }

  static std::string Base32(const dnswire::NameHash& hash) {
    std::string text;
    for (size_t bit = 0; bit < hash.size() * 8; bit += 5) {
      unsigned digit = 0;
      for (size_t i = bit; i < bit + 5; ++i) {
        digit = digit << 1 | (hash[i / 8] >> (7 - i % 8) & 1u);
      }
      text += "0123456789abcdefghijklmnopqrstuv"[digit];
    }
    return text;
  }

 private:
  using Names = std::map<dnswire::NameHash, RecordTypes>;

  static Names::difference_type Step(size_t number) {
    return static_cast<Names::difference_type>(number);
  }

  std::string apex_;
  Nsec3Fields fields_;
  Names names_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SCANNER_WALK_NSEC3_CHAIN_H_
