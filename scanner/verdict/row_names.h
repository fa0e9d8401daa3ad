// J and K of VERDICTS.md 1, from a finished row: what Judge knew is all in it.
#ifndef PTRSWEEP_SCANNER_VERDICT_ROW_NAMES_H_
#define PTRSWEEP_SCANNER_VERDICT_ROW_NAMES_H_

#include <optional>

#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"

namespace scanner {

// J; nullopt if N is empty or not known. `chain`: the reverse alias targets, if
// they are known; of a row that asked for no name they may decide. Borrows from
// the row.
std::optional<dnswire::NameView> JudgedNameOf(const io::Row& row,
                                              dnswire::NameListView chain = {});

// Calls `visit(const io::ForwardItem&)` for each name of K that was asked; the
// expected name of expected_ready, which is no PTR, is not one.
template <typename Visit>
void ForEachAskedName(const io::Row& row, Visit visit) {
  for (const io::ForwardItem& item : row.forward) {
    if (row.ptr.Contains(item.name)) visit(item);
  }
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_ROW_NAMES_H_
