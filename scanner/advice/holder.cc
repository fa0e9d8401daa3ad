#include "scanner/advice/holder.h"

#include "absl/strings/str_cat.h"

namespace scanner {

std::optional<ZoneSoa> SoaOf(const RowReading& reading) {
  const io::Row& row = reading.row();
  if (!row.zone || !row.zone_mname || !row.zone_rname) {
    return reading.facts().soa;
  }
  return ZoneSoa{.owner = dnswire::Name(*row.zone),
                 .mname = dnswire::Name(*row.zone_mname),
                 .rname = dnswire::Name(*row.zone_rname)};
}

Provider HolderOf(const RowReading& reading) {
  const RowFacts& facts = reading.facts();
  const std::optional<ZoneSoa> soa = SoaOf(reading);
  if (reading.row().status == io::Status::kUndelegated) {
    Provider registry = FindRegistry(soa);
    if (!registry.name.empty()) return registry;
    return {.where = absl::StrCat("ask the holder of ", reading.block(),
                                  " (whois)")};
  }
  return FindProvider({.name_servers = facts.name_servers,
                       .soa = soa,
                       .prefix = reading.block(),
                       .you = facts.you,
                       .listed = facts.listed});
}

}  // namespace scanner
