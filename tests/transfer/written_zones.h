// Zones as they are written for the servers, and what must come back.
#ifndef PTRSWEEP_TESTS_TRANSFER_WRITTEN_ZONES_H_
#define PTRSWEEP_TESTS_TRANSFER_WRITTEN_ZONES_H_

#include <cstdint>
#include <string>
#include <vector>

namespace transfer {

using Octets = std::vector<uint8_t>;

struct WrittenZone {
  std::string apex;
  // Lines of a zone file, each a whole record; the SOA first.
  std::vector<std::string> lines;

  std::string Text() const;
  // Each record in wire form without compression, by ldns: owner, type, class,
  // TTL, rdata octets, rdata. Sorted.
  std::vector<Octets> Records() const;
};

// 65,536 PTR records, a /16.
WrittenZone LargeZone(const std::string& apex);
// Everything a name can be: aliases in and out of the zone, a DNAME, a cut with
// glue, wildcards, empty non-terminals, types with one name, two and none.
WrittenZone OddZone(const std::string& apex);
// Names to ask of the odd zone: its owners, and others around them.
std::vector<std::string> OddNames(const std::string& apex);

}  // namespace transfer

#endif  // PTRSWEEP_TESTS_TRANSFER_WRITTEN_ZONES_H_
