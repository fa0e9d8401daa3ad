#include "scanner/engine/turn_pace.h"

namespace scanner {

bool TurnPace::OnTurn(io::TimeNs now, uint64_t received_total) {
  const io::TimeNs elapsed = now - measured_from_;
  if (elapsed < kWindow) return false;
  const auto received = static_cast<double>(received_total - measured_total_);
  const double per_tick =
      received * static_cast<double>(kTick) / static_cast<double>(elapsed);
  const bool was_ticking = ticking_;
  ticking_ = per_tick >= (ticking_ ? kLeave : kEnter);
  measured_from_ = now;
  measured_total_ = received_total;
  return ticking_ != was_ticking;
}

}  // namespace scanner
