#include "tools/diff/change_rows.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "io/formats/carried_text.h"
#include "io/formats/status.h"
#include "tools/report/progress.h"

namespace tools {
namespace {

using enum io::ColumnType;
using scanner::Change;

using Texts = std::vector<std::string>;

constexpr io::Column kColumns[] = {
    {"ip", kText, "the address", false},
    {"change", kText, "what became of it", false},
    {"label", kText, "its label, the newer run's if that has the address"},
    {"old_status", kText, "null: only the newer run has the address"},
    {"new_status", kText, "null: only the older run has it"},
    {"old_cause", kText, "null if the status says it all"},
    {"new_cause", kText, "null if the status says it all"},
    {"old_ptr", kTextList, "PTR names, sorted", false},
    {"new_ptr", kTextList, "PTR names, sorted", false},
    {"old_addresses", kTextList, "that these lead to", false},
    {"new_addresses", kTextList, "that these lead to", false},
    {"old_flags", kTextList, "sorted, with those that the whole run shows",
     false},
    {"new_flags", kTextList, "sorted, with those that the whole run shows",
     false},
};

Texts NamesOf(const std::optional<ComparedEntry>& entry) {
  Texts names;
  if (!entry) return names;
  for (const auto name : entry->ptr) names.push_back(name.ToText());
  return names;
}

Texts AddressesOf(const std::optional<ComparedEntry>& entry) {
  Texts addresses;
  if (!entry) return addresses;
  for (const auto& address : entry->addresses) {
    addresses.push_back(address.ToString());
  }
  return addresses;
}

Texts FlagsOf(const std::optional<ComparedEntry>& entry) {
  Texts flags;
  if (!entry) return flags;
  io::ForEachFlagByName(entry->flags, [&flags](io::Flag flag) {
    flags.emplace_back(io::FlagName(flag));
  });
  for (size_t i = 0; i < scanner::kReviewFlagCount; ++i) {
    const auto flag = static_cast<scanner::ReviewFlag>(i);
    if (!entry->reviewed.flags.Has(flag)) continue;
    flags.emplace_back(scanner::ReviewFlagName(flag));
  }
  std::sort(flags.begin(), flags.end());
  return flags;
}

Cell StatusCell(const std::optional<ComparedEntry>& entry) {
  if (!entry) return Cell();
  return std::string(io::StatusName(entry->compared.status));
}

Cell CauseCell(const std::optional<ComparedEntry>& entry) {
  return entry ? TextOrNull(io::CauseName(entry->cause)) : Cell();
}

// "pass a.example.net", "no_ptr (nxdomain)".
std::string StateText(const std::optional<ComparedEntry>& entry) {
  if (!entry) return "-";
  std::string text(io::StatusName(entry->compared.status));
  const absl::string_view cause = io::CauseName(entry->cause);
  if (!cause.empty()) absl::StrAppend(&text, " (", cause, ")");
  const Texts names = NamesOf(entry);
  if (!names.empty()) absl::StrAppend(&text, " ", absl::StrJoin(names, " "));
  return text;
}

// Items of one list alone, each behind its sign.
void AppendSigned(const Texts& items, const Texts& others,
                  absl::string_view sign, std::string* out) {
  const std::set<std::string> known(others.begin(), others.end());
  for (const std::string& item : items) {
    if (!known.contains(item)) absl::StrAppend(out, " ", sign, item);
  }
}

// What is different, where status and names are not.
std::string DifferenceText(const ChangedAddress& changed) {
  std::string text;
  const auto append = [&](const Texts& was, const Texts& is) {
    AppendSigned(was, is, "-", &text);
    AppendSigned(is, was, "+", &text);
  };
  if (changed.change == Change::kChangedForward) {
    append(AddressesOf(changed.older), AddressesOf(changed.newer));
  } else {
    append(FlagsOf(changed.older), FlagsOf(changed.newer));
  }
  return text;
}

// "3 new_problem, 1 fixed"; only changes, without `all`.
std::string CountsText(const ChangeCounts& counts, bool all) {
  Texts parts;
  for (size_t i = 0; i < counts.size(); ++i) {
    if (counts[i] == 0 || (!all && !IsChange(static_cast<Change>(i)))) {
      continue;
    }
    parts.push_back(absl::StrCat(WithCommas(counts[i]), " ",
                                 ChangeName(static_cast<Change>(i))));
  }
  return absl::StrJoin(parts, ", ");
}

void AppendGroups(const std::vector<ChangeGroup>& groups, size_t changed,
                  absl::string_view what, std::string* out) {
  size_t width = 0;
  for (const ChangeGroup& group : groups) {
    width = std::max(width, group.name.size());
  }
  for (const ChangeGroup& group : groups) {
    absl::StrAppendFormat(out, "  %-*s  %s of %s\n", width, group.name,
                          CountsText(group.counts, false),
                          WithCommas(TotalOf(group.counts)));
  }
  if (changed > groups.size()) {
    absl::StrAppend(out, "  and ", WithCommas(changed - groups.size()),
                    " more ", what, "\n");
  }
}

}  // namespace

std::span<const io::Column> ChangeColumns() { return kColumns; }

std::vector<Cell> ChangeCells(const ChangedAddress& changed) {
  const ComparedEntry& either = changed.either();
  return {
      either.ip.ToString(),
      std::string(ChangeName(changed.change)),
      TextOrNull(io::CarriedText(either.label)),
      StatusCell(changed.older),
      StatusCell(changed.newer),
      CauseCell(changed.older),
      CauseCell(changed.newer),
      NamesOf(changed.older),
      NamesOf(changed.newer),
      AddressesOf(changed.older),
      AddressesOf(changed.newer),
      FlagsOf(changed.older),
      FlagsOf(changed.newer),
  };
}

void AppendChangeLine(const ChangedAddress& changed, std::string* out) {
  absl::StrAppendFormat(out, "%-15s  %-15s  ", ChangeName(changed.change),
                        changed.either().ip.ToString());
  if (changed.change == Change::kChangedForward ||
      changed.change == Change::kChangedFlags) {
    absl::StrAppend(out, StateText(changed.newer), " ",
                    DifferenceText(changed));
  } else {
    absl::StrAppend(out, StateText(changed.older), "  ->  ",
                    StateText(changed.newer));
  }
  if (!changed.either().label.empty()) {
    absl::StrAppend(out, "  [", io::CarriedText(changed.either().label), "]");
  }
  out->push_back('\n');
}

std::string FormatChangeTally(const ChangeTally& tally) {
  const uint64_t total = TotalOf(tally.all);
  std::string text =
      absl::StrCat(WithCommas(total), total == 1 ? " address" : " addresses");
  if (total > 0) absl::StrAppend(&text, ": ", CountsText(tally.all, true));
  text.push_back('\n');
  AppendGroups(tally.prefixes, tally.prefixes_changed, "prefixes", &text);
  std::vector<ChangeGroup> labels = tally.labels;
  for (ChangeGroup& label : labels) {
    label.name = absl::StrCat("[", io::CarriedText(label.name), "]");
  }
  AppendGroups(labels, tally.labels_changed, "labels", &text);
  return text;
}

}  // namespace tools
