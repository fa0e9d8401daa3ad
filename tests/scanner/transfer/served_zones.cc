#include "tests/scanner/transfer/served_zones.h"

#include "dnswire/reverse.h"
#include "tests/support/scripted_replies.h"

namespace scanner {

using testing_support::Asked;
using testing_support::PacketBuilder;
using testing_support::Replies;
using testing_support::ScriptedServer;

Replies WholeZone(const Asked& asked,
                  const std::function<void(PacketBuilder*)>& add) {
  PacketBuilder reply = PacketBuilder::ReplyTo(asked.query);
  reply.Aa().Answer().Soa(asked.name, "ns.example.net", "root.example.net");
  if (add) add(&reply);
  reply.Soa(asked.name, "ns.example.net", "root.example.net");
  return testing_support::Once(reply.Build());
}

io::Endpoint EndpointOf(const ScriptedServer& server) {
  return {.address = dnswire::IpAddress::V4(0x7f000001), .port = server.port()};
}

ListedZone Listed(absl::string_view prefix,
                  std::initializer_list<const ScriptedServer*> servers) {
  ListedZone zone;
  zone.prefix = *dnswire::IpPrefix::Parse(prefix);
  zone.apex = dnswire::ReverseZoneName(zone.prefix);
  for (const ScriptedServer* server : servers) {
    zone.servers.push_back(EndpointOf(*server));
  }
  return zone;
}

}  // namespace scanner
