#include "io/files/expected_text.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "dnswire/name.h"
#include "io/files/target_text.h"

namespace io {
namespace {

bool IsHostNameOctet(char c) {
  return absl::ascii_islower(static_cast<unsigned char>(c)) ||
         absl::ascii_isdigit(static_cast<unsigned char>(c)) || c == '-' ||
         c == '_' || c == '.';
}

bool IsNumber(absl::string_view label) {
  return std::all_of(label.begin(), label.end(), absl::ascii_isdigit);
}

bool StartsOrEndsWithDash(dnswire::NameView name) {
  for (; !name.is_root(); name = name.parent()) {
    const absl::string_view label = name.first_label();
    if (label.front() == '-' || label.back() == '-') return true;
  }
  return false;
}

// What keeps `host` from being a host name (RFC 1123 section 2.1, and '_',
// which is in use); empty: nothing. REQUIRES: lower case.
absl::string_view HostNameFault(absl::string_view host) {
  if (!std::all_of(host.begin(), host.end(), absl::ascii_isascii)) {
    return "write it in its ASCII form (xn--...)";
  }
  if (!std::all_of(host.begin(), host.end(), IsHostNameOctet)) {
    return "it may hold letters, digits, '-', '_' and '.' only";
  }
  const auto name = dnswire::Name::Parse(host);
  if (!name || absl::EndsWith(host, ".")) {
    return "its labels are 1 to 63 octets, all of it 253 at most";
  }
  if (StartsOrEndsWithDash(*name)) {
    return "a label cannot start or end with '-'";
  }
  if (IsNumber(name->view().Suffix(1).first_label())) {
    return "its last label is a number";
  }
  return "";
}

// The longest name that the pattern can become.
std::string FillIn(absl::string_view pattern) {
  return absl::StrReplaceAll(
      pattern,
      {{"{a}", "255"}, {"{b}", "255"}, {"{c}", "255"}, {"{d}", "255"}});
}

}  // namespace

absl::StatusOr<std::string> ParseExpected(absl::string_view cell,
                                          dnswire::Family family) {
  if (cell.empty() || cell == "-") return std::string{cell};
  const std::string text = absl::AsciiStrToLower(absl::StripSuffix(cell, "."));
  absl::string_view host = text;
  std::string filled;
  if (!absl::ConsumePrefix(&host, "*.")) {
    filled = FillIn(host);
    if (filled != host && family == dnswire::Family::kV6) {
      return absl::InvalidArgumentError(absl::StrCat(
          "expected ", Quoted(cell), ": {a} to {d} are octets of IPv4 only"));
    }
    host = filled;
  }
  const absl::string_view fault = HostNameFault(host);
  if (fault.empty()) return text;
  return absl::InvalidArgumentError(
      absl::StrCat("expected ", Quoted(cell), " is not a host name: ", fault));
}

}  // namespace io
