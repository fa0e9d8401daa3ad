#include "scanner/verdict/row_names.h"

#include "io/formats/status.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

using dnswire::NameView;
using io::ForwardItem;

// The first of U.
std::optional<NameView> FirstUsable(const io::Row& row,
                                    dnswire::NameListView chain) {
  for (const NameView name : row.ptr) {
    dnswire::Name lower(name);
    lower.Lower();
    if (UnusableFlags(row.ip, chain, lower).empty()) return name;
  }
  return std::nullopt;
}

}  // namespace

std::optional<NameView> JudgedNameOf(const io::Row& row,
                                     dnswire::NameListView chain) {
  if (row.ptr.empty()) return std::nullopt;
  if (!row.confirmed.empty()) return *row.confirmed.begin();
  std::optional<NameView> differs;
  std::optional<NameView> asked;
  ForEachAskedName(row, [&](const ForwardItem& item) {
    if (!asked) asked = item.name;
    if (!differs && item.outcome == io::ForwardOutcome::kDiffers) {
      differs = item.name;
    }
  });
  if (differs) return differs;
  if (asked) return asked;
  if (row.status == io::Status::kUnconfirmed) {  // --ptr-only: K was not asked
    if (const auto usable = FirstUsable(row, chain)) return usable;
  }
  return *row.ptr.begin();
}

}  // namespace scanner
