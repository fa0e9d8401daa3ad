// What a run learns about the habits of one server: whether it takes OPT,
// whether it copies letter case (WIRE.md sections 2 and 4), and whether it
// limits its answers over UDP (ITERATION.md 3.7).
#ifndef PTRSWEEP_SCANNER_UPSTREAM_HABITS_H_
#define PTRSWEEP_SCANNER_UPSTREAM_HABITS_H_

#include <cstdint>

#include "io/net/time.h"

namespace scanner {

// EDNS with one server (RFC 6891 section 6.2.2 and 7).
class EdnsHabit {
 public:
  // A question that failed with OPT was answered without.
  void OnPlainWorked() {
    if (++plain_worked_ == kEnough) no_edns_ = true;
  }
  void OnOptSeen() { opt_seen_ = true; }

  // No query to it carries OPT any more.
  bool no_edns() const { return no_edns_; }
  // It has answered with OPT: silence is not OPT's fault.
  bool opt_seen() const { return opt_seen_; }

 private:
  static constexpr uint8_t kEnough = 2;

  uint8_t plain_worked_ = 0;
  bool no_edns_ = false;
  bool opt_seen_ = false;
};

// Random letter case with one server.
class CaseHabit {
 public:
  CaseHabit() = default;
  explicit CaseHabit(bool enabled) : enabled_(enabled) {}

  // A response that passed all checks before the one of its case.
  void OnResponse(bool case_kept) {
    if (responses_ == kFirst) return;
    ++responses_;
    if (!case_kept && ++changed_ == kEnough) no_0x20_ = true;
  }
  bool randomize() const { return enabled_ && !no_0x20_; }
  bool no_0x20() const { return no_0x20_; }

 private:
  // So many of the first responses with another case: it does not keep it.
  static constexpr uint8_t kEnough = 3;
  static constexpr uint8_t kFirst = 16;

  bool enabled_ = false;
  bool no_0x20_ = false;
  uint8_t responses_ = 0;
  uint8_t changed_ = 0;
};

// Response rate limiting with one server: some questions get an empty answer
// with TC instead, for a forger would not come back by TCP.
class LimitingHabit {
 public:
  // TC without records, over UDP.
  void OnEmptyTruncation(io::TimeNs now) {
    const bool third = now - last_but_one_ <= kTogether;
    last_but_one_ = last_;
    last_ = now;
    if (third && !no_tcp_) until_ = now + kRemembered;
  }
  void OnTcpRefused() {
    no_tcp_ = true;
    until_ = kNeverBefore;
  }
  // Its questions go by TCP, which is not limited.
  bool IsOn(io::TimeNs now) const { return now < until_; }

 private:
  static constexpr io::TimeNs kTogether = io::kSecond;
  static constexpr io::TimeNs kRemembered = 60 * io::kSecond;
  static constexpr io::TimeNs kNeverBefore = -2 * io::kSecond;

  io::TimeNs last_ = kNeverBefore;
  io::TimeNs last_but_one_ = kNeverBefore;
  io::TimeNs until_ = kNeverBefore;
  bool no_tcp_ = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_HABITS_H_
