// The servers of a generated world, started and stopped together.
#ifndef PTRSWEEP_TESTS_WORLD_SERVERS_H_
#define PTRSWEEP_TESTS_WORLD_SERVERS_H_

#include <chrono>
#include <string>
#include <vector>

#include "tests/world/process.h"
#include "tests/world/zone_model.h"

namespace world {

// Programs that the servers need and the machine lacks, each with its package:
// "nsd (apt-get install nsd)".
std::vector<std::string> MissingPrograms(const std::vector<Server>& servers);

class RunningServers {
 public:
  RunningServers() = default;
  RunningServers(const RunningServers&) = delete;
  RunningServers& operator=(const RunningServers&) = delete;
  ~RunningServers();

  // Starts all with fresh state folders below `folder` and waits until each
  // answers for its healthy zone, at most `patience` in all. "" or what failed,
  // with the end of that server's log.
  std::string Start(const std::vector<Server>& servers,
                    const std::string& folder, std::chrono::seconds patience);

 private:
  struct Started {
    Server server;
    Process process;
  };

  std::string StartOne(const Server& server, const std::string& folder);
  std::string BindSilent(const Server& server);
  std::string WaitReady(Started* started, const std::string& folder,
                        std::chrono::steady_clock::time_point deadline);

  std::vector<Started> started_;
  std::vector<int> silent_sockets_;
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_SERVERS_H_
