// The asker with an iteration that lets all questions wait.
#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "scanner/asking/asker.h"
#include "scanner/upstream/resolver_route.h"

namespace scanner {
namespace {

class Parking : public Iteration {
 public:
  Placement Place(uint32_t, dnswire::NameView, bool, io::TimeNs) override {
    ++placed_;
    return {.kind = Placement::Kind::kParked};
  }
  dnswire::NameView Apex(ZoneIndex) const override { return {}; }
  ServerIndex PlaceOf(ZoneIndex, ServerIndex server) const override {
    return server;
  }
  ServerMask PlacesOf(ZoneIndex) const override { return 1; }
  void OnSent(ZoneIndex, io::TimeNs) override {}
  AfterReferral OnReferral(uint32_t, const dnswire::Message&,
                           const dnswire::Answer&, io::TimeNs) override {
    return AfterReferral::kNowhere;
  }
  void OnAnswer(uint32_t, const dnswire::Answer&, ServerIndex,
                io::TimeNs) override {}
  void OnNotServed(uint32_t, ServerIndex, io::TimeNs) override {}
  void OnEnd(uint32_t, io::TimeNs) override {}
  void OnCheckAnswer(uint32_t, const dnswire::Message&, const dnswire::Answer&,
                     ServerIndex, io::TimeNs) override {}
  void OnCheckGaveUp(uint32_t, io::TimeNs) override {}

  int placed() const { return placed_; }

 private:
  int placed_ = 0;
};

class Deaf : public Asker::Delegate {
 public:
  bool SpendPacket(uint32_t) override { return true; }
  void OnAnswer(uint32_t, const dnswire::Message&, const dnswire::Answer&,
                const Responder&) override {}
  void OnGaveUp(uint32_t, bool) override {}
};

// Sixteen a turn: those that wait take memory out of the caches that those
// under way need.
TEST(AskerIterationTest, FewQuestionsThatCannotBeSentAreBegunInATurn) {
  ScanOptions options;
  options.resolvers.push_back(*io::Endpoint::Parse("127.0.0.1:53"));
  io::SecureRandom random;
  const auto loop = *io::EventLoop::Create();
  ResolverRoute route(options, &random);
  Parking iteration;
  Deaf delegate;
  Stats stats;
  const auto asker = *Asker::Create(options, loop.get(), &route, &iteration,
                                    &random, &stats, &delegate);
  uint32_t target = 0;
  for (int turn = 1; turn <= 3; ++turn) {
    const io::TimeNs now = turn * io::kMillisecond;
    asker->SendReady(now);
    for (int i = 0; i < 100 && asker->CanStart(now); ++i) {
      asker->AskPtr(dnswire::IpAddress::V4(++target), 0, {}, now);
    }
    EXPECT_EQ(iteration.placed(), 16 * turn);
    // The next turn comes soon, but not at once.
    EXPECT_EQ(asker->NextWake(now, true), now + io::kMillisecond / 2);
  }
  asker->Abandon();
}

}  // namespace
}  // namespace scanner
