#include "tests/support/program.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <thread>

namespace testing_support {
namespace {

// An unnamed file: no pipe that could fill up.
class Scratch {
 public:
  explicit Scratch(const std::string& content = "") : file_(std::tmpfile()) {
    std::fwrite(content.data(), 1, content.size(), file_.get());
    std::fflush(file_.get());
    std::rewind(file_.get());
  }
  int fd() const { return fileno(file_.get()); }
  std::string Content() const {
    std::string content;
    std::array<char, 4096> buffer;
    off_t at = 0;
    for (ssize_t got; (got = pread(fd(), buffer.data(), buffer.size(), at)) > 0;
         at += got) {
      content.append(buffer.data(), static_cast<size_t>(got));
    }
    return content;
  }

 private:
  struct Close {
    void operator()(FILE* file) const { std::fclose(file); }
  };
  std::unique_ptr<FILE, Close> file_;
};

// As execv wants it; points into `command`.
std::vector<char*> WordsOf(const std::vector<std::string>& command) {
  std::vector<char*> words;
  words.reserve(command.size() + 1);
  for (const std::string& word : command) {
    words.push_back(const_cast<char*>(word.c_str()));
  }
  words.push_back(nullptr);
  return words;
}

// Allocates nothing: another thread may have held the heap's lock at the fork.
[[noreturn]] void Become(const std::vector<char*>& words, int in, int out,
                         int err) {
  dup2(in, STDIN_FILENO);
  dup2(out, STDOUT_FILENO);
  dup2(err, STDERR_FILENO);
  execv(words[0], words.data());
  _exit(127);
}

// The wait status; the program is killed when the limit has passed.
int WaitFor(pid_t pid, std::chrono::seconds limit) {
  const auto end = std::chrono::steady_clock::now() + limit;
  int status = 0;
  while (waitpid(pid, &status, WNOHANG) == 0) {
    if (std::chrono::steady_clock::now() > end) {
      ADD_FAILURE() << "the program ran longer than " << limit.count() << " s";
      kill(pid, SIGKILL);
      waitpid(pid, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  return status;
}

}  // namespace

ProgramResult RunProgram(const std::vector<std::string>& command,
                         const ProgramOptions& options) {
  const Scratch in(options.in);
  const Scratch out;
  const Scratch err;
  int out_fd = out.fd();
  if (!options.stdout_path.empty()) {
    out_fd = open(options.stdout_path.c_str(), O_WRONLY | O_CLOEXEC);
    EXPECT_GE(out_fd, 0) << options.stdout_path;
  }
  const std::vector<char*> words = WordsOf(command);
  const pid_t pid = fork();
  if (pid == 0) Become(words, in.fd(), out_fd, err.fd());
  if (!options.stdout_path.empty()) close(out_fd);
  if (options.running) options.running(pid);
  const int status = WaitFor(pid, options.limit);
  return {.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status)
                                           : WEXITSTATUS(status),
          .out = out.Content(),
          .err = err.Content()};
}

}  // namespace testing_support
