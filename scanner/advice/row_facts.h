// RowFacts: what may be known of an address beside its row. All of it may be
// missing: the words are then fewer, never wrong.
#ifndef PTRSWEEP_SCANNER_ADVICE_ROW_FACTS_H_
#define PTRSWEEP_SCANNER_ADVICE_ROW_FACTS_H_

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/files/provider_file.h"
#include "scanner/audit/zone_evidence.h"

namespace scanner {

// Whom the row's questions went to.
enum class AskedWhom : uint8_t { kUnknown, kResolvers, kAuthorities };

// A value of views, valid while what it points to is.
struct RowFacts {
  AskedWhom asked = AskedWhom::kUnknown;
  // The reverse alias chain, targets of its hops in order.
  dnswire::NameListView chain;
  // The zone's SOA, if the row has none (its answer was positive).
  std::optional<ZoneSoa> soa;
  // The zone's NS names, for who runs it.
  std::span<const std::string> name_servers;
  // Of a zone whose servers fail: "ns1.example.net/192.0.2.53=refused".
  std::span<const std::string> failing_servers;
  // As of ProviderEvidence.
  std::span<const dnswire::Name> you;
  std::span<const io::ListedProvider> listed;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_ROW_FACTS_H_
