#include "scanner/run/engine_thread.h"

#include <utility>

namespace scanner {

absl::StatusOr<std::unique_ptr<EngineThread>> EngineThread::Create(
    std::function<void()> on_news) {
  auto loop = io::EventLoop::Create();
  if (!loop.ok()) return loop.status();
  return std::unique_ptr<EngineThread>(
      new EngineThread(*std::move(loop), std::move(on_news)));
}

EngineThread::EngineThread(std::unique_ptr<io::EventLoop> loop,
                           std::function<void()> on_news)
    : on_news_(std::move(on_news)), loop_(std::move(loop)) {}

absl::Status EngineThread::MakeEngine(const ScanOptions& options,
                                      const EngineShare& share,
                                      const ScanTargets* targets,
                                      const TransferredZones* transferred,
                                      const Resumed& resumed, RowWriter* writer,
                                      absl::Duration interval) {
  auto engine = Engine::Create(options, share, targets, transferred, resumed,
                               loop_.get(), writer, HooksOf(interval));
  if (!engine.ok()) return engine.status();
  engine_ = *std::move(engine);
  TakeSnapshot();  // of the start
  return absl::OkStatus();
}

Engine::Hooks EngineThread::HooksOf(absl::Duration interval) {
  return {.progress =
              [this] {
                TakeSnapshot();
                on_news_();
              },
          .warn =
              [this](const std::string& line) {
                {
                  const std::lock_guard lock(mutex_);
                  news_.warnings.push_back(line);
                }
                on_news_();
              },
          .gave_up =
              [this](StopReason reason) {
                {
                  const std::lock_guard lock(mutex_);
                  news_.gave_up = reason;
                }
                on_news_();
              },
          .progress_interval = interval};
}

void EngineThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void EngineThread::Join() { thread_.join(); }

void EngineThread::Run() {
  engine_->Run();
  TakeSnapshot();
  {
    const std::lock_guard lock(mutex_);
    news_.ended = true;
  }
  on_news_();
}

void EngineThread::TakeSnapshot() {
  const std::lock_guard lock(mutex_);
  snapshot_ = {.stats = engine_->stats(),
               .open = engine_->lookups_open(),
               .deferred = engine_->deferred_waiting()};
  news_.has_snapshot = true;
}

EngineThread::News EngineThread::TakeNews() {
  const std::lock_guard lock(mutex_);
  return std::exchange(news_, {});
}

EngineThread::Snapshot EngineThread::TakenSnapshot() const {
  const std::lock_guard lock(mutex_);
  return snapshot_;
}

}  // namespace scanner
