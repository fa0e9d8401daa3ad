// Who runs a reverse zone, and where its PTR records are set (the tables of
// VERDICTS.md section 7). The holder of an address sets its PTR, never the
// registrar or DNS host of a domain, unless the reverse zone is delegated
// there.
#ifndef PTRSWEEP_SCANNER_AUDIT_PROVIDER_TABLE_H_
#define PTRSWEEP_SCANNER_AUDIT_PROVIDER_TABLE_H_

#include <optional>
#include <span>
#include <string>

#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "io/files/provider_file.h"
#include "scanner/audit/zone_evidence.h"

namespace scanner {

struct Provider {
  std::string name;   // empty: unknown
  std::string where;  // a sentence's end, without full stop
};

// What is known of a zone's holder. `you`: suffixes of name servers that are
// the caller's own (--my-ns). `listed`: the caller's own table (--providers),
// which is looked through before ours. Evidence in order: NS names, MNAME, the
// domain of RNAME. `prefix`: for the text where nothing is known.
struct ProviderEvidence {
  std::span<const std::string> name_servers;
  const std::optional<ZoneSoa>& soa;
  std::string prefix;
  std::span<const dnswire::Name> you;
  std::span<const io::ListedProvider> listed;
};
Provider FindProvider(const ProviderEvidence& evidence);
// The registry whose zone denies the block.
Provider FindRegistry(const std::optional<ZoneSoa>& soa);
// "Hetzner: Robot > server > IPs > rDNS"; without a name where alone.
std::string ProviderText(const Provider& provider);

// True if the name is at or below the pattern, in which `*` stands for any
// characters inside one label. Both lower case.
bool MatchesSuffix(absl::string_view name, absl::string_view pattern);
// "hostmaster@example.net" of hostmaster.example.net (RFC 1035 section 8).
std::string MailOf(dnswire::NameView rname);

// True if one of the names is at or below one of the suffixes.
bool IsServedBy(std::span<const std::string> name_servers,
                std::span<const dnswire::Name> suffixes);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_AUDIT_PROVIDER_TABLE_H_
