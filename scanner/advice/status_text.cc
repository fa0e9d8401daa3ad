#include "scanner/advice/status_text.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "scanner/advice/cause_text.h"
#include "scanner/advice/flag_text.h"
#include "scanner/advice/holder.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

using dnswire::NameView;
using io::Cause;
using io::Flag;
using io::Status;

// Of a name's addresses; the rest are counted.
constexpr size_t kShownAddresses = 10;

CauseContext ReverseContext(const RowReading& reading) {
  const io::Row& row = reading.row();
  return {.asked = reading.facts().asked,
          .rcode = row.rcode,
          .zone = reading.ZoneText(),
          .server = row.server ? row.server->ToString() : "",
          .name = reading.qname().ToText()};
}

CauseContext ForwardContext(const RowReading& reading, NameView name) {
  return {.asked = reading.facts().asked,
          .zone = RegistrableDomain(name).ToText(),
          .name = name.ToText()};
}

std::string AddressesText(const RowReading& reading) {
  const io::ForwardItem* forward = reading.judged_forward();
  if (forward == nullptr) return "other addresses";
  const size_t shown = std::min(forward->addresses.size(), kShownAddresses);
  std::vector<std::string> texts;
  for (const dnswire::IpAddress& address : forward->addresses.first(shown)) {
    texts.push_back(address.ToString());
  }
  const size_t more = forward->addresses.size() - shown;
  return absl::StrCat(absl::StrJoin(texts, ", "),
                      more == 0 ? "" : absl::StrCat(" and ", more, " more"));
}

// The zone that denies is known by its SOA.
std::string DenialText(const RowReading& reading) {
  return reading.zone() ? absl::StrCat("; the denial comes from zone ",
                                       reading.zone()->ToText())
                        : "";
}

std::string NoPtrText(const RowReading& reading) {
  if (reading.row().cause != Cause::kDanglingCname) {
    return absl::StrCat(reading.ip(), " has no PTR record", DenialText(reading),
                        ".");
  }
  const std::optional<NameView> owner = reading.owner();
  return absl::StrCat("The reverse name of ", reading.ip(), " is an alias of ",
                      owner ? owner->ToText() : "a name",
                      owner ? ", which has no PTR." : " that has no PTR.");
}

std::string ForwardErrorText(const RowReading& reading) {
  const io::ForwardItem* failed = reading.failed_forward();
  const NameView name = failed != nullptr ? failed->name : *reading.judged();
  return absl::StrCat(
      reading.ip(), " has the PTR ", name.ToText(), ", but looking up ",
      name.ToText(), " ", reading.type(), " failed: ",
      CauseText(reading.row().cause, ForwardContext(reading, name)), ".");
}

// Of statuses without names.
std::string UnnamedText(const RowReading& reading) {
  const std::string cause =
      CauseText(reading.row().cause, ReverseContext(reading));
  switch (reading.row().status) {
    case Status::kSkipped:
      return absl::StrCat(reading.ip(), " was not asked: ", cause, ".");
    case Status::kReverseTimeout:
      return absl::StrCat("No usable answer to the PTR question for ",
                          reading.ip(), ": ", cause,
                          ". Whether a PTR exists is unknown.");
    case Status::kReverseError:
      return absl::StrCat("The reverse lookup of ", reading.ip(),
                          " failed: ", cause,
                          ". Whether a PTR exists is unknown.");
    case Status::kUndelegated:
      return absl::StrCat("No reverse zone is delegated for ", reading.block(),
                          ": the denial comes from the registry's zone ",
                          reading.ZoneText(), ".");
    default:
      return NoPtrText(reading);
  }
}

std::string Where(const RowReading& reading) {
  return absl::StrCat("Where: ", ProviderText(HolderOf(reading)), ".");
}

