#include "scanner/advice/flag_text.h"

#include <cassert>

#include "absl/strings/str_cat.h"
#include "scanner/verdict/generic_name.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

using io::Flag;

struct Phrase {
  absl::string_view flag;
  absl::string_view text;
};

// In the order of VERDICTS.md section 4.
constexpr Phrase kPhrases[] = {
    {"multiple_ptr", "several PTR names: legal, but ambiguous"},
    {"excess_ptr", "more PTR names than were looked up"},
    {"cname_chain", "the reverse name is an alias"},
    {"dname", "a DNAME renames the reverse name"},
    {"classless",
     "the alias leads below the /24's own reverse name (RFC 2317)"},
    {"ttl_low", "the PTR may be cached for less than 300 s"},
    {"ttl_high", "the PTR may be cached for more than a day"},
    {"stale", "the resolver answered with expired records"},
    {"special_use", "the address is not of the public Internet"},
    {"edge_address", "a network, broadcast or anycast address: seldom a host"},
    {"pruned", "inferred from the denial of a name above, not asked"},
    {"local_zone",
     "the denial comes from a locally served zone: it says nothing about the "
     "public DNS"},
    {"resolver_disagree", "the resolvers do not agree"},
    {"reused", "the PTR is an earlier scan's: its zone has not changed"},
    {"wildcard", "the reverse zone answers every name with a wildcard"},
    {"synthesized", "the reverse zone's servers make up names"},
    {"root_name", "a PTR is the root"},
    {"localhost", "a PTR means \"this machine\""},
    {"missing_dot",
     "a PTR ends in its own zone's name: the final dot was forgotten"},
    {"self_ptr", "a PTR points to itself"},
    {"arpa_name", "a PTR is a reverse name"},
    {"single_label", "a PTR has no domain"},
    {"ip_literal", "a PTR is an address, not a name"},
    {"numeric_name", "a PTR is a number, not a name"},
    {"illegal_chars", "a PTR is not a host name (RFC 1123 section 2.1)"},
    {"internal_tld", "a PTR is in a private or reserved domain"},
    {"underscore",
     "the name has an underscore: Postfix takes it, Exim drops it"},
    {"generic", "the name only embeds the address"},
    {"placeholder_name", "the name is a placeholder"},
    {"provider_default", "the name is the provider's default"},
    {"dynamic_name", "the name speaks of a dynamic address"},
    {"access_name", "the name speaks of an access line"},
    {"static_name", "the name speaks of a static address"},
    {"mail_name", "the name speaks of a mail server"},
    {"mac_in_name", "the name tells the host's MAC address"},
    {"apex_name", "the name is a bare domain"},
    {"idn", "the name is an internationalised one"},
    {"unexpected_name", "not the name that is expected"},
    {"expected_ready", "the expected name already has this address"},
    {"forward_partial",
     "not every PTR leads back: Postfix takes one at random"},
    {"forward_incomplete", "looking up another PTR name failed"},
    {"cname_target", "a PTR name is an alias (RFC 1912 section 2.1)"},
    {"private_forward", "a PTR name has a special-use address"},
    {"loopback_forward", "a PTR name has a loopback address"},
    {"near_match", "an address of the name is near by"},
    {"forward_many", "a PTR name has more than 50 addresses"},
    {"multi_domain", "the PTR names are of several domains"},
    {"other_family_only", "the name has addresses of the other family only"},
    {"aaaa_unconfirmed", "an IPv6 address of the name does not lead back"},
    {"forward_in_scan",
     "an address of the name is another target: swapped pairs?"},
    {"duplicate_name", "another address has the same name"},
    {"shared_placeholder",
     "many addresses of the block have the same name, and none leads back"},
    {"generic_template", "names of the block follow one template"},
};

struct Unusable {
  Flag flag;
  absl::string_view text;
};

// In the order of VERDICTS.md 4.2.
constexpr Unusable kUnusable[] = {
    {Flag::kRootName, "it is the root"},
    {Flag::kLocalhost, "it means \"this machine\""},
    {Flag::kMissingDot, "the final dot was forgotten"},
    {Flag::kSelfPtr, "it points to itself"},
    {Flag::kArpaName, "it is a reverse name"},
    {Flag::kSingleLabel, "it has no domain"},
    {Flag::kIpLiteral, "it is a number, not a name"},
    {Flag::kNumericName, "it is a number, not a name"},
    {Flag::kIllegalChars, "not a host name, RFC 1123 s2.1"},
    {Flag::kInternalTld, "the domain is private or reserved"},
};

Flag FirstOf(io::FlagSet flags) {
  for (const Unusable& unusable : kUnusable) {
    if (flags.Has(unusable.flag)) return unusable.flag;
  }
  return Flag::kIllegalChars;  // only of a file's row that contradicts itself
}

absl::string_view EdgeText(const dnswire::IpAddress& address) {
  if (!address.is_v4()) return "the subnet's anycast address: seldom a host";
  return address.octet(3) == 0 ? "often a network address: seldom a host"
                               : "often a broadcast address: seldom a host";
}

std::string UnexpectedText(const RowReading& reading) {
  const Expectation& expected = reading.expected();
  switch (expected.kind()) {
    case Expectation::Kind::kNoPtr:
      return "no PTR is wanted here";
    case Expectation::Kind::kHostName:
    case Expectation::Kind::kBelow:
      return absl::StrCat("expected is ", expected.ToText());
    case Expectation::Kind::kNone:
      break;
  }
  return "";
}

// What the row adds to the phrase, or says instead; "": nothing.
std::string InsteadOfPhrase(Flag flag, const RowReading& reading) {
  switch (flag) {
    case Flag::kEdgeAddress:
      return std::string(EdgeText(reading.row().ip));
    case Flag::kNearMatch:
      return absl::StrCat("an address of the name is in the same ",
                          reading.row().ip.is_v4() ? "/24" : "/64");
    case Flag::kUnexpectedName:
      return UnexpectedText(reading);
    case Flag::kExpectedReady:
      return absl::StrCat(reading.host(), " already has this address");
    default:
      return "";
  }
}

std::string Detail(Flag flag, const RowReading& reading) {
  switch (flag) {
    case Flag::kGeneric:
      return reading.judged() ? GenericReason(ClassifyName(reading.row().ip,
                                                           *reading.judged()))
                              : "";
    case Flag::kTtlLow:
    case Flag::kTtlHigh:
      return reading.row().ttl_s ? absl::StrCat(*reading.row().ttl_s, " s")
                                 : "";
    default:
      return "";
  }
}

}  // namespace

absl::string_view FlagPhrase(absl::string_view flag) {
  for (const Phrase& phrase : kPhrases) {
    if (phrase.flag == flag) return phrase.text;
  }
  return "";
}

std::string FlagText(Flag flag, const RowReading& reading) {
  std::string text = InsteadOfPhrase(flag, reading);
  if (text.empty()) text = std::string(FlagPhrase(io::FlagName(flag)));
  const std::string detail = Detail(flag, reading);
  return detail.empty() ? text : absl::StrCat(text, " (", detail, ")");
}

absl::string_view UnusableText(Flag flag) {
  for (const Unusable& unusable : kUnusable) {
    if (unusable.flag == flag) return unusable.text;
  }
  assert(false);
  return "";
}

Flag FirstUnusableFlag(const RowReading& reading) {
  const io::Row& row = reading.row();
  const io::FlagSet own =
      UnusableFlags(row.ip, reading.facts().chain, *reading.judged());
  // An alias that the facts do not have may have made it unusable.
  return FirstOf(own.empty() ? row.flags : own);
}

}  // namespace scanner
