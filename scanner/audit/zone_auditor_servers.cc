// The second part of ZoneAuditor: what is asked of a zone, step by step.
#include <algorithm>
#include <iterator>

#include "absl/time/clock.h"
#include "dnswire/address_record.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"
#include "scanner/audit/zone_auditor.h"
#include "scanner/targets/special_use.h"

namespace scanner {
namespace {

constexpr size_t kMaxNsNames = 10;
constexpr size_t kMadeUpLetters = 12;
constexpr uint8_t kMadeUpAddresses = 2;
constexpr size_t kMaxAddresses = 8;  // of one name server's name

}  // namespace

void ZoneAuditor::EndJobOf(RecordIndex zone) {
  if (--inquiries_[zone].open == 0) NextStep(zone);
}

// The servers that the parent names come first, then, if one of them works, the
// NS set of the zone itself, and servers that only that names.
void ZoneAuditor::NextStep(RecordIndex zone) {
  using Step = Inquiry::Step;
  Inquiry& inquiry = inquiries_[zone];
  const ZoneEvidence& evidence = ledger_[zone].evidence;
  switch (inquiry.step) {
    case Step::kBegin:
      inquiry.hosts = evidence.parent_ns;
      inquiry.step = inquiry.hosts.empty() ? Step::kNsSet : Step::kHosts;
      break;
    case Step::kHosts:
      inquiry.step = Step::kServers;
      break;
    case Step::kServers:
      inquiry.step = inquiry.ns_set_asked || ServersOk(evidence) == 0
                         ? Step::kMadeUp
                         : Step::kNsSet;
      break;
    case Step::kNsSet:
      TakeNamesOfApex(zone);
      inquiry.step = inquiry.hosts.empty() ? Step::kMadeUp : Step::kHosts;
      break;
    case Step::kMadeUp:
      inquiry.step = Step::kMadeUpV6;
      break;
    case Step::kMadeUpV6:
      return EndInquiry(zone);
  }
  BeginStep(zone);
}

// A step opens its jobs and one for itself, so that it cannot end before all
// have begun.
void ZoneAuditor::BeginStep(RecordIndex zone) {
  inquiries_[zone].open = 1;
  switch (inquiries_[zone].step) {
    case Inquiry::Step::kBegin:
      break;
    case Inquiry::Step::kHosts:
      AskHosts(zone);
      break;
    case Inquiry::Step::kServers:
      AskServers(zone);
      break;
    case Inquiry::Step::kNsSet:
      AskNsSet(zone);
      break;
    case Inquiry::Step::kMadeUp:
      AskMadeUp(zone);
      break;
    case Inquiry::Step::kMadeUpV6:
      AskMadeUpV6(zone);
      break;
  }
  EndJobOf(zone);
}

void ZoneAuditor::EndInquiry(RecordIndex zone) {
  ledger_[zone].evidence.synthesized =
      inquiries_[zone].made_up == kMadeUpAddresses;
  ledger_[zone].time_us = absl::GetCurrentTimeNanos() / 1000;
  --asking_;
}

void ZoneAuditor::AskNsSet(RecordIndex zone) {
  inquiries_[zone].ns_set_asked = true;
  ++inquiries_[zone].open;
  const uint32_t job = NewJob({.kind = Job::Kind::kNsSet, .zone = zone});
  asker_->AskForward(ledger_[zone].apex, dnswire::kTypeNs, job, false);
}

void ZoneAuditor::OnNsSet(RecordIndex zone, std::vector<std::string> names) {
  ledger_[zone].evidence.apex_ns = std::move(names);
  EndJobOf(zone);
}

// Those that its parent does not name. Without either set nobody knows whom to
// ask.
void ZoneAuditor::TakeNamesOfApex(RecordIndex zone) {
  ZoneEvidence& evidence = ledger_[zone].evidence;
  std::vector<std::string>& hosts = inquiries_[zone].hosts;
  const size_t known = hosts.size();
  hosts.clear();
  std::set_difference(evidence.apex_ns.begin(), evidence.apex_ns.end(),
                      evidence.parent_ns.begin(), evidence.parent_ns.end(),
                      std::back_inserter(hosts));
  hosts.resize(
      std::min(hosts.size(), kMaxNsNames - std::min(known, kMaxNsNames)));
  if (hosts.empty() && evidence.servers.empty()) {
    evidence.kind = ZoneEvidence::Kind::kFailed;
    evidence.cause = DecidingCause(inquiries_[zone].seen, true);
  }
}

// ---- addresses of name servers

void ZoneAuditor::AskHosts(RecordIndex zone) {
  std::vector<std::string>& hosts = inquiries_[zone].hosts;
  if (hosts.size() > kMaxNsNames) hosts.resize(kMaxNsNames);
  for (const std::string& name : hosts) WaitForHost(zone, name);
}

void ZoneAuditor::WaitForHost(RecordIndex zone, const std::string& name) {
  const auto [at, is_new] = hosts_.try_emplace(name);
  if (!is_new && at->second.open == 0) return;  // known already
  ++inquiries_[zone].open;
  at->second.waiting.push_back(zone);
  if (!is_new) return;
  const auto wire = dnswire::Name::Parse(name);
  at->second.open = 2;
  for (const uint16_t type : {dnswire::kTypeA, dnswire::kTypeAaaa}) {
    const uint32_t job =
        NewJob({.kind = Job::Kind::kHost, .zone = zone, .host = name});
    asker_->AskForward(*wire, type, job, false);
  }
}

void ZoneAuditor::OnHost(const std::string& name,
                         const dnswire::Message& message,
                         const dnswire::Answer& answer, uint16_t type,
                         bool cname) {
  Host& host = hosts_[name];
  host.cname |= cname;
  if (answer.outcome != dnswire::Outcome::kData) return;
  ForEachDataRecord(
      message, {.type = type}, answer, [&](const dnswire::Record& record) {
        if (host.addresses.size() == kMaxAddresses) return;
        host.addresses.push_back(*dnswire::AddressOf(message, record));
      });
}

void ZoneAuditor::EndHost(const std::string& name) {
  Host& host = hosts_[name];
  if (--host.open > 0) return;
  std::sort(host.addresses.begin(), host.addresses.end());
  host.addresses.erase(
      std::unique(host.addresses.begin(), host.addresses.end()),
      host.addresses.end());
  const std::vector<RecordIndex> waiting = std::move(host.waiting);
  for (const RecordIndex zone : waiting) EndJobOf(zone);
}

// ---- servers

void ZoneAuditor::AskServers(RecordIndex zone) {
  const std::vector<ServerEvidence>& servers = ledger_[zone].evidence.servers;
  const size_t first = servers.size();
  for (const std::string& name : inquiries_[zone].hosts) {
    AddServers(zone, name);
  }
  for (size_t i = first; i < servers.size(); ++i) {
    const bool asked = servers[i].address.has_value() &&
                       servers[i].result != ServerResult::kSpecialUse;
    if (asked) AskServer(zone, i, {});
  }
}

// Of a name that could not be looked up the parent may have told the address.
void ZoneAuditor::AddServers(RecordIndex zone, const std::string& name) {
  ZoneEvidence& evidence = ledger_[zone].evidence;
  const Host& host = hosts_[name];
  std::vector<dnswire::IpAddress> addresses = host.addresses;
  const auto known = known_.find(evidence.zone);
  if (addresses.empty() && host.uncertain && known != known_.end()) {
    for (const auto& [owner, address] : known->second.glue) {
      if (owner == name) addresses.push_back(address);
    }
  }
  ServerEvidence server = {.name = name, .cname = host.cname};
  if (addresses.empty()) {
    server.result = host.uncertain ? ServerResult::kLookupFailed
                                   : ServerResult::kUnresolvable;
    evidence.servers.push_back(server);
  }
  for (const dnswire::IpAddress& address : addresses) {
    server.address = address;
    server.special_use = IsSpecialUse(address);
    server.result = server.special_use && !options_.allow_special_servers
                        ? ServerResult::kSpecialUse
                        : ServerResult::kTimeout;
    if (IsRoutable(address)) {
      evidence.servers.push_back(server);
    } else {
      evidence.unroutable = true;
    }
  }
}

bool ZoneAuditor::IsRoutable(const dnswire::IpAddress& address) const {
  return address.is_v4() ? options_.transport_v4 : options_.transport_v6;
}

void ZoneAuditor::AskServer(RecordIndex zone, size_t server,
                            const Asker::ServerCheck& how) {
  ServerEvidence& evidence = ledger_[zone].evidence.servers[server];
  const auto aside = route_.SetAside(ledger_[zone].apex, *evidence.address,
                                     io::EventLoop::Now());
  if (!aside) return;  // no place for it: as if it were silent
  ++inquiries_[zone].open;
  const uint32_t job = NewJob({.kind = Job::Kind::kServer,
                               .zone = zone,
                               .server = server,
                               .aside = *aside,
                               .how = how});
  asker_->AskServer(ledger_[zone].apex, dnswire::kTypeSoa, job, *aside, how);
}

// By UDP, without OPT if it does not understand that, at last by TCP. `plain`:
// the question went without OPT.
void ZoneAuditor::OnServer(const Job& job, const ServerEvidence& read,
                           bool plain) {
  ServerEvidence& server = ledger_[job.zone].evidence.servers[job.server];
  route_.PutBack(job.aside);
  if (job.how.by_tcp) {
    server.no_tcp = read.result == ServerResult::kTimeout ||
                    read.cause == io::Cause::kUnreachable;
    return EndJobOf(job.zone);
  }
  server.result = read.result;
  server.cause = read.cause;
  server.serial = read.serial;
  server.recursive |= read.recursive;
  server.odd_soa |= read.odd_soa;
  const bool ok = read.result == ServerResult::kOk;
  server.no_edns = plain && ok;
  const bool misunderstood =
      read.cause == io::Cause::kFormerr || read.cause == io::Cause::kNotimp;
  if (misunderstood && !plain) {
    AskServer(job.zone, job.server, {.without_opt = true});
  } else if (ok) {
    AskServer(job.zone, job.server, {.by_tcp = true});
  }
  EndJobOf(job.zone);
}

// ---- what nobody has made

void ZoneAuditor::AskMadeUp(RecordIndex zone) {
  if (ServersOk(ledger_[zone].evidence) == 0) return;
  std::string label;
  for (size_t i = 0; i < kMadeUpLetters; ++i) {
    label.push_back(static_cast<char>('a' + random_.Below(26)));
  }
  dnswire::Name name = ledger_[zone].apex;
  if (!name.PrependLabel(label)) return;
  ++inquiries_[zone].open;
  const uint32_t job = NewJob({.kind = Job::Kind::kMadeUp, .zone = zone});
  asker_->AskForward(name, dnswire::kTypePtr, job, false);
}

// A wildcard answers for these too.
void ZoneAuditor::AskMadeUpV6(RecordIndex zone) {
  const ZoneRecord& record = ledger_[zone];
  const auto prefix = dnswire::ParseReverseZoneName(record.apex);
  if (!prefix || prefix->first().is_v4() || record.evidence.wildcard ||
      ServersOk(record.evidence) == 0) {
    return;
  }
  for (uint8_t i = 0; i < kMadeUpAddresses; ++i) {
    ++inquiries_[zone].open;
    const uint32_t job = NewJob({.kind = Job::Kind::kMadeUpV6, .zone = zone});
    asker_->AskForward(dnswire::ReverseName(RandomAddress(*prefix)),
                       dnswire::kTypePtr, job, false);
  }
}

}  // namespace scanner
