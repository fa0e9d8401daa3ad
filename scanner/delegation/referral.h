// Referral: what a message says of a zone's name servers: the NS set and, from
// the parent, glue. Only what iteration may believe (ITERATION.md 1.4).
#ifndef PTRSWEEP_SCANNER_DELEGATION_REFERRAL_H_
#define PTRSWEEP_SCANNER_DELEGATION_REFERRAL_H_

#include <cstdint>
#include <vector>

#include "dnswire/ip_address.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"

namespace scanner {

struct Referral {
  static constexpr size_t kMaxNames = 13;
  // Of one name and family.
  static constexpr size_t kMaxAddresses = 4;

  struct Glue {
    uint8_t host = 0;  // place of its owner in `hosts`
    dnswire::IpAddress address;
  };

  dnswire::Name apex;
  uint32_t ttl_s = 0;       // the smallest of the NS set
  dnswire::NameList hosts;  // the first kMaxNames NS names, each once
  std::vector<Glue> glue;   // in the message's order
};

// Reads the NS set owned by `apex` in the section `records`, and glue from the
// additional section: A and AAAA owned by its names, as far as these lie at or
// below `parent`. No NS record: `hosts` is empty.
Referral ReadReferral(const dnswire::Message& message,
                      const dnswire::RecordRange& records,
                      dnswire::NameView apex, dnswire::NameView parent);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_DELEGATION_REFERRAL_H_
