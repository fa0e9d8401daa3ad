#include "bench/responder/server.h"

#include <poll.h>

#include <algorithm>
#include <ctime>

namespace bench {
namespace {

constexpr size_t kBatch = 64;  // messages of a system call
// Batches before answers must go out. Runs are the longer the more queries are
// looked at together; there are at most as many as have arrived.
constexpr int kBatchesOfTurn = 16;
constexpr int64_t kNsPerS = 1'000'000'000;

int64_t NowNs() {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * kNsPerS + now.tv_nsec;
}

}  // namespace

Server::Server(int fd, const ServerOptions& options)
    : fd_(fd),
      options_(options),
      receiver_(fd, kBatch, options.gro),
      sender_(fd, {.segments = options.gso ? DatagramSender::kMaxSegments
                                           : size_t{1}}) {
  static_assert(kMaxAnswerOctets <= DatagramSender::kMaxDatagramOctets);
}

void Server::ServeUntil(int stop_fd) {
  std::array<pollfd, 2> waits = {
      {{.fd = fd_, .events = POLLIN}, {.fd = stop_fd, .events = POLLIN}}};
  while (waits[1].revents == 0) {
    timespec patience{};
    if (!delayed_.empty()) {
      const int64_t wait_ns = std::max(delayed_.DueNs() - NowNs(), int64_t{0});
      patience = {.tv_sec = wait_ns / kNsPerS, .tv_nsec = wait_ns % kNsPerS};
    }
    ppoll(waits.data(), waits.size(), delayed_.empty() ? nullptr : &patience,
          nullptr);
    if (waits[0].revents != 0) ServeReadable();
    if (!delayed_.empty()) SendDue();
  }
}

void Server::ServeReadable() {
  if (options_.delay_us > 0) now_ns_ = NowNs();
  bool more = true;
  for (int i = 0; more && i < kBatchesOfTurn; ++i) {
    more = receiver_.Receive(
        [this](std::span<const uint8_t> query, const sockaddr_in& from) {
          OnQuery(query, from);
        });
  }
  sender_.Flush();
}

void Server::OnQuery(std::span<const uint8_t> query, const sockaddr_in& from) {
  ++counters_.queries;
  if (options_.loss_percent > 0 && IsDropped()) return;
  const size_t size =
      WriteAnswer(query, options_.nxdomain_percent, answer_.data());
  if (size == 0) {
    ++counters_.ignored;
    return;
  }
  const auto answer = std::span<const uint8_t>(answer_).first(size);
  if (options_.delay_us == 0) {
    Send(answer, from);
  } else {
    delayed_.Add(now_ns_ + int64_t{1000} * options_.delay_us, answer, from);
  }
}

// By a hash of the query's number: the same losses in every run, in no pattern.
bool Server::IsDropped() {
  uint64_t hash = counters_.queries * 0x9e3779b97f4a7c15u;
  hash = (hash ^ hash >> 30) * 0xbf58476d1ce4e5b9u;
  hash ^= hash >> 32;
  const bool dropped = hash % 100 < options_.loss_percent;
  if (dropped) ++counters_.dropped;
  return dropped;
}

void Server::Send(std::span<const uint8_t> answer, const sockaddr_in& to) {
  ++counters_.answers;
  sender_.Add(answer, to);
}

void Server::SendDue() {
  delayed_.TakeDue(
      NowNs(), [this](std::span<const uint8_t> answer, const sockaddr_in& to) {
        Send(answer, to);
      });
  sender_.Flush();
}

ServerCounters Server::counters() const {
  ServerCounters counters = counters_;
  counters.refused = sender_.refused();
  counters.answers -= counters.refused;
  return counters;
}

}  // namespace bench
