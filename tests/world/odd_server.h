// A name server for one zone with a habit that no real one offers
// (zone_model.h, Habit). UDP only.
#ifndef PTRSWEEP_TESTS_WORLD_ODD_SERVER_H_
#define PTRSWEEP_TESTS_WORLD_ODD_SERVER_H_

#include <string>

#include "tests/world/zone_model.h"

namespace world {

struct OddServer {
  Habit habit = Habit::kNone;
  std::string address;    // IPv4; port 53
  std::string zone_file;  // "" for a forger
};

// Where poisoned records lead to, and what is found there.
inline constexpr char kForgerAddress[] = "127.0.53.22";
inline constexpr char kForgedName[] = "forged.example.org";

// Answers until it is killed. Returns 1 if it cannot start. A forger writes
// each question but SOA, by which others see that it is ready, to its output.
int ServeOddly(const OddServer& server);

// For command lines: "poison". kNone if there is no such habit.
const char* HabitName(Habit habit);
Habit HabitOf(const std::string& name);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ODD_SERVER_H_
