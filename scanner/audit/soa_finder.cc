#include "scanner/audit/soa_finder.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "dnswire/wire.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "scanner/asking/asker.h"
#include "scanner/asking/stats.h"
#include "scanner/audit/readings.h"
#include "scanner/delegation/delegation_route.h"
#include "scanner/upstream/resolver_route.h"

namespace scanner {
namespace {

constexpr io::TimeNs kPatience = 30 * io::kSecond;

ScanOptions FinderOptions(ScanOptions options) {
  options.sockets = 1;
  options.max_queries = 0;
  return options;
}

// One question, with a loop of its own.
class SoaFinder : private Asker::Delegate {
 public:
  SoaFinder(const ScanOptions& options, io::EventLoop* loop)
      : options_(FinderOptions(options)), loop_(loop) {
    if (options_.iterative) {
      auto route = std::make_unique<DelegationRoute>(options_, &random_);
      delegation_ = route.get();
      route_ = std::move(route);
    } else {
      route_ = std::make_unique<ResolverRoute>(options_, &random_);
    }
  }

  absl::Status Ask(dnswire::NameView name) {
    auto asker = Asker::Create(options_, loop_, route_.get(), delegation_,
                               &random_, &stats_, this);
    if (!asker.ok()) return asker.status();
    asker_ = *std::move(asker);
    if (delegation_ != nullptr) delegation_->Connect(asker_.get());
    asker_->AskForward(name, dnswire::kTypeSoa, 0, false);
    ends_at_ = io::EventLoop::Now() + kPatience;
    loop_->OnTurn([this] { Turn(); });
    loop_->WakeAt(io::EventLoop::Now());
    loop_->Run();
    asker_->Abandon();
    return absl::OkStatus();
  }
  const std::optional<ZoneSoa>& soa() const { return soa_; }

 private:
  void Turn() {
    const io::TimeNs now = io::EventLoop::Now();
    const bool more = asker_->Receive(now);
    asker_->Advance(now);
    asker_->Expire(now);
    asker_->SendReady(now);
    asker_->Flush();
    const bool lost = delegation_ != nullptr && delegation_->IsLost(now);
    if (done_ || lost || now >= ends_at_) return loop_->Stop();
    loop_->WakeAt(more ? now
                       : std::min(asker_->NextWake(now, false), ends_at_));
  }

  // Nobody's row has it.
  bool SpendPacket(uint32_t) override { return true; }
  void OnAnswer(uint32_t, const dnswire::Message& message,
                const dnswire::Answer& answer, const Responder&) override {
    soa_ = ReadZoneSoa(message, answer);
    done_ = true;
  }
  void OnGaveUp(uint32_t, bool) override { done_ = true; }

  const ScanOptions options_;
  io::EventLoop* const loop_;
  io::SecureRandom random_;
  Stats stats_;
  DelegationRoute* delegation_ = nullptr;  // the route, with own iteration
  std::unique_ptr<Route> route_;
  std::unique_ptr<Asker> asker_;
  io::TimeNs ends_at_ = 0;
  bool done_ = false;
  std::optional<ZoneSoa> soa_;
};

}  // namespace

absl::StatusOr<std::optional<ZoneSoa>> FindSoa(const ScanOptions& options,
                                               dnswire::NameView name) {
  auto loop = io::EventLoop::Create();
  if (!loop.ok()) return loop.status();
  SoaFinder finder(options, loop->get());
  const absl::Status status = finder.Ask(name);
  if (!status.ok()) return status;
  return finder.soa();
}

}  // namespace scanner
