#include "io/files/target_text.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "io/formats/carried_text.h"
#include "io/number.h"

namespace io {
namespace {

constexpr int kMappedBits = 96;  // of ::ffff:0:0/96

bool Holds(absl::string_view text, absl::string_view any_of) {
  return text.find_first_of(any_of) != absl::string_view::npos;
}

bool HasLetter(absl::string_view text) {
  return std::any_of(text.begin(), text.end(), absl::ascii_isalpha);
}

// "192.0.2.*" and "192.0.*.*" to the prefix they stand for.
std::optional<std::string> WildcardPrefix(absl::string_view text) {
  std::string address;
  int length = 32;
  for (int part = 0; part < 4; ++part) {
    const absl::string_view octet = text.substr(0, text.find('.'));
    const bool star = octet == "*";
    if (!star && length < 32) return std::nullopt;  // 192.*.2.1
    if (star && length == 32) length = 8 * part;
    absl::StrAppend(&address, part > 0 ? "." : "", star ? "0" : octet);
    text.remove_prefix(std::min(octet.size() + 1, text.size()));
  }
  absl::StrAppend(&address, "/", length);
  if (!text.empty() || !dnswire::IpPrefix::Parse(address)) return std::nullopt;
  return address;
}

// What to write instead; empty if nothing sensible comes to mind.
std::string Hint(absl::string_view text) {
  if (Holds(text, absl::string_view("\0", 1))) {
    return "it holds NUL octets; a target list is plain text, UTF-8 or ASCII";
  }
  if (Holds(text, "*")) {
    const auto prefix = WildcardPrefix(text);
    return prefix ? absl::StrCat("did you mean ", *prefix, "?")
                  : "write a prefix such as 192.0.2.0/24";
  }
  if (Holds(text, " \t,;")) return "write one target a line";
  if (Holds(text, "/")) return "a range goes from one address to another";
  if (Holds(text, "[]")) return "write it without brackets";
  if (Holds(text, "%")) return "write it without a zone index";
  if (!Holds(text, ":") && HasLetter(text)) {
    return "ptrsweep takes addresses, not names";
  }
  return "";
}

absl::Status NotAnAddress(absl::string_view text) {
  if (text.empty()) return absl::InvalidArgumentError("an address is missing");
  const std::string hint = Hint(text);
  return absl::InvalidArgumentError(
      absl::StrCat(Quoted(text), " is not an IP address",
                   hint.empty() ? "" : absl::StrCat(" (", hint, ")")));
}

// Takes the first line off `text`, without its line end.
absl::string_view TakeLine(absl::string_view* text) {
  const absl::string_view line = text->substr(0, text->find('\n'));
  text->remove_prefix(std::min(line.size() + 1, text->size()));
  return absl::StripSuffix(line, "\r");
}

bool IsMapped(const dnswire::IpAddress& address) {
  return address.Unmapped() != address;
}

}  // namespace

absl::StatusOr<dnswire::IpAddress> ParseTargetAddress(absl::string_view text) {
  const auto address = dnswire::IpAddress::Parse(text);
  if (!address) return NotAnAddress(text);
  return address->Unmapped();
}

absl::StatusOr<AddressAndLength> ParseAddressAndLength(absl::string_view text) {
  const size_t slash = text.find('/');
  const absl::string_view address_text = text.substr(0, slash);
  const auto address = dnswire::IpAddress::Parse(address_text);
  if (!address) return NotAnAddress(address_text);
  const dnswire::IpAddress unmapped = address->Unmapped();
  if (slash == absl::string_view::npos) {
    return AddressAndLength{unmapped, unmapped.bits()};
  }
  const auto length = ParseUnsigned(text.substr(slash + 1),
                                    static_cast<uint64_t>(address->bits()));
  if (!length) {
    return absl::InvalidArgumentError(
        absl::StrCat(Quoted(text), ": the prefix length of an ",
                     address->is_v4() ? "IPv4" : "IPv6",
                     " address is a number from 0 to ", address->bits()));
  }
  const int bits = static_cast<int>(*length);
  if (!IsMapped(*address)) return AddressAndLength{*address, bits};
  // Shorter ones leave the mapped block, so they have host bits set.
  if (bits < kMappedBits) return AddressAndLength{*address, bits};
  return AddressAndLength{unmapped, bits - kMappedBits};
}

std::string Quoted(absl::string_view text) {
  return absl::StrCat("\"", ShownText(text), "\"");
}

absl::string_view Trim(absl::string_view text) {
  if (absl::EndsWith(text, "\r")) text.remove_suffix(1);
  const auto is_blank = [](char c) { return c == ' ' || c == '\t'; };
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

absl::Status LineError(absl::string_view source, size_t line,
                       absl::string_view message) {
  return absl::InvalidArgumentError(
      absl::StrCat(CarriedText(source), ":", line, ": ", message));
}

absl::Status ForEachListLine(
    absl::string_view text, absl::string_view source,
    absl::FunctionRef<absl::Status(const ListLine& line)> visit) {
  absl::ConsumePrefix(&text, "\xef\xbb\xbf");
  for (size_t number = 1; !text.empty(); ++number) {
    const absl::string_view line = TakeLine(&text);
    if (line.size() > kMaxLineOctets) {
      return LineError(source, number, "the line is longer than 4,096 octets");
    }
    const absl::string_view held = Trim(line.substr(0, line.find('#')));
    if (held.empty()) continue;
    const absl::Status visited = visit({held, number});
    if (!visited.ok()) return LineError(source, number, visited.message());
  }
  return absl::OkStatus();
}

}  // namespace io
