#include "scanner/engine/scan.h"

#include <csignal>
#include <cstdlib>
#include <memory>
#include <utility>

#include "io/net/event_loop.h"
#include "scanner/engine/engine.h"
#include "scanner/engine/row_writer.h"

namespace scanner {
namespace {

constexpr int kExitIncomplete = 3;

absl::Status HandleSignals(io::EventLoop* loop, Engine* engine,
                           const ScanHooks& hooks) {
  const auto stop = [engine, &hooks] {
    if (engine->stopped()) std::_Exit(kExitIncomplete);
    engine->Stop(StopReason::kAsked);
    if (hooks.stopping) hooks.stopping();
  };
  absl::Status status = loop->OnSignal(SIGINT, stop);
  status.Update(loop->OnSignal(SIGTERM, stop));
  if (!hooks.reload_exclusions) return status;
  status.Update(loop->OnSignal(SIGHUP, [engine, &hooks] {
    auto excluded = hooks.reload_exclusions();
    if (excluded) engine->Exclude(*std::move(excluded));
  }));
  return status;
}

std::vector<ServerReport> ReportServers(std::span<const Server> servers) {
  std::vector<ServerReport> reports;
  for (const Server& server : servers) {
    reports.push_back({.endpoint = server.endpoint,
                       .sent = server.sent,
                       .accepted = server.accepted,
                       .expired = server.expired,
                       .late = server.late,
                       .round_trip = absl::Nanoseconds(server.timer.srtt()),
                       .loss = server.congestion.loss(),
                       .rate_qps = server.congestion.rate_qps(),
                       .window = server.congestion.window(),
                       .cuts = server.congestion.cuts(),
                       .suspensions = server.suspension.count(),
                       .near_misses = server.alarm.near_misses(),
                       .no_edns = server.edns.no_edns(),
                       .no_0x20 = server.letter_case.no_0x20(),
                       .cookies = server.cookies.server_knows(),
                       .tcp_refused = server.tcp_refused,
                       .rewriting = server.rewriting,
                       .lying = server.lying});
  }
  return reports;
}

}  // namespace

absl::StatusOr<ScanReport> RunScan(const ScanOptions& options,
                                   const ScanTargets& targets,
                                   io::RowSink* sink, const ScanHooks& hooks) {
  auto loop = io::EventLoop::Create();
  if (!loop.ok()) return loop.status();
  RowWriter writer(sink, hooks.rows, [&loop] { (*loop)->Wake(); });
  const io::TimeNs started_at = io::EventLoop::Now();
  Engine* running = nullptr;
  const auto progress = [&] {
    if (!hooks.progress) return;
    hooks.progress(
        {.stats = &running->stats(),
         .elapsed = absl::Nanoseconds(io::EventLoop::Now() - started_at),
         .open = running->lookups_open(),
         .deferred = running->deferred_waiting()});
  };
  auto engine = Engine::Create(options, &targets, loop->get(), &writer,
                               {.progress = progress,
                                .warn = hooks.warn,
                                .progress_interval = hooks.progress_interval});
  if (!engine.ok()) return engine.status();
  running = engine->get();
  const absl::Status signals = HandleSignals(loop->get(), running, hooks);
  if (!signals.ok()) return signals;
  running->Run();

  ScanReport report;
  report.stats = running->stats();
  const bool complete = report.stats.rows == report.stats.targets;
  report.output = writer.Finish(complete);
  report.servers = ReportServers(running->servers());
  report.elapsed = absl::Nanoseconds(io::EventLoop::Now() - started_at);
  report.granted_buffer = running->granted_buffer();
  report.offload = running->offload();
  report.stop_reason = running->stop_reason();
  if (report.output.ok()) {
    report.broken_identities = report.stats.BrokenIdentities();
  }
  return report;
}

}  // namespace scanner
