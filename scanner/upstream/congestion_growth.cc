// The second part of Congestion: the window's growth.
#include <algorithm>

#include "scanner/upstream/congestion.h"

namespace scanner {
namespace {

using io::kMicrosecond;
using io::kMillisecond;
using io::kSecond;
using io::TimeNs;

constexpr TimeNs kRoundMin = 10 * kMillisecond;
// A doubling is spread over its round: in one burst it would overrun the
// server's buffer, and what is lost together expires together, to be sent, and
// lost, in one burst again.
constexpr uint32_t kParts = 8;

// A trial of the window: 4 windows of answers, and enough of them or long
// enough that a tenth more is no chance.
constexpr uint64_t kTrialWindows = 4;
constexpr uint64_t kTrialAnswers = 1000;
constexpr TimeNs kTrialTime = 500 * kMillisecond;
constexpr TimeNs kTrialMax = 5 * kSecond;
constexpr double kWorthGrowing = 1.1;
// Datagrams that the receive buffer of any server holds (212,992 octets are the
// default, a datagram is charged 832). A wider window must bring answers.
constexpr uint32_t kHarmless = 256;
constexpr TimeNs kShortTrip = 1200 * kMicrosecond;
// What a trial lost fills the window until it expires; fewer answers in that
// time are no change of the server's.
constexpr TimeNs kAftermath = 10 * kSecond;

double Seconds(TimeNs time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

}  // namespace

void Congestion::StepWindow(TimeNs now) {
  const Held held = held_in_round_;
  held_in_round_ = {};
  if (now >= grow_after_) StepGrowth(held, now);
  const TimeNs round = std::max(srtt_, kRoundMin);
  const bool in_parts = doubling_ && growth_ == Growth::kGrowing;
  round_due_ = now + (in_parts ? round / kParts : round);
}

void Congestion::StepGrowth(Held held, TimeNs now) {
  const uint32_t known = std::min(
      limits_.window_max, std::max(limits_.window_start, proven_window_));
  if (window_ < known) {
    // Cuts took it: where it started, or has been of use, needs no trial.
    if (held.by_window && clear_) SetWindow(std::min(known, Wider()));
    RestartGrowth(now);
    return;
  }
  const bool measuring = growth_ == Growth::kReference;
  if (growth_ != Growth::kStopped &&
      (held.by_rate || (measuring && !held.by_window))) {
    // The answers of this round say nothing about the window. A window on
    // trial stays: it was needed to reach the rate.
    StartTrialMeasure(Growth::kReference, now);
    return;
  }
  switch (growth_) {
    case Growth::kReference:
      if (TrialMeasured(now)) KeepReference(now);
      break;
    case Growth::kGrowing:
      if (held.by_window && clear_) Grow();
      break;
    case Growth::kSettling:
      StartTrialMeasure(Growth::kTrial, now);
      break;
    case Growth::kTrial:
      if (TrialMeasured(now)) JudgeTrial(now);
      break;
    case Growth::kStopped:
      if (gauge_.is_drained() && 2 * window_ <= kHarmless) RestartGrowth(now);
      break;
  }
}

// Nothing is measured before `after`.
void Congestion::RestartGrowth(TimeNs after) {
  grow_after_ = after;
  StartTrialMeasure(Growth::kReference, after);
}

void Congestion::StartTrialMeasure(Growth growth, TimeNs now) {
  growth_ = growth;
  trial_from_ = now;
  trial_answers_ = answers_;
  gauge_.Restart();
}

bool Congestion::TrialMeasured(TimeNs now) const {
  const uint64_t answers = answers_ - trial_answers_;
  const TimeNs elapsed = now - trial_from_;
  if (elapsed >= kTrialMax) return true;
  return answers >= kTrialWindows * window_ &&
         (answers >= kTrialAnswers || elapsed >= kTrialTime);
}

double Congestion::TrialQps(TimeNs now) const {
  const auto answers = static_cast<double>(answers_ - trial_answers_);
  return answers / Seconds(std::max<TimeNs>(now - trial_from_, 1));
}

void Congestion::KeepReference(TimeNs now) {
  reference_window_ = window_;
  reference_qps_ = TrialQps(now);
  if (WouldOnlyQueue()) return StopGrowth(now);
  growth_ = Growth::kGrowing;
  if (clear_) Grow();
}

// What stays open for longer, lost tries included, may be on its way.
bool Congestion::WouldOnlyQueue() const {
  const double open_s = window_ / std::max(reference_qps_, 1.0);
  return 2 * window_ > kHarmless && open_s < Seconds(kShortTrip) &&
         !gauge_.is_drained();
}

void Congestion::StopGrowth(TimeNs now) {
  growth_ = Growth::kStopped;
  grow_after_ = now + kAftermath;
  gauge_.Restart();
}

void Congestion::Grow() {
  const uint32_t target = std::min(limits_.window_max, 2 * reference_window_);
  SetWindow(std::min(target, Wider()));
  if (window_ < target) return;
  growth_ = window_ > reference_window_ ? Growth::kSettling : Growth::kStopped;
}

uint32_t Congestion::Wider() const {
  const uint32_t step = doubling_ ? reference_window_ / kParts : window_ / 16;
  return window_ + std::max(1U, step);
}

void Congestion::JudgeTrial(TimeNs now) {
  const double qps = TrialQps(now);
  if (qps > 0 && (qps >= kWorthGrowing * reference_qps_ ||
                  (gauge_.is_drained() && window_ <= kHarmless))) {
    KeepReference(now);
    return;
  }
  SetWindow(reference_window_);
  StopGrowth(now);
}

void Congestion::SetWindow(uint32_t window) {
  changed_ |= window != window_;
  window_ = window;
}

}  // namespace scanner
