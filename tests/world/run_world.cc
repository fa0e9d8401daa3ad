#include "tests/world/run_world.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "tests/world/generate.h"
#include "tests/world/networks.h"
#include "tests/world/process.h"
#include "tests/world/sandbox.h"
#include "tests/world/server_config.h"
#include "tests/world/servers.h"

namespace world {
namespace {

namespace fs = std::filesystem;

constexpr int kFailed = 1;
constexpr int kSkipped = 77;
constexpr std::chrono::seconds kPatience{15};
// In a folder made with --iterate.
constexpr char kIterateTargets[] = "/targets-iterate.txt";
// In one made with --walk.
constexpr char kWalkTruth[] = "/truth-walk.json";

int Fail(const std::string& what) {
  std::fprintf(stderr, "world: %s\n", what.c_str());
  return kFailed;
}

// Not to be had here: a skip for ctest, unless the world is required.
int Unavailable(const std::string& why) {
  const char* required = std::getenv("PTRSWEEP_REQUIRE_WORLD");
  const bool must = required != nullptr && std::string(required) == "1";
  std::printf("WORLD %s: %s\n", must ? "REQUIRED" : "SKIPPED", why.c_str());
  return must ? kFailed : kSkipped;
}

void RemoveAll(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

// What the command finds in its environment.
void SetEnvironment(const std::string& folder) {
  std::error_code ignored;
  setenv("WORLD_DIR", folder.c_str(), 1);
  setenv("WORLD_RESOLVER", kResolverAddress, 1);
  setenv("WORLD_DIRECT", kDirectAddress, 1);
  setenv("WORLD_PROGRAM", fs::read_symlink("/proc/self/exe", ignored).c_str(),
         1);
}

std::vector<std::string> AllAddresses(const std::vector<Server>& servers) {
  std::vector<std::string> addresses;
  for (const Server& server : servers) {
    addresses.insert(addresses.end(), server.addresses.begin(),
                     server.addresses.end());
  }
  return addresses;
}

// tinydns changes its group. Where a namespace of users gives us our rights it
// may not.
bool MayRun(const std::vector<Server>& servers) {
  const bool changes_group =
      std::any_of(servers.begin(), servers.end(), [](const Server& server) {
        return server.software == Software::kTinydns;
      });
  std::string may;
  std::ifstream("/proc/self/setgroups") >> may;
  return !changes_group || may != "deny";
}

// In the sandbox, the world's folder being there.
int RunCommand(const std::vector<Server>& servers, const std::string& folder,
               const std::vector<std::string>& command) {
  if (!MayRun(servers)) return Unavailable("tinydns wants to be run by root");
  std::string error = SetUpLoopback(AllAddresses(servers));
  if (!error.empty()) return Unavailable(error);
  RunningServers running;
  error = running.Start(servers, folder, kPatience);
  if (!error.empty()) return Fail(error);
  SetEnvironment(folder);
  Process process;
  if (!process.Start(command, "")) return Fail("cannot fork");
  return process.Wait();
}

// One run at a time in a folder: its servers' state is there. Holds as long as
// the program runs.
std::string Lock(const std::string& folder) {
  const int fd = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0) return "";
  return folder + ": " +
         (errno == EWOULDBLOCK ? "another world runs there"
                               : std::strerror(errno));
}

int RunInFolder(const std::vector<Server>& servers, const RunOptions& options) {
  const std::string error = Lock(options.folder);
  if (!error.empty()) return Fail(error);
  std::string why;
  const int code = RunInSandbox(
      [&] { return RunCommand(servers, options.folder, options.command); },
      &why);
  RemoveAll(StateFolder(options.folder));
  return code < 0 ? Unavailable(why) : code;
}

int RunInNewFolder(const std::vector<Server>& servers,
                   const RunOptions& options) {
  std::string folder = fs::temp_directory_path() / "ptrsweep-world-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) {
    return Fail(folder + ": " + std::strerror(errno));
  }
  std::string why;
  const int code = RunInSandbox(
      [&] {
        const std::string error =
            Generate(*BuildWorld(options.seed, options.extent), folder);
        return error.empty() ? RunCommand(servers, folder, options.command)
                             : Fail(error);
      },
      &why);
  RemoveAll(folder);
  return code < 0 ? Unavailable(why) : code;
}

}  // namespace

int RunWorld(const RunOptions& options) {
  Model model(options.seed);
  Extent extent = options.extent;
  if (!options.folder.empty()) {
    extent.iterate = fs::exists(options.folder + kIterateTargets);
    extent.walk = fs::exists(options.folder + kWalkTruth);
  }
  AddServersAndRegistries(&model, extent);
  const std::vector<std::string> missing = MissingPrograms(model.servers());
  if (!missing.empty()) return Unavailable("no " + missing.front());
  HoldSignals();
  return options.folder.empty() ? RunInNewFolder(model.servers(), options)
                                : RunInFolder(model.servers(), options);
}

}  // namespace world
