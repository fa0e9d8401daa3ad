// Warnings: what an operator should hear of while the scan runs: resolvers that
// fall silent, lie, rewrite, or are being forged. Each change is told once,
// also if several engines see it.
#ifndef PTRSWEEP_SCANNER_ENGINE_WARNINGS_H_
#define PTRSWEEP_SCANNER_ENGINE_WARNINGS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "io/net/time.h"
#include "scanner/asking/stats.h"
#include "scanner/upstream/outage_watch.h"
#include "scanner/upstream/server.h"

namespace scanner {

class Warnings {
 public:
  // `warn` gets one line without its end; may be empty.
  explicit Warnings(std::function<void(const std::string&)> warn)
      : warn_(std::move(warn)) {}

  // Looks for changes, at most ten times a second.
  void Look(OutageWatch::State outage, std::span<const Server> servers,
            const Stats& stats, io::TimeNs now);

 private:
  // What has been told of a server.
  struct Told {
    uint64_t alarms = 0;
    bool lying = false;
    bool rewriting = false;
  };

  void LookAtOutage(OutageWatch::State outage);
  void LookAtServer(const Server& server, Told* told);
  void Say(absl::string_view what) const;

  std::function<void(const std::string&)> warn_;
  io::TimeNs next_ = 0;
  OutageWatch::State outage_ = OutageWatch::State::kUp;
  bool out_ = false;  // an outage was told, its end not yet
  bool unverified_ = false;
  std::vector<Told> told_;  // by server
};

// Engines meet the same trouble one after the other: what one has said, no
// other says for a while. An engine itself may repeat it: it happened again.
class WarningFilter {
 public:
  static constexpr io::TimeNs kMemory = 60 * io::kSecond;

  // Whether `engine` should be heard saying `line`. Remembers it if so.
  bool Passes(size_t engine, const std::string& line, io::TimeNs now);

 private:
  struct Said {
    size_t engine = 0;
    io::TimeNs at = 0;
  };

  absl::flat_hash_map<std::string, Said> said_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_WARNINGS_H_
