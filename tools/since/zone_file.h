// The zone table that stands beside the rows of a scan by own iteration: its
// zones and their serials, by which `--since` knows another time what has not
// changed (ITERATION.md 2.7). CSV, whatever the rows are: it is small, and read
// by people.
//
//     apex,serial,mname,rname,flags,servers,rows,reused
//     2.0.192.in-addr.arpa,2026112501,ns1.example.net,
//         hostmaster.example.net,,192.0.2.53=2026-11-25T22:14:09.000000Z,256,0
//
// `serial`, `mname` and `rname` are empty where nobody told them. Flags:
// ent_broken, serial_lies, serial_moved. A server is its endpoint, '=' and
// since when it told the serial (nothing: it did not), and '=signed' or
// '=honest' if blocks were not asked on its word. Both lists are separated by
// blanks.
#ifndef PTRSWEEP_TOOLS_SINCE_ZONE_FILE_H_
#define PTRSWEEP_TOOLS_SINCE_ZONE_FILE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "scanner/reuse/zone_serials.h"

namespace tools {

// "night/rows.parquet.zones.csv" of "night/rows.parquet".
std::string ZonesPathOf(absl::string_view output);

std::string FormatZones(const scanner::ZoneSerials& zones);
// Errors: "SOURCE:LINE: ..." for a wrong header, number of fields or field.
absl::StatusOr<std::vector<scanner::SeenZone>> ParseZones(
    absl::string_view text, absl::string_view source);

// The file gets its name when it is whole.
absl::Status WriteZones(const std::string& path,
                        const scanner::ZoneSerials& zones);
absl::StatusOr<std::vector<scanner::SeenZone>> ReadZones(
    const std::string& path);
// An error if there is something at `path` that is no zone table: it is not to
// be replaced.
absl::Status CheckZonesPath(const std::string& path);
absl::Status RemoveZones(const std::string& path);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_SINCE_ZONE_FILE_H_
