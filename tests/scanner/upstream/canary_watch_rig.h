// A CanaryWatch with a clock, for its tests.
#ifndef PTRSWEEP_TESTS_SCANNER_UPSTREAM_CANARY_WATCH_RIG_H_
#define PTRSWEEP_TESTS_SCANNER_UPSTREAM_CANARY_WATCH_RIG_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "scanner/upstream/canary_watch.h"

namespace scanner {

inline constexpr io::TimeNs kStart = 1000 * io::kSecond;

inline absl::string_view NameOf(CanaryRuling::Kind kind) {
  switch (kind) {
    case CanaryRuling::Kind::kVerified:
      return "verified";
    case CanaryRuling::Kind::kUnverified:
      return "unverified";
    case CanaryRuling::Kind::kAskAgain:
      return "ask again";
    case CanaryRuling::Kind::kContradicted:
      return "contradicted";
    case CanaryRuling::Kind::kLied:
      return "lied";
  }
  return "?";
}

inline dnswire::IpAddress Address(uint32_t i) {
  return dnswire::IpAddress::V4(0xc6336400u + i);
}
inline dnswire::Name HostName(uint32_t i) {
  return *dnswire::Name::Parse(absl::StrCat("h", i, ".test"));
}

// A watch and a clock. Probes are answered at once unless a test says else.
class Watched {
 public:
  // `learnt` PTR answers are known: 198.51.100.1 is h1.test and so on.
  explicit Watched(uint32_t learnt, CanaryNames* names = nullptr)
      : names_(names != nullptr ? names : &own_names_), watch_(names_, 7) {
    for (uint32_t i = 1; i <= learnt; ++i) {
      names_->Learn(Address(i), HostName(i));
    }
  }

  void Configure(uint32_t i) {
    ASSERT_TRUE(names_->Configure(Address(i), HostName(i)));
  }
  void Learn(uint32_t i) { names_->Learn(Address(i), HostName(i)); }
  // Answers the two that must not exist, so that tests need not.
  void PassStart() {
    for (int i = 0; i < 2; ++i) {
      ASSERT_TRUE(watch_.TakeProbe(now_));
      watch_.OnResult(CanaryResult::kGood, now_);
    }
  }

  void Sleep(io::TimeNs time) { now_ += time; }
  void Hold(int count = 1) {
    for (int i = 0; i < count; ++i) watch_.Hold(now_);
  }
  // What is probed now: "PTR 198.51.100.1", "SOA h1.test", "" for nothing. The
  // probe stays open.
  std::string Take() {
    const auto probe = watch_.TakeProbe(now_);
    if (!probe) return "";
    switch (probe->kind) {
      case CanaryKind::kPtr:
        return absl::StrCat("PTR ", probe->address.ToString());
      case CanaryKind::kSoa:
        return absl::StrCat("SOA ", probe->name.ToText());
      default:
        return absl::StrCat("not ", probe->name.ToText());
    }
  }
  void Answer(CanaryResult result) { watch_.OnResult(result, now_); }
  // Goes on to the next probe, takes it and answers it at once.
  std::string Probe(CanaryResult result) {
    Collect();
    now_ = std::max(now_, watch_.NextTime());
    std::string taken = Take();
    EXPECT_NE(taken, "") << "nothing to probe";
    if (!taken.empty()) Answer(result);
    Collect();
    return taken;
  }
  // Those since the last call: "verified 5": those below 5.
  std::vector<std::string> Rulings() {
    Collect();
    return std::exchange(rulings_, {});
  }
  bool lying() const { return watch_.lying(now_); }
  io::TimeNs UntilNext() const {
    const io::TimeNs next = watch_.NextTime();
    return next == io::kNever ? io::kNever
                              : std::max<io::TimeNs>(next - now_, 0);
  }

  CanaryWatch& operator*() { return watch_; }
  CanaryWatch* operator->() { return &watch_; }
  io::TimeNs now() const { return now_; }

 private:
  void Collect() {
    while (const auto ruling = watch_.TakeRuling(now_)) {
      rulings_.push_back(
          absl::StrCat(NameOf(ruling->kind), " ", ruling->below));
    }
  }

  CanaryNames own_names_;
  CanaryNames* names_;
  CanaryWatch watch_;
  io::TimeNs now_ = kStart;
  std::vector<std::string> rulings_;
};

// Hurries, and answers three probes with a denial: the server lies.
inline void FindLying(Watched* w) {
  w->Hold();
  w->operator->()->Hurry(w->now());
  for (int i = 0; i < 3; ++i) w->Probe(CanaryResult::kDenied);
  ASSERT_TRUE(w->lying());
}

inline std::vector<std::string> FiveGoodProbes(Watched* w) {
  std::vector<std::string> probes;
  for (int i = 0; i < 5; ++i) {
    w->Hold();
    probes.push_back(w->Probe(CanaryResult::kGood));
  }
  return probes;
}

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_UPSTREAM_CANARY_WATCH_RIG_H_
