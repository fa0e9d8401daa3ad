// Who can change the PTR of an address, and where ({where} of VERDICTS.md 7).
#ifndef PTRSWEEP_SCANNER_ADVICE_HOLDER_H_
#define PTRSWEEP_SCANNER_ADVICE_HOLDER_H_

#include <optional>

#include "scanner/advice/row_reading.h"
#include "scanner/audit/provider_table.h"

namespace scanner {

// The SOA of the row, else that of the facts.
std::optional<ZoneSoa> SoaOf(const RowReading& reading);
// Of status undelegated the registry, else whoever runs the reverse zone. Its
// `where` is never empty.
Provider HolderOf(const RowReading& reading);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_HOLDER_H_
