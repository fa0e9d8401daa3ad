// Zones that a scripted server gives away whole, and how a plan lists them.
#ifndef PTRSWEEP_TESTS_SCANNER_TRANSFER_SERVED_ZONES_H_
#define PTRSWEEP_TESTS_SCANNER_TRANSFER_SERVED_ZONES_H_

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "scanner/transfer/transfer_phase.h"
#include "tests/support/packet_builder.h"
#include "tests/support/scripted_server.h"

namespace scanner {

inline constexpr uint16_t kAxfr = 252;

// The answer to an AXFR question: SOA, what `add` puts between, SOA.
testing_support::Replies WholeZone(
    const testing_support::Asked& asked,
    const std::function<void(testing_support::PacketBuilder*)>& add = {});

// 127.0.0.1 at the server's port.
io::Endpoint EndpointOf(const testing_support::ScriptedServer& server);

// The zone of a prefix, "192.0.2.0/24".
ListedZone Listed(
    absl::string_view prefix,
    std::initializer_list<const testing_support::ScriptedServer*> servers);

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_TRANSFER_SERVED_ZONES_H_
