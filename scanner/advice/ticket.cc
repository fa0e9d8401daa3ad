#include "scanner/advice/ticket.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dnswire/reverse.h"
#include "io/formats/row_text.h"
#include "scanner/advice/cause_text.h"
#include "scanner/advice/holder.h"
#include "scanner/advice/status_text.h"

namespace scanner {
namespace {

using dnswire::NameView;
using io::Cause;
using io::Flag;
using io::Status;

bool WantsNone(const RowReading& reading) {
  return reading.expected().kind() == Expectation::Kind::kNoPtr;
}

// A denial that only our resolver made up is nobody's to mend.
bool IsLocal(const RowReading& reading) {
  return reading.row().flags.Has(Flag::kLocalZone);
}

// Ours to see to, or our resolver's; or nobody knows whose.
bool IsOursToMend(const RowReading& reading) {
  const Cause cause = reading.row().cause;
  return cause == Cause::kResolverRefused || cause == Cause::kBlocked ||
         cause == Cause::kUnreachable || cause == Cause::kUnmatched ||
         (cause == Cause::kTimeout && !reading.zone());
}

// The address may already be the name's: a look-up said so, or the name is one
// of those that lead back.
bool HostExists(const RowReading& reading) {
  if (!reading.host_known()) return false;
  return reading.row().flags.Has(Flag::kExpectedReady) ||
         reading.row().confirmed.Contains(reading.expected().name());
}

bool IsHost(const RowReading& reading, NameView name) {
  return reading.host_known() && !WantsNone(reading) &&
         name.Equals(reading.expected().name());
}

std::string RecordLine(const RowReading& reading) {
  const std::optional<NameView> owner = reading.owner();
  const std::string at =
      owner ? WithDot(*owner)
            : absl::StrCat("<the alias of ", reading.qname().ToText(), ">");
  return absl::StrCat(at, " PTR ", reading.host(), ".");
}

void AppendRecords(const RowReading& reading, std::string* out) {
  const RecordRequest records = RecordsOf(reading);
  if (!records.set.empty()) {
    absl::StrAppend(out, "Please set      ", records.set);
    if (!records.in_zone.empty()) {
      absl::StrAppend(out, "\n                (in ", reading.TheZone(), ": ",
                      records.in_zone, ")");
    }
    absl::StrAppend(out, "\n");
  }
  if (!records.removed.empty()) {
    absl::StrAppend(out, "Please remove   ",
                    absl::StrJoin(records.removed, ", "), "\n");
  }
  if (!records.forward.empty()) {
    absl::StrAppend(out, "Forward record  ", records.forward, "\n");
    absl::StrAppend(out, "Check           dig -x ", reading.ip(),
                    " +short    must print only    ", reading.host(), ".\n");
  }
}

}  // namespace

TicketKind TicketKindOf(const RowReading& reading) {
  if (reading.IsAsWanted() || IsLocal(reading)) return TicketKind::kNone;
  const io::Row& row = reading.row();
  if (!reading.facts().failing_servers.empty()) return TicketKind::kRepair;
  switch (row.status) {
    case Status::kUndelegated:
      return TicketKind::kDelegate;
    case Status::kReverseTimeout:
    case Status::kReverseError:
      return IsOursToMend(reading) ? TicketKind::kNone : TicketKind::kRepair;
    case Status::kNoPtr:
    case Status::kBadName:
    case Status::kMismatch:
    case Status::kNoForward:
      return TicketKind::kRecords;
    default:
      return row.flags.Has(Flag::kUnexpectedName) ? TicketKind::kRecords
                                                  : TicketKind::kNone;
  }
}

RecordRequest RecordsOf(const RowReading& reading) {
  RecordRequest records;
  for (const NameView name : reading.row().ptr) {
    if (!IsHost(reading, name)) records.removed.push_back(WithDot(name));
  }
  if (WantsNone(reading)) return records;
  records.set = RecordLine(reading);
  if (reading.zone() && reading.owner()) {
    records.in_zone =
        absl::StrCat(reading.OwnerText(), " PTR ", reading.host(), ".");
  }
  records.forward =
      absl::StrCat(reading.host(), " ", reading.type(), " ", reading.ip(), ": ",
                   HostExists(reading) ? "exists" : "we add it first");
  return records;
}

std::string ZoneAndSoa(const RowReading& reading) {
  const std::optional<ZoneSoa> soa = SoaOf(reading);
  const bool delegate = TicketKindOf(reading) == TicketKind::kDelegate;
  const std::string zone =
      reading.zone() ? absl::StrCat(delegate ? "the registry's " : "reverse ",
                                    reading.TheZone())
                     : absl::StrCat("the reverse zone of ", reading.block());
  return absl::StrCat(zone, soa ? absl::StrCat(" (SOA ", soa->mname.ToText(),
                                               " ", soa->rname.ToText(), ")")
                                : "");
}

std::string TicketTime(int64_t time_us) {
  std::string text = io::TimeText(time_us);  // 2026-11-26T13:12:45.000000Z
  text[10] = ' ';
  return absl::StrCat(text.substr(0, 19), " UTC");
}

std::string RepairText(const RowReading& reading) {
  const RowFacts& facts = reading.facts();
  const std::string seen =
      facts.failing_servers.empty()
          ? CauseText(reading.row().cause,
                      {.asked = facts.asked, .rcode = reading.row().rcode})
          : absl::StrJoin(facts.failing_servers, ", ");
  return absl::StrCat("The name servers of ", reading.ZoneText(),
                      " fail: ", seen,
                      ". Please repair them or the delegation.");
}

std::string DelegateText(const RowReading& reading) {
  return absl::StrCat(
      "Please delegate ",
      dnswire::ReverseZoneName(BlockOf(reading.row().ip)).ToText(),
      " to <name servers you choose>.");
}

std::string TicketText(const RowReading& reading) {
  const TicketKind kind = TicketKindOf(reading);
  if (kind == TicketKind::kNone) return "";
  const io::Row& row = reading.row();
  const bool delegate = kind == TicketKind::kDelegate;
  std::string text = absl::StrCat(
      "Subject: Reverse DNS (PTR) for ",
      delegate ? reading.block() : reading.ip(), "\n", reading.ip(), " is in ",
      ZoneAndSoa(reading), ".\nSeen ", TicketTime(row.time_us), ": ",
      ExplanationText(reading), "\n");
  switch (kind) {
    case TicketKind::kDelegate:
      absl::StrAppend(&text, DelegateText(reading), "\n");
      break;
    case TicketKind::kRepair:
      absl::StrAppend(&text, RepairText(reading), "\n");
      break;
    default:
      AppendRecords(reading, &text);
      break;
  }
  return text;
}

}  // namespace scanner
