// Part of Engine: what --both-families and --dual-stack ask once a lookup has
// its verdict but for their flags. No answer to it changes a status.
#include <algorithm>
#include <memory>

#include "scanner/engine/engine.h"

namespace scanner {

CrossChecks& Engine::ChecksOf(uint32_t index) {
  Gathered& gathered = GatheredOf(index);
  if (gathered.checks == nullptr) {
    gathered.checks = std::make_unique<CrossChecks>();
  }
  return *gathered.checks;
}

void Engine::AskChecks(uint32_t index) {
  if (lookups_[index].reverse != ReverseResult::kData) return;
  if (options_.both_families) AskOtherFamily(index);
  if (options_.dual_stack) {
    AskAaaa(index);
    if (lookups_[index].pending == 0) AskAaaaPtrs(index);
  }
}

// The names of K that exist; those that do not have no address at all.
void Engine::AskOtherFamily(uint32_t index) {
  const Lookup& lookup = lookups_[index];
  CrossChecks& checks = ChecksOf(index);
  const Gathered& gathered = GatheredOf(index);
  if (checks.families_asked) return;
  checks.families_asked = true;
  if (!WantsOtherFamily(view_.Of(lookup, &gathered, options_.ptr_only, {}))) {
    return;
  }
  size_t place = 0;
  for (const dnswire::NameView name : gathered.asked.view()) {
    const size_t at = place++;
    const bool is_expected =
        lookup.expected_asked && place == gathered.asked.size();
    if (is_expected ||
        gathered.forward[at].answer.result != ForwardResult::kNodata) {
      continue;
    }
    const size_t slot = kOtherFamilySlot + checks.other_family.size();
    checks.other_family.push_back({.name = at});
    AskForward(
        {name, lookup.target.is_v4() ? dnswire::kTypeAaaa : dnswire::kTypeA},
        {.lookup = index, .slot = static_cast<uint16_t>(slot)});
  }
}

void Engine::AskAaaa(uint32_t index) {
  CrossChecks& checks = ChecksOf(index);
  const Gathered& gathered = GatheredOf(index);
  if (checks.aaaa_asked) return;
  checks.aaaa_asked = true;
  const auto name =
      NameWithAaaa(view_.Of(lookups_[index], &gathered, options_.ptr_only, {}));
  if (!name) return;
  for (const dnswire::NameView asked : gathered.asked.view()) {
    if (asked.Equals(*name)) break;
    ++checks.judged_name;
  }
  AskForward({*name, dnswire::kTypeAaaa}, {.lookup = index, .slot = kAaaaSlot});
}

void Engine::AskAaaaPtrs(uint32_t index) {
  CrossChecks& checks = ChecksOf(index);
  if (checks.aaaa_ptrs_asked) return;
  checks.aaaa_ptrs_asked = true;
  Lookup& lookup = lookups_[index];
  lookup.pending = static_cast<uint16_t>(checks.aaaa.size());
  for (const CrossChecks::Aaaa& aaaa : checks.aaaa) {
    asker_->AskPtrBeside(aaaa.address, index, lookup.pass > 0);
  }
}

// `addresses`: those of the answer, ascending.
void Engine::KeepCheck(const Waiter& waiter, const ForwardAnswer& answer,
                       std::span<const dnswire::IpAddress> addresses) {
  CrossChecks& checks = ChecksOf(waiter.lookup);
  if (waiter.slot != kAaaaSlot) {
    const size_t place = waiter.slot - kOtherFamilySlot;
    checks.other_family[place].result = answer.result;
    return;
  }
  for (const dnswire::IpAddress& address :
       addresses.first(std::min(addresses.size(), kAskedAaaa))) {
    checks.aaaa.push_back({.address = address, .found = {}});
  }
}

// Whether it is the PTR question of an IPv6 address of a name, and not that of
// the lookup's own, an IPv4 address.
bool Engine::IsOfAaaa(const Question& question) const {
  return options_.dual_stack && question.type == dnswire::kTypePtr &&
         question.target != lookups_[question.payer].target;
}

void Engine::OnAaaaPtr(const Question& question,
                       const dnswire::Message& message,
                       const dnswire::Answer& answer, ServerIndex server) {
  const uint32_t index = question.payer;
  const Gathered& gathered = GatheredOf(index);
  AaaaEvidence found = {.result = ReverseResultOf(answer.outcome)};
  if (found.result == ReverseResult::kData) {
    sampled_.Clear();
    ReadPtrNames(message, answer, &sorter_, &sampled_);
    found.has_name = sampled_.view().Contains(
        gathered.asked.view()[ChecksOf(index).judged_name]);
  } else {
    NoteDenial(index, server);
  }
  EndAaaaPtr(question, found);
}

void Engine::EndAaaaPtr(const Question& question, const AaaaEvidence& found) {
  const uint32_t index = question.payer;
  for (CrossChecks::Aaaa& aaaa : ChecksOf(index).aaaa) {
    if (aaaa.address == question.target) aaaa.found = found;
  }
  --lookups_[index].pending;
  Advance(index);
}

}  // namespace scanner
