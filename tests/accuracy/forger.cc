#include "tests/accuracy/forger.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <random>
#include <span>
#include <string>
#include <thread>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/support/truth_server.h"

namespace testing_support {
namespace {

using Clock = std::chrono::steady_clock;
using Octets = std::vector<uint8_t>;

constexpr size_t kHeaderSize = 12;
constexpr size_t kMaxForgery = 512;
constexpr uint8_t kTypeA = 1;
constexpr uint8_t kTypePtr = 12;
// Without an open question, the forger goes on with so many of the last ones.
constexpr size_t kRecent = 64;
// A datagram is not longer on its way.
constexpr std::chrono::seconds kMemory{20};
// Ports of a client that may still be open: it has eight, and replaces them.
constexpr size_t kPorts = 16;
// Forgeries in one turn, so that true answers are not kept waiting.
constexpr double kMaxPerTurn = 1024;
// What cannot be sent in time is made up for, but not more than this.
constexpr double kMaxDebtSeconds = 0.1;
constexpr std::chrono::microseconds kTurn{500};

constexpr uint8_t kForgedTarget[] = "\6forged\7example";
constexpr uint8_t kForgedOctets[] = {203, 0, 113, 66};

// A question that was asked in the last kMemory, and what was forged for it.
struct Known {
  size_t asked = 0;              // entries of the log
  std::vector<uint16_t> ids;     // under which it was asked
  std::vector<uint16_t> forged;  // ids under which it was answered falsely

  bool Had(uint16_t id) const {
    return std::find(ids.begin(), ids.end(), id) != ids.end();
  }
};
using KnownQuestions = std::unordered_map<std::string, Known>;

struct Heard {
  Octets query;
  std::optional<SocketAddress> client;  // none over TCP
  Clock::time_point at;
};

// An entry of the log.
struct Asked {
  Heard heard;
  size_t question_end = 0;
  KnownQuestions::value_type* known = nullptr;

  uint16_t id() const {
    return static_cast<uint16_t>(heard.query[0] << 8 | heard.query[1]);
  }
  Octets question() const {
    return {heard.query.begin() + kHeaderSize,
            heard.query.begin() + static_cast<ssize_t>(question_end)};
  }
};

// Behind type and class; 0 if there is no whole question.
size_t QuestionEnd(const Octets& query) {
  size_t at = kHeaderSize;
  while (at < query.size() && query[at] != 0) at += 1u + query[at];
  at += 5;
  return at <= query.size() ? at : 0;
}

std::string KeyOf(const Octets& question) {
  std::string key;
  for (const uint8_t octet : question) {
    key += static_cast<char>(std::tolower(octet));
  }
  return key;
}

// A low octet will do for the types there are.
uint8_t& TypeOf(Octets* question) { return (*question)[question->size() - 3]; }

size_t WriteForgery(uint16_t id, Octets question, std::span<uint8_t> out) {
  const uint8_t header[kHeaderSize] = {static_cast<uint8_t>(id >> 8),
                                       static_cast<uint8_t>(id),
                                       0x81,
                                       0x80,
                                       0,
                                       1,
                                       0,
                                       1};
  const bool address = TypeOf(&question) == kTypeA;
  const std::span<const uint8_t> data =
      address ? std::span<const uint8_t>(kForgedOctets)
              : std::span<const uint8_t>(kForgedTarget);
  const uint8_t record[] = {
      0xc0, kHeaderSize, 0, address ? kTypeA : kTypePtr,      0, 1, 0, 1,
      0,    0,           0, static_cast<uint8_t>(data.size())};
  size_t size = 0;
  const auto append = [&](std::span<const uint8_t> octets) {
    std::memcpy(out.data() + size, octets.data(), octets.size());
    size += octets.size();
  };
  append(header);
  append(question);
  append(record);
  append(data);
  return size;
}

// Forgeries that leave from one socket.
class Outgoing {
 public:
  void Add(uint16_t id, Octets question, const SocketAddress& to) {
    auto& slot = slots_[count_++];
    batch_.Add({slot.data(), WriteForgery(id, std::move(question), slot)}, &to);
  }
  bool full() const { return batch_.full(); }
  // How many were not taken.
  size_t Send(const Descriptor& through) {
    count_ = 0;
    return batch_.Send(through);
  }

