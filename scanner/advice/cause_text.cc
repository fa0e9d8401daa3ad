#include "scanner/advice/cause_text.h"

#include "absl/strings/str_cat.h"
#include "dnswire/wire.h"

namespace scanner {
namespace {

using io::Cause;

std::string ZoneOr(const CauseContext& context) {
  return context.zone.empty() ? "the zone" : context.zone;
}

std::string LameText(const CauseContext& context) {
  switch (context.asked) {
    case AskedWhom::kResolvers:
      return "the server does not recurse";
    case AskedWhom::kAuthorities:
      return "the server does not serve the zone";
    case AskedWhom::kUnknown:
      break;
  }
  return "the server does not serve the zone, or does not recurse";
}

std::string LameFix(const CauseContext& context) {
  constexpr absl::string_view kOfZone =
      "Load the zone or correct the delegation.";
  constexpr absl::string_view kOfResolver = "Use a recursive resolver.";
  switch (context.asked) {
    case AskedWhom::kResolvers:
      return std::string(kOfResolver);
    case AskedWhom::kAuthorities:
      return std::string(kOfZone);
    case AskedWhom::kUnknown:
      break;
  }
  return absl::StrCat(kOfZone, " Of a resolver: ", kOfResolver);
}

std::string RcodeText(const CauseContext& context) {
  if (!context.rcode) return "an unusual error code";
  return absl::StrCat("error code ", dnswire::RcodeName(*context.rcode));
}

// The causes of skipped, of the timeout family and the negatives.
std::string QuietText(Cause cause) {
  switch (cause) {
    case Cause::kSpecialUse:
      return "special-purpose address";
    case Cause::kExcluded:
      return "on the exclude list";
    case Cause::kBudget:
      return "query budget used up";
    case Cause::kBreaker:
      return "the zone's servers were paused after repeated failures";
    case Cause::kTimeout:
      return "no response";
    case Cause::kUnreachable:
      return "network or port unreachable on every try";
    case Cause::kUnmatched:
      return "replies came, but none belonged to the question";
    case Cause::kAllNsUnreachable:
      return "no name server of the zone answered";
    case Cause::kNxdomain:
      return "the name does not exist";
    case Cause::kNodata:
      return "it exists without PTR";
    case Cause::kDanglingCname:
      return "alias to a name without PTR";
    default:
      return "";
  }
}

std::string QuietFix(Cause cause, const CauseContext& context) {
  switch (cause) {
    case Cause::kSpecialUse:
      return "Name the block itself as target, or use --include-special.";
    case Cause::kExcluded:
      return "Nothing to do.";
    case Cause::kBudget:
      return "Raise the budget.";
    case Cause::kBreaker:
      return absl::StrCat("Run again when ", ZoneOr(context), " works.");
    case Cause::kTimeout:
      return "Check server and rate.";
    case Cause::kUnreachable:
      return "Check the route.";
    case Cause::kUnmatched:
      return "Look for spoofing or a broken middlebox.";
    case Cause::kAllNsUnreachable:
      return absl::StrCat("Repair the name servers of ", ZoneOr(context), ".");
    default:
      return "";
  }
}

}  // namespace

std::string CauseText(Cause cause, const CauseContext& context) {
  switch (cause) {
    case Cause::kServfail:
      return "the server failed (SERVFAIL)";
    case Cause::kRefused:
      return "the zone's servers refuse";
    case Cause::kResolverRefused:
      return "your resolver refuses you";
    case Cause::kNotauth:
      return "error code NOTAUTH";
    case Cause::kFormerr:
      return "error code FORMERR";
    case Cause::kNotimp:
      return "error code NOTIMP";
    case Cause::kOtherRcode:
      return RcodeText(context);
    case Cause::kMalformed:
      return "the response breaks the DNS format";
    case Cause::kTruncated:
      return "truncated answer and TCP failed";
    case Cause::kLoop:
      return "CNAME loop";
    case Cause::kChainTooLong:
      return "more than 11 CNAMEs";
    case Cause::kLame:
      return LameText(context);
    case Cause::kNsUnresolvable:
      return "no name server of the zone has an address";
    case Cause::kDnssecBogus:
      return "DNSSEC validation fails";
    case Cause::kBlocked:
      return "the resolver says it altered the answer";
    default:
      return QuietText(cause);
  }
}

std::string CauseFix(Cause cause, const CauseContext& context) {
  const std::string server =
      context.server.empty() ? "in question" : context.server;
  switch (cause) {
    case Cause::kServfail:
      return absl::StrCat("Run `ptrsweep zones`; repair the name servers of ",
                          ZoneOr(context), ".");
    case Cause::kRefused:
      return "Load the zone there.";
    case Cause::kResolverRefused:
      return "Allow this host on the resolver.";
    case Cause::kNotauth:
    case Cause::kFormerr:
    case Cause::kNotimp:
    case Cause::kOtherRcode:
    case Cause::kMalformed:
      return absl::StrCat("Repair the server ", server, ".");
    case Cause::kTruncated:
      return absl::StrCat("Open TCP port 53 at the server ", server, ".");
    case Cause::kLoop:
    case Cause::kChainTooLong:
      return absl::StrCat("Shorten the alias chain of ", context.name, ".");
    case Cause::kLame:
      return LameFix(context);
    case Cause::kNsUnresolvable:
      return "Correct the NS names at the parent; a free name can be taken "
             "over.";
    case Cause::kDnssecBogus:
      return absl::StrCat("Repair signatures or DS of ", ZoneOr(context), ".");
    case Cause::kBlocked:
      return "Use a resolver that does not filter.";
    default:
      return QuietFix(cause, context);
  }
}

}  // namespace scanner
