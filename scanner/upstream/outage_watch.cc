#include "scanner/upstream/outage_watch.h"

#include <algorithm>

namespace scanner {
namespace {

using io::kNever;
using io::kSecond;
using io::TimeNs;

constexpr TimeNs kSilence = 5 * kSecond;
constexpr TimeNs kProbeGap = kSecond;
constexpr int kProbesLost = 3;
constexpr uint64_t kUnheardTries = 10000;

}  // namespace

void OutageWatch::OnSent(TimeNs now) {
  ++tries_;
  if (silent_since_ == kNever) {
    silent_since_ = now;
    // Without any answer so far nothing needs to expire.
    if (!ever_answered_ && state_ == State::kUp) due_ = now + kSilence;
  }
  if (state_ == State::kUnheard && tries_ >= kUnheardTries) {
    state_ = State::kGivenUp;
  }
}

void OutageWatch::OnAccepted(TimeNs /*now*/) {
  if (state_ == State::kGivenUp) return;
  ever_answered_ = true;
  state_ = State::kUp;
  silent_since_ = kNever;
  due_ = kNever;
  probe_at_ = kNever;
}

void OutageWatch::OnExpired(TimeNs /*now*/) {
  if (state_ != State::kUp || silent_since_ == kNever) return;
  due_ = silent_since_ + kSilence;
}

void OutageWatch::OnProbeLost(TimeNs now) {
  if (state_ != State::kProbing || ++probes_lost_ < kProbesLost) return;
  state_ = State::kOut;
  ++outages_;
  due_ = max_outage_ < kNever - now ? now + max_outage_ : kNever;
}

bool OutageWatch::TakeProbe(TimeNs now) {
  if (now < probe_at_) return false;
  probe_at_ = now + kProbeGap;
  return true;
}

// What is due: the end of kUp by silence, or of kOut by time.
void OutageWatch::Pass(TimeNs now) {
  due_ = kNever;
  if (state_ == State::kOut) {
    state_ = State::kGivenUp;
    probe_at_ = kNever;
  } else if (ever_answered_) {
    state_ = State::kProbing;
    probe_at_ = now;
    probes_lost_ = 0;
  } else {
    state_ = tries_ >= kUnheardTries ? State::kGivenUp : State::kUnheard;
  }
}

TimeNs OutageWatch::NextTime() const { return std::min(due_, probe_at_); }

}  // namespace scanner
