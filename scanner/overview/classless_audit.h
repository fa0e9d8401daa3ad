// The audit of classless delegations (RFC 2317) in finished rows: per /24 with
// classless rows, grouped by zone (VERDICTS.md 6, last paragraph).
#ifndef PTRSWEEP_SCANNER_OVERVIEW_CLASSLESS_AUDIT_H_
#define PTRSWEEP_SCANNER_OVERVIEW_CLASSLESS_AUDIT_H_

#include <bitset>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dnswire/ip_address.h"
#include "io/formats/row.h"

namespace scanner {

// One child zone of one /24.
struct ClasslessGroup {
  dnswire::IpPrefix block;
  std::string zone;
  uint32_t rows = 0;  // classless rows
  uint8_t first = 0;  // last octets of the first and the last of them
  uint8_t last = 0;
  // Last octets, ascending: of addresses in between that the parent denies
  // without an alias; of aliases to a name without PTR.
  std::vector<uint8_t> holes;
  std::vector<uint8_t> dangling;
};

// Fed with every row twice, in any order: which /24s have classless rows, then
// what they have. Keeps some 128 octets for each of these.
class ClasslessAudit {
 public:
  void Survey(const io::Row& row);
  // REQUIRES: all rows were surveyed.
  void Add(const io::Row& row);
  // Ascending by block, then by first address.
  std::vector<ClasslessGroup> Groups() const;

 private:
  using Octets = std::bitset<256>;
  struct Child {
    Octets classless;
    Octets dangling;
  };
  struct ClasslessBlock {
    Octets denied;
    std::map<std::string, Child> children;  // by zone
  };

  std::map<dnswire::IpAddress, ClasslessBlock> blocks_;  // by first address
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_OVERVIEW_CLASSLESS_AUDIT_H_
