// Configurations of the servers, from the model. Every path they name lies
// below the world's folder: zones in `zones/`, what a server writes in
// `state/SERVER/`.
#ifndef PTRSWEEP_TESTS_WORLD_SERVER_CONFIG_H_
#define PTRSWEEP_TESTS_WORLD_SERVER_CONFIG_H_

#include <string>
#include <vector>

#include "tests/world/zone_model.h"

namespace world {

// A configuration file's text; of an odd server, the path of its zone; of
// tinydns, its zones.
// `folder` is absolute. REQUIRES: the server is a process.
std::string ConfigText(const Model& model, const Server& server,
                       const std::string& folder);

// Files beside the configuration that it refers to: the resolver's root hints.
std::string RootHintsText();

// The programs it takes to run such a server.
std::vector<std::string> ServerPrograms(Software software);

// The command that runs the server in the foreground; the program first.
std::vector<std::string> ServerCommand(const Server& server,
                                       const std::string& folder);

// Where zones are that a server reads as SQL.
std::string SqlPath(const Server& server, const std::string& folder);
// What is put there when the server has been rectified.
std::string LateSqlPath(const Server& server, const std::string& folder);
std::string ConfigPath(const Server& server, const std::string& folder);
std::string StateFolder(const std::string& folder);
std::string LogPath(const Server& server, const std::string& folder);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_SERVER_CONFIG_H_
