#include "scanner/advice/receivers.h"

#include <optional>

namespace scanner {
namespace {

using io::Flag;
using io::Status;

// The table's columns.
struct Outcomes {
  absl::string_view postfix_reverse;
  absl::string_view postfix_client;
  absl::string_view exim;
  absl::string_view gmail;
};

constexpr absl::string_view kRejects = "rejects 4.7.1";
constexpr absl::string_view kGmailRejects = "rejects 550 5.7.25";

Outcomes OfPass(io::FlagSet flags) {
  constexpr absl::string_view kAtRandom =
      "ok or not, at random: one of its names does not lead back";
  Outcomes outcomes = {"ok", "ok", "ok", "ok"};
  if (flags.Has(Flag::kForwardPartial)) {
    outcomes.postfix_reverse = outcomes.postfix_client = kAtRandom;
  }
  if (flags.Has(Flag::kUnderscore)) {
    outcomes.exim = "ok, but may fail: the name has an underscore";
  } else if (flags.Has(Flag::kForwardIncomplete)) {
    outcomes.exim = "ok, but may defer: looking up a name failed";
  }
  return outcomes;
}

// Postfix does not take these for a name at all.
bool IsNoNameForPostfix(io::FlagSet flags) {
  io::FlagSet no_names;
  for (const Flag flag : {Flag::kRootName, Flag::kIllegalChars,
                          Flag::kIpLiteral, Flag::kNumericName}) {
    no_names.Add(flag);
  }
  return flags.HasAny(no_names);
}

std::optional<Outcomes> OutcomesOf(const io::Row& row) {
  switch (row.status) {
    case Status::kPass:
      return OfPass(row.flags);
    case Status::kMismatch:
    case Status::kNoForward:
      return Outcomes{"ok", "rejects 4.7.25", "fails", kGmailRejects};
    case Status::kBadName:
      return Outcomes{IsNoNameForPostfix(row.flags) ? kRejects : "ok",
                      "rejects", "fails", "rejects, likely"};
    case Status::kNoPtr:
    case Status::kUndelegated:
      return Outcomes{kRejects, "rejects", "fails", kGmailRejects};
    case Status::kReverseTimeout:
    case Status::kReverseError:
      return Outcomes{"450", "450", "defers", "defers, likely"};
    case Status::kForwardError:
      return Outcomes{"ok", "450", "defers", "defers, likely"};
    case Status::kSkipped:
    case Status::kUnconfirmed:
      break;
  }
  return std::nullopt;
}

constexpr absl::string_view kNotes[] = {
    "Postfix rejects with 450 unless it is configured otherwise, always with "
    "450 on temporary errors, and uses one PTR.",
    "Exim takes any PTR that leads back.",
    "X.7.25 is \"Reverse DNS validation failed\" (RFC 7372).",
    "Gmail documents 550 5.7.25 for a missing PTR and for one that does not "
    "lead back, Microsoft 5.7.25 for IPv6 senders only; Yahoo asks for "
    "non-generic names.",
    "The PTR need not match From:, and RFC 5321 section 4.1.4 forbids "
    "rejecting mail for an EHLO name alone.",
    "A pass is a prerequisite, not a guarantee.",
};

constexpr absl::string_view kNoPtrBounces[] = {
    "cannot find your reverse hostname",
    "does not have a PTR record",
    "IP not found in DNS",
    "Failed reverse DNS lookup",
};

constexpr absl::string_view kMismatchBounces[] = {
    "cannot find your hostname",
    "forward DNS entry does not match the sending IP",
};

}  // namespace

std::vector<Prediction> PredictReceivers(const io::Row& row) {
  const std::optional<Outcomes> outcomes = OutcomesOf(row);
  if (!outcomes) return {};
  return {
      {"Postfix reject_unknown_reverse_client_hostname",
       outcomes->postfix_reverse},
      {"Postfix reject_unknown_client_hostname", outcomes->postfix_client},
      {"Exim verify = reverse_host_lookup", outcomes->exim},
      {"Gmail sender guidelines", outcomes->gmail},
  };
}

std::span<const absl::string_view> ReceiverNotes() { return kNotes; }

std::span<const absl::string_view> BounceTexts(Status status) {
  switch (status) {
    case Status::kNoPtr:
    case Status::kUndelegated:
      return kNoPtrBounces;
    case Status::kMismatch:
    case Status::kNoForward:
      return kMismatchBounces;
    default:
      return {};
  }
}

}  // namespace scanner
