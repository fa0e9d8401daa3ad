// ptrsweep scan, whose calls into the kernel end or fail as told:
//
//   scan_crasher kill:N ARGUMENTS...        killed in front of its Nth call
//   scan_crasher tear:N ARGUMENTS...        the same, but half a write is done
//   scan_crasher fail:CALL:N:ERRNO ARGUMENTS...   the Nth CALL fails
//   scan_crasher short:write:N:0 ARGUMENTS...     the Nth write takes 3 octets
//
// Calls that count: open (to write, or of a folder), write and close (of
// regular files), fdatasync, fsync, rename, renameat2, unlink, ftruncate and
// sendmmsg of all threads. Exit code 137 stands for SIGKILL, as the shell has
// it. "not reached" on stderr: there are fewer such calls. A Parquet row group
// has 16 rows.
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "tools/options/command_line.h"
#include "tools/scan_command.h"

namespace {

enum class What { kKill, kTear, kFail, kShort };

What what = What::kKill;
std::string failing_call;  // kFail, kShort
int failure = 0;           // kFail: errno
std::atomic<int> calls_left = 0;
std::atomic<bool> is_armed = false;

// True: this is the call. kKill does not return.
bool IsTheCall(const char* call) {
  if (!is_armed) return false;
  if (!failing_call.empty() && failing_call != call) return false;
  if (--calls_left != 0) return false;
  if (what == What::kKill) kill(getpid(), SIGKILL);
  return true;
}

// For calls that can only be whole: -1 with errno if they are to fail.
bool Fails(const char* call) {
  if (!IsTheCall(call)) return false;
  if (what == What::kTear) kill(getpid(), SIGKILL);
  errno = failure;
  return true;
}

template <typename... Arguments>
int Call(const char* name, int64_t number, Arguments... arguments) {
  if (Fails(name)) return -1;
  return static_cast<int>(syscall(number, arguments...));
}

bool IsRegular(int fd) {
  struct stat info;
  return fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

}  // namespace

extern "C" int open(const char* path, int flags, ...) {
  va_list arguments;
  va_start(arguments, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(arguments, mode_t) : 0;
  va_end(arguments);
  const bool counts =
      (flags & O_ACCMODE) != O_RDONLY || (flags & O_DIRECTORY) != 0;
  if (counts && Fails("open")) return -1;
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
extern "C" ssize_t write(int fd, const void* octets, size_t size) {
  if (!IsRegular(fd)) return syscall(SYS_write, fd, octets, size);
  if (!IsTheCall("write")) return syscall(SYS_write, fd, octets, size);
  if (what == What::kTear) {
    syscall(SYS_write, fd, octets, size / 2);
    kill(getpid(), SIGKILL);
  }
  if (what == What::kShort) {
    return syscall(SYS_write, fd, octets, std::min<size_t>(size, 3));
  }
  errno = failure;
  return -1;
}
extern "C" int fdatasync(int fd) {
  return Call("fdatasync", SYS_fdatasync, fd);
}
extern "C" int fsync(int fd) { return Call("fsync", SYS_fsync, fd); }
extern "C" int rename(const char* from, const char* to) noexcept {
  return Call("rename", SYS_rename, from, to);
}
extern "C" int renameat2(int from_folder, const char* from, int to_folder,
                         const char* to, unsigned flags) noexcept {
  return Call("renameat2", SYS_renameat2, from_folder, from, to_folder, to,
              flags);
}
extern "C" int unlink(const char* path) noexcept {
  return Call("unlink", SYS_unlink, path);
}
extern "C" int ftruncate(int fd, off_t size) noexcept {
  return Call("ftruncate", SYS_ftruncate, fd, size);
}
extern "C" int close(int fd) {
  if (!IsRegular(fd)) return static_cast<int>(syscall(SYS_close, fd));
  return Call("close", SYS_close, fd);
}
extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  return Call("sendmmsg", SYS_sendmmsg, fd, messages, count, flags);
}

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  if (argc < 3) return 2;
  const std::vector<std::string> plan = absl::StrSplit(argv[1], ':');
  if (plan[0] == "tear") what = What::kTear;
  if (plan[0] == "fail") what = What::kFail;
  if (plan[0] == "short") what = What::kShort;
  const bool fails = what == What::kFail || what == What::kShort;
  int count = 0;
  if (plan.size() != (fails ? 4u : 2u) ||
      !absl::SimpleAtoi(plan[fails ? 2 : 1], &count) ||
      (fails && !absl::SimpleAtoi(plan[3], &failure))) {
    return 2;
  }
  if (fails) failing_call = plan[1];
  int exit_code = 0;
  argv[1] = argv[0];
  const auto line =
      tools::ParseCommandLine(argc - 1, argv + 1, environ, &exit_code);
  if (!line) return exit_code;
  calls_left = count;
  is_armed = true;
  exit_code = tools::RunScanCommand(line->arguments, environ, {.rows = 16});
  is_armed = false;
  if (fails && calls_left > 0) std::fputs("not reached\n", stderr);
  return exit_code;
}