std::string NoPtrFix(const RowReading& reading) {
  const std::string host = absl::StrCat(reading.host(), ".");
  if (reading.row().flags.Has(Flag::kLocalZone)) {
    return "Serve this reverse zone yourself, or use --iterative to see the "
           "public DNS.";
  }
  if (reading.row().cause != Cause::kDanglingCname) {
    return absl::StrCat("First make `", host, " ", reading.type(), " ",
                        reading.ip(), "` exist, then have ", reading.TheZone(),
                        " get `", reading.OwnerText(), " PTR ", host, "` ",
                        Where(reading));
  }
  const std::optional<NameView> owner = reading.owner();
  const std::string at =
      owner ? WithDot(*owner)
            : absl::StrCat("<the alias of ", reading.qname().ToText(), ">");
  return absl::StrCat("Add `", at, " PTR ", host, "` in the child zone",
                      reading.zone() ? " " : "",
                      reading.zone() ? reading.ZoneText() : "",
                      "; the parent's alias is in place.");
}

std::string BadNameFix(const RowReading& reading) {
  const NameView name = *reading.judged();
  std::string fix = absl::StrCat("Replace it by ", reading.host(), ".");
  const int appended =
      AppendedLabels(reading.row().ip, reading.facts().chain, name);
  if (appended == 0) return fix;
  const std::string text = name.ToText();
  const std::string zone = name.Suffix(appended).ToText();
  return absl::StrCat(fix, " The zone file lacks the final dot after ",
                      text.substr(0, text.size() - zone.size() - 1), ".");
}

std::string NotLeadingBackFix(const RowReading& reading) {
  return absl::StrCat(
      "Add `", WithDot(*reading.judged()), " ", reading.type(), " ",
      reading.ip(), "`, or point the PTR to a name that has this address",
      reading.host_known() ? absl::StrCat(" (", reading.host(), ")") : "", ".");
}

// Where the name servers of the domain are not to blame, the cause says what
// to do.
std::string ForwardErrorFix(const RowReading& reading) {
  const io::ForwardItem* failed = reading.failed_forward();
  const NameView name = failed != nullptr ? failed->name : *reading.judged();
  const CauseContext context = ForwardContext(reading, name);
  switch (reading.row().cause) {
    case Cause::kResolverRefused:
    case Cause::kBlocked:
    case Cause::kLoop:
    case Cause::kChainTooLong:
    case Cause::kUnreachable:
    case Cause::kUnmatched:
      return absl::StrCat(CauseFix(reading.row().cause, context),
                          " Then scan again.");
    default:
      return absl::StrCat("Repair the name servers of ", context.zone,
                          ", then scan again.");
  }
}

std::string TimeoutFix(const RowReading& reading) {
  const Cause cause = reading.row().cause;
  const bool special =
      cause == Cause::kUnreachable || cause == Cause::kUnmatched;
  const bool direct = reading.facts().asked == AskedWhom::kAuthorities;
  return absl::StrCat(
      special ? CauseFix(cause, ReverseContext(reading)) : "",
      special ? " " : "",
      "If other blocks answered, tell the operator of the name servers of ",
      reading.ZoneText(), "; if none did, check your ",
      direct ? "network" : "resolver", " or lower the rate.");
}

std::string FixOfStatus(const RowReading& reading) {
  const io::Row& row = reading.row();
  switch (row.status) {
    case Status::kSkipped:
    case Status::kReverseError:
      return CauseFix(row.cause, ReverseContext(reading));
    case Status::kReverseTimeout:
      return TimeoutFix(reading);
    case Status::kUndelegated:
      return absl::StrCat("The holder of ", reading.block(),
                          " must register name servers for its reverse zone. ",
                          Where(reading));
    case Status::kNoPtr:
      return NoPtrFix(reading);
    case Status::kBadName:
      return BadNameFix(reading);
    case Status::kForwardError:
      return ForwardErrorFix(reading);
    case Status::kMismatch:
    case Status::kNoForward:
      return NotLeadingBackFix(reading);
    case Status::kPass:
    case Status::kUnconfirmed:
      break;
  }
  return "";
}