 private:
  SendBatch batch_;
  size_t count_ = 0;
  std::array<std::array<uint8_t, kMaxForgery>, SendBatch::kSize> slots_;
};

}  // namespace

class Forger::Impl {
 public:
  Impl(const Truth& truth, const ForgerOptions& options)
      : truth_(truth),
        options_(options),
        random_(options.seed),
        stranger_(BoundSocket(SOCK_DGRAM, SocketAddress::Loopback(0))) {
    server_ = TruthServer::Start(
        truth, {.tcp = options.tcp, .admit = [this](auto query, auto* from) {
                  return Hear(query, from);
                }});
    thread_ = std::thread([this] { Run(); });
  }
  ~Impl() { Stop(); }

  const SocketAddress& address() const { return server_->address(); }

  ForgerCounts Stop() {
    stopping_ = true;
    if (thread_.joinable()) thread_.join();
    return counts_;
  }

 private:
  // In the server's thread. What came over UDP is answered here.
  bool Hear(std::span<const uint8_t> query, const SocketAddress* from) {
    Heard heard{.query = {query.begin(), query.end()}, .at = Clock::now()};
    if (from != nullptr) heard.client = *from;
    const std::scoped_lock lock(mutex_);
    heard_.push_back(std::move(heard));
    something_heard_.notify_one();
    return from == nullptr;
  }

  void Run() {
    while (!stopping_) {
      for (Heard& heard : TakeHeard()) Note(std::move(heard));
      const auto now = Clock::now();
      AnswerDue(now);
      ForgetOld(now);
      if (!log_.empty()) ForgeDue(now);
    }
  }

  std::vector<Heard> TakeHeard() {
    std::unique_lock lock(mutex_);
    something_heard_.wait_for(lock, kTurn, [this] { return !heard_.empty(); });
    return std::exchange(heard_, {});
  }

  void Note(Heard heard) {
    Asked asked{.question_end = QuestionEnd(heard.query)};
    if (asked.question_end == 0) return;
    asked.heard = std::move(heard);
    const Octets question = asked.question();
    const std::string key = KeyOf(question);
    if (!std::equal(key.begin(), key.end(), question.begin())) {
      ++counts_.mixed_case;
    }
    asked.known = &*known_.try_emplace(key).first;
    Known& known = asked.known->second;
    ++known.asked;
    if (counts_.queries++ == 0) started_ = asked.heard.at;
    if (asked.heard.client) {
      counts_.lucky +=
          std::count(known.forged.begin(), known.forged.end(), asked.id()) > 0;
      NotePort(*asked.heard.client);
    }
    known.ids.push_back(asked.id());
    log_.push_back(std::move(asked));
  }

  void NotePort(const SocketAddress& port) {
    if (std::find(ports_.begin(), ports_.end(), port) != ports_.end()) return;
    ports_.push_back(port);
    if (ports_.size() > kPorts) ports_.pop_front();
  }

  void AnswerDue(Clock::time_point now) {
    for (; answered_ < log_.size(); ++answered_) {
      const Heard& heard = log_[answered_].heard;
      if (now < heard.at + options_.answer_after) return;
      if (!heard.client) continue;
      std::array<uint8_t, kMaxTruthReply> reply;
      const size_t size = MakeTruthReply(truth_, heard.query, reply);
      SendBatch batch;
      batch.Add({reply.data(), size}, &*heard.client);
      batch.Send(server_->udp());
    }
  }

  void ForgetOld(Clock::time_point now) {
    while (answered_ > 0 && log_.size() > kRecent &&
           log_.front().heard.at + kMemory < now) {
      Known& known = log_.front().known->second;
      if (--known.asked == 0) known_.erase(log_.front().known->first);
      log_.pop_front();
      --answered_;
    }
  }

  void ForgeDue(Clock::time_point now) {
    const double seconds =
        std::chrono::duration<double>(now - started_).count();
    counts_.seconds = seconds;
    made_ = std::max(made_, (seconds - kMaxDebtSeconds) * options_.per_second);
    const double last =
        std::min(made_ + kMaxPerTurn, seconds * options_.per_second);
    for (; made_ < last; ++made_) Forge();
    counts_.unsent += forged_.Send(server_->udp());
    counts_.unsent += strange_.Send(stranger_);
  }

