#include "scanner/transfer/transfer_phase.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"

namespace scanner {

using io::TransferFailure;

bool HoldsTargets(const ListedZone& zone, const TargetSet& targets) {
  return targets.CountWithin({zone.prefix.first(), zone.prefix.last()}) > 0;
}

struct TransferPhase::Running : io::ZoneTransfer::Delegate {
  Running(TransferPhase* the_phase, size_t the_job, const ListedZone& zone,
          const io::Endpoint& the_server, uint64_t max_octets)
      : phase(the_phase),
        job(the_job),
        server(the_server),
        image(std::make_unique<ZoneImage>(zone.apex, max_octets)) {}

  absl::Status OnTransferRecord(const io::TransferRecord& record) override {
    return image->Add(record);
  }
  void OnTransferEnd(TransferFailure failure,
                     const absl::Status& status) override {
    phase->OnEnd(this, failure, status);
  }

  TransferPhase* const phase;
  const size_t job;
  const io::Endpoint server;
  std::unique_ptr<ZoneImage> image;
  std::unique_ptr<io::ZoneTransfer> transfer;
};

TransferPhase::TransferPhase(const TransferPlan* plan,
                             const ScanOptions& options,
                             const TargetSet& targets, io::EventLoop* loop,
                             std::function<void(const std::string&)> warn)
    : plan_(plan), options_(options), loop_(loop), warn_(std::move(warn)) {
  if (plan == nullptr) return;
  for (const ListedZone& zone : plan->zones) {
    if (!HoldsTargets(zone, targets)) continue;
    jobs_.push_back(
        {.zone = &zone, .servers = zone.servers, .report = reports_.size()});
    reports_.push_back({.apex = zone.apex});
  }
  open_ = jobs_.size();
}

TransferPhase::~TransferPhase() = default;

void TransferPhase::Begin() {
  FindServers();
  for (size_t index = 0; index < jobs_.size(); ++index) {
    if (!jobs_[index].servers.empty()) AskNextServer(index);
  }
  StartWaiting();
}

io::TimeNs TransferPhase::Turn() {
  if (finder_ == nullptr) return io::kNever;
  const io::TimeNs wake = finder_->Turn();
  if (!finder_->done()) return wake;
  stats_ = finder_->Finish();
  finder_.reset();
  return io::kNever;
}

void TransferPhase::Stop() {
  stopped_ = true;
  if (finder_ != nullptr) stats_ = finder_->Finish();
  finder_.reset();
  running_.clear();
  open_ = 0;
}

// ---- servers

void TransferPhase::FindServers() {
  absl::Status status;
  for (size_t index = 0; index < jobs_.size(); ++index) {
    if (!jobs_[index].servers.empty()) continue;
    if (status.ok() && finder_ == nullptr) {
      auto finder = ServerFinder::Create(
          options_, loop_,
          [this](size_t zone, std::vector<io::Endpoint> servers,
                 absl::string_view why) {
            OnFound(zone, std::move(servers), why);
          });
      status = finder.status();
      if (finder.ok()) finder_ = *std::move(finder);
    }
    if (finder_ != nullptr) {
      finder_->Find(index, jobs_[index].zone->apex);
    } else {
      OnFound(index, {}, status.message());
    }
  }
  if (finder_ != nullptr) loop_->Wake();
}

void TransferPhase::OnFound(size_t index, std::vector<io::Endpoint> servers,
                            absl::string_view why) {
  if (stopped_) return;
  Job& job = jobs_[index];
  if (servers.empty()) {
    NoteFailure(
        &job, absl::StrCat("transfer of ", job.zone->apex.ToText(), ": ", why));
    return GiveUp(job);
  }
  job.servers = std::move(servers);
  AskNextServer(index);
  StartWaiting();
}

// Puts a zone into the queue of the next server that may have it.
void TransferPhase::AskNextServer(size_t index) {
  Job& job = jobs_[index];
  while (job.next_server < job.servers.size()) {
    const io::Endpoint& server = job.servers[job.next_server++];
    ServerState& state = servers_[server];
    if (state.dead.empty()) return state.waiting.push_back(index);
    NoteFailure(&job,
                absl::StrCat("transfer of ", job.zone->apex.ToText(), " from ",
                             server.ToString(), ": ", state.dead));
  }
  GiveUp(job);
}

void TransferPhase::NoteFailure(Job* job, const std::string& failure) {
  absl::StrAppend(&job->failures, job->failures.empty() ? "" : "; ", failure);
}

void TransferPhase::GiveUp(const Job& job) {
  --open_;
  if (!warn_) return;
  warn_(absl::StrCat(job.failures, "; its addresses are asked one by one"));
}

// ---- transfers

void TransferPhase::StartWaiting() {
  for (auto& [server, state] : servers_) {
    if (running_.size() >= kMostAtOnce) return;
    if (state.busy || state.waiting.empty()) continue;
    const size_t index = state.waiting.front();
    state.waiting.pop_front();
    state.busy = true;
    StartJob(index);
  }
}

void TransferPhase::StartJob(size_t index) {
  const Job& job = jobs_[index];
  const ListedZone& zone = *job.zone;
  running_.push_back(std::make_unique<Running>(
      this, index, zone, job.servers[job.next_server - 1], plan_->max_octets));
  Running* const running = running_.back().get();
  running->transfer = std::make_unique<io::ZoneTransfer>(
      loop_,
      io::ZoneTransfer::Request{
          .server = running->server,
          .zone = zone.apex,
          .id = random_.U16(),
          .signer = zone.make_signer ? zone.make_signer() : nullptr},
      plan_->limits, running);
}

void TransferPhase::OnEnd(Running* running, TransferFailure failure,
                          const absl::Status& status) {
  const size_t index = running->job;
  ServerState& state = servers_[running->server];
  state.busy = false;
  if (failure == TransferFailure::kNone) {
    Keep(running);
  } else {
    NoteFailure(&jobs_[index],
                absl::StrCat(status.message(), " (",
                             io::TransferFailureName(failure), ")"));
  }
  std::erase_if(running_, [running](const std::unique_ptr<Running>& other) {
    return other.get() == running;
  });
  if (failure == TransferFailure::kConnect ||
      failure == TransferFailure::kStalled) {
    Abandon(&state, failure);
  }
  if (failure != TransferFailure::kNone) AskNextServer(index);
  StartWaiting();
}

void TransferPhase::Abandon(ServerState* state, TransferFailure failure) {
  state->dead =
      absl::StrCat("not tried again (", io::TransferFailureName(failure), ")");
  const std::deque<size_t> left = std::exchange(state->waiting, {});
  for (const size_t index : left) {
    --jobs_[index].next_server;
    AskNextServer(index);
  }
}

void TransferPhase::Keep(Running* running) {
  const Job& job = jobs_[running->job];
  running->image->Finish();
  TransferReport& report = reports_[job.report];
  report.transferred = true;
  report.server = running->server;
  report.records = running->transfer->progress().records();
  report.octets = running->transfer->progress().octets();
  zones_.Add(job.zone->prefix, {.server = running->server,
                                .image = std::move(running->image),
                                .time_us = absl::GetCurrentTimeNanos() / 1000});
  --open_;
}

}  // namespace scanner
