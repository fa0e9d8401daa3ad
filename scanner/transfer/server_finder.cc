#include "scanner/transfer/server_finder.h"

#include <algorithm>
#include <utility>

#include "dnswire/address_record.h"
#include "dnswire/answer.h"
#include "dnswire/wire.h"
#include "scanner/targets/special_use.h"
#include "scanner/upstream/resolver_route.h"

namespace scanner {
namespace {

constexpr size_t kMaxHosts = 13;     // of a zone (ITERATION.md 1.4)
constexpr size_t kMaxAddresses = 8;  // of a host

ScanOptions FinderOptions(ScanOptions options) {
  options.sockets = 1;
  options.max_queries = 0;
  return options;
}

std::vector<std::string> ReadNames(const dnswire::Message& message,
                                   const dnswire::Answer& answer) {
  std::vector<std::string> names;
  if (answer.outcome != dnswire::Outcome::kData) return names;
  ForEachDataRecord(message, {.type = dnswire::kTypeNs}, answer,
                    [&](const dnswire::Record& record) {
                      dnswire::Name name;
                      message.ReadLowerName(record.rdata_at, &name);
                      names.push_back(name.ToText());
                    });
  return names;
}

}  // namespace

absl::StatusOr<std::unique_ptr<ServerFinder>> ServerFinder::Create(
    const ScanOptions& options, io::EventLoop* loop, Found found) {
  std::unique_ptr<ServerFinder> finder(
      new ServerFinder(options, std::move(found)));
  auto asker = Asker::Create(finder->options_, loop, finder->route_.get(),
                             finder->delegation_, &finder->random_,
                             &finder->stats_, finder.get());
  if (!asker.ok()) return asker.status();
  finder->asker_ = *std::move(asker);
  if (finder->delegation_ != nullptr) {
    finder->delegation_->Connect(finder->asker_.get());
  }
  return finder;
}

ServerFinder::ServerFinder(const ScanOptions& options, Found found)
    : options_(FinderOptions(options)),
      found_(std::move(found)),
      heard_(io::EventLoop::Now()) {
  if (options_.iterative) {
    auto route = std::make_unique<DelegationRoute>(options_, &random_);
    delegation_ = route.get();
    route_ = std::move(route);
  } else {
    route_ = std::make_unique<ResolverRoute>(options_, &random_);
  }
}

ServerFinder::~ServerFinder() = default;

void ServerFinder::Find(size_t zone, dnswire::NameView apex) {
  waiting_.push_back(zones_.size());
  zones_.push_back({.number = zone, .apex = dnswire::Name(apex)});
  ++open_;
}

io::TimeNs ServerFinder::Turn() {
  const io::TimeNs now = io::EventLoop::Now();
  const bool more = asker_->Receive(now);
  asker_->Advance(now);
  asker_->Expire(now);
  StartZones();
  asker_->SendReady(now);
  asker_->Flush();
  if (now - heard_ >= kPatience ||
      (delegation_ != nullptr && delegation_->IsLost(now))) {
    // Each question gives up, and so does what waits for it.
    for (; !done(); StartZones()) asker_->Abandon();
  }
  return more ? now
              : std::min(asker_->NextWake(now, false), heard_ + kPatience);
}

const Stats& ServerFinder::Finish() {
  waiting_.clear();
  asker_->Abandon();
  asker_->FinishStats();
  return stats_;
}

void ServerFinder::StartZones() {
  while (!waiting_.empty() && asking_ < kMostAtOnce) {
    const size_t index = waiting_.front();
    waiting_.pop_front();
    ++asking_;
    Ask(zones_[index].apex, dnswire::kTypeNs, {.zone = index});
  }
}

void ServerFinder::Ask(dnswire::NameView name, uint16_t type, const Job& job) {
  jobs_.push_back(job);
  asker_->AskForward(name, type, static_cast<uint32_t>(jobs_.size() - 1),
                     false);
}

void ServerFinder::OnNames(size_t index, std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  names.resize(std::min(names.size(), kMaxHosts));
  zones_[index].hosts = std::move(names);
  for (const std::string& name : zones_[index].hosts) WaitForHost(index, name);
  if (zones_[index].waits_for == 0) Settle(index);
}

void ServerFinder::WaitForHost(size_t index, const std::string& name) {
  const auto [at, is_new] = hosts_.try_emplace(name);
  Host* const host = &at->second;
  if (is_new) {
    const dnswire::Name wire = *dnswire::Name::Parse(name);
    for (const uint16_t type : {dnswire::kTypeA, dnswire::kTypeAaaa}) {
      ++host->open;
      Ask(wire, type, {.host = host});
    }
  }
  if (host->open == 0) return;  // known already
  host->zones.push_back(index);
  ++zones_[index].waits_for;
}

void ServerFinder::EndHost(Host* host) {
  if (--host->open > 0) return;
  for (const size_t index : std::exchange(host->zones, {})) {
    if (--zones_[index].waits_for == 0) Settle(index);
  }
}

// Special-use addresses are not asked without --allow-special-servers: an NS
// record must not aim us at the local network (ITERATION.md 1.4).
void ServerFinder::Settle(size_t index) {
  const Zone& zone = zones_[index];
  std::vector<io::Endpoint> servers;
  bool special = false;
  for (const std::string& name : zone.hosts) {
    for (const dnswire::IpAddress& address : hosts_[name].addresses) {
      const io::Endpoint server = {.address = address};
      if (std::find(servers.begin(), servers.end(), server) != servers.end()) {
        continue;
      }
      if (options_.allow_special_servers || !IsSpecialUse(address)) {
        servers.push_back(server);
      } else {
        special = true;
      }
    }
  }
  const absl::string_view why =
      !servers.empty()     ? ""
      : zone.hosts.empty() ? "its name servers could not be found out"
      : special            ? "its name servers have special-use addresses "
                             "(--allow-special-servers)"
                           : "its name servers have no address";
  --asking_;
  --open_;
  heard_ = io::EventLoop::Now();
  found_(zone.number, std::move(servers), why);
}

// ---- what comes back

// Nobody's row has it.
bool ServerFinder::SpendPacket(uint32_t) {
  ++stats_.zone_check_packets;
  return true;
}

void ServerFinder::OnAnswer(uint32_t question_index,
                            const dnswire::Message& message,
                            const dnswire::Answer& answer, const Responder&) {
  const Question& question = asker_->question(question_index);
  const Job job = jobs_[question.payer];
  if (job.host == nullptr) return OnNames(job.zone, ReadNames(message, answer));
  if (answer.outcome == dnswire::Outcome::kData) {
    ForEachDataRecord(
        message, {.type = question.type}, answer,
        [&](const dnswire::Record& record) {
          if (job.host->addresses.size() == kMaxAddresses) return;
          job.host->addresses.push_back(*dnswire::AddressOf(message, record));
        });
  }
  EndHost(job.host);
}

void ServerFinder::OnGaveUp(uint32_t question_index, bool) {
  const Question& question = asker_->question(question_index);
  const Job job = jobs_[question.payer];
  if (job.host == nullptr) return OnNames(job.zone, {});
  EndHost(job.host);
}

}  // namespace scanner