// A PTR that nobody wants, or that has the wrong name though it leads back.
std::string UnexpectedFix(const RowReading& reading) {
  if (!reading.row().flags.Has(Flag::kUnexpectedName) || !reading.judged()) {
    return "";
  }
  if (reading.expected().kind() == Expectation::Kind::kNoPtr) {
    return absl::StrCat("Remove the PTR ", reading.JudgedText(), ".");
  }
  if (reading.row().status != Status::kPass) return "";
  return absl::StrCat("Replace the PTR by ", reading.expected().ToText(), ".");
}

}  // namespace

std::string ExplanationText(const RowReading& reading) {
  const io::Row& row = reading.row();
  if (!reading.judged()) return UnnamedText(reading);
  const std::string has_ptr =
      absl::StrCat(reading.ip(), " has the PTR ", reading.JudgedText());
  switch (row.status) {
    case Status::kBadName:
      return absl::StrCat("The PTR of ", reading.ip(), " is ",
                          reading.JudgedText(), ": ",
                          UnusableText(FirstUnusableFlag(reading)), ".");
    case Status::kUnconfirmed:
      return absl::StrCat(has_ptr, "; whether it leads back was not asked.");
    case Status::kPass:
      return absl::StrCat(reading.ip(), " -> ", reading.judged()->ToText(),
                          " -> ", reading.ip(), ": forward-confirmed.");
    case Status::kForwardError:
      return ForwardErrorText(reading);
    case Status::kMismatch:
      return absl::StrCat(reading.ip(), " -> ", reading.JudgedText(), " -> ",
                          AddressesText(reading),
                          ": the name does not lead back.");
    case Status::kNoForward:
      return absl::StrCat(has_ptr, ", which has no ", reading.type(),
                          " record.");
    default:
      return UnnamedText(reading);
  }
}

std::string FixText(const RowReading& reading) {
  // Files may hold rows that contradict themselves.
  const bool named = reading.row().status >= Status::kBadName;
  if (reading.IsAsWanted() || (named && !reading.judged())) return "";
  std::string fix = UnexpectedFix(reading);
  if (fix.empty()) fix = FixOfStatus(reading);
  if (fix.empty() || !reading.row().ttl_s) return fix;
  return absl::StrCat(fix, " Check again after ", *reading.row().ttl_s, " s.");
}

absl::string_view IprevResult(Status status) {
  switch (status) {
    case Status::kPass:
      return "pass";
    case Status::kBadName:
    case Status::kMismatch:
    case Status::kNoForward:
      return "fail";
    case Status::kUndelegated:
    case Status::kNoPtr:
      return "permerror";
    case Status::kReverseTimeout:
    case Status::kReverseError:
    case Status::kForwardError:
      return "temperror";
    case Status::kSkipped:
    case Status::kUnconfirmed:
      break;
  }
  return "none";
}

std::string RuleText(Status status) {
  const auto rule = [status](absl::string_view condition) {
    return absl::StrCat("rule ", static_cast<int>(status), ": ", condition);
  };
  switch (status) {
    case Status::kSkipped:
      return rule("the address was neither asked nor inferred");
    case Status::kReverseTimeout:
      return rule("the PTR question had no usable answer");
    case Status::kReverseError:
      return rule("the PTR lookup ended in an error");
    case Status::kUndelegated:
      return rule("a denial, without alias, from a registry's zone");
    case Status::kNoPtr:
      return rule("a denial");
    case Status::kBadName:
      return rule("no PTR name can be used");
    case Status::kUnconfirmed:
      return rule("the names were not asked (--ptr-only)");
    case Status::kPass:
      return rule("a name leads back");
    case Status::kForwardError:
      return rule("no name leads back, a lookup failed");
    case Status::kMismatch:
      return rule(
          "no name leads back, no lookup failed, a name has other addresses");
    case Status::kNoForward:
      return rule("no name leads back, none has an address");
  }
  return "";
}

}  // namespace scanner