  // Any of the open questions, or else of the last ones.
  const Asked& Pick() {
    const size_t recent = std::min(log_.size(), kRecent);
    const size_t first =
        answered_ < log_.size() ? answered_ : log_.size() - recent;
    return log_[first + random_() % (log_.size() - first)];
  }

  void Forge() {
    if (ports_.empty()) return;
    const Asked& asked = Pick();
    if (asked.heard.client && answered_ < log_.size()) ++counts_.to_open;
    switch (random_() % 5) {
      case 0:
        return ForgeQuestion(asked);
      case 1:
        return ForgeSource(asked);
      case 2:
        return ForgePort(asked);
      default:
        return ForgeId(asked);
    }
  }

  const SocketAddress& AnyPort() { return ports_[random_() % ports_.size()]; }
  const SocketAddress& PortOf(const Asked& asked) {
    return asked.heard.client ? *asked.heard.client : AnyPort();
  }

  void Send(uint16_t id, Octets question, const SocketAddress& to) {
    forged_.Add(id, std::move(question), to);
    if (forged_.full()) counts_.unsent += forged_.Send(server_->udp());
  }

  // The right question under an id it was never asked under: one of the next
  // sixteen, or any.
  void ForgeId(const Asked& asked) {
    Known& known = asked.known->second;
    uint16_t id = asked.id();
    while (known.Had(id)) {
      const bool near = random_() % 2 == 0;
      id = static_cast<uint16_t>(near ? asked.id() + 1 + random_() % 16
                                      : random_());
    }
    known.forged.push_back(id);
    ++counts_.wrong_id;
    Send(id, asked.question(), PortOf(asked));
  }

  // The right id with the question of another try, or with another type.
  void ForgeQuestion(const Asked& asked) {
    ++counts_.wrong_question;
    const Asked& other = Pick();
    Known& known = other.known->second;
    if (random_() % 2 == 0 && !known.Had(asked.id())) {
      known.forged.push_back(asked.id());
      return Send(asked.id(), other.question(), PortOf(asked));
    }
    Octets question = asked.question();
    uint8_t& type = TypeOf(&question);
    type = type == kTypeA ? kTypePtr : kTypeA;
    Send(asked.id(), std::move(question), PortOf(asked));
  }

  // All is right, but it comes from another port.
  void ForgeSource(const Asked& asked) {
    ++counts_.wrong_source;
    strange_.Add(asked.id(), asked.question(), PortOf(asked));
    if (strange_.full()) counts_.unsent += strange_.Send(stranger_);
  }

  // All is right, but it goes to another port of the client's.
  void ForgePort(const Asked& asked) {
    Known& known = asked.known->second;
    const SocketAddress& to = AnyPort();
    if (known.ids.size() > 1 || to == asked.heard.client) {
      return ForgeSource(asked);
    }
    known.forged.push_back(asked.id());
    ++counts_.wrong_port;
    Send(asked.id(), asked.question(), to);
  }

  const Truth truth_;
  const ForgerOptions options_;
  std::mt19937_64 random_;
  const Descriptor stranger_;
  std::atomic<bool> stopping_{false};

  std::mutex mutex_;
  std::condition_variable something_heard_;
  std::vector<Heard> heard_;  // not in the log yet

  // Of the forger's thread.
  KnownQuestions known_;
  std::deque<Asked> log_;  // by time
  size_t answered_ = 0;    // entries at its front
  std::deque<SocketAddress> ports_;
  Outgoing forged_;
  Outgoing strange_;
  Clock::time_point started_;
  double made_ = 0;  // forgeries, and those not made in time
  ForgerCounts counts_;

  std::unique_ptr<TruthServer> server_;
  std::thread thread_;
};

Forger::Forger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

Forger::~Forger() = default;

std::unique_ptr<Forger> Forger::Start(const Truth& truth,
                                      const ForgerOptions& options) {
  return std::unique_ptr<Forger>(
      new Forger(std::make_unique<Impl>(truth, options)));
}

const SocketAddress& Forger::address() const { return impl_->address(); }

ForgerCounts Forger::Stop() { return impl_->Stop(); }

}  // namespace testing_support
