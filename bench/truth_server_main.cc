// truth_server: the server of tests/support/truth_server.h as a program, and
// its judge.
//
//   truth_server [--seed N]                prints "ready PORT", serves UDP and
//                                          TCP until stdin closes
//   truth_server --check FIRST COUNT [--seed N]
//       reads NDJSON rows of the COUNT addresses from FIRST on from stdin,
//       prints counts about once a second and at the end, then wrong rows; 1 if
//       a row is wrong, repeated, foreign or missing
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/support/truth_check.h"
#include "tests/support/truth_server.h"

namespace {

using testing_support::Truth;
using testing_support::TruthCheck;
using testing_support::TruthServer;

struct Options {
  uint64_t seed = 0;
  bool check = false;
  uint32_t first = 0;
  uint64_t count = 0;
};

bool ParseNumber(const std::string& text, uint64_t* number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, *number);
  return read.ec == std::errc() && read.ptr == end;
}

bool ParseOptions(const std::vector<std::string>& words, Options* options) {
  for (size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "--seed" && at + 1 < words.size()) {
      if (!ParseNumber(words[++at], &options->seed)) return false;
    } else if (words[at] == "--check" && at + 2 < words.size()) {
      const auto first = testing_support::ParseIpv4(words[++at]);
      if (!first || !ParseNumber(words[++at], &options->count)) return false;
      options->first = *first;
      options->check = true;
    } else {
      return false;
    }
  }
  return true;
}

int Serve(const Truth& truth) {
  const auto server = TruthServer::Start(truth);
  if (server == nullptr) {
    std::perror("truth_server: bind");
    return 1;
  }
  std::printf("ready %u\n", server->address().port());
  std::fflush(stdout);
  char ignored;
  while (read(STDIN_FILENO, &ignored, 1) > 0) {
  }
  return 0;
}

int Check(const Options& options) {
  using Clock = std::chrono::steady_clock;
  TruthCheck check(Truth(options.seed), options.first, options.count);
  std::vector<char> buffer(1 << 20);
  std::string waiting;  // the beginning of a line
  auto next_report = Clock::now() + std::chrono::seconds(1);
  for (ssize_t size;
       (size = read(STDIN_FILENO, buffer.data(), buffer.size())) > 0;) {
    waiting.append(buffer.data(), static_cast<size_t>(size));
    const size_t lines = waiting.rfind('\n') + 1;
    check.AddRows(std::string_view(waiting).substr(0, lines));
    waiting.erase(0, lines);
    if (Clock::now() < next_report) continue;
    next_report += std::chrono::seconds(1);
    std::printf("%s\n", check.Format().c_str());
    std::fflush(stdout);
  }
  check.AddRows(waiting);
  std::printf("%s\n%s", check.Format().c_str(), check.examples().c_str());
  const auto& counts = check.counts();
  return counts.wrong + counts.repeated + counts.foreign + check.missing() != 0;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ParseOptions({argv + 1, argv + argc}, &options)) {
    std::fputs("usage: truth_server [--check FIRST COUNT] [--seed N]\n",
               stderr);
    return 2;
  }
  return options.check ? Check(options) : Serve(Truth(options.seed));
}
