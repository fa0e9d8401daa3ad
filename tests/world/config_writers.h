// The configurations of knot, bind, PowerDNS and tinydns, for server_config.cc,
// and what all configurations need.
#ifndef PTRSWEEP_TESTS_WORLD_CONFIG_WRITERS_H_
#define PTRSWEEP_TESTS_WORLD_CONFIG_WRITERS_H_

#include <string>
#include <vector>

#include "tests/world/zone_model.h"

namespace world {

std::string Quoted(const std::string& text);
bool Serves(const Server& server, const Zone& zone);
// Where a server writes.
std::string StateOf(const Server& server, const std::string& folder);

std::string KnotConfig(const Model& model, const Server& server,
                       const std::string& folder);
std::string BindConfig(const Model& model, const Server& server,
                       const std::string& folder);
std::string PdnsConfig(const Server& server, const std::string& folder);
// Fills the database, and rectifies it if the server is to be, before it starts
// the server.
std::vector<std::string> PdnsCommand(const Server& server,
                                     const std::string& folder);
// Its configuration is its data. It wants to be root, to change its root folder
// and its group.
std::vector<std::string> TinydnsCommand(const Server& server,
                                        const std::string& folder);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_CONFIG_WRITERS_H_
