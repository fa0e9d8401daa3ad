// Child processes: started, watched and stopped by pid.
#ifndef PTRSWEEP_TESTS_WORLD_PROCESS_H_
#define PTRSWEEP_TESTS_WORLD_PROCESS_H_

#include <sys/types.h>

#include <string>
#include <vector>

namespace world {

// The program's path, searched in PATH, /usr/sbin and /sbin; "" if it is not
// installed. A path stays as it is.
std::string FindProgram(const std::string& name);

// One child. Stops it when destroyed.
class Process {
 public:
  Process() = default;
  Process(Process&& other) noexcept : pid_(other.pid_) { other.pid_ = -1; }
  Process& operator=(Process&&) = delete;
  ~Process() { Stop(); }

  // Runs `command`, whose first word is a program's path or name. With a log
  // path its output goes there; else it has ours. False if it cannot fork; a
  // program that cannot be run exits with 127.
  bool Start(const std::vector<std::string>& command,
             const std::string& log_path);
  bool Running();
  // Its exit code, or 128 and the signal that ended it.
  int Wait();
  // SIGTERM, and SIGKILL to whoever ignores it for 5 s. No effect on a child
  // that has ended.
  void Stop();

 private:
  pid_t pid_ = -1;
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_PROCESS_H_
