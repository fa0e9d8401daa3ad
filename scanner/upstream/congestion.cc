#include "scanner/upstream/congestion.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace scanner {
namespace {

using io::kMillisecond;
using io::kSecond;
using io::TimeNs;

constexpr TimeNs kTick = kMillisecond;

constexpr TimeNs kMeasureMin = kSecond;
constexpr TimeNs kMeasureMax = 10 * kSecond;
constexpr uint64_t kOutcomes = 50;
constexpr TimeNs kMemory = 60 * kSecond;

constexpr double kCut = 0.7;
constexpr double kTolerance = 0.05;  // loss above the base
constexpr TimeNs kCutGap = kSecond;
constexpr TimeNs kNoCut = 60 * kSecond;

constexpr double kStepsToCap = 20;
constexpr int kStepsToDouble = 5;  // of a rate without a cap
constexpr double kMaxStep = 0.25;  // of the rate
// Below what a server has answered lately the rate grows by so much of that.
constexpr double kProvenStep = 0.25;
constexpr double kNearProven = 0.9;
constexpr TimeNs kProvenHalf = 30 * kSecond;
constexpr int kFast = 100;  // as many steps: all of kMaxStep
constexpr TimeNs kIdle = 10 * kSecond;
constexpr double kIdleGrowth = 1.1;

constexpr double kClearChange = 0.25;  // of the answers per second

double Seconds(TimeNs time) {
  return static_cast<double>(time) / static_cast<double>(kSecond);
}

}  // namespace

Congestion::Congestion(const PaceLimits& limits)
    : limits_(limits),
      rate_qps_(limits.start_qps),
      window_(limits.window_start),
      step_base_qps_(limits.start_qps) {
  assert(limits.window_min >= 1);
  assert(limits.window_min <= limits.window_start);
  assert(limits.window_start <= limits.window_max);
}

void Congestion::Begin(TimeNs now) {
  tick_due_ = now;
  rate_stepped_ = now;
  RestartMeasure(now);
  RestartGrowth(now);
}

void Congestion::Tick(TimeNs now, TimeNs srtt) {
  tick_due_ = now + kTick;
  srtt_ = srtt;
  rate_held_in_step_ |= rate_held_back_;
  held_in_round_.by_rate |= rate_held_back_;
  held_in_round_.by_window |= window_held_back_;
  rate_held_back_ = false;
  window_held_back_ = false;
  StepMeasure(now);
  if (now >= rate_stepped_ + kSecond) StepRate(now);
  if (now >= round_due_) StepWindow(now);
}

// ---- Loss: measuring windows and cuts.

void Congestion::StepMeasure(TimeNs now) {
  const TimeNs elapsed = now - measured_from_;
  if (settling_) {
    if (elapsed < 0) return;
    settling_ = false;
    RestartMeasure(now);
    return;
  }
  if (elapsed < kMeasureMin) return;
  const uint64_t outcomes = uint64_t{ok_} + lost_ + refused_;
  if (outcomes >= kOutcomes || (outcomes > 0 && elapsed >= kMeasureMax)) {
    CloseMeasure(now);
  } else if (outcomes == 0) {
    RestartMeasure(now);  // idle time is no part of a measurement
  }
}

void Congestion::CloseMeasure(TimeNs now) {
  const Measure measure = Measured(now);
  const bool truncated = truncated_;
  loss_ = measure.loss;
  last_answers_qps_ = measure.answers_qps;
  NoteProven(measure.answers_qps, now);
  // The window in which a silent server speaks again is half silence.
  const bool mixed = silent_ && !measure.silent;
  silent_ = measure.silent;
  if (growth_ == Growth::kStopped && now >= grow_after_ &&
      std::abs(measure.answers_qps - reference_qps_) >
          kClearChange * reference_qps_) {
    RestartGrowth(now);
  }
  RestartMeasure(now);
  if (mixed) return;
  const bool lossy = IsCongested(measure, now);
  clear_ = !lossy && !truncated;
  const bool due = truncated || (lossy && now >= no_cut_until_);
  if (LossIsNotOurs(measure)) {
    UndoTwoCuts(now);
  } else if (due && Cut(measure, now)) {
    cuts_in_a_row_ = truncated ? 0 : cuts_in_a_row_ + 1;
    return;
  }
  cuts_in_a_row_ = 0;
  if (!measure.silent) Remember(now, measure.loss);
}

