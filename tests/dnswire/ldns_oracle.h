// ldns as second opinion, one way only: what we accept (no fault, only decoded
// types of class IN, and OPT in additional), ldns accepts, with the same
// records and wire names. The converse does not hold: ldns takes RDLENGTH that
// does not fit and forward pointers (WIRE.md 12). TC does not matter here: ldns
// refuses truncated messages with fewer records than counted, and so do we.
#ifndef PTRSWEEP_TESTS_DNSWIRE_LDNS_ORACLE_H_
#define PTRSWEEP_TESTS_DNSWIRE_LDNS_ORACLE_H_

// ldns.h makes `bool` a macro unless this one was read before it.
// clang-format off
#include <stdbool.h>
#include <ldns/ldns.h>
// clang-format on

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "dnswire/message.h"

namespace dnswire {

using LdnsPacket = std::unique_ptr<ldns_pkt, void (*)(ldns_pkt*)>;

// nullptr if ldns refuses it.
LdnsPacket ParseWithLdns(std::span<const uint8_t> octets);

// The one-way rule speaks of this message.
bool LdnsMustAccept(const Message& message);

// What ldns makes of it otherwise than we do; empty: nothing.
// REQUIRES: LdnsMustAccept(message).
std::string LdnsDisagreement(const Message& message);

}  // namespace dnswire

#endif  // PTRSWEEP_TESTS_DNSWIRE_LDNS_ORACLE_H_
