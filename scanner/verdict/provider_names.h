// Names that hosting providers give to addresses nobody has named
// (provider_names.tsv of VERDICTS.md 5.5).
#ifndef PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_
#define PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"

namespace scanner {

enum class ProviderMode : uint8_t {
  kEmbedsAddress,  // "ip": only with a strong code
  kAny,            // every name below its registrable domain
};

// The last octets of a name as a number: tells at once that it has not a
// certain suffix.
inline constexpr size_t kTailOctets = 8;
constexpr uint64_t TailOf(absl::string_view name) {
  std::array<char, kTailOctets> tail = {};
  if (name.size() < kTailOctets) return 0;
  for (size_t i = 0; i < kTailOctets; ++i) {
    tail[i] = name[name.size() - kTailOctets + i];
  }
  return std::bit_cast<uint64_t>(tail);
}

struct ProviderName {
  constexpr ProviderName(absl::string_view name_suffix, ProviderMode name_mode)
      : suffix(name_suffix), tail(TailOf(name_suffix)), mode(name_mode) {}

  absl::string_view suffix;  // at a label boundary; none lies below another
  uint64_t tail;
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
