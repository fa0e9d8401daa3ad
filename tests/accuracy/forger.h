// Forger: a server of Truth's world behind which somebody sits who sees all
// its queries and forges replies to them, from the server's own address and
// port, as fast as told. Each forgery has one thing wrong that makes it one:
// the id, the question, the port it comes from or the port it goes to. What
// they say is never true: a PTR record of forged.example, or an address of the
// forger's.
//
// The true answer comes a little later, so that the forgeries meet a question
// that is open.
#ifndef PTRSWEEP_TESTS_ACCURACY_FORGER_H_
#define PTRSWEEP_TESTS_ACCURACY_FORGER_H_

#include <chrono>
#include <cstdint>
#include <memory>

#include "tests/support/sockets.h"
#include "tests/support/truth.h"

namespace testing_support {

// What no honest row contains.
inline constexpr char kForgedName[] = "forged";
inline constexpr char kForgedAddress[] = "203.0.113.66";

struct ForgerOptions {
  double per_second = 50000;
  std::chrono::milliseconds answer_after{40};  // UDP
  bool tcp = true;                             // else refused
  uint64_t seed = 1;
};

struct ForgerCounts {
  uint64_t wrong_id = 0;
  uint64_t wrong_question = 0;
  uint64_t wrong_source = 0;  // the port it comes from
  uint64_t wrong_port = 0;    // the port it goes to
  // Sent while its question was open at the client over UDP, as far as the
  // forger knows.
  uint64_t to_open = 0;
  uint64_t unsent = 0;  // of the above: the kernel did not take it
  // A client happened to ask a question under an id that had just been forged
  // for it: those forgeries may have been right.
  uint64_t lucky = 0;
  uint64_t queries = 0;
  uint64_t mixed_case = 0;  // of them, with capital letters
  double seconds = 0;       // from the first query on

  uint64_t sent() const {
    return wrong_id + wrong_question + wrong_source + wrong_port - unsent;
  }
};

class Forger {
 public:
  static std::unique_ptr<Forger> Start(const Truth& truth,
                                       const ForgerOptions& options);
  ~Forger();
  Forger(const Forger&) = delete;
  Forger& operator=(const Forger&) = delete;

  const SocketAddress& address() const;
  // No forgery from now on. Once.
  ForgerCounts Stop();

 private:
  class Impl;
  explicit Forger(std::unique_ptr<Impl> impl);

  std::unique_ptr<Impl> impl_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_ACCURACY_FORGER_H_
