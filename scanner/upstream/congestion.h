// Congestion: how much one server is asked, by what it loses (WIRE.md section
// 6): additive increase and multiplicative decrease of a rate and of a window
// of open tries. Fed with events and time; no clock, no socket.
//
//   measuring window --congested--> cut: rate and window * 0.7, then settle
//     (1 s, or until        |       (what ends in the next max(1 s, 2 SRTT)
//      50 outcomes, at      |       was sent before the cut: not counted)
//      most 10 s)           +-clear-> whichever of the two held us back grows
//
// Losses a lower rate does not lower are not ours. They become the base that
// loss is compared with: the lower quartile of the last 60 s, without those
// windows that led to a cut, or overload would excuse itself. If two cuts in a
// row cost answers and did not lower the loss, both are undone.
//
// One bad second does not unmake what a server has answered in the last minute:
// the first of several cuts goes no lower than 0.7 of that, and below it rate
// and window grow back fast. Otherwise loss that comes and goes would ratchet
// the pace down.
//
// The window is grown on trial: answers per second are measured, the window is
// doubled (within a round until the first cut, then by 1/16 a round), they are
// measured again, and a doubling that did not bring 10 % more is taken back,
// unless the server empties a window of 256 or less between two turns
// (DrainGauge). More than 256 is not even tried where a try is open for less
// than 1.2 ms and the server does not empty the window so: it would wait in the
// server's buffer, or be lost there. A stopped window is not tried again until
// a cut, until answers per second change by a quarter, or until it is emptied
// so.
//
// Its parts: congestion (loss, cuts, rate), congestion_growth (the window).
#ifndef PTRSWEEP_SCANNER_UPSTREAM_CONGESTION_H_
#define PTRSWEEP_SCANNER_UPSTREAM_CONGESTION_H_

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "io/net/time.h"
#include "scanner/upstream/drain_gauge.h"

namespace scanner {

// Where a server starts and what it may not leave. Rates in packets a second.
struct PaceLimits {
  // 0: no rate until the first cut, then as measured.
  double start_qps = 0;
  double floor_qps = 0;  // never below; applies once there is a rate
  double cap_qps = 0;    // 0: none
  uint32_t window_start = 64;
  uint32_t window_min = 16;
  uint32_t window_max = 16384;
};

class Congestion {
 public:
  explicit Congestion(const PaceLimits& limits);

  // Events. `now` never goes back.
  void OnSent(io::TimeNs now) {
    if (tick_due_ == io::kNever) Begin(now);
    last_sent_ = now;
  }
  // A first-pass try ended: an accepted response other than REFUSED; its
  // deadline passed; REFUSED. SERVFAIL and malformed answers are kOk.
  enum class End : uint8_t { kOk, kLost, kRefused };
  void OnEnd(End end, [[maybe_unused]] io::TimeNs now) {
    if (end == End::kOk) {
      ++ok_;
      ++answers_;
    } else if (end == End::kLost) {
      ++lost_;
    } else {
      ++refused_;
    }
  }
  // A try counted as lost was answered after all.
  void OnLate() { ++late_; }
  // A TC response without records: response rate limiting. A cut, at once if
  // there was a rate to start with, else when the measuring window closes.
  // There is no doubt whose loss it is: never undone, nor kept off by an
  // undoing.
  void OnTruncatedEmpty(io::TimeNs now);
  // Our own kernel dropped datagrams: the window shrinks, nobody is blamed.
  void OnLocalDrop(io::TimeNs now);
  // Turns come by other rules from now on: answers per second do not compare
  // with those before.
  void OnOtherTurns(io::TimeNs now) { RestartGrowth(now); }
  // No window above this from now on: our receive buffer holds no more answers.
  void CapWindow(uint32_t window) {
    limits_.window_max = std::min(limits_.window_max, std::max(window, 1U));
    limits_.window_min = std::min(limits_.window_min, limits_.window_max);
    limits_.window_start = std::min(limits_.window_start, limits_.window_max);
    window_ = std::min(window_, limits_.window_max);
  }
  // Something waits that rate or window keeps from being sent.
  void OnRateHeldBack() { rate_held_back_ = true; }
  void OnWindowHeldBack() { window_held_back_ = window_full_ = true; }
  // A turn has received; `open` tries have no answer yet.
  void OnTurn(uint32_t open, io::TimeNs now) {
    gauge_.OnTurn(window_full_, open, window_, now);
    window_full_ = false;
  }

  // Closes measuring windows that are over and adapts. Cheap when nothing is
  // due: called once a turn, before what the turn sends. `srtt`: 0 without a
  // sample. True if rate or window changed.
  bool Advance(io::TimeNs now, io::TimeNs srtt) {
    if (now >= tick_due_) Tick(now, srtt);
    const bool changed = changed_;
    changed_ = false;
    return changed;
  }

  double rate_qps() const { return rate_qps_; }  // 0: no limit
  double floor_qps() const { return limits_.floor_qps; }
  uint32_t window() const { return window_; }
  uint64_t cuts() const { return cuts_; }
  double loss() const { return loss_; }  // of the last measuring window

