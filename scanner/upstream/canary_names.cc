#include "scanner/upstream/canary_names.h"

#include <algorithm>

namespace scanner {

bool CanaryNames::Configure(const dnswire::IpAddress& address,
                            const dnswire::Name& name) {
  for (Candidate& slot : SlotsOf(Tier::kConfigured)) {
    if (slot.id != 0) continue;
    slot = {.id = next_id_++, .ptr = {.address = address, .name = name}};
    return true;
  }
  return false;
}

void CanaryNames::Learn(const dnswire::IpAddress& address,
                        dnswire::NameView name) {
  if (!ptr_gate_.Opens()) return;
  const bool known = std::ranges::any_of(
      SlotsOf(Tier::kPtr), [&address](const Candidate& slot) {
        return slot.id != 0 && slot.ptr.address == address;
      });
  Admit(Tier::kPtr, known, address, name, &ptr_gate_);
}

void CanaryNames::LearnApex(dnswire::NameView apex) {
  if (!apex_gate_.Opens()) return;
  const bool known =
      std::ranges::any_of(SlotsOf(Tier::kApex), [apex](const Candidate& slot) {
        return slot.id != 0 && slot.ptr.name.view().Equals(apex);
      });
  Admit(Tier::kApex, known, dnswire::IpAddress(), apex, &apex_gate_);
}

void CanaryNames::Admit(Tier tier, bool known,
                        const dnswire::IpAddress& address,
                        dnswire::NameView name, Gate* gate) {
  if (known) {
    gate->open_at = gate->calls + std::min(gate->calls / 16, kLearnEvery);
    return;
  }
  // An empty slot has id 0, so it comes before the oldest.
  const auto by_id = [](const Candidate& slot) { return slot.id; };
  Candidate& slot = *std::ranges::min_element(SlotsOf(tier), {}, by_id);
  slot = {.id = next_id_++,
          .ptr = {.address = address, .name = dnswire::Name(name)}};
  const bool all_taken = std::ranges::count(SlotsOf(tier), 0, by_id) == 0;
  gate->open_at = gate->calls + (all_taken ? kLearnEvery : 0);
}

void CanaryNames::Drop(uint64_t id) {
  for (const Tier tier : {Tier::kPtr, Tier::kApex}) {
    for (Candidate& slot : SlotsOf(tier)) {
      if (slot.id != id) continue;
      slot.id = 0;
      (tier == Tier::kPtr ? ptr_gate_ : apex_gate_).open_at = 0;
    }
  }
}

}  // namespace scanner
