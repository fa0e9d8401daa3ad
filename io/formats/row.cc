#include "io/formats/row.h"

namespace io {
namespace {

constexpr Column kColumns[] = {
    {"ip", ColumnType::kText, "the address, as RFC 5952 writes it", false},
    {"status", ColumnType::kText, "the verdict: one of eleven statuses", false},
    {"cause", ColumnType::kText,
     "why there is no answer, or which kind of denial; null if the status "
     "says it all"},
    {"flags", ColumnType::kTextList, "what else is worth knowing, sorted",
     false},
    {"ptr", ColumnType::kTextList,
     "all PTR names, sorted; empty: none exists; null: not known"},
    {"confirmed", ColumnType::kTextList,
     "the PTR names that lead back to ip; null: not known"},
    {"forward", ColumnType::kForwardList,
     "name, outcome and addresses of each forward lookup; null: not known"},
    {"ttl_s", ColumnType::kInt, "time to live of the PTR answer, in seconds"},
    {"rcode", ColumnType::kText,
     "response code of the PTR answer; null without a response"},
    {"zone", ColumnType::kText,
     "the reverse zone, from the SOA seen; null if none was"},
    {"zone_mname", ColumnType::kText, "primary server in that SOA"},
    {"zone_rname", ColumnType::kText,
     "mailbox of the zone's owner in that SOA"},
    {"server", ColumnType::kText,
     "who gave the deciding answer; the port only if it is not 53"},
    {"queries", ColumnType::kInt, "packets sent for this address", false},
    {"rtt_us", ColumnType::kInt,
     "round trip of the deciding answer, in microseconds"},
    {"time", ColumnType::kTimestamp,
     "when its PTR was answered, else when the row was judged, UTC", false},
    {"label", ColumnType::kText, "label of the address in the label file"},
    {"expected", ColumnType::kText,
     "name that the label file expects, or - for none"},
};

}  // namespace

std::span<const Column> Columns() { return kColumns; }

}  // namespace io
