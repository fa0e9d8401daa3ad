// An asker with its loop and turn, and a delegate that keeps how questions end.
#ifndef PTRSWEEP_TESTS_SCANNER_ASKING_ASKER_RIG_H_
#define PTRSWEEP_TESTS_SCANNER_ASKING_ASKER_RIG_H_

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "scanner/asking/asker.h"
#include "scanner/upstream/resolver_route.h"
#include "tests/support/scripted_server.h"

namespace scanner {

// How a question ended.
struct Ending {
  bool answered = false;
  dnswire::Outcome outcome = dnswire::Outcome::kMalformed;
  bool final = false;
  CauseSet seen;
  uint16_t rcode = 0;
  Responder responder;
};

inline ScanOptions OptionsFor(
    std::initializer_list<const testing_support::ScriptedServer*> servers,
    const std::string& host = "127.0.0.1") {
  ScanOptions options;
  options.sockets = 2;
  for (const testing_support::ScriptedServer* server : servers) {
    options.resolvers.push_back(
        *io::Endpoint::Parse(absl::StrCat(host, ":", server->port())));
  }
  return options;
}

// Questions are known by their payer.
class AskerRig : private Asker::Delegate {
 public:
  explicit AskerRig(const ScanOptions& options)
      : loop_(*io::EventLoop::Create()), route_(options, &random_) {
    auto asker = Asker::Create(options, loop_.get(), &route_, nullptr, &random_,
                               &stats_, this);
    EXPECT_TRUE(asker.ok()) << asker.status();
    asker_ = *std::move(asker);
    loop_->OnTurn([this] { Turn(); });
  }

  void AskPtr(uint32_t payer, const char* target, bool late_pass = false) {
    asker_->AskPtr(*dnswire::IpAddress::Parse(target), payer,
                   {.late = late_pass}, io::EventLoop::Now());
    ++expected_;
  }
  void AskForward(uint32_t payer, const char* name, uint16_t type) {
    asker_->AskForward(*dnswire::Name::Parse(name), type, payer, false);
    ++expected_;
  }
  // A canary of server `server`; its payer is kNil.
  void AskCanary(const char* name, uint16_t type, ServerIndex server) {
    asker_->AskCanary(*dnswire::Name::Parse(name), type, server);
    ++expected_;
  }
  // With resolvers, of the first one.
  void AskServer(uint32_t payer, const char* name, uint16_t type,
                 const Asker::ServerCheck& how) {
    asker_->AskServer(*dnswire::Name::Parse(name), type, payer, kNoZone, how);
    ++expected_;
  }
  // Until every question has ended, or `enough` says so.
  void Run(std::function<bool()> enough = nullptr) {
    enough_ = std::move(enough);
    loop_->WakeAt(io::EventLoop::Now());
    loop_->Run();
  }
  // Gives up what is left and checks the books.
  void Close() {
    asker_->Abandon();
    EXPECT_EQ(asker_->open_questions(), 0u);
    EXPECT_EQ(asker_->open_udp_tries(), 0u);
    asker_->Flush();
    asker_->FinishStats();
    stats_.row_queries = packets_;
    EXPECT_THAT(stats_.BrokenIdentities(), ::testing::IsEmpty());
    for (const Server& server : route_.servers()) {
      EXPECT_EQ(server.in_flight, 0u);
    }
  }

  void AllowPackets(uint32_t packets) { allowed_ = packets; }
  const Ending& ending(uint32_t payer) { return endings_[payer]; }
  size_t ended() const { return endings_.size(); }
  uint32_t packets() const { return packets_; }
  int turns() const { return turns_; }
  const Stats& stats() const { return stats_; }
  Asker& asker() { return *asker_; }
  Server& server(size_t i) { return route_.servers()[i]; }

 private:
  void Turn() {
    ++turns_;
    const io::TimeNs now = io::EventLoop::Now();
    const bool more = asker_->Receive(now);
    asker_->Advance(now);
    asker_->Expire(now);
    asker_->SendReady(now);
    asker_->Flush();
    const bool enough = enough_ && enough_();
    if (enough || ended() == expected_) return loop_->Stop();
    loop_->WakeAt(more ? now : asker_->NextWake(now, false));
  }

  bool SpendPacket(uint32_t) override {
    if (packets_ == allowed_) return false;
    ++packets_;
    return true;
  }
  void OnAnswer(uint32_t question, const dnswire::Message&,
                const dnswire::Answer& answer,
                const Responder& responder) override {
    Keep(question, {.answered = true,
                    .outcome = answer.outcome,
                    .seen = asker_->question(question).seen,
                    .rcode = answer.rcode,
                    .responder = responder});
  }
  void OnGaveUp(uint32_t index, bool final) override {
    const Question& question = asker_->question(index);
    Keep(index, {.final = final,
                 .seen = question.seen,
                 .rcode = question.rcode,
                 .responder = question.responder});
  }
  void Keep(uint32_t question, const Ending& ending) {
    const uint32_t payer = asker_->question(question).payer;
    EXPECT_TRUE(endings_.emplace(payer, ending).second)
        << "question of " << payer << " ended twice";
  }

  std::unique_ptr<io::EventLoop> loop_;
  io::SecureRandom random_;
  Stats stats_;
  ResolverRoute route_;
  std::unique_ptr<Asker> asker_;
  std::map<uint32_t, Ending> endings_;
  std::function<bool()> enough_;
  size_t expected_ = 0;
  uint32_t packets_ = 0;
  uint32_t allowed_ = UINT32_MAX;
  int turns_ = 0;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_ASKING_ASKER_RIG_H_
