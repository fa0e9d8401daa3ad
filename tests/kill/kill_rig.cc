#include "tests/kill/kill_rig.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <chrono>
#include <filesystem>
#include <thread>
#include <utility>

#include "tests/io/temp_folder.h"

namespace testing_support {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr uint8_t kPtr = 12;

// Whether the program has ended; it is not reaped.
bool HasEnded(int pid) {
  siginfo_t info = {};
  return waitid(P_PID, static_cast<id_t>(pid), &info,
                WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == pid;
}

}  // namespace

// The first question's name as text, if its type is PTR.
void AskedAddresses::Note(std::span<const uint8_t> query) {
  std::string name;
  size_t at = kHeaderOctets;
  while (at < query.size() && query[at] != 0) {
    const size_t end = at + 1 + query[at];
    if (end > query.size()) return;
    name.append(query.begin() + static_cast<std::ptrdiff_t>(at + 1),
                query.begin() + static_cast<std::ptrdiff_t>(end));
    name += '.';
    at = end;
  }
  if (at + 2 >= query.size() || query[at + 2] != kPtr) return;
  for (char& c : name) c = static_cast<char>(c | 0x20);  // 0x20: letters only
  const std::lock_guard lock(mutex_);
  asked_.insert(std::move(name));
}

std::set<std::string> AskedAddresses::Take() {
  const std::lock_guard lock(mutex_);
  return std::exchange(asked_, {});
}

KillRig::KillRig(std::string format, uint64_t seed)
    : format_(std::move(format)) {
  server_ = TruthServer::Start(
      Truth(seed), {.admit = [this](std::span<const uint8_t> query,
                                    const SocketAddress* /*sender*/) {
        asked_.Note(query);
        return true;
      }});
  const Impairment loss = {.loss = 5};
  relay_ = Relay::Start({.to = server_->address(),
                         .seed = seed,
                         .weather = {.to_server = loss, .from_server = loss},
                         .tcp = true});
}

std::vector<std::string> KillRig::Command(const std::string& folder,
                                          const SocketAddress& resolver) const {
  return {PTRSWEEP_BINARY,
          "scan",
          "--include-special",
          "--no-canary",
          "--quiet",
          "--late-pause",
          "50ms",
          "--format",
          format_,
          "--output",
          folder + "/out",
          "--resolver",
          resolver.ToString(),
          "10.0.0.0/20"};
}

ComparableRows KillRig::UndisturbedRows() {
  const TempFolder folder;
  const std::string path = folder.Path("");
  EXPECT_EQ(RunProgram(Command(path, server_->address())).exit_code, 0);
  asked_.Take();
  return ReadRows(path);
}

ProgramResult KillRig::Run(
    const std::string& folder, const std::vector<std::string>& more,
    const std::function<bool(uint64_t answered)>& kill_when) {
  std::vector<std::string> command = Command(folder, relay_->address());
  command.emplace_back("--resume");
  command.insert(command.end(), more.begin(), more.end());
  const uint64_t before = server_->udp_answered();
  ProgramOptions options;
  if (kill_when) {
    options.running = [&](int pid) {
      while (!HasEnded(pid)) {
        if (kill_when(server_->udp_answered() - before)) {
          kill(pid, SIGKILL);
          return;
        }
        std::this_thread::sleep_for(std::chrono::microseconds(200));
      }
    };
  }
  return RunProgram(command, options);
}

ComparableRows KillRig::ReadRows(const std::string& folder) const {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  EXPECT_THAT(names, testing::ElementsAre("out"));
  return ReadComparable(ReadFileOctets(folder + "/out"));
}

}  // namespace testing_support
