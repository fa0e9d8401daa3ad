#include "tests/world/sandbox.h"

#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "tests/world/process.h"

namespace world {
namespace {

constexpr int kNamespaces = CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS;

// What the signal handler needs.
volatile sig_atomic_t sandbox_pid = 0;
volatile sig_atomic_t ended_by_signal = 0;

void KillSandbox(int signal_number) {
  ended_by_signal = signal_number;
  if (sandbox_pid > 0) kill(sandbox_pid, SIGKILL);
}

sigset_t EndingSignals() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) sigaddset(&set, number);
  return set;
}

void ReleaseSignals() {
  const sigset_t set = EndingSignals();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

void WriteFile(const char* path, const std::string& text) {
  std::ofstream(path) << text;
}

// Our own user becomes root of the new user namespace.
bool UnshareAsUser() {
  const std::string user = std::to_string(geteuid());
  const std::string group = std::to_string(getegid());
  if (unshare(CLONE_NEWUSER | kNamespaces) != 0) return false;
  WriteFile("/proc/self/setgroups", "deny");
  WriteFile("/proc/self/uid_map", "0 " + user + " 1");
  WriteFile("/proc/self/gid_map", "0 " + group + " 1");
  return geteuid() == 0;
}

bool Unshare() {
  return (geteuid() == 0 && unshare(kNamespaces) == 0) || UnshareAsUser();
}

// A /proc that shows the new process ids, which sanitizers and ps look for.
// Some containers forbid it; then the old one stays.
void MountProc() {
  mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
  mount("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr);
}

int WaitForSandbox() {
  struct sigaction action = {};
  action.sa_handler = KillSandbox;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    sigaction(number, &action, nullptr);
  }
  ReleaseSignals();
  int status = 0;
  while (waitpid(sandbox_pid, &status, 0) < 0 && errno == EINTR) {
  }
  sandbox_pid = 0;
  if (ended_by_signal != 0) return 128 + ended_by_signal;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

}  // namespace

void HoldSignals() {
  const sigset_t set = EndingSignals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

int RunInSandbox(const std::function<int()>& body, std::string* why) {
  if (!Unshare()) {
    *why = std::string("no namespaces: ") + std::strerror(errno);
    return -1;
  }
  std::fflush(nullptr);
  sandbox_pid = fork();
  if (sandbox_pid < 0) {
    *why = std::string("cannot fork: ") + std::strerror(errno);
    return -1;
  }
  if (sandbox_pid == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ReleaseSignals();
    MountProc();
    const int code = body();
    std::fflush(nullptr);
    _exit(code);
  }
  return WaitForSandbox();
}

std::string SetUpLoopback(const std::vector<std::string>& addresses) {
  std::vector<std::string> commands = {"link set lo up"};
  for (const std::string& address : addresses) {
    if (address.starts_with("127.")) continue;
    const bool is_v4 = address.find(':') == std::string::npos;
    commands.push_back("address add " + address +
                       (is_v4 ? "/32 dev lo" : "/128 dev lo nodad"));
  }
  for (const std::string& command : commands) {
    Process ip;
    ip.Start({"sh", "-c", "exec ip " + command}, "");
    if (ip.Wait() != 0) return "ip " + command + " failed";
  }
  return "";
}

}  // namespace world
