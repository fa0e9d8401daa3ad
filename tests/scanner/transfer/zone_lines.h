// Zones for the tests of ZoneImage, a line a record, and what an image says of
// a name as a line of text.
#ifndef PTRSWEEP_TESTS_SCANNER_TRANSFER_ZONE_LINES_H_
#define PTRSWEEP_TESTS_SCANNER_TRANSFER_ZONE_LINES_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/name_list.h"
#include "scanner/transfer/zone_image.h"
#include "tests/support/packet_builder.h"

namespace scanner {

inline constexpr const char* kApex = "2.0.192.in-addr.arpa";
inline constexpr uint64_t kRoom = 64 << 20;

dnswire::Name Parsed(absl::string_view text);

// "1" is 1.2.0.192.in-addr.arpa, "@" the apex, "host.example." that name.
std::string InZone(absl::string_view text);

testing_support::Octets SoaRdata(uint32_t minimum = 600);

// A record; its owner as above.
struct Line {
  absl::string_view owner;
  uint16_t type;
  absl::string_view target = "";  // as owner, for types with one name
  uint32_t ttl_s = 3600;
};

void Add(const Line& line, ZoneImage* image);
// A finished image of an SOA and these.
std::unique_ptr<ZoneImage> ImageOf(const std::vector<Line>& lines);

// "data chain... = name name ttl N": whatever there is of the answer.
std::string Ask(const ZoneImage& image, absl::string_view name,
                uint16_t type = testing_support::rr::kPtr,
                dnswire::NameListView previous = {});

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_TRANSFER_ZONE_LINES_H_
