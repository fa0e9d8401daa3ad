#include "bench/floor/client.h"

#include <poll.h>

#include <ctime>
#include <optional>

#include "bench/floor/reply.h"
#include "dnswire/ip_address.h"
#include "dnswire/wire.h"

namespace bench {
namespace {

constexpr size_t kBatch = 64;
// Shorter runs are not worth a system call: wait for a tick more.
constexpr size_t kMinToSend = 32;

// Batches before the clock is read again, though there may be more.
constexpr int kBatchesOfTurn = 64;

uint32_t NowMs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<uint32_t>(now.tv_sec * 1000 + now.tv_nsec / 1'000'000);
}

size_t BatchOf(Mode mode) { return mode == Mode::kPlain ? 1 : kBatch; }

DatagramSender::Shape ShapeOf(Mode mode) {
  return {.runs = BatchOf(mode),
          .segments =
              mode >= Mode::kGso ? DatagramSender::kMaxSegments : size_t{1}};
}

}  // namespace

Client::Client(int fd, const ClientOptions& options, CsvLines* csv)
    : options_(options),
      fd_(fd),
      csv_(csv),
      receiver_(fd, BatchOf(options.mode), options.mode == Mode::kGsoGro),
      sender_(fd, ShapeOf(options.mode)),
      slots_(std::make_unique<Slot[]>(kIds)),
      free_ids_(std::make_unique<uint16_t[]>(kIds)) {
  for (size_t id = 0; id < kIds; ++id) {
    free_ids_[id] = static_cast<uint16_t>(id);
  }
}

ClientCounters Client::Run() {
  heard_ms_ = swept_ms_ = now_ms_ = NowMs();
  Fill();
  sender_.Flush();
  while (counters_.finished + swept_ < options_.targets &&
         now_ms_ - heard_ms_ < kSilenceMs) {
    if (UsesClock()) {
      TurnByClock();
    } else {
      TurnByReadability();
    }
    LookAtTime();
  }
  counters_.lost = options_.targets - counters_.finished;
  return counters_;
}

void Client::TurnByReadability() {
  pollfd wait = {.fd = fd_, .events = POLLIN};
  poll(&wait, 1, kSweepMs);
  bool more = true;
  for (int i = 0; more && i < kBatchesOfTurn; ++i) {
    more = Receive();
    Fill();
    sender_.Flush();
  }
}

void Client::TurnByClock() {
  const timespec tick = {.tv_nsec = 1000L * options_.tick_us};
  clock_nanosleep(CLOCK_MONOTONIC, 0, &tick, nullptr);
  const uint64_t before = counters_.answers;
  while (Receive()) {
  }
  Fill();
  if (sender_.pending() >= kMinToSend || counters_.answers == before) {
    sender_.Flush();
  }
}

bool Client::Receive() {
  return receiver_.Receive(
      [this](std::span<const uint8_t> reply, const sockaddr_in& /*from*/) {
        OnReply(reply);
      });
}

void Client::OnReply(std::span<const uint8_t> reply) {
  if (reply.size() < dnswire::kHeaderOctets) return;
  const auto id = static_cast<uint16_t>(reply[0] << 8 | reply[1]);
  if (slots_[id].state == State::kFree) {
    ++counters_.stray;
    return;
  }
  ++counters_.answers;
  if (slots_[id].state == State::kPtr) {
    OnPtr(id, reply);
  } else {
    OnA(id, reply);
  }
}

void Client::OnPtr(uint16_t id, std::span<const uint8_t> reply) {
  if (!options_.forward) return Finish(id, nullptr, "answered");
  const auto answer = ReadFirstAnswer(reply);
  const auto name = answer && answer->type == dnswire::kTypePtr
                        ? ReadPlainName(answer->rdata)
                        : std::nullopt;
  if (!name) return Finish(id, nullptr, "no_ptr");
  Send(id, State::kA,
       dnswire::EncodeQuery(id, *name, dnswire::kTypeA, {}, query_.data()));
}

void Client::OnA(uint16_t id, std::span<const uint8_t> reply) {
  const auto name = ReadPlainName(reply.subspan(dnswire::kHeaderOctets));
  if (!name) return Finish(id, nullptr, "no_forward");
  const auto answer = ReadFirstAnswer(reply);
  if (!answer || answer->type != dnswire::kTypeA || answer->rdata.size() != 4) {
    return Finish(id, &*name, "no_forward");
  }
  const auto address =
      dnswire::IpAddress::FromV4Octets(answer->rdata.first<4>());
  Finish(id, &*name, address.v4() == slots_[id].address ? "pass" : "mismatch");
}

// Addresses go in the order of a permutation, as a scan's do, so that names of
// all sizes are mixed.
void Client::Fill() {
  while (open_ < options_.window && started_ < options_.targets) {
    const uint32_t offset = (started_ * 0x9e3779b1u) & (options_.targets - 1);
    const uint16_t id = free_ids_[free_first_++];
    slots_[id].address = options_.first + offset;
    ++started_;
    ++open_;
    Send(id, State::kPtr,
         dnswire::EncodePtrQuery(id, dnswire::IpAddress::V4(slots_[id].address),
                                 {}, query_.data()));
  }
}

// The query is in query_.
void Client::Send(uint16_t id, State state, size_t size) {
  slots_[id].state = state;
  slots_[id].sent_ms = now_ms_;
  sender_.Add(std::span<const uint8_t>(query_).first(size), options_.server);
}

void Client::Finish(uint16_t id, const dnswire::NameView* name,
                    absl::string_view status) {
  csv_->Add(slots_[id].address, name, status);
  ++counters_.finished;
  Free(id);
}

void Client::Free(uint16_t id) {
  slots_[id].state = State::kFree;
  free_ids_[free_end_++] = id;
  --open_;
}

void Client::LookAtTime() {
  static_assert(kSweepMs < kPatienceMs);
  now_ms_ = NowMs();
  if (counters_.answers != heard_answers_) heard_ms_ = now_ms_;
  heard_answers_ = counters_.answers;
  if (now_ms_ - swept_ms_ >= kSweepMs) SweepLost();
}

void Client::SweepLost() {
  swept_ms_ = now_ms_;
  for (size_t id = 0; id < kIds; ++id) {
    const Slot& slot = slots_[id];
    if (slot.state == State::kFree || now_ms_ - slot.sent_ms < kPatienceMs) {
      continue;
    }
    csv_->Add(slot.address, nullptr, "timeout");
    ++swept_;
    Free(static_cast<uint16_t>(id));
  }
}

}  // namespace bench
