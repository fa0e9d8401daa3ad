// Part of Engine: is a SERVFAIL the validator's? One question with
// CD=1 tells, for all of a block (VERDICTS.md section 3, dnssec_bogus).
#include "scanner/engine/engine.h"

namespace scanner {
namespace {

// Blocks remembered; more are asked about anew.
constexpr size_t kMaxBlocks = 65536;

// The /24 or /48 of the address.
uint64_t BlockOf(const dnswire::IpAddress& address) {
  const absl::uint128 value = address.value();
  if (address.is_v4()) return absl::Uint128Low64(value) >> 8;
  return absl::Uint128High64(value) >> 16 | uint64_t{1} << 63;
}

}  // namespace

// Whether the lookup will not be put off to a late pass.
bool Engine::IsLastWord(const Lookup& lookup, bool final) const {
  return !stopped() && !abandoning_ &&
         (final || lookup.pass >= options_.late_passes);
}

// True if the question was asked: the lookup goes on with its answer. Else what
// is known of the block is applied.
bool Engine::AskUnvalidated(uint32_t index) {
  Lookup& lookup = lookups_[index];
  const auto known = bogus_blocks_.find(BlockOf(lookup.target));
  if (known != bogus_blocks_.end()) {
    if (known->second) lookup.cause = io::Cause::kDnssecBogus;
    return false;
  }
  asker_->AskUnvalidated(lookup.target, index);
  return true;
}

// Without validation there was an answer, or there was none either.
void Engine::OnUnvalidated(uint32_t index, bool answered) {
  Lookup& lookup = lookups_[index];
  if (bogus_blocks_.size() >= kMaxBlocks) bogus_blocks_.clear();
  bogus_blocks_[BlockOf(lookup.target)] = answered;
  if (answered) lookup.cause = io::Cause::kDnssecBogus;
  Advance(index);
}

}  // namespace scanner
