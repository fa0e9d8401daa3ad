#include "io/net/endpoint.h"

#include <arpa/inet.h>
#include <net/if.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "io/number.h"

namespace io {
namespace {

using dnswire::IpAddress;

constexpr absl::string_view kBlanks = " \t";

// fe80::/10, the only unicast addresses that need an interface (RFC 4007).
bool IsLinkLocal(const IpAddress& address) {
  return !address.is_v4() && address.octet(0) == 0xfe &&
         (address.octet(1) & 0xc0) == 0x80;
}

// Index of an interface; nullopt if there is none of that name.
std::optional<uint32_t> InterfaceIndex(absl::string_view name) {
  if (name.find('\0') != absl::string_view::npos) return std::nullopt;
  const std::string terminated(name);
  const uint32_t index = if_nametoindex(terminated.c_str());
  if (index == 0) return std::nullopt;
  return index;
}

// "ADDR" or "V6%interface" into an endpoint with port 53.
std::optional<Endpoint> ParseHost(absl::string_view text) {
  const size_t percent = text.find('%');
  const std::optional<IpAddress> address =
      IpAddress::Parse(text.substr(0, percent));
  if (!address) return std::nullopt;
  if (percent == absl::string_view::npos) return Endpoint{.address = *address};
  if (!IsLinkLocal(*address)) return std::nullopt;
  const auto scope = InterfaceIndex(text.substr(percent + 1));
  if (!scope) return std::nullopt;
  return Endpoint{.address = *address, .scope = *scope};
}

// `host` with the port that `text` names.
std::optional<Endpoint> WithPort(std::optional<Endpoint> host,
                                 absl::string_view text) {
  const std::optional<uint64_t> port = ParseUnsigned(text, UINT16_MAX);
  if (!host || !port || *port == 0) return std::nullopt;
  host->port = static_cast<uint16_t>(*port);
  return host;
}

// "[V6]" or "[V6]:PORT".
std::optional<Endpoint> ParseBracketed(absl::string_view text) {
  const size_t close = text.find(']');
  if (close == absl::string_view::npos) return std::nullopt;
  const std::optional<Endpoint> host = ParseHost(text.substr(1, close - 1));
  if (!host || host->address.is_v4()) return std::nullopt;
  absl::string_view rest = text.substr(close + 1);
  if (rest.empty()) return host;
  return absl::ConsumePrefix(&rest, ":") ? WithPort(host, rest) : std::nullopt;
}

// By name; the index in decimal if the interface is gone.
std::string InterfaceName(uint32_t index) {
  char name[IF_NAMESIZE];
  return if_indextoname(index, name) != nullptr ? std::string(name)
                                                : absl::StrCat(index);
}

std::string HostText(const Endpoint& endpoint) {
  std::string text = endpoint.address.ToString();
  if (endpoint.scope != 0) {
    absl::StrAppend(&text, "%", InterfaceName(endpoint.scope));
  }
  return text;
}

sockaddr_in ToSockaddrIn(const Endpoint& endpoint) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(endpoint.port);
  out.sin_addr.s_addr = htonl(endpoint.address.v4());
  return out;
}

sockaddr_in6 ToSockaddrIn6(const Endpoint& endpoint) {
  sockaddr_in6 out{};
  out.sin6_family = AF_INET6;
  out.sin6_port = htons(endpoint.port);
  for (int i = 0; i < 16; ++i) {
    out.sin6_addr.s6_addr[i] = endpoint.address.octet(i);
  }
  out.sin6_scope_id = endpoint.scope;
  return out;
}

// The value of a "nameserver" line; empty for any other line.
absl::string_view NameserverValue(absl::string_view line) {
  if (!absl::ConsumePrefix(&line, "nameserver")) return {};
  const size_t start = line.find_first_not_of(kBlanks);
  if (start == 0 || start == absl::string_view::npos) return {};
  line.remove_prefix(start);
  return line.substr(0, line.find_first_of(" \t\r#;"));
}

}  // namespace

std::optional<Endpoint> Endpoint::Parse(absl::string_view text) {
  if (absl::StartsWith(text, "[")) return ParseBracketed(text);
  const size_t colon = text.find(':');
  const bool one_colon =
      colon != absl::string_view::npos && colon == text.rfind(':');
  if (!one_colon) return ParseHost(text);
  return WithPort(ParseHost(text.substr(0, colon)), text.substr(colon + 1));
}

std::string Endpoint::ToString() const {
  if (port == dnswire::kPort) return HostText(*this);
  if (address.is_v4()) return absl::StrCat(HostText(*this), ":", port);
  return absl::StrCat("[", HostText(*this), "]:", port);
}

socklen_t Endpoint::ToSockaddr(sockaddr_storage* out) const {
  if (address.is_v4()) {
    const sockaddr_in v4 = ToSockaddrIn(*this);
    std::memcpy(out, &v4, sizeof v4);
    return sizeof v4;
  }
  const sockaddr_in6 v6 = ToSockaddrIn6(*this);
  std::memcpy(out, &v6, sizeof v6);
  return sizeof v6;
}

Endpoint Endpoint::FromSockaddr(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof v4);
    return {.address = IpAddress::V4(ntohl(v4.sin_addr.s_addr)),
            .port = ntohs(v4.sin_port)};
  }
  sockaddr_in6 v6;
  std::memcpy(&v6, &address, sizeof v6);
  return {.address = IpAddress::FromV6Octets(
              std::span<const uint8_t, 16>(v6.sin6_addr.s6_addr)),
          .port = ntohs(v6.sin6_port),
          .scope = v6.sin6_scope_id};
}

std::vector<Endpoint> ParseResolvConf(absl::string_view text) {
  std::vector<Endpoint> servers;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::optional<Endpoint> server =
        Endpoint::Parse(NameserverValue(line));
    if (server &&
        std::find(servers.begin(), servers.end(), *server) == servers.end()) {
      servers.push_back(*server);
    }
  }
  return servers;
}

}  // namespace io
