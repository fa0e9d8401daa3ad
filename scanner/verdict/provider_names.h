// Names that hosting providers give to addresses nobody has named
// (provider_names.tsv of VERDICTS.md 5.5).
#ifndef PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_
#define PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace scanner {

enum class ProviderMode : uint8_t {
  kEmbedsAddress,  // "ip": only with a strong code
  kAny,            // every name below its registrable domain
};

struct ProviderName {
  absl::string_view suffix;  // at a label boundary; none lies below another
  ProviderMode mode;
};

inline constexpr ProviderName kProviderNames[] = {
    {"compute.amazonaws.com", ProviderMode::kEmbedsAddress},
    {"compute-1.amazonaws.com", ProviderMode::kEmbedsAddress},
    {"bc.googleusercontent.com", ProviderMode::kEmbedsAddress},
    {"clients.your-server.de", ProviderMode::kEmbedsAddress},
    {"ip.linodeusercontent.com", ProviderMode::kEmbedsAddress},
    {"members.linode.com", ProviderMode::kAny},
    {"vultrusercontent.com", ProviderMode::kAny},
    {"vps.ovh.net", ProviderMode::kAny},
    {"rev.poneytelecom.eu", ProviderMode::kEmbedsAddress},
    {"instances.scw.cloud", ProviderMode::kAny},
    {"contaboserver.net", ProviderMode::kAny},
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_
