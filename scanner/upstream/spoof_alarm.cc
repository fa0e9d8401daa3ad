#include "scanner/upstream/spoof_alarm.h"

#include <algorithm>

namespace scanner {
namespace {

using io::kSecond;
using io::TimeNs;

constexpr uint64_t kNearMisses = 100;
constexpr uint64_t kShare = 100;  // more than one in so many responses
constexpr TimeNs kQuiet = 60 * kSecond;

}  // namespace

bool SpoofAlarm::OnNearMiss(TimeNs now) {
  const bool was_on = IsOn(now);
  last_near_miss_ = now;
  ++near_misses_;
  ++SlotOf(now).near_misses;
  ++sum_.near_misses;
  if (was_on) return false;
  raised_ = sum_.near_misses >= kNearMisses &&
            sum_.near_misses * kShare > sum_.responses;
  if (raised_) ++alarms_;
  return raised_;
}

void SpoofAlarm::OnResponse(TimeNs now) {
  ++SlotOf(now).responses;
  ++sum_.responses;
}

bool SpoofAlarm::IsOn(TimeNs now) const {
  return raised_ && now - last_near_miss_ < kQuiet;
}

// Empties the slots of the seconds that have passed.
SpoofAlarm::Slot& SpoofAlarm::SlotOf(TimeNs now) {
  const auto size = static_cast<int64_t>(slots_.size());
  const int64_t second = now / kSecond;
  for (int64_t s = std::max(second_, second - size) + 1; s <= second; ++s) {
    Slot& slot = slots_[static_cast<size_t>(s % size)];
    sum_.near_misses -= slot.near_misses;
    sum_.responses -= slot.responses;
    slot = {};
  }
  second_ = second;
  return slots_[static_cast<size_t>(second % size)];
}

}  // namespace scanner
