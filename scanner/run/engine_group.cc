#include "scanner/run/engine_group.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "scanner/progress/division.h"

namespace scanner {
namespace {

constexpr int kExitIncomplete = 3;

}  // namespace

absl::StatusOr<std::unique_ptr<EngineGroup>> EngineGroup::Create(
    const ScanOptions& options, const ScanTargets& targets, io::RowSink* sink,
    const ScanHooks* hooks, ScanJournal* journal, const TransferPlan* transfers,
    FindingSink* findings) {
  auto loop = io::EventLoop::Create();
  if (!loop.ok()) return loop.status();
  std::unique_ptr<EngineGroup> group(new EngineGroup(
      *std::move(loop), targets.walk != nullptr, hooks, journal));
  group->max_time_ = options.max_time;
  const TargetSet walked =
      targets.walk == nullptr ? TargetSet() : AddressesOf(*targets.walk);
  group->transfers_.emplace(transfers, options,
                            targets.walk == nullptr ? targets.targets : walked,
                            group->loop_.get(), hooks->warn);
  const std::vector<EngineShare> shares = DivideScan(options, targets.targets);
  absl::Status status = group->AddThreads(shares.size());
  if (!status.ok()) return status;
  if (journal != nullptr) journal->BeginRun(shares);
  group->writer_.emplace(
      sink, hooks->rows, [group = group.get()] { group->WakeEngines(); },
      journal, options.record_interval, findings);
  status = group->MakeEngines(options, targets, shares);
  status.Update(group->HandleSignals());
  if (!status.ok()) return status;
  return group;
}

EngineGroup::EngineGroup(std::unique_ptr<io::EventLoop> loop, bool walks,
                         const ScanHooks* hooks, ScanJournal* journal)
    : walks_(walks), hooks_(hooks), journal_(journal), loop_(std::move(loop)) {}

absl::Status EngineGroup::AddThreads(size_t count) {
  while (members_.size() < count) {
    auto thread = EngineThread::Create([this] { loop_->Wake(); });
    if (!thread.ok()) return thread.status();
    members_.push_back({.thread = *std::move(thread)});
  }
  return absl::OkStatus();
}

absl::Status EngineGroup::MakeEngines(const ScanOptions& options,
                                      const ScanTargets& targets,
                                      const std::vector<EngineShare>& shares) {
  const Resumed resumed = journal_ == nullptr ? Resumed() : journal_->resumed();
  for (size_t i = 0; i < members_.size(); ++i) {
    absl::Status status = members_[i].thread->MakeEngine(
        options, shares[i], &targets, &transfers_->zones(), resumed, &*writer_,
        hooks_->progress_interval);
    if (!status.ok()) return status;
    if (hooks_->tried) members_[i].thread->engine().Observe(hooks_->tried);
  }
  return absl::OkStatus();
}

absl::Status EngineGroup::HandleSignals() {
  absl::Status status = loop_->OnSignal(SIGINT, [this] { OnStopSignal(); });
  status.Update(loop_->OnSignal(SIGTERM, [this] { OnStopSignal(); }));
  if (hooks_->reload_exclusions) {
    status.Update(loop_->OnSignal(SIGHUP, [this] { OnReloadSignal(); }));
  }
  if (hooks_->status) {
    status.Update(loop_->OnSignal(SIGUSR1, [this] { OnStatusSignal(); }));
  }
  return status;
}

ScanReport EngineGroup::Run() {
  started_at_ = io::EventLoop::Now();
  loop_->OnTurn([this] { Turn(); });
  loop_->WakeAt(started_at_);
  transfers_->Begin();
  loop_->Run();
  closer_.join();
  return MakeReport();
}

// ---- in the loop

void EngineGroup::Turn() {
  if (!closer_.joinable()) TurnOfTransfers();
  if (!closer_.joinable()) return;
  const bool closed = closed_;  // before the last news are heard
  for (size_t i = 0; i < members_.size(); ++i) Hear(i);
  StopIfTimeIsUp();
  ShowProgress();
  if (closed) loop_->Stop();
}

void EngineGroup::TurnOfTransfers() {
  StopIfTimeIsUp();
  if (stop_reason_ != StopReason::kNone) transfers_->Stop();
  loop_->WakeAt(std::min(transfers_->Turn(), TimeIsUpAt()));
  if (transfers_->done()) StartEngines();
}

void EngineGroup::StartEngines() {
  for (Member& member : members_) member.thread->Start();
  // Signals are heeded to the end, also while a sink blocks.
  closer_ = std::thread([this] { Close(); });
}

void EngineGroup::Hear(size_t index) {
  Member& member = members_[index];
  const EngineThread::News news = member.thread->TakeNews();
  for (const std::string& line : news.warnings) {
    if (!warnings_.Passes(index, line, io::EventLoop::Now())) continue;
    if (hooks_->warn) hooks_->warn(line);
  }
  if (news.gave_up != StopReason::kNone) StopAll(news.gave_up);
  member.heard |= news.has_snapshot;
  member.ended |= news.ended;
}

io::TimeNs EngineGroup::TimeIsUpAt() const {
  return max_time_ ? started_at_ + absl::ToInt64Nanoseconds(*max_time_)
                   : io::kNever;
}

void EngineGroup::StopIfTimeIsUp() {
  if (!max_time_) return;
  const io::TimeNs end = TimeIsUpAt();
  if (io::EventLoop::Now() >= end) return StopAll(StopReason::kTime);
  loop_->WakeAt(end);
}

void EngineGroup::OnStopSignal() {
  if (interrupted_) std::_Exit(kExitIncomplete);
  interrupted_ = true;
  StopAll(StopReason::kAsked);
  if (hooks_->stopping) hooks_->stopping();
}

void EngineGroup::OnReloadSignal() {
  const auto excluded = hooks_->reload_exclusions();
  if (!excluded) return;
  for (Member& member : members_) member.thread->engine().Exclude(*excluded);
}

void EngineGroup::OnStatusSignal() {
  Stats stats;
  hooks_->status(MakeProgress(&stats));
}

void EngineGroup::StopAll(StopReason reason) {
  if (stop_reason_ != StopReason::kNone) return;
  stop_reason_ = reason;
  for (Member& member : members_) member.thread->engine().Stop(reason);
}

// Once every engine that runs has a new snapshot.
void EngineGroup::ShowProgress() {
  const auto is_due = [](const Member& m) { return m.ended || m.heard; };
  const auto has_ended = [](const Member& m) { return m.ended; };
  if (!hooks_->progress ||
      !std::all_of(members_.begin(), members_.end(), is_due) ||
      std::all_of(members_.begin(), members_.end(), has_ended)) {
    return;
  }
  for (Member& member : members_) member.heard = false;
  Stats stats;
  hooks_->progress(MakeProgress(&stats));
}

Progress EngineGroup::MakeProgress(Stats* stats) const {
  Progress progress = {
      .stats = stats,
      .elapsed = absl::Nanoseconds(io::EventLoop::Now() - started_at_)};
  for (const Member& member : members_) {
    const EngineThread::Snapshot taken = member.thread->TakenSnapshot();
    MergeStats(taken.stats, stats);
    progress.open += taken.open;
    progress.deferred += taken.deferred;
  }
  if (journal_ != nullptr) journal_->earlier().AddTo(stats);
  return progress;
}

// ---- in other threads

void EngineGroup::WakeEngines() {
  for (Member& member : members_) member.thread->Wake();
}

void EngineGroup::Close() {
  for (Member& member : members_) member.thread->Join();
  output_ = writer_->Finish(IsComplete());
  closed_ = true;
  loop_->Wake();
}

// What a stopped walk would have found nobody knows, so it is not complete
// though every address it came to has its row.
bool EngineGroup::IsComplete() const {
  return std::all_of(members_.begin(), members_.end(), [this](const Member& m) {
    const Engine& engine = m.thread->engine();
    const Stats& stats = engine.stats();
    return stats.rows == stats.targets && !(walks_ && engine.stopped());
  });
}

// ---- the end

ScanReport EngineGroup::MakeReport() const {
  ScanReport report;
  report.elapsed = absl::Nanoseconds(io::EventLoop::Now() - started_at_);
  report.engines = members_.size();
  report.stop_reason = stop_reason_;
  report.complete = IsComplete();
  report.output = output_;
  report.granted_buffer = members_[0].thread->engine().granted_buffer();
  report.offload = members_[0].thread->engine().offload();
  report.iterative = members_[0].thread->engine().iterative();
  for (const Member& member : members_) {
    Engine& engine = member.thread->engine();
    if (report.zones.empty()) {
      report.zones = engine.TakeZoneSerials();
    } else {
      report.zones.Merge(engine.TakeZoneSerials());
    }
    MergeStats(engine.stats(), &report.stats);
    if (engine.walk() != nullptr) report.walk = engine.walk()->summary();
    MergeServers(ReportServers(engine.servers()), &report.servers);
    report.granted_buffer =
        std::min(report.granted_buffer, engine.granted_buffer());
  }
  report.transfers = transfers_->reports();
  MergeStats(transfers_->stats(), &report.stats);
  if (journal_ != nullptr) journal_->earlier().AddTo(&report.stats);
  if (report.output.ok()) {
    report.broken_identities = report.stats.BrokenIdentities();
  }
  return report;
}

}  // namespace scanner
