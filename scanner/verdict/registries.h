// The registries' own domains (registries.tsv of VERDICTS.md 7): a denial from
// a zone run by one of them means that the block was never delegated.
#ifndef PTRSWEEP_SCANNER_VERDICT_REGISTRIES_H_
#define PTRSWEEP_SCANNER_VERDICT_REGISTRIES_H_

#include "scanner/verdict/const_name.h"

namespace scanner {

inline constexpr ConstName kRegistrySuffixes[] = {
    ConstName("arin.net"),         ConstName("ripe.net"),
    ConstName("apnic.net"),        ConstName("lacnic.net"),
    ConstName("afrinic.net"),      ConstName("iana.org"),
    ConstName("icann.org"),        ConstName("in-addr-servers.arpa"),
    ConstName("ip6-servers.arpa"),
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_REGISTRIES_H_
