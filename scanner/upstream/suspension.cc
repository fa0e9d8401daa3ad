#include "scanner/upstream/suspension.h"

#include <algorithm>

namespace scanner {
namespace {

using io::kSecond;
using io::TimeNs;

constexpr TimeNs kSilence = 5 * kSecond;
constexpr uint32_t kSilentTries = 10;
constexpr uint32_t kRefusedInARow = 20;
constexpr TimeNs kPause = 30 * kSecond;
constexpr TimeNs kProbeGap = kSecond;
constexpr TimeNs kSlowProbeGap = 60 * kSecond;
constexpr uint64_t kSlowFrom = 3;  // suspensions

}  // namespace

void Suspension::OnSent(TimeNs now) {
  if (active_) {
    silent_since_ = std::min(silent_since_, now);
  } else if (now >= paused_until_) {
    ready_at_ = now + (count_ >= kSlowFrom ? kSlowProbeGap : kProbeGap);
  }
}

void Suspension::OnAccepted(TimeNs now) {
  EndSilence();
  refused_ = 0;
  if (!active_ && now >= paused_until_) Activate();
}

void Suspension::OnRefused(TimeNs now) {
  if (!active_) return;
  EndSilence();
  if (++refused_ >= kRefusedInARow) Suspend(now);
}

void Suspension::OnExpired(TimeNs now, TimeNs rto) {
  if (!active_ || silent_since_ == io::kNever) return;
  if (++expired_ < kSilentTries) return;
  if (now - silent_since_ >= std::max(kSilence, 4 * rto)) Suspend(now);
}

void Suspension::Activate() {
  active_ = true;
  ready_at_ = 0;
}

void Suspension::Suspend(TimeNs now) {
  active_ = false;
  ++count_;
  paused_until_ = now + kPause;
  ready_at_ = paused_until_;
  EndSilence();
  refused_ = 0;
}

void Suspension::EndSilence() {
  silent_since_ = io::kNever;
  expired_ = 0;
}

}  // namespace scanner
