// Zone files (RFC 1035 section 5) from the model, and what other servers read
// instead.
#ifndef PTRSWEEP_TESTS_WORLD_ZONE_WRITER_H_
#define PTRSWEEP_TESTS_WORLD_ZONE_WRITER_H_

#include <string>

#include "tests/world/zone_model.h"

namespace world {

// Name of a zone's file on one of its servers, unique among the files of a
// model.
std::string ZoneFileName(const Zone& zone, const std::string& server);

// The zone as that server has it: SOA, its NS set, its records, and for each
// delegation the NS set and what glue lies in this zone's tree.
std::string ZoneFileText(const Model& model, const Zone& zone,
                         const std::string& server);

// A zone in-addr.arpa with nothing in it.
std::string CatchAllFileText();

// SQL that makes the database of a PowerDNS server with all its zones. No
// row for any empty non-terminal, so that it denies them unless it is
// rectified.
std::string PdnsSqlText(const Model& model, const std::string& server);
// SQL that adds the late records.
std::string PdnsLateSqlText(const Model& model, const std::string& server);

// The zones of a tinydns: SOA, NS sets and PTRs.
std::string TinydnsDataText(const Model& model, const std::string& server);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ZONE_WRITER_H_
