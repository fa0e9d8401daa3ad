// `world run`: a command inside a running world, and nothing left of it
// afterwards.
#ifndef PTRSWEEP_TESTS_WORLD_RUN_WORLD_H_
#define PTRSWEEP_TESTS_WORLD_RUN_WORLD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "tests/world/networks.h"

namespace world {

struct RunOptions {
  std::string
      folder;  // absolute; "": a new one with the next two, for this run
  uint64_t seed = 1;
  Extent extent;
  std::vector<std::string> command;
};

// The command's exit code; 1 if the world cannot be made; 77 if this machine
// has no namespaces or name servers, 1 then with PTRSWEEP_REQUIRE_WORLD=1.
// Explains itself in one line.
int RunWorld(const RunOptions& options);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_RUN_WORLD_H_
