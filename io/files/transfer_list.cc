#include "io/files/transfer_list.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "dnswire/ip_address.h"
#include "dnswire/reverse.h"
#include "io/files/target_text.h"

namespace io {
namespace {

using dnswire::Name;

absl::Status Fault(absl::string_view part, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat(Quoted(part), what));
}

// No zone and no key has such a name, but a mistyped address does.
bool LooksLikeAddress(absl::string_view text) {
  return text.find(':') != absl::string_view::npos || text[0] == '[' ||
         text.find_first_not_of("0123456789./") == absl::string_view::npos;
}

absl::StatusOr<Name> ParseLowerName(absl::string_view text) {
  std::optional<Name> name = Name::Parse(text);
  if (!name) return Fault(text, " is not a name");
  name->Lower();
  return *name;
}

absl::StatusOr<Name> ParsePrefixZone(absl::string_view text) {
  const auto parsed = ParseAddressAndLength(text);
  if (!parsed.ok()) return parsed.status();
  const dnswire::IpPrefix prefix = parsed->Covering();
  if (parsed->HasHostBits()) {
    return Fault(text, absl::StrCat(" has host bits set; did you mean ",
                                    prefix.ToString(), "?"));
  }
  const bool is_v4 = prefix.first().is_v4();
  if (prefix.length() % (is_v4 ? 8 : 4) != 0) {
    return Fault(text, is_v4 ? " is no zone: its length is no multiple of 8"
                             : " is no zone: its length is no multiple of 4");
  }
  return dnswire::ReverseZoneName(prefix);
}

// RFC 2317 zones have a '/' in their names too.
absl::StatusOr<Name> ParseApex(absl::string_view text) {
  const size_t slash = text.find('/');
  if (slash != absl::string_view::npos &&
      dnswire::IpAddress::Parse(text.substr(0, slash))) {
    return ParsePrefixZone(text);
  }
  if (LooksLikeAddress(text)) {
    return Fault(text, " is no zone: write its name or its prefix");
  }
  return ParseLowerName(text);
}

absl::StatusOr<std::vector<Endpoint>> ParseServers(absl::string_view text) {
  std::vector<Endpoint> servers;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    const auto server = Endpoint::Parse(part);
    if (!server) {
      return Fault(part, part.empty()
                             ? ": servers are joined by commas, without blanks"
                             : " is no server (ADDRESS, ADDRESS:PORT, [V6], "
                               "[V6]:PORT)");
    }
    servers.push_back(*server);
  }
  return servers;
}

bool IsServers(absl::string_view part) {
  return part.find(',') != absl::string_view::npos || LooksLikeAddress(part);
}

absl::StatusOr<ListedTransfer> ParseLine(const ListLine& line) {
  std::vector<absl::string_view> parts =
      absl::StrSplit(line.text, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  ListedTransfer listed = {.line = line.number};
  const auto apex = ParseApex(parts[0]);
  if (!apex.ok()) return apex.status();
  listed.apex = *apex;
  size_t next = 1;
  if (next < parts.size() && (parts.size() > 2 || IsServers(parts[next]))) {
    auto servers = ParseServers(parts[next++]);
    if (!servers.ok()) return servers.status();
    listed.servers = *std::move(servers);
  }
  if (next < parts.size()) {
    if (IsServers(parts[next])) {
      return Fault(parts[next],
                   ": servers are joined by commas, without blanks");
    }
    const auto key = ParseLowerName(parts[next++]);
    if (!key.ok()) return key.status();
    listed.key = *key;
  }
  if (next < parts.size()) {
    return Fault(parts[next], ": a line is APEX [SERVER,...] [KEY]");
  }
  return listed;
}

}  // namespace

absl::StatusOr<std::vector<ListedTransfer>> ParseTransferList(
    absl::string_view text, absl::string_view source) {
  std::vector<ListedTransfer> list;
  const absl::Status status =
      ForEachListLine(text, source, [&list](const ListLine& line) {
        auto listed = ParseLine(line);
        if (!listed.ok()) return listed.status();
        const auto same = std::find_if(
            list.begin(), list.end(), [&](const ListedTransfer& other) {
              return other.apex.view().Equals(listed->apex);
            });
        if (same != list.end()) {
          return absl::InvalidArgumentError(
              absl::StrCat("zone ", listed->apex.ToText(),
                           " was given on line ", same->line));
        }
        list.push_back(*std::move(listed));
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return list;
}

}  // namespace io
