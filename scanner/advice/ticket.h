// The request that puts an address right, ready to be sent (VERDICTS.md 9.1).
#ifndef PTRSWEEP_SCANNER_ADVICE_TICKET_H_
#define PTRSWEEP_SCANNER_ADVICE_TICKET_H_

#include <cstdint>
#include <string>
#include <vector>

#include "scanner/advice/row_reading.h"

namespace scanner {

enum class TicketKind : uint8_t {
  kNone,
  kRecords,   // set or remove PTR records
  kDelegate,  // register name servers for the block
  kRepair,    // name servers that fail
};
TicketKind TicketKindOf(const RowReading& reading);

// What a request for records asks of one address.
struct RecordRequest {
  std::string set;      // "10.2.0.192.in-addr.arpa. PTR a.b.", or ""
  std::string in_zone;  // "10 PTR a.b.", or ""
  std::vector<std::string> removed;  // names of N that are to go
  std::string forward;               // "a.b A 192.0.2.10: exists", or ""
};
RecordRequest RecordsOf(const RowReading& reading);

// "reverse zone 2.0.192.in-addr.arpa (SOA ns1.example.net
// hostmaster.example.net)"; of kDelegate "the registry's zone ...".
std::string ZoneAndSoa(const RowReading& reading);
// "2026-11-26 13:12:45 UTC".
std::string TicketTime(int64_t time_us);
// What to ask for the servers: "The name servers of ... fail: ...".
std::string RepairText(const RowReading& reading);
// "Please delegate 2.0.192.in-addr.arpa to <name servers you choose>."
std::string DelegateText(const RowReading& reading);

// The whole text, lines ending in '\n'; "" for kNone.
std::string TicketText(const RowReading& reading);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_TICKET_H_
