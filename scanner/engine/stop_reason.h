// What ended a scan before every target had its row.
#ifndef PTRSWEEP_SCANNER_ENGINE_STOP_REASON_H_
#define PTRSWEEP_SCANNER_ENGINE_STOP_REASON_H_

#include <cstdint>

namespace scanner {

enum class StopReason : uint8_t {
  kNone,
  kAsked,    // a signal
  kTime,     // --max-time is over
  kOutage,   // all servers fell silent, for longer than --max-outage
  kUnheard,  // no server ever answered
  kLying,    // every resolver denied what exists, for as long
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ENGINE_STOP_REASON_H_
