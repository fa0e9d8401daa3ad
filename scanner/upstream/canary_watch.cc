#include "scanner/upstream/canary_watch.h"

#include <algorithm>
#include <cassert>

#include "absl/strings/str_cat.h"
#include "scanner/targets/mix.h"

namespace scanner {
namespace {

using io::kSecond;
using io::TimeNs;
using Kind = CanaryRuling::Kind;
using Tier = CanaryNames::Tier;

constexpr TimeNs kAtOnce = 0;
constexpr TimeNs kProbeInterval = 2 * kSecond;
constexpr size_t kProbeNegatives = 5000;
constexpr TimeNs kRetryInterval = kSecond;
constexpr size_t kLieDenials = 3;
constexpr TimeNs kLieWindow = 3 * kSecond;
constexpr TimeNs kLieDuration = 60 * kSecond;
constexpr TimeNs kMaxTrouble = 10 * kSecond;
constexpr uint32_t kSkipFailures = 3;
constexpr uint64_t kMustNots = 2;

bool IsLearnt(size_t slot) {
  return CanaryNames::TierOf(slot) != Tier::kConfigured;
}

}  // namespace

CanaryWatch::CanaryWatch(CanaryNames* names, uint64_t salt)
    : names_(names), salt_(salt) {}

uint64_t CanaryWatch::Hold(TimeNs now) {
  if (interval_began_ == io::kNever) interval_began_ = now;
  const uint64_t number = next_++;
  if (lying(now)) Rule(Kind::kLied, next_);
  return number;
}

void CanaryWatch::OnSent(TimeNs now) {
  if (open_) return;
  if (interval_began_ == io::kNever) interval_began_ = now;
  active_ = true;
}

void CanaryWatch::Hurry(TimeNs /*now*/) { hurry_below_ = next_; }

std::optional<CanaryProbe> CanaryWatch::TakeProbe(TimeNs now) {
  Advance(now);
  if (ProbeDue() > now) return std::nullopt;
  ++sent_;
  if (must_nots_sent_ < kMustNots) return OpenMustNot(now);
  return OpenMustExist(*Choose(), now);  // Advance() saw that there is one
}

void CanaryWatch::OnResult(CanaryResult result, TimeNs now) {
  assert(open_);
  const Probe probe = *open_;
  open_.reset();
  if (result != CanaryResult::kGood) ++failed_;
  if (!MustExist(probe.kind)) {
    if (result == CanaryResult::kDenied) rewriting_ = true;
    return;
  }
  switch (result) {
    case CanaryResult::kGood:
      return OnGood(probe);
    case CanaryResult::kDenied:
      return OnDenied(probe, now);
    case CanaryResult::kUnusable:
      return OnUnusable(probe, now);
  }
}

std::optional<CanaryRuling> CanaryWatch::TakeRuling(TimeNs now) {
  Advance(now);
  if (rulings_.empty()) return std::nullopt;
  const CanaryRuling ruling = rulings_.front();
  rulings_.erase(rulings_.begin());
  return ruling;
}

TimeNs CanaryWatch::NextTime() const {
  if (!rulings_.empty()) return kAtOnce;
  TimeNs next = ProbeDue();
  if (in_trouble() && held() > 0) next = std::min(next, mark_at_ + kMaxTrouble);
  return next;
}

void CanaryWatch::Advance(TimeNs now) {
  if (phase_ == Phase::kLying && now >= lying_until_) {
    phase_ = Phase::kOnParole;  // retry_at_ is long past
  }
  if (in_trouble() && held() > 0 && now - mark_at_ >= kMaxTrouble) {
    Rule(Doubt(), mark_below_);
    mark_at_ = now;
    mark_below_ = next_;
  }
  if (must_nots_sent_ == kMustNots && ProbeDue() <= now && !Choose()) {
    OnNoCandidate(now);
  }
}

TimeNs CanaryWatch::ProbeDue() const {
  if (open_) return io::kNever;
  if (must_nots_sent_ < kMustNots) return kAtOnce;
  if (!asked_ && names_->has_configured()) return kAtOnce;
  if (phase_ == Phase::kLying) return lying_until_;
  if (phase_ != Phase::kTrusting) return retry_at_;
  if (held() == 0 && !active_) return io::kNever;
  if (in_trouble()) return retry_at_;
  if (hurry_below_ > ruled_ || held() >= kProbeNegatives) {
    return kAtOnce;
  }
  return interval_began_ + kProbeInterval;
}

CanaryProbe CanaryWatch::OpenMustNot(TimeNs now) {
  const bool ptr = must_nots_sent_++ == 0;
  const CanaryKind kind = ptr ? CanaryKind::kMustNotPtr : CanaryKind::kMustNotA;
  open_ = {.kind = kind, .sent_at = now, .covers = 0};
  const auto name = dnswire::Name::Parse(
      absl::StrCat(absl::Hex(Mix(salt_, must_nots_sent_), absl::kZeroPad16),
                   ptr ? ".in-addr.arpa" : ".invalid"));
  return {.kind = kind, .name = *name};
}

CanaryProbe CanaryWatch::OpenMustExist(size_t slot, TimeNs now) {
  const CanaryNames::Candidate& candidate = names_->at(slot);
  const Tier tier = CanaryNames::TierOf(slot);
  const CanaryKind kind =
      tier == Tier::kApex ? CanaryKind::kSoa : CanaryKind::kPtr;
  asked_ = true;
  turn_[static_cast<size_t>(tier)] = (slot + 1) % CanaryNames::kPerTier;
  RestartInterval(now);
  open_ = {.kind = kind,
           .slot = slot,
           .id = candidate.id,
           .sent_at = now,
           .covers = next_};
  return {.kind = kind,
          .address = candidate.ptr.address,
          .name = candidate.ptr.name};
}

void CanaryWatch::RestartInterval(TimeNs now) {
  interval_began_ = now;
  active_ = false;
}

std::optional<size_t> CanaryWatch::Choose() const {
  std::optional<size_t> best;
  for (size_t slot = 0; slot < CanaryNames::kSlots; ++slot) {
    if (!IsAvailable(slot)) continue;
    if (!best || RankOf(slot) < RankOf(*best)) best = slot;
  }
  return best;
}

bool CanaryWatch::IsAvailable(size_t slot) const {
  return names_->at(slot).id >= forgotten_below_;  // empty slots have id 0
}

CanaryWatch::Record CanaryWatch::RecordOf(size_t slot) const {
  const Record& record = records_[slot];
  return record.id == names_->at(slot).id ? record : Record();
}

CanaryWatch::Record& CanaryWatch::RecordOf(const Probe& probe) {
  Record& record = records_[probe.slot];
  if (record.id != probe.id) record = {.id = probe.id};
  return record;
}

CanaryWatch::Rank CanaryWatch::RankOf(size_t slot) const {
  const Record record = RecordOf(slot);
  const Tier tier = CanaryNames::TierOf(slot);
  const size_t turn = turn_[static_cast<size_t>(tier)];
  return {
      .skipped = record.failures >= kSkipFailures,
      .denial = record.denial,
      .failures = in_trouble() ? record.failures : 0,
      .tier = tier,
      .turn = (slot + CanaryNames::kPerTier - turn) % CanaryNames::kPerTier};
}

void CanaryWatch::OnGood(const Probe& probe) {
  RecordOf(probe).failures = 0;
  if (!denials_.empty() && denials_.back().id != probe.id) {
    Distrust(denials_.back());
  }
  if (broken_) {
    ++epoch_;
    Rule(Kind::kContradicted, next_);
  } else {
    Rule(Kind::kVerified, probe.covers);
  }
  broken_ = false;
  distrusted_ = false;
  Settle();
}

void CanaryWatch::OnDenied(const Probe& probe, TimeNs now) {
  if (!broken_) ++epoch_;
  broken_ = true;
  NoteDenial(probe, now);
  const bool shown = denials_.size() == kLieDenials &&
                     probe.sent_at - denials_.front().at <= kLieWindow;
  if (shown || phase_ == Phase::kOnParole) return StartLie(now);
  if (phase_ == Phase::kTrusting) {
    phase_ = Phase::kDoubting;
    BeginTrouble(now);
    // Three names are wanted now, and the server may have been unable to
    // answer for any of them before.
    for (Record& record : records_) record.failures = 0;
  }
  RetryOrForget(probe, now);
}

void CanaryWatch::OnUnusable(const Probe& probe, TimeNs now) {
  ++RecordOf(probe).failures;
  if (!in_trouble()) BeginTrouble(now);
  RetryOrForget(probe, now);
}

void CanaryWatch::OnNoCandidate(TimeNs now) {
  const bool trusted = phase_ == Phase::kTrusting && !distrusted_;
  Rule(trusted ? Kind::kUnverified : Doubt(), next_);
  Settle();
  RestartInterval(now);
}

void CanaryWatch::NoteDenial(const Probe& probe, TimeNs now) {
  RecordOf(probe).denial = ++denials_noted_;
  if (IsLearnt(probe.slot)) {
    std::erase_if(denials_, [&](const Denial& d) { return d.id == probe.id; });
  }
  if (denials_.size() == kLieDenials) denials_.erase(denials_.begin());
  denials_.push_back({.slot = probe.slot, .id = probe.id, .at = now});
}

void CanaryWatch::Distrust(const Denial& denial) {
  if (IsLearnt(denial.slot)) {
    names_->Drop(denial.id);
  } else {
    // The user's word is not thrown away, but others are asked first: else
    // each of its turns would break an interval.
    records_[denial.slot].failures = kSkipFailures;
  }
}

void CanaryWatch::BeginTrouble(TimeNs now) {
  if (!in_trouble()) {
    mark_at_ = now;
    mark_below_ = next_;
  }
  trouble_since_ = now;
}

void CanaryWatch::RetryOrForget(const Probe& probe, TimeNs now) {
  retry_at_ = std::max(now, probe.sent_at + kRetryInterval);
  if (now - trouble_since_ < kMaxTrouble || !HaveAllFailed()) return;
  forgotten_below_ = names_->next_id();
  // Too few names to call it a liar, but it denied what there were.
  distrusted_ |= broken_;
  Rule(Doubt(), next_);
  Settle();
}

bool CanaryWatch::HaveAllFailed() const {
  for (size_t slot = 0; slot < CanaryNames::kSlots; ++slot) {
    const Record record = RecordOf(slot);
    const bool failed = record.failures > 0 || record.denial > 0;
    if (IsAvailable(slot) && !failed) return false;
  }
  return true;
}

void CanaryWatch::StartLie(TimeNs now) {
  ++lies_;
  ++epoch_;
  Rule(Kind::kLied, next_);
  Settle();
  phase_ = Phase::kLying;
  lying_until_ = now + kLieDuration;
}

void CanaryWatch::Settle() {
  phase_ = Phase::kTrusting;
  trouble_since_ = io::kNever;
  denials_.clear();
  for (Record& record : records_) record.denial = 0;
}

void CanaryWatch::Rule(Kind kind, uint64_t below) {
  if (below <= ruled_) return;
  ruled_ = below;
  if (!rulings_.empty() && rulings_.back().kind == kind) {
    rulings_.back().below = below;
  } else {
    rulings_.push_back({.kind = kind, .below = below});
  }
}

}  // namespace scanner
