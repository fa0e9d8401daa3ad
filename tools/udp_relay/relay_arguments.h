// The words after `udp_relay`, and those of a line on its standard input.
#ifndef PTRSWEEP_TOOLS_UDP_RELAY_RELAY_ARGUMENTS_H_
#define PTRSWEEP_TOOLS_UDP_RELAY_RELAY_ARGUMENTS_H_

#include <string>
#include <vector>

#include "tests/support/relay.h"

namespace udp_relay {

struct RelayArguments {
  testing_support::RelayOptions relay;
  bool has_to = false;
  int seconds = 600;
};

// False at the first word that is not understood. REQUIRES: on success, --to is
// still to be asked for by has_to.
bool ParseArguments(const std::vector<std::string>& words,
                    RelayArguments* arguments);

// A line of impairments only, which replace all that were set.
bool ParseWeather(const std::string& line, testing_support::Weather* weather);

}  // namespace udp_relay

#endif  // PTRSWEEP_TOOLS_UDP_RELAY_RELAY_ARGUMENTS_H_
