#include "scanner/review/difference.h"

#include <algorithm>
#include <cassert>
#include <iterator>
#include <vector>

#include "absl/hash/hash.h"
#include "dnswire/name.h"
#include "scanner/verdict/row_names.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using io::Flag;
using io::FlagSet;

constexpr absl::string_view kNames[] = {
    "appeared",      "disappeared",    "unknown",      "new_problem",
    "fixed",         "changed_status", "changed_name", "changed_forward",
    "changed_flags", "same",
};
static_assert(std::size(kNames) == kChangeCount);
static_assert(static_cast<size_t>(Change::kSame) == kChangeCount - 1);

// Not compared: those that only an option gives (kind O), for the other run may
// have been without it, and those that tell how a row was come by, which is not
// a property of the address.
constexpr Flag kNotCompared[] = {Flag::kResolverDisagree,
                                 Flag::kOtherFamilyOnly, Flag::kAaaaUnconfirmed,
                                 Flag::kPruned, Flag::kReused};

FlagSet ComparedFlags(FlagSet flags) {
  FlagSet compared;
  io::ForEachFlagByName(flags, [&compared](Flag flag) {
    const auto* const found =
        std::find(std::begin(kNotCompared), std::end(kNotCompared), flag);
    if (found == std::end(kNotCompared)) compared.Add(flag);
  });
  return compared;
}

// A set's hash: of each member once, in whatever order.
uint64_t HashOfNames(dnswire::NameListView names) {
  uint64_t sum = 0;
  for (const dnswire::NameView view : names) {
    dnswire::Name name(view);
    name.Lower();
    sum += absl::HashOf(absl::string_view(
        reinterpret_cast<const char*>(name.view().wire().data()), name.size()));
  }
  return sum;
}

uint64_t HashOfAddresses(const io::Row& row) {
  const auto& items = row.forward;
  if (items.empty()) return 0;
  std::vector<IpAddress> all;
  ForEachAskedName(row, [&all](const io::ForwardItem& item) {
    all.insert(all.end(), item.addresses.begin(), item.addresses.end());
  });
  if (all.size() == 1) return absl::HashOf(all[0]);
  std::sort(all.begin(), all.end());
  all.erase(std::unique(all.begin(), all.end()), all.end());
  uint64_t sum = 0;
  for (const IpAddress& address : all) sum += absl::HashOf(address);
  return sum;
}

}  // namespace

absl::string_view ChangeName(Change change) {
  return kNames[static_cast<size_t>(change)];
}

std::optional<Change> ParseChange(absl::string_view name) {
  const auto* const found =
      std::find(std::begin(kNames), std::end(kNames), name);
  if (found == std::end(kNames)) return std::nullopt;
  return static_cast<Change>(found - std::begin(kNames));
}

ComparedRow CompareBy(const io::Row& row, Profile profile) {
  return {.names = HashOfNames(row.ptr),
          .addresses = HashOfAddresses(row),
          .flags = ComparedFlags(row.flags),
          .status = row.status,
          .status_severity = StatusSeverity(row, profile),
          .known = row.status != io::Status::kSkipped &&
                   !io::IsIndefinite(row.status, row.cause)};
}

Change ChangeOf(const ComparedRow* older, const ComparedRow* newer) {
  assert(older != nullptr || newer != nullptr);
  if (older == nullptr) return Change::kAppeared;
  if (newer == nullptr) return Change::kDisappeared;
  if (!older->known || !newer->known) return Change::kUnknown;
  const Severity from = older->status_severity;
  const Severity to = newer->status_severity;
  if (to > from && to >= Severity::kWarn) return Change::kNewProblem;
  if (to < from && to <= Severity::kInfo) return Change::kFixed;
  if (older->status != newer->status) return Change::kChangedStatus;
  if (older->names != newer->names) return Change::kChangedName;
  if (older->addresses != newer->addresses) return Change::kChangedForward;
  if (older->flags != newer->flags ||
      older->review_flags != newer->review_flags) {
    return Change::kChangedFlags;
  }
  return Change::kSame;
}

}  // namespace scanner
