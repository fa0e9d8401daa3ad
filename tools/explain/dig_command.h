// Commands that ask what was asked, to be pasted into a shell. A name comes
// from whoever runs a zone, so only plain ones are printed.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_DIG_COMMAND_H_
#define PTRSWEEP_TOOLS_EXPLAIN_DIG_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "io/net/endpoint.h"

namespace tools {

// Octets a-z 0-9 - _ . only, and not with '-' first.
bool IsPlainName(absl::string_view name);

struct DigQuestion {
  absl::string_view name;
  absl::string_view type;
  const io::Endpoint& server;
  bool recursion = true;  // false: of an authority
  bool tcp = false;
};
// "dig @192.0.2.53 -p 5353 +norec mail.example.com A"; nullopt: the name is not
// plain.
std::optional<std::string> DigCommand(const DigQuestion& question);
// For the PTR of the address: "dig @192.0.2.53 -x 192.0.2.10".
std::string DigReverse(const dnswire::IpAddress& address,
                       const io::Endpoint& server, bool recursion);
// `host` and `nslookup` for the same.
std::vector<std::string> OtherReverseCommands(const dnswire::IpAddress& address,
                                              const io::Endpoint& server);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_DIG_COMMAND_H_