 private:
  // What a measuring window found.
  struct Measure {
    double outcomes = 0;
    double loss = 0;
    double chance = 0;  // of the loss: two standard deviations
    double answers_qps = 0;
    double best_qps = 0;    // the same, or that of the window before
    bool silent = false;    // not one response
    bool refusing = false;  // more refused than lost
  };
  struct Sample {
    io::TimeNs at = 0;
    double loss = 0;
  };
  struct BeforeCut {
    double rate_qps = 0;
    uint32_t window = 0;
    Measure measure;
  };
  struct Held {
    bool by_rate = false;
    bool by_window = false;
  };
  // kReference -> kGrowing -> kSettling -> kTrial -> kGrowing | kStopped
  enum class Growth : uint8_t {
    kReference,  // measures answers per second at this window
    kGrowing,    // towards twice the window
    kSettling,   // one round for the new window to show
    kTrial,      // measures again
    kStopped,    // more did not help
  };

  void Begin(io::TimeNs now);
  void Tick(io::TimeNs now, io::TimeNs srtt);

  // Loss: measuring windows and cuts.
  void StepMeasure(io::TimeNs now);
  void CloseMeasure(io::TimeNs now);
  Measure Measured(io::TimeNs now) const;
  void RestartMeasure(io::TimeNs from);
  void Remember(io::TimeNs now, double loss);
  double BaseLoss(io::TimeNs now) const;
  bool IsCongested(const Measure& measure, io::TimeNs now) const;
  bool LossIsNotOurs(const Measure& measure) const;
  void UndoTwoCuts(io::TimeNs now);
  // False if rate and window are as low as they go.
  bool Cut(const Measure& measure, io::TimeNs now);
  double RateAfterCut(const Measure& measure);
  uint32_t WindowAfterCut() const;

  // The rate's growth.
  void StepRate(io::TimeNs now);
  double RateStep() const;
  void NoteProven(double answers_qps, io::TimeNs now);
  // The most it has answered in a second of the last 30 to 60 s.
  double proven_qps() const {
    return std::max(proven_qps_, proven_before_qps_);
  }
  void RecoverIdleRate(io::TimeNs from, io::TimeNs now);
  void SetRate(double rate_qps);

  // The window's growth.
  void StepWindow(io::TimeNs now);
  void StepGrowth(Held held, io::TimeNs now);
  void RestartGrowth(io::TimeNs after);
  void StartTrialMeasure(Growth growth, io::TimeNs now);
  bool TrialMeasured(io::TimeNs now) const;
  double TrialQps(io::TimeNs now) const;
  void KeepReference(io::TimeNs now);
  bool WouldOnlyQueue() const;
  void StopGrowth(io::TimeNs now);
  void Grow();
  uint32_t Wider() const;
  void JudgeTrial(io::TimeNs now);
  void SetWindow(uint32_t window);

  PaceLimits limits_;
  double rate_qps_;
  uint32_t window_;
  uint32_t proven_window_ = 0;  // a doubling to it brought more answers
  uint64_t cuts_ = 0;
  double loss_ = 0;
  io::TimeNs srtt_ = 0;
  io::TimeNs last_sent_ = 0;
  io::TimeNs tick_due_ = io::kNever;

  // Since the last tick, and since the last step of the rate or round.
  bool rate_held_back_ = false;
  bool window_held_back_ = false;
  bool window_full_ = false;  // since the last turn
  bool rate_held_in_step_ = false;
  bool changed_ = false;
  Held held_in_round_;

  // The measuring window; in the future while a cut settles.
  io::TimeNs measured_from_ = 0;
  uint32_t ok_ = 0;
  uint32_t lost_ = 0;
  uint32_t refused_ = 0;
  uint32_t late_ = 0;
  bool settling_ = false;
  bool truncated_ = false;

  // What earlier ones found.
  bool clear_ = true;    // the last one
  bool silent_ = false;  // the last one
  double last_answers_qps_ = 0;
  double proven_qps_ = 0;         // the most since proven_until_ less 30 s
  double proven_before_qps_ = 0;  // and in the 30 s before
  io::TimeNs proven_until_ = 0;
  std::array<Sample, 64> samples_ = {};  // a ring: 60 s of 1 s and more
  size_t next_sample_ = 0;
  size_t sample_count_ = 0;

  std::array<BeforeCut, 2> before_cuts_ = {};  // the older first
  int cuts_in_a_row_ = 0;
  int steps_in_a_row_ = 0;  // of the rate's growth
  io::TimeNs no_cut_until_ = 0;
  io::TimeNs local_drop_until_ = 0;

  io::TimeNs rate_stepped_ = 0;
  // Without a cap the rate grows by a twentieth of this a second.
  double step_base_qps_;

  Growth growth_ = Growth::kReference;
  bool doubling_ = true;  // until the first cut
  uint32_t reference_window_ = 0;
  io::TimeNs round_due_ = 0;
  io::TimeNs grow_after_ = 0;
  uint64_t answers_ = 0;
  uint64_t trial_answers_ = 0;  // value of answers_ when measuring began
  io::TimeNs trial_from_ = 0;
  double reference_qps_ = 0;
  DrainGauge gauge_;  // in this trial, or since the growth stopped
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_CONGESTION_H_
