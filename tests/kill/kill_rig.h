// A scan of 4,096 addresses through a network that loses 5 % of the datagrams
// each way, killed at random moments and resumed; and who was asked how often.
#ifndef PTRSWEEP_TESTS_KILL_KILL_RIG_H_
#define PTRSWEEP_TESTS_KILL_KILL_RIG_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <random>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tests/kill/comparable_rows.h"
#include "tests/support/program.h"
#include "tests/support/relay.h"
#include "tests/support/truth.h"
#include "tests/support/truth_server.h"

namespace testing_support {

inline constexpr size_t kKillAddresses = 4096;

// Addresses whose PTR was asked, as the server sees it: through the network,
// over UDP and TCP.
class AskedAddresses {
 public:
  void Note(std::span<const uint8_t> query);
  // Since the last call.
  std::set<std::string> Take();

 private:
  std::mutex mutex_;
  std::set<std::string> asked_;
};

class KillRig {
 public:
  // `format`: as --format has it. One seed, one truth: its rows are the same
  // in every scan.
  KillRig(std::string format, uint64_t seed);

  // Rows of a scan of the same addresses that no network disturbs.
  ComparableRows UndisturbedRows();
  // One run of the scan into `folder`/out; `kill_when` is called with how many
  // queries the server has answered since this run began, until it is true:
  // then the program is killed. Null: it is left alone.
  ProgramResult Run(const std::string& folder,
                    const std::vector<std::string>& more,
                    const std::function<bool(uint64_t answered)>& kill_when);
  // Addresses asked by the last run.
  std::set<std::string> TakeAsked() { return asked_.Take(); }
  // Rows of `folder`/out, which is all that the folder may hold.
  ComparableRows ReadRows(const std::string& folder) const;

 private:
  // Without what is about being killed.
  std::vector<std::string> Command(const std::string& folder,
                                   const SocketAddress& resolver) const;

  const std::string format_;
  AskedAddresses asked_;
  std::unique_ptr<TruthServer> server_;
  std::unique_ptr<Relay> relay_;
};

inline constexpr int kExitKilled = 128 + 9;

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_KILL_KILL_RIG_H_
