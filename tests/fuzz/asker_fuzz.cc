// Input: two octets of options, then commands. Each is followed by one turn of
// an asker before a kernel, a clock and servers that the commands play:
//
//     reply (any try so far; its kind; what is wrong with it; wait for more)
//     replies to it under 64 other ids
//     ask a PTR, forward or canary question; let time pass; give up all
//     what the next sends do; whether servers take TCP; the packet budget
//
// Nothing is accepted that AskerModel would not, a flawless reply to an open
// try is; each question ends exactly once, by itself if time only passes; the
// identities of WIRE.md 8 hold after every turn.
#include <algorithm>
#include <cerrno>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "scanner/asking/asker.h"
#include "scanner/upstream/resolver_route.h"
#include "tests/fuzz/asker_model.h"
#include "tests/fuzz/fake_kernel.h"
#include "tests/fuzz/fake_replies.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slow_names.h"

namespace {

using fuzz::AskerModel;
using fuzz::FakeKernel;
using fuzz::InputReader;
using fuzz::Require;
using scanner::Asker;
using Packet = FakeKernel::Packet;

constexpr uint32_t kServers = 0xc0000235;  // 192.0.2.53 and the following
constexpr uint32_t kMaxQuestions = 64;
constexpr int kMaxTurns = 400;
// Silence in which every question must end, in steps that outlast suspensions.
constexpr int kMaxSilentTurns = 300;
constexpr io::TimeNs kSilentStep = 61 * io::kSecond;
std::string LowerOf(dnswire::NameView name) {
  return fuzz::SlowLower(std::string(name.wire().begin(), name.wire().end()));
}

scanner::ScanOptions OptionsOf(uint8_t first, uint8_t second) {
  const auto choice = [](int bit) {
    return bit != 0 ? scanner::Choice::kOn : scanner::Choice::kOff;
  };
  scanner::ScanOptions options;
  options.cookies = choice(first & 1);
  options.case_random = choice(first & 2);
  for (uint32_t i = 0; i <= (first >> 2 & 3u); ++i) {
    options.resolvers.push_back(
        {.address = dnswire::IpAddress::V4(kServers + i)});
  }
  options.sockets = 1 + (first >> 4 & 1u);
  if ((second & 1) == 0) options.resolver_rate_qps = 100000;
  if ((second & 2) != 0) options.resolver_window = 2;
  if ((second & 4) != 0) options.max_tcp = 1;
  if ((second & 8) != 0) options.max_outage = absl::Seconds(10);
  return options;
}

class Scenario : Asker::Delegate {
 public:
  Scenario(InputReader input, const scanner::ScanOptions& options,
           uint64_t seed)
      : input_(input),
        kernel_(seed),
        loop_(*io::EventLoop::Create()),
        route_(options, &random_) {
    auto asker = Asker::Create(options, loop_.get(), &route_, nullptr, &random_,
                               &stats_, this);
    Require(asker.ok(), "there are sockets");
    asker_ = *std::move(asker);
    loop_->OnTurn([this] { Turn(); });
  }

  // `to_the_end`: until all questions have ended by themselves.
  void Run(bool to_the_end) {
    loop_->Run();
    if (to_the_end) RunInSilence();
    asker_->Abandon();
    asker_->Flush();
    asker_->FinishStats();
    Require(asker_->open_questions() == 0, "no question is open");
    Require(asker_->open_udp_tries() == 0, "no try is open");
    for (const scanner::Server& server : route_.servers()) {
      Require(server.in_flight == 0, "nothing is in flight");
    }
    Require(!has_open(), "every question has ended");
    CheckIdentities();
  }

 private:
  // One iteration of the loop: what has arrived is taken in, then the input
  // says what arrives for the next.
  void Turn() {
    if (silent_turns_ > 0) {
      kernel_.PassTime(kSilentStep);
      if (--silent_turns_ == 0 || !has_open()) return loop_->Stop();
    } else if (++turns_ == kMaxTurns || (input_.empty() && turns_ > 1)) {
      return loop_->Stop();
    }
    const io::TimeNs now = kernel_.now_ns();
    Receive(now);
    asker_->Advance(now);
    asker_->Expire(now);
    asker_->SendReady(now);
    asker_->Flush();
    TakeSent();
    CheckIdentities();
    arriving_.clear();
    while (!input_.empty() && !Command()) {
    }
  }

