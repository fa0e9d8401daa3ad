#include "tests/world/servers.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <deque>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "tests/world/dns_client.h"
#include "tests/world/server_config.h"

namespace world {
namespace {

constexpr size_t kLogTailLines = 12;

std::string WithPackage(const std::string& program) {
  static const std::map<std::string, std::string> packages = {
      {"ip", "iproute2"},
      {"knotd", "knot"},
      {"named", "bind9"},
      {"pdns_server", "pdns-server pdns-backend-sqlite3"},
      {"tinydns-data", "tinydns"}};
  const auto at = packages.find(program);
  return program + " (apt-get install " +
         (at == packages.end() ? program : at->second) + ")";
}

std::string LogTail(const std::string& path) {
  std::ifstream log(path);
  std::deque<std::string> lines;
  for (std::string line; std::getline(log, line);) {
    lines.push_back("  " + line + "\n");
    if (lines.size() > kLogTailLines) lines.pop_front();
  }
  std::string text;
  for (const std::string& line : lines) text += line;
  return text;
}

// Bound and never read. For TCP the kernel completes handshakes by itself.
int BoundSocket(const std::string& address, int type) {
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_port = htons(53);
  inet_pton(AF_INET, address.c_str(), &at.sin_addr);
  const int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
  sockaddr* where = reinterpret_cast<sockaddr*>(&at);
  if (fd < 0 || bind(fd, where, sizeof(at)) != 0) return -1;
  if (type == SOCK_STREAM) listen(fd, 16);
  return fd;
}

bool AnswersSoa(const Server& server, const std::string& address) {
  const bool recursive = server.software == Software::kUnbound ||
                         server.habit == Habit::kRecursive;
  DnsClient client(address, recursive, recursive ? 1000 : 200, 1);
  const Reply reply = client.Ask(server.healthy_zone, "SOA");
  return reply.rcode == "NOERROR" && !reply.answer.empty();
}

}  // namespace

std::vector<std::string> MissingPrograms(const std::vector<Server>& servers) {
  std::set<std::string> programs = {"ip"};
  for (const Server& server : servers) {
    for (std::string& program : ServerPrograms(server.software)) {
      programs.insert(std::move(program));
    }
  }
  std::vector<std::string> missing;
  for (const std::string& program : programs) {
    if (FindProgram(program).empty()) missing.push_back(WithPackage(program));
  }
  return missing;
}

RunningServers::~RunningServers() {
  for (const int fd : silent_sockets_) close(fd);
}

std::string RunningServers::Start(const std::vector<Server>& servers,
                                  const std::string& folder,
                                  std::chrono::seconds patience) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  std::filesystem::remove_all(StateFolder(folder));
  for (const Server& server : servers) {
    std::string error = server.software == Software::kSilent
                            ? BindSilent(server)
                            : StartOne(server, folder);
    if (!error.empty()) return error;
  }
  for (Started& started : started_) {
    std::string error = WaitReady(&started, folder, deadline);
    if (!error.empty()) return error;
  }
  return "";
}

std::string RunningServers::StartOne(const Server& server,
                                     const std::string& folder) {
  const std::string log = LogPath(server, folder);
  std::filesystem::create_directories(std::filesystem::path(log).parent_path());
  std::vector<std::string> command = ServerCommand(server, folder);
  command[0] = FindProgram(command[0]);
  Started& started = started_.emplace_back(Started{server, Process()});
  if (started.process.Start(command, log)) return "";
  return server.name + ": cannot fork: " + std::strerror(errno);
}

std::string RunningServers::BindSilent(const Server& server) {
  for (const std::string& address : server.addresses) {
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
      const int fd = BoundSocket(address, type);
      if (fd < 0) return address + ": cannot bind: " + std::strerror(errno);
      silent_sockets_.push_back(fd);
    }
  }
  return "";
}

std::string RunningServers::WaitReady(
    Started* started, const std::string& folder,
    std::chrono::steady_clock::time_point deadline) {
  const Server& server = started->server;
  for (const std::string& address : server.addresses) {
    while (!AnswersSoa(server, address)) {
      const bool running = started->process.Running();
      if (running && std::chrono::steady_clock::now() < deadline) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        continue;
      }
      return "server " + server.name + " (" + address + ") " +
             (running ? "does not answer" : "has ended") + ":\n" +
             LogTail(LogPath(server, folder));
    }
  }
  return "";
}

}  // namespace world
