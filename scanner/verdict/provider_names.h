// Names that hosting providers give to addresses nobody has named
// (provider_names.tsv of VERDICTS.md 5.5).
#ifndef PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_
#define PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include "scanner/verdict/const_name.h"

namespace scanner {

enum class ProviderMode : uint8_t {
  kEmbedsAddress,  // "ip": only with a strong code
  kAny,            // every name below its registrable domain
};

// The last octets of a name before the root as a number: tells at once that it
// has not a certain suffix. 0 if there are not so many.
constexpr uint64_t TailOf(std::span<const uint8_t> wire) {
  std::array<uint8_t, sizeof(uint64_t)> tail = {};
  if (wire.size() <= tail.size()) return 0;
  std::copy_n(wire.data() + wire.size() - 1 - tail.size(), tail.size(),
              tail.begin());
  return std::bit_cast<uint64_t>(tail);
}

struct ProviderName {
  constexpr ProviderName(const ConstName& name, ProviderMode provider_mode)
      : suffix(name), tail(TailOf(name.wire())), mode(provider_mode) {}

  ConstName suffix;  // none lies below another
  uint64_t tail;
  ProviderMode mode;
};

inline constexpr ProviderName kProviderNames[] = {
    {ConstName("compute.amazonaws.com"), ProviderMode::kEmbedsAddress},
    {ConstName("compute-1.amazonaws.com"), ProviderMode::kEmbedsAddress},
    {ConstName("bc.googleusercontent.com"), ProviderMode::kEmbedsAddress},
    {ConstName("clients.your-server.de"), ProviderMode::kEmbedsAddress},
    {ConstName("ip.linodeusercontent.com"), ProviderMode::kEmbedsAddress},
    {ConstName("members.linode.com"), ProviderMode::kAny},
    {ConstName("vultrusercontent.com"), ProviderMode::kAny},
    {ConstName("vps.ovh.net"), ProviderMode::kAny},
    {ConstName("rev.poneytelecom.eu"), ProviderMode::kEmbedsAddress},
    {ConstName("instances.scw.cloud"), ProviderMode::kAny},
    {ConstName("contaboserver.net"), ProviderMode::kAny},
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_PROVIDER_NAMES_H_
