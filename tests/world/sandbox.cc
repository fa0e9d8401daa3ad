#include "tests/world/sandbox.h"

#include <fcntl.h>
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

// Three processes, so that ours stays outside: a process that has unshared its
// process ids cannot fork any more once process 1 has ended.
//
//   ours -- fork --> keeper: unshare -- fork --> process 1: body
//
// A signal goes from each to the next; process 1 is killed, and the kernel with
// it all that it left. The keeper ends when that is done.

namespace world {
namespace {

constexpr int kNamespaces = CLONE_NEWNET | CLONE_NEWPID | CLONE_NEWNS;

// What the signal handler needs: whom to end, and how.
volatile sig_atomic_t child_pid = 0;
volatile sig_atomic_t child_signal = 0;
volatile sig_atomic_t ended_by_signal = 0;

void EndChild(int signal_number) {
  ended_by_signal = signal_number;
  if (child_pid > 0) kill(child_pid, child_signal);
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

// The child's exit code. The signals held so far end it by `signal_number`.
int WaitFor(pid_t pid, int signal_number) {
  child_pid = pid;
  child_signal = signal_number;
  struct sigaction action = {};
  action.sa_handler = EndChild;
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    sigaction(number, &action, nullptr);
  }
  ReleaseSignals();
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  child_pid = 0;
  if (ended_by_signal != 0) return 128 + ended_by_signal;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
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

[[noreturn]] void Leave(int code) {
  std::fflush(nullptr);
  _exit(code);
}

// Process 1.
[[noreturn]] void RunFirst(const std::function<int()>& body) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  ReleaseSignals();
  MountProc();
  Leave(body());
}

[[noreturn]] void Complain(int complaints, const char* what) {
  const std::string text = std::string(what) + ": " + std::strerror(errno);
  const ssize_t ignored = write(complaints, text.data(), text.size());
  _exit(ignored < 0 ? 2 : 1);
}

// Makes the namespaces, starts process 1 in them and waits for it.
[[noreturn]] void RunKeeper(const std::function<int()>& body, int complaints) {
  if (!Unshare()) Complain(complaints, "no namespaces");
  prctl(PR_SET_PDEATHSIG, SIGTERM);  // a change of user would clear it
  const pid_t first = fork();
  if (first < 0) Complain(complaints, "cannot fork");
  close(complaints);
  if (first == 0) RunFirst(body);
  _exit(WaitFor(first, SIGKILL));
}

std::string ReadToEnd(int fd) {
  std::string text;
  char buffer[256];
  for (ssize_t n = 0; (n = read(fd, buffer, sizeof(buffer))) > 0;) {
    text.append(buffer, static_cast<size_t>(n));
  }
  close(fd);
  return text;
}

}  // namespace

void HoldSignals() {
  const sigset_t set = EndingSignals();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

int RunInSandbox(const std::function<int()>& body, std::string* why) {
  int complaints[2];
  std::fflush(nullptr);
  const pid_t keeper = pipe2(complaints, O_CLOEXEC) == 0 ? fork() : pid_t{-1};
  if (keeper < 0) {
    *why = std::string("cannot fork: ") + std::strerror(errno);
    return -1;
  }
  if (keeper == 0) {
    close(complaints[0]);
    RunKeeper(body, complaints[1]);
  }
  close(complaints[1]);
  *why = ReadToEnd(complaints[0]);
  const int code = WaitFor(keeper, SIGTERM);
  return why->empty() ? code : -1;
}

std::string SetUpLoopback(const std::vector<std::string>& addresses) {
  std::vector<std::string> commands = {"link set lo up"};
  for (const std::string& address : addresses) {
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