  void RunInSilence() {
    input_ = InputReader({});
    pays_ = true;
    kernel_.RefuseTcp(true);
    kernel_.send_results().clear();
    silent_turns_ = kMaxSilentTurns;
    loop_->Run();
    Require(!has_open(), "a question ends if nothing happens");
  }
  bool has_open() const { return !open_.empty() || canaries_ > 0; }

  // True if a turn should follow.
  bool Command();
  bool Reply();
  void Flood();
  void Ask();
  void AskCanary();
  void Receive(io::TimeNs now);
  void CheckIdentities();
  void TakeSent() {
    for (const Packet& packet : kernel_.TakeSent()) model_.OnSent(packet);
  }
  void End(uint32_t question);

  bool SpendPacket(uint32_t question) override;
  void OnAnswer(uint32_t question, const dnswire::Message& message,
                const dnswire::Answer& answer,
                const scanner::Responder& responder) override;
  void OnGaveUp(uint32_t question, bool) override { End(question); }

  InputReader input_;
  FakeKernel kernel_;
  std::unique_ptr<io::EventLoop> loop_;
  io::SecureRandom random_;
  scanner::Stats stats_;
  scanner::ResolverRoute route_;
  std::unique_ptr<Asker> asker_;
  AskerModel model_;
  std::vector<Packet> arriving_;  // with the next turn, UDP
  std::vector<Packet> by_tcp_;    // all so far
  bool flawless_ = false;         // the last one that arrived
  std::set<uint32_t> open_;       // payers whose question has not ended
  uint32_t asked_ = 0;
  int canaries_ = 0;  // open ones
  bool pays_ = true;
  uint64_t spent_ = 0;  // packets
  int turns_ = 0;
  int silent_turns_ = 0;  // left
};

bool Scenario::Command() {
  constexpr int kSendResults[] = {EAGAIN, ENOBUFS, EPERM, ENETUNREACH,
                                  EINTR,  0,       -1,    -3};
  constexpr io::TimeNs kSteps[] = {0,    1,    20,    251,   707,
                                   1000, 5000, 11000, 65000, 130000};
  const uint8_t command = input_.U8();
  switch (command % 16) {
    case 0:
      AskCanary();
      return true;
    case 1:
      kernel_.send_results().push_back(kSendResults[input_.U8() % 8]);
      return false;
    case 2:
      kernel_.RefuseTcp(input_.U8() % 2 != 0);
      return false;
    case 3:
      pays_ = input_.U8() % 8 != 0;
      return false;
    case 4:
      asker_->Abandon();
      return true;
    case 5:
    case 6:
      kernel_.PassTime(kSteps[input_.U8() % 10] * io::kMillisecond);
      return true;
    case 7:
    case 8:
      Ask();
      return command < 128;
    case 9:
      Flood();
      return true;
    default:
      return Reply();
  }
}

void Scenario::Ask() {
  if (asked_ == kMaxQuestions) return;
  const uint32_t payer = asked_++;
  open_.insert(payer);
  const uint8_t kind = input_.U8();
  if (kind % 2 == 0) {
    asker_->AskPtr(dnswire::IpAddress::V4(0xc6336400 + payer), payer,
                   {.late = kind >= 128}, kernel_.now_ns());
    return;
  }
  const auto name = dnswire::Name::Parse(absl::StrCat("host", payer % 32));
  const uint16_t type = kind % 4 == 1 ? dnswire::kTypeA : dnswire::kTypeAaaa;
  asker_->AskForward(*name, type, payer, kind >= 128);
}

void Scenario::AskCanary() {
  const uint8_t server = input_.U8();
  ++canaries_;
  asker_->AskCanary(
      *dnswire::Name::Parse("canary"), dnswire::kTypeA,
      static_cast<scanner::ServerIndex>(server % route_.servers().size()));
}

bool Scenario::Reply() {
  if (model_.size() == 0) return false;
  const size_t back = input_.U8() % model_.size();
  const Packet& sent = model_.sent(model_.size() - 1 - back);
  const fuzz::FakeReply reply = fuzz::MakeReply(sent, &input_);
  flawless_ = reply.flawless;
  if (kernel_.Deliver(reply.packet)) {
    (sent.tcp ? by_tcp_ : arriving_).push_back(reply.packet);
  }
  return !reply.wait;
}

void Scenario::Flood() {
  if (model_.size() == 0) return;
  Packet packet =
      fuzz::MakeReply(model_.sent(model_.size() - 1), &input_).packet;
  if (packet.tcp || packet.octets.size() < 2) return;
  for (int i = 0; i < 64; ++i) {
    ++packet.octets[1];
    kernel_.Deliver(packet);
    arriving_.push_back(packet);
  }
}

// What happens while the packets are read only closes tries, so the model is
// asked before.
void Scenario::Receive(io::TimeNs now) {
  std::set<size_t> may;
  for (const Packet& packet : arriving_) {
    if (const auto answered = model_.MayAnswer(packet)) may.insert(*answered);
  }
  // Once there were aliases or moves to TCP, it does not know all that closed.
  const bool must =
      arriving_.size() == 1 && flawless_ && may.size() == 1 &&
      model_.IsOfOnePayer(*may.begin()) && stats_.udp_cancelled == 0 &&
      stats_.outcomes[static_cast<size_t>(dnswire::Outcome::kFollow)] == 0;
  const uint64_t before = stats_.udp_accepted;
  asker_->Receive(now);
  const uint64_t accepted = stats_.udp_accepted - before;
  Require(accepted <= may.size(), "nothing strange is accepted");
  if (accepted == may.size()) {
    for (const size_t answered : may) model_.Answer(answered);
  }
  Require(accepted == 1 || !must, "what is flawless is accepted");
}

void Scenario::CheckIdentities() {
  stats_.row_queries = spent_;
  const auto broken =
      stats_.BrokenIdentities({.udp_tries = asker_->open_udp_tries()});
  Require(broken.empty(), broken.empty() ? "" : broken[0].c_str());
}

void Scenario::End(uint32_t question) {
  const uint32_t payer = asker_->question(question).payer;
  if (payer == scanner::kNil) {
    Require(canaries_-- > 0, "a canary ends once");
  } else {
    Require(open_.erase(payer) == 1, "a question ends once");
    model_.OnEnd(payer);
  }
}

bool Scenario::SpendPacket(uint32_t index) {
  if (!pays_) return false;
  ++spent_;
  const scanner::Question& question = asker_->question(index);
  const dnswire::NameListView names = question.names;
  const dnswire::Name name = names.empty()
                                 ? dnswire::ReverseName(question.target)
                                 : dnswire::Name(names[names.size() - 1]);
  model_.OnAsking(question.payer, LowerOf(name), question.type);
  return true;
}

void Scenario::OnAnswer(uint32_t question, const dnswire::Message& message,
                        const dnswire::Answer& answer,
                        const scanner::Responder& responder) {
  const auto answers = [this, &message](const Packet& packet) {
    return std::ranges::equal(packet.octets, message.octets()) &&
           model_.MayAnswer(packet);
  };
  Require(std::any_of(arriving_.begin(), arriving_.end(), answers) ||
              std::any_of(by_tcp_.begin(), by_tcp_.end(), answers),
          "an answer is one that was sent");
  Require(answer.outcome == dnswire::Outcome::kData ||
              answer.outcome == dnswire::Outcome::kNxdomain ||
              answer.outcome == dnswire::Outcome::kNodata,
          "a question is settled by data or a denial");
  Require(responder.index < route_.servers().size(), "by one of our servers");
  End(question);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  InputReader input({data, size});
  const uint8_t first = input.U8();
  const uint8_t second = input.U8();
  Scenario(input, OptionsOf(first, second), second).Run((second & 16) != 0);
  return 0;
}
