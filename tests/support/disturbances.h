// Disturbances: times at which a server is silent, refuses or lies, and a limit
// to its queries; over a front that would answer them (scripted_server.h).
// Seconds count from the first query.
#ifndef PTRSWEEP_TESTS_SUPPORT_DISTURBANCES_H_
#define PTRSWEEP_TESTS_SUPPORT_DISTURBANCES_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "tests/support/scripted_server.h"

namespace testing_support {

enum class Lie : uint8_t {
  kNxdomain,  // nothing exists
  kNodata,    // nothing has records
  kRewrite,   // everything is a name or address of the liar's
  kStranger,  // a PTR is that of another address
};
enum class LimitBy : uint8_t { kDrop, kTruncation, kRefused };

struct Disturbances {
  using Seconds = std::chrono::duration<double>;

  struct Period {
    Seconds from{0};
    Seconds length{0};  // 0: never
  };

  Period lying;
  Lie lie = Lie::kNxdomain;
  Period silent;
  Period refusing;
  // Datagrams a second; what is above is treated as `by` says. 0: no limit.
  double limit_qps = 0;
  LimitBy limit_by = LimitBy::kDrop;

  bool any() const {
    return lying.length.count() > 0 || silent.length.count() > 0 ||
           refusing.length.count() > 0 || limit_qps > 0;
  }
};

// Not thread-safe.
class Disturber {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  explicit Disturber(const Disturbances& disturbances)
      : disturbances_(disturbances) {}

  // As a Front: true if the query met a disturbance.
  bool Deal(std::span<const uint8_t> query, Transport transport, TimePoint now,
            Octets* reply);

 private:
  bool TakeToken(Disturbances::Seconds now);

  const Disturbances disturbances_;
  std::optional<TimePoint> first_;
  double tokens_ = 0;
  Disturbances::Seconds filled_{0};
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_DISTURBANCES_H_