Congestion::Measure Congestion::Measured(TimeNs now) const {
  // Late answers may be those of losses of the window before.
  const uint64_t late = std::min(late_, lost_);
  const uint64_t answered = ok_ + late;
  const uint64_t failed = lost_ - late + refused_;
  Measure measure;
  measure.outcomes = static_cast<double>(answered + failed);
  measure.loss = static_cast<double>(failed) / measure.outcomes;
  measure.chance =
      2 * std::sqrt(measure.loss * (1 - measure.loss) / measure.outcomes);
  measure.answers_qps =
      static_cast<double>(answered) / Seconds(now - measured_from_);
  measure.best_qps = std::max(measure.answers_qps, last_answers_qps_);
  measure.silent = answered + refused_ == 0;
  measure.refusing = refused_ > lost_;
  return measure;
}

void Congestion::RestartMeasure(TimeNs from) {
  measured_from_ = from;
  ok_ = lost_ = refused_ = late_ = 0;
  truncated_ = false;
}

void Congestion::Remember(TimeNs now, double loss) {
  samples_[next_sample_] = {.at = now, .loss = loss};
  next_sample_ = (next_sample_ + 1) % samples_.size();
  sample_count_ = std::min(sample_count_ + 1, samples_.size());
}

double Congestion::BaseLoss(TimeNs now) const {
  std::array<double, std::tuple_size_v<decltype(samples_)>> losses;
  size_t count = 0;
  for (size_t i = 0; i < sample_count_; ++i) {
    if (samples_[i].at > now - kMemory) losses[count++] = samples_[i].loss;
  }
  if (count == 0) return 0;
  double* const quartile = losses.data() + (count - 1) / 4;
  std::nth_element(losses.data(), quartile, losses.data() + count);
  return *quartile;
}

bool Congestion::IsCongested(const Measure& measure, TimeNs now) const {
  return measure.loss > BaseLoss(now) + kTolerance + measure.chance;
}

// Two cuts leave about half of the answers. Where less than a quarter is left
// the server has changed, and REFUSED is meant for us.
bool Congestion::LossIsNotOurs(const Measure& measure) const {
  if (cuts_in_a_row_ < 2 || measure.refusing) return false;
  const Measure& before = before_cuts_[0].measure;
  return measure.answers_qps < 0.6 * before.answers_qps &&
         measure.answers_qps > 0.25 * before.answers_qps &&
         measure.loss > before.loss * 2 / 3;
}

void Congestion::UndoTwoCuts(TimeNs now) {
  SetRate(before_cuts_[0].rate_qps);
  SetWindow(before_cuts_[0].window);
  no_cut_until_ = now + kNoCut;
  RestartGrowth(now);
}

bool Congestion::Cut(const Measure& measure, TimeNs now) {
  const BeforeCut before = {rate_qps_, window_, measure};
  SetRate(RateAfterCut(measure));
  proven_window_ = cuts_in_a_row_ == 0
                       ? std::max(proven_window_, reference_window_)
                       : std::max(limits_.window_start, proven_window_ / 2);
  SetWindow(WindowAfterCut());
  if (rate_qps_ == before.rate_qps && window_ == before.window) return false;
  before_cuts_[0] = before_cuts_[1];
  before_cuts_[1] = before;
  ++cuts_;
  clear_ = false;
  doubling_ = false;
  settling_ = true;
  RestartMeasure(now + std::max(kCutGap, 2 * srtt_));
  RestartGrowth(measured_from_);
  return true;
}

