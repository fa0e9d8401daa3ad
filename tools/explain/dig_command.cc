#include "tools/explain/dig_command.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "dnswire/wire.h"

namespace tools {
namespace {

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '.';
}

// "dig @192.0.2.53 -p 5353 +norec".
std::string Dig(const io::Endpoint& server, bool recursion) {
  return absl::StrCat(
      "dig @", server.address.ToString(),
      server.port == dnswire::kPort ? "" : absl::StrCat(" -p ", server.port),
      recursion ? "" : " +norec");
}

}  // namespace

bool IsPlainName(absl::string_view name) {
  return !name.empty() && name[0] != '-' &&
         std::all_of(name.begin(), name.end(), IsPlain);
}

std::optional<std::string> DigCommand(const DigQuestion& question) {
  if (!IsPlainName(question.name)) return std::nullopt;
  return absl::StrCat(Dig(question.server, question.recursion),
                      question.tcp ? " +tcp" : "", " ", question.name, " ",
                      question.type);
}

std::string DigReverse(const dnswire::IpAddress& address,
                       const io::Endpoint& server, bool recursion) {
  return absl::StrCat(Dig(server, recursion), " -x ", address.ToString());
}

std::vector<std::string> OtherReverseCommands(const dnswire::IpAddress& address,
                                              const io::Endpoint& server) {
  const std::string ip = address.ToString();
  const std::string port = server.port == dnswire::kPort
                               ? ""
                               : absl::StrCat("-port=", server.port, " ");
  return {absl::StrCat("host ", ip),
          absl::StrCat("nslookup ", port, ip, " ", server.address.ToString())};
}

}  // namespace tools
