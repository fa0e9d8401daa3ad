#include "tests/support/truth_server.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>

namespace testing_support {
namespace {

constexpr int kBacklog = 64;
// In one turn, so that TCP has its turn too.
constexpr size_t kMaxBatches = 8;

}  // namespace

std::unique_ptr<TruthServer> TruthServer::Start(
    const Truth& truth, const TruthServerOptions& options) {
  std::optional<PortPair> port = BindPair(options.listen);
  if (!port) return nullptr;
  return std::unique_ptr<TruthServer>(
      new TruthServer(truth, options, std::move(*port)));
}

TruthServer::TruthServer(const Truth& truth, const TruthServerOptions& options,
                         PortPair port)
    : truth_(truth),
      options_(options),
      port_(std::move(port)),
      stop_(eventfd(0, EFD_CLOEXEC)) {
  if (options_.tcp) Require(listen(port_.tcp.get(), kBacklog) == 0, "listen");
  thread_ = std::thread([this] { Run(); });
}

TruthServer::~TruthServer() {
  const uint64_t one = 1;
  Require(write(stop_.get(), &one, sizeof one) == sizeof one, "eventfd");
  thread_.join();
}

void TruthServer::Run() {
  for (;;) {
    std::vector<pollfd> watched = {
        {.fd = stop_.get(), .events = POLLIN},
        {.fd = port_.udp.get(), .events = POLLIN},
        // A negative one is passed over.
        {.fd = options_.tcp ? port_.tcp.get() : -1, .events = POLLIN}};
    for (const Connection& connection : connections_) {
      const int events = connection.output.empty() ? POLLIN : POLLIN | POLLOUT;
      watched.push_back({.fd = connection.socket.get(),
                         .events = static_cast<int16_t>(events)});
    }
    poll(watched.data(), watched.size(), -1);
    if (watched[0].revents != 0) return;
    if (watched[1].revents != 0) AnswerDatagrams();
    size_t at = 3;
    for (Connection& connection : connections_) {
      if (watched[at++].revents != 0) Serve(&connection);
    }
    connections_.remove_if([](const Connection& c) { return c.closed; });
    if (watched[2].revents != 0) Accept();
  }
}

// The size of the reply; 0: none.
size_t TruthServer::Answer(std::span<const uint8_t> query,
                           const SocketAddress* sender,
                           std::span<uint8_t> reply) {
  if (options_.admit && !options_.admit(query, sender)) return 0;
  return MakeTruthReply(truth_, query, reply);
}

void TruthServer::AnswerDatagrams() {
  for (size_t batch = 0; batch < kMaxBatches; ++batch) {
    const size_t count = received_.Receive(port_.udp);
    for (size_t i = 0; i < count; ++i) {
      const size_t size =
          Answer(received_.octets(i), &received_.sender(i), replies_[i]);
      if (size == 0) continue;
      sending_.Add({replies_[i].data(), size}, &received_.sender(i));
      ++udp_answered_;
    }
    sending_.Send(port_.udp);
    if (count < ReceiveBatch::kSize) return;
  }
}

void TruthServer::Accept() {
  Descriptor accepted(
      accept4(port_.tcp.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (accepted) connections_.push_back({.socket = std::move(accepted)});
}

void TruthServer::Serve(Connection* connection) {
  std::array<uint8_t, 16384> buffer;
  const ssize_t size =
      recv(connection->socket.get(), buffer.data(), buffer.size(), 0);
  if (size == 0 || (size < 0 && errno != EAGAIN)) {
    connection->closed = true;
    return;
  }
  if (size > 0) {
    connection->input.insert(connection->input.end(), buffer.data(),
                             buffer.data() + size);
    AnswerStream(connection);
  }
  if (connection->output.empty()) return;
  const ssize_t sent = send(connection->socket.get(), connection->output.data(),
                            connection->output.size(), MSG_NOSIGNAL);
  if (sent > 0) {
    connection->output.erase(connection->output.begin(),
                             connection->output.begin() + sent);
  } else if (errno != EAGAIN) {
    connection->closed = true;
  }
}

// The whole messages of the input, each behind its length of two octets.
void TruthServer::AnswerStream(Connection* connection) {
  std::vector<uint8_t>& input = connection->input;
  std::vector<uint8_t>& output = connection->output;
  size_t at = 0;
  while (input.size() - at >= 2) {
    const auto size = static_cast<size_t>(input[at] << 8 | input[at + 1]);
    if (input.size() - at - 2 < size) break;
    std::array<uint8_t, kMaxTruthReply> reply;
    const size_t reply_size =
        Answer({input.data() + at + 2, size}, nullptr, reply);
    at += 2 + size;
    if (reply_size == 0) continue;
    output.push_back(static_cast<uint8_t>(reply_size >> 8));
    output.push_back(static_cast<uint8_t>(reply_size));
    output.insert(output.end(), reply.data(), reply.data() + reply_size);
    ++tcp_answered_;
  }
  input.erase(input.begin(), input.begin() + static_cast<ssize_t>(at));
}

}  // namespace testing_support
