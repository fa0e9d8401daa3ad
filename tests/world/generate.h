// Writes a world's folder.
#ifndef PTRSWEEP_TESTS_WORLD_GENERATE_H_
#define PTRSWEEP_TESTS_WORLD_GENERATE_H_

#include <string>

#include "tests/world/zone_model.h"

namespace world {

// Writes into `folder` (absolute, made if it is not there) what README.md
// lists: zones, configurations, target lists, labels and truth. "" or what
// failed.
std::string Generate(const Model& model, const std::string& folder);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_GENERATE_H_
