#include "scanner/advice/zone_tickets.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/advice/holder.h"
#include "scanner/advice/status_text.h"

namespace scanner {
namespace {

std::string Counted(size_t addresses) {
  return absl::StrCat(addresses, addresses == 1 ? " address" : " addresses");
}

std::string SeenText(int64_t first_us, int64_t last_us) {
  const std::string first = TicketTime(first_us);
  const std::string last = TicketTime(last_us);
  return first == last ? first : absl::StrCat(first, " to ", last);
}

void AppendPart(absl::string_view head, absl::string_view lines,
                std::string* out) {
  if (!lines.empty()) absl::StrAppend(out, head, "\n", lines);
}

}  // namespace

void ZoneTickets::Add(const RowReading& reading) {
  const TicketKind kind = TicketKindOf(reading);
  if (kind == TicketKind::kNone) return;
  Group& group = groups_[{reading.ZoneText(), kind}];
  const int64_t time_us = reading.row().time_us;
  if (group.addresses++ == 0) {
    group.actor = ActorOf(reading.row());
    group.where = ProviderText(HolderOf(reading));
    group.first_us = group.last_us = time_us;
  }
  group.first_us = std::min(group.first_us, time_us);
  group.last_us = std::max(group.last_us, time_us);
  // A later row may have the SOA that the first one lacks.
  std::string zone_and_soa = ZoneAndSoa(reading);
  if (zone_and_soa.size() > group.zone_and_soa.size()) {
    group.zone_and_soa = std::move(zone_and_soa);
    group.where = ProviderText(HolderOf(reading));
  }
  if (kind == TicketKind::kRepair) group.request = RepairText(reading);
  if (kind == TicketKind::kDelegate) AddDelegation(reading, &group);
  if (group.addresses <= max_listed_) List(reading, kind, &group);
}

void ZoneTickets::AddDelegation(const RowReading& reading, Group* group) const {
  const std::string text = DelegateText(reading);
  const auto known = group->delegations.find(text);
  if (known != group->delegations.end()) {
    ++known->second;
  } else if (group->delegations.size() < max_listed_) {
    group->delegations[text] = 1;
  } else {
    ++group->further_addresses;
  }
}

void ZoneTickets::List(const RowReading& reading, TicketKind kind,
                       Group* group) const {
  Lines& lines = group->lines;
  absl::StrAppend(&lines.seen, "  ", ExplanationText(reading), "\n");
  if (kind != TicketKind::kRecords) return;
  const RecordRequest records = RecordsOf(reading);
  if (!records.set.empty()) {
    absl::StrAppend(&lines.set, "  ", records.set, "\n");
  }
  for (const std::string& name : records.removed) {
    const std::optional<dnswire::NameView> owner = reading.owner();
    absl::StrAppend(&lines.removed, "  ",
                    WithDot(owner ? *owner : reading.qname().view()), " PTR ",
                    name, "\n");
  }
  if (!records.forward.empty()) {
    absl::StrAppend(&lines.forward, "  ", records.forward, "\n");
  }
}

std::string ZoneTickets::TextOf(const Key& key, const Group& group) const {
  std::string text = absl::StrCat(
      "Subject: Reverse DNS (PTR) for ", Counted(group.addresses), " in ",
      key.first, "\n", Counted(group.addresses), " in ", group.zone_and_soa,
      ". Seen ", SeenText(group.first_us, group.last_us), ":\n",
      group.lines.seen);
  if (group.addresses > max_listed_) {
    absl::StrAppend(&text, "  and ", group.addresses - max_listed_,
                    " more, which are not listed here\n");
  }
  for (const auto& [request, addresses] : group.delegations) {
    absl::StrAppend(&text, request, " (", Counted(addresses), ")\n");
  }
  if (group.further_addresses > 0) {
    absl::StrAppend(&text, "and of further blocks (",
                    Counted(group.further_addresses), ")\n");
  }
  if (!group.request.empty()) absl::StrAppend(&text, group.request, "\n");
  AppendPart("Please set", group.lines.set, &text);
  AppendPart("Please remove", group.lines.removed, &text);
  AppendPart("Forward records", group.lines.forward, &text);
  AppendPart(
      "Check each with",
      group.lines.set.empty()
          ? ""
          : "  dig -x ADDRESS +short    must print only the name above\n",
      &text);
  return text;
}

std::vector<ZoneTicket> ZoneTickets::Finish() const {
  std::vector<ZoneTicket> tickets;
  for (const auto& [key, group] : groups_) {
    tickets.push_back({.kind = key.second,
                       .zone = key.first,
                       .actor = group.actor,
                       .where = group.where,
                       .addresses = group.addresses,
                       .text = TextOf(key, group)});
  }
  return tickets;
}

}  // namespace scanner
