// The address in an A or AAAA record.
#ifndef PTRSWEEP_DNSWIRE_ADDRESS_RECORD_H_
#define PTRSWEEP_DNSWIRE_ADDRESS_RECORD_H_

#include <optional>

#include "dnswire/ip_address.h"
#include "dnswire/message.h"
#include "dnswire/wire.h"

namespace dnswire {

// nullopt for any other type, or class. REQUIRES: `record` is of a sound
// section of `message`, whose rdata has been checked.
inline std::optional<IpAddress> AddressOf(const Message& message,
                                          const Record& record) {
  if (record.record_class != kClassIn) return std::nullopt;
  const auto rdata =
      message.octets().subspan(record.rdata_at, record.rdata_size);
  if (record.type == kTypeA) return IpAddress::FromV4Octets(rdata.first<4>());
  if (record.type == kTypeAaaa) {
    return IpAddress::FromV6Octets(rdata.first<16>());
  }
  return std::nullopt;
}

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_ADDRESS_RECORD_H_
