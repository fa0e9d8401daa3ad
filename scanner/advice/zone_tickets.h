// ZoneTickets: one request for each zone, for all of its addresses (VERDICTS.md
// 9.1): what a report offers to send.
#ifndef PTRSWEEP_SCANNER_ADVICE_ZONE_TICKETS_H_
#define PTRSWEEP_SCANNER_ADVICE_ZONE_TICKETS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "scanner/advice/row_reading.h"
#include "scanner/advice/ticket.h"
#include "scanner/verdict/actor.h"

namespace scanner {

struct ZoneTicket {
  TicketKind kind = TicketKind::kNone;
  std::string zone;  // or "the zone of 192.0.2.0/24"
  Actor actor = Actor::kNobody;
  std::string where;     // ProviderText() of who can act
  size_t addresses = 0;  // that it is for
  std::string text;      // lines ending in '\n'
};

// Rows may come in any order; of each zone the addresses are listed as they
// came. Keeps text, not rows: memory is bounded by zones and `max_listed`.
class ZoneTickets {
 public:
  // Of a zone with more addresses, or blocks, the rest are counted.
  explicit ZoneTickets(size_t max_listed = 1000) : max_listed_(max_listed) {}

  // Rows that need no ticket are passed over.
  void Add(const RowReading& reading);
  // By zone, in the order of the text.
  std::vector<ZoneTicket> Finish() const;

 private:
  // What one request says of each address.
  struct Lines {
    std::string seen;
    std::string set;
    std::string removed;
    std::string forward;
  };
  struct Group {
    Actor actor = Actor::kNobody;
    std::string zone_and_soa;
    std::string where;
    std::string request;                        // kRepair
    std::map<std::string, size_t> delegations;  // kDelegate: text, addresses
    size_t further_addresses = 0;               // in blocks beyond these
    size_t addresses = 0;
    int64_t first_us = 0;
    int64_t last_us = 0;
    Lines lines;
  };
  using Key = std::pair<std::string, TicketKind>;

  void List(const RowReading& reading, TicketKind kind, Group* group) const;
  void AddDelegation(const RowReading& reading, Group* group) const;
  std::string TextOf(const Key& key, const Group& group) const;

  size_t max_listed_;
  std::map<Key, Group> groups_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_ZONE_TICKETS_H_
