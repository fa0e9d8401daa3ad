// Zone files (RFC 1035 section 5) from the model.
#ifndef PTRSWEEP_TESTS_WORLD_ZONE_WRITER_H_
#define PTRSWEEP_TESTS_WORLD_ZONE_WRITER_H_

#include <string>

#include "tests/world/zone_model.h"

namespace world {

// Name of a zone's file, unique among the zones of a model.
std::string ZoneFileName(const Zone& zone);

// The zone: SOA, its NS set, its records, and for each delegation the NS set
// and what glue lies in this zone's tree.
std::string ZoneFileText(const Model& model, const Zone& zone);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ZONE_WRITER_H_