// A server without a rate of ours gets the one it answered at: in this
// measuring window, or in the last one if this was cut short by silence. So
// also later, if the rate has grown far from what is answered.
double Congestion::RateAfterCut(const Measure& measure) {
  steps_in_a_row_ = 0;
  const bool free = limits_.start_qps <= 0 && measure.answers_qps > 0;
  // One bad moment does not unmake what the server has answered lately; two in
  // a row do.
  const double best = cuts_in_a_row_ == 0
                          ? std::max(measure.best_qps, kCut * proven_qps())
                          : measure.best_qps;
  if (free && (rate_qps_ <= 0 || rate_qps_ > 2 * best)) {
    // Perhaps too low: of a burst a server may answer little.
    steps_in_a_row_ = kFast;
    step_base_qps_ = best;
    return std::max(limits_.floor_qps, best);
  }
  if (rate_qps_ <= 0) return 0;
  if (free) step_base_qps_ = rate_qps_;
  return std::max(limits_.floor_qps, rate_qps_ * kCut);
}

uint32_t Congestion::WindowAfterCut() const {
  return std::max(limits_.window_min, static_cast<uint32_t>(window_ * kCut));
}

void Congestion::OnTruncatedEmpty(TimeNs now) {
  if (settling_) return;
  truncated_ = true;
  if (limits_.start_qps > 0 && Cut({}, now)) cuts_in_a_row_ = 0;
}

void Congestion::OnLocalDrop(TimeNs now) {
  lost_ = 0;
  late_ = 0;
  if (now < local_drop_until_) return;
  local_drop_until_ = now + kSecond;
  doubling_ = false;
  SetWindow(WindowAfterCut());
  RestartGrowth(local_drop_until_);
}

// ---- The rate's growth.

void Congestion::StepRate(TimeNs now) {
  const TimeNs from = rate_stepped_;
  const bool held = rate_held_in_step_;
  rate_stepped_ = now;
  rate_held_in_step_ = false;
  if (rate_qps_ <= 0) return;
  if (now - last_sent_ >= kIdle) {
    RecoverIdleRate(std::max(from, last_sent_ + kIdle), now);
  } else if (held && clear_) {
    const double cap = limits_.cap_qps;
    if (cap > 0 && rate_qps_ >= cap) return;
    const double grown = rate_qps_ + RateStep();
    SetRate(cap > 0 ? std::min(cap, grown) : grown);
    ++steps_in_a_row_;
  }
}

// Without a cap nobody knows how far it is to go, so steps double every now and
// then: a rate measured in a bad moment must not last for the whole scan.
double Congestion::RateStep() const {
  if (limits_.cap_qps > 0) return limits_.cap_qps / kStepsToCap;
  if (rate_qps_ < kNearProven * proven_qps()) return kProvenStep * proven_qps();
  const double step = step_base_qps_ / kStepsToCap;
  const double doubled = std::ldexp(step, steps_in_a_row_ / kStepsToDouble);
  return std::max(step, std::min(doubled, rate_qps_ * kMaxStep));
}

void Congestion::NoteProven(double answers_qps, TimeNs now) {
  if (now >= proven_until_) {
    proven_before_qps_ = now < proven_until_ + kProvenHalf ? proven_qps_ : 0;
    proven_qps_ = 0;
    proven_until_ = now + kProvenHalf;
  }
  proven_qps_ = std::max(proven_qps_, answers_qps);
}

// Up to its start; without one, up to the rate it was measured at.
void Congestion::RecoverIdleRate(TimeNs from, TimeNs now) {
  const double start = std::max(limits_.start_qps, step_base_qps_);
  if (rate_qps_ >= start) return;
  const double factor = std::pow(kIdleGrowth, Seconds(now - from));
  SetRate(std::min(start, rate_qps_ * factor));
}

void Congestion::SetRate(double rate_qps) {
  changed_ |= rate_qps != rate_qps_;
  rate_qps_ = rate_qps;
}

}  // namespace scanner
