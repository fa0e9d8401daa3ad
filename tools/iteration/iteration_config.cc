#include "tools/iteration/iteration_config.h"

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "io/files/target_text.h"
#include "scanner/delegation/root_hints.h"
#include "tools/iteration/root_hints_file.h"
#include "tools/options/option_value.h"

namespace tools {
namespace {

enum class Transport : uint8_t { kAuto, k4, k6 };

// The kernel knows how to get there. Sends nothing.
bool HasRoute(const dnswire::IpAddress& address) {
  sockaddr_storage socket_address;
  const socklen_t size =
      io::Endpoint{.address = address}.ToSockaddr(&socket_address);
  const int fd = socket(socket_address.ss_family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (fd < 0) return false;
  const bool connected =
      connect(fd, reinterpret_cast<const sockaddr*>(&socket_address), size) ==
      0;
  close(fd);
  return connected;
}

bool HasRoute(const scanner::ScanOptions& options, bool v4) {
  for (const scanner::RootServer& server : options.root_servers) {
    for (const dnswire::IpAddress& address : server.addresses) {
      if (address.is_v4() == v4 && HasRoute(address)) return true;
    }
  }
  return false;
}

absl::Status SetTransport(const OptionText& text,
                          scanner::ScanOptions* options) {
  using enum Transport;
  Transport transport = kAuto;
  absl::Status status = SetWord(text, {{"auto", kAuto}, {"4", k4}, {"6", k6}},
                                "auto, 4 or 6", &transport);
  if (!status.ok()) return status;
  options->transport_v4 = transport != k6;
  options->transport_v6 = transport != k4;
  if (transport == kAuto) {
    options->transport_v4 = HasRoute(*options, true);
    options->transport_v6 = HasRoute(*options, false);
  }
  if (!options->transport_v4 && !options->transport_v6) {
    return absl::FailedPreconditionError(
        "--iterative: there is no route to any name server of the root");
  }
  return absl::OkStatus();
}

absl::Status RefuseResolverOptions(const ScanArguments& arguments) {
  const auto refuse = [](const OptionText& text, absl::string_view option) {
    return absl::InvalidArgumentError(absl::StrCat(
        text.origin, ": ", option, " and --iterative exclude each other"));
  };
  if (!arguments.resolvers.empty()) {
    return refuse(arguments.resolvers[0], "--resolver");
  }
  if (!arguments.canaries.empty()) {
    return refuse(arguments.canaries[0], "--canary");
  }
  return absl::OkStatus();
}

// ADDRESS[/LENGTH]=QPS, the text split at '='.
absl::Status AddListedRate(const OptionText& text, size_t equals,
                           std::vector<scanner::ListedRate>* rates) {
  const auto server = io::ParseAddressAndLength(
      absl::StripAsciiWhitespace(text.text.substr(0, equals)));
  if (!server.ok()) return At(text, server.status());
  const dnswire::IpPrefix prefix = server->Covering();
  if (server->HasHostBits()) {
    return BadValue(
        text, absl::StrCat("a prefix; did you mean ", prefix.ToString(), "?"));
  }
  double qps = 0;
  absl::Status status =
      SetRate(OptionText(text.text.substr(equals + 1), text.origin), &qps);
  if (!status.ok()) return status;
  for (const scanner::ListedRate& other : *rates) {
    if (other.prefix == prefix) {
      return BadValue(text, "the first rate for these servers");
    }
  }
  rates->push_back({.prefix = prefix, .qps = qps});
  return absl::OkStatus();
}

absl::Status SetAuthorityRates(const std::vector<OptionText>& texts,
                               scanner::ScanOptions* options) {
  const OptionText* start = nullptr;
  for (const OptionText& text : texts) {
    const size_t equals = text.text.find('=');
    absl::Status status;
    if (equals != std::string::npos) {
      status = AddListedRate(text, equals, &options->listed_rates);
    } else if (start != nullptr) {
      return BadValue(text,
                      "ADDRESS[/LENGTH]=QPS, and one rate to start with "
                      "was given");
    } else {
      start = &text;
      status = SetRate(text, &options->authority_rate_qps);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status SetIteration(const ScanArguments& arguments,
                          scanner::ScanOptions* options) {
  absl::Status status = RefuseResolverOptions(arguments);
  status.Update(SetAuthorityRates(arguments.authority_rate, options));
  status.Update(SetRate(arguments.authority_max, &options->authority_max_qps));
  if (!arguments.zone_rate.empty()) {
    status.Update(
        SetRate(arguments.zone_rate, &options->zone_rate_qps.emplace()));
  }
  if (!status.ok()) return status;
  options->iterative = true;
  options->canaries = false;
  if (arguments.root_hints.empty()) {
    options->root_servers = scanner::BuiltInRootHints();
  } else {
    auto servers = ReadRootHints(arguments.root_hints.text);
    if (!servers.ok()) return At(arguments.root_hints, servers.status());
    options->root_servers = *std::move(servers);
  }
  return SetTransport(arguments.transport, options);
}

}  // namespace tools
