#include "tests/support/scripted_server.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <csignal>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>

#include "tests/support/sockets.h"

namespace testing_support {
namespace {

using Clock = std::chrono::steady_clock;

constexpr size_t kHeaderSize = 12;
constexpr size_t kQueryOctets = 4096;
// What is due is sent at least this often while queries keep coming.
constexpr int kDatagramsATurn = 256;

uint16_t U16At(const Octets& octets, size_t at) {
  return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

// The question of a query; nullopt if it is not a plain one.
std::optional<Asked> ReadQuery(Octets query, Transport transport) {
  Asked asked{.transport = transport};
  size_t at = kHeaderSize;
  while (at < query.size() && query[at] != 0) {
    const size_t size = query[at++];
    if (size > 63 || at + size > query.size()) return std::nullopt;
    if (!asked.name.empty()) {
      asked.name += '.';
      asked.name_as_asked += '.';
    }
    for (const size_t end = at + size; at < end; ++at) {
      asked.name += static_cast<char>(std::tolower(query[at]));
      asked.name_as_asked += static_cast<char>(query[at]);
    }
  }
  if (at + 5 > query.size()) return std::nullopt;
  asked.type = U16At(query, at + 1);
  asked.query = std::move(query);
  return asked;
}

SocketAddress LoopbackOf(bool ipv6, uint16_t port) {
  SocketAddress address =
      *SocketAddress::Parse(ipv6 ? "[::1]:0" : "127.0.0.1:0");
  address.set_port(port);
  return address;
}

// Empty if somebody else has the port there.
Descriptor NeighbourOf(const SocketAddress& address) {
  if (address.is_v6()) return Descriptor();
  SocketAddress neighbour = *SocketAddress::Parse("127.0.0.2:0");
  neighbour.set_port(address.port());
  return BoundSocket(SOCK_DGRAM, neighbour);
}

void SendDatagram(const Descriptor& from, const Octets& octets,
                  const SocketAddress& to) {
  sendto(from.get(), octets.data(), octets.size(), 0, to.get(), to.size());
}

}  // namespace

Octets Framed(const Octets& message) {
  return Concat({{static_cast<uint8_t>(message.size() >> 8),
                  static_cast<uint8_t>(message.size())},
                 message});
}

struct ScriptedServer::Impl {
  Impl(Script the_script, const Options& the_options);
  ~Impl();

  // Where a reply goes: back to a datagram's sender, or into a connection.
  struct Way {
    SocketAddress to;
    int connection = -1;  // TCP
  };
  struct Pending {
    Reply reply;
    Way way;
    bool scattered = false;  // one octet of a reply that goes octet by octet
  };
  struct Connection {
    Descriptor socket;
    Octets input;
    Octets output;
    bool closing = false;  // once the output is sent
    Clock::time_point busy_until{};
  };

  void Run();
  std::vector<pollfd> Watched() const;
  int WaitMs() const;
  void Serve(const pollfd& ready);
  void SendDue();
  const Descriptor& SenderOf(const Reply& reply) const;
  void SendSegment(Pending pending);
  void Scatter(const Octets& octets, const Pending& pending);
  void Flush(int fd);
  void ReadDatagrams();
  void Accept();
  void ReadConnection(int fd);
  void CloseConnection(int fd);
  void Answer(std::span<const uint8_t> query, Transport transport,
              const Way& way);
  void AskScript(Octets query, Transport transport, const Way& way);

  const Script script;
  const Options options;
  PortPair sockets;
  Descriptor stranger;
  Descriptor neighbour;
  Descriptor stop;

  std::multimap<Clock::time_point, Pending> pending;
  std::map<int, Connection> connections;
  std::array<std::atomic<size_t>, 2> arrived{};  // by transport
  Octets front_reply;

  mutable std::mutex mutex;
  std::map<std::tuple<std::string, uint16_t, Transport>, int>
      counts;        // guarded by mutex
  size_t total = 0;  // guarded by mutex

  std::thread thread;  // last: it uses all of the above
};

ScriptedServer::Impl::Impl(Script the_script, const Options& the_options)
    : script(std::move(the_script)),
      options(the_options),
      stranger(BoundSocket(SOCK_DGRAM, LoopbackOf(options.ipv6, 0))),
      stop(eventfd(0, EFD_CLOEXEC)) {
  do {
    auto pair = BindPair(LoopbackOf(options.ipv6, options.port));
    Require(pair.has_value(), "bind");
    sockets = *std::move(pair);
    neighbour = NeighbourOf(sockets.address);
  } while (options.port == 0 && !options.ipv6 && !neighbour);
  if (options.tcp) Require(listen(sockets.tcp.get(), 64) == 0, "listen");
  std::signal(SIGPIPE, SIG_IGN);
  thread = std::thread([this] { Run(); });
}

ScriptedServer::Impl::~Impl() {
  const uint64_t one = 1;
  Require(write(stop.get(), &one, sizeof one) == sizeof one, "eventfd");
  thread.join();
}

void ScriptedServer::Impl::Run() {
  for (;;) {
    std::vector<pollfd> watched = Watched();
    poll(watched.data(), watched.size(), WaitMs());
    for (const pollfd& ready : watched) {
      if (ready.revents == 0) continue;
      if (ready.fd == stop.get()) return;
      Serve(ready);
    }
    SendDue();
  }
}

std::vector<pollfd> ScriptedServer::Impl::Watched() const {
  std::vector<pollfd> watched = {{.fd = stop.get(), .events = POLLIN},
                                 {.fd = sockets.udp.get(), .events = POLLIN}};
  if (options.tcp) {
    watched.push_back({.fd = sockets.tcp.get(), .events = POLLIN});
  }
  for (const auto& [fd, connection] : connections) {
    const int events = connection.output.empty() ? POLLIN : POLLIN | POLLOUT;
    watched.push_back({.fd = fd, .events = static_cast<int16_t>(events)});
  }
  return watched;
}

int ScriptedServer::Impl::WaitMs() const {
  if (pending.empty()) return -1;
  const auto wait = std::chrono::ceil<std::chrono::milliseconds>(
      pending.begin()->first - Clock::now());
  return static_cast<int>(std::max<int64_t>(wait.count(), 0));
}

void ScriptedServer::Impl::Serve(const pollfd& ready) {
  if (ready.fd == sockets.udp.get()) return ReadDatagrams();
  if (ready.fd == sockets.tcp.get()) return Accept();
  if ((ready.revents & POLLOUT) != 0) Flush(ready.fd);
  if ((ready.revents & ~POLLOUT) != 0) ReadConnection(ready.fd);
}

void ScriptedServer::Impl::SendDue() {
  while (!pending.empty() && pending.begin()->first <= Clock::now()) {
    Pending first = std::move(pending.extract(pending.begin()).mapped());
    if (first.way.connection < 0) {
      SendDatagram(SenderOf(first.reply), first.reply.octets, first.way.to);
    } else {
      SendSegment(std::move(first));
    }
  }
}

const Descriptor& ScriptedServer::Impl::SenderOf(const Reply& reply) const {
  if (reply.from_stranger) return stranger;
  return reply.from_neighbour ? neighbour : sockets.udp;
}

void ScriptedServer::Impl::SendSegment(Pending first) {
  const auto at = connections.find(first.way.connection);
  if (at == connections.end()) return;
  Connection& connection = at->second;
  if (!first.scattered && Clock::now() < connection.busy_until) {
    pending.insert({connection.busy_until, std::move(first)});
    return;
  }
  const Reply& reply = first.reply;
  const bool only_closes = reply.close && reply.octets.empty();
  const Octets octets =
      reply.raw || only_closes ? reply.octets : Framed(reply.octets);
  if (reply.apart.count() > 0) return Scatter(octets, first);
  connection.output.insert(connection.output.end(), octets.begin(),
                           octets.end());
  connection.closing |= reply.close;
  Flush(first.way.connection);
}

void ScriptedServer::Impl::Scatter(const Octets& octets, const Pending& whole) {
  Clock::time_point due = Clock::now();
  for (const uint8_t octet : octets) {
    Pending part{.reply = {.octets = {octet}, .raw = true},
                 .way = whole.way,
                 .scattered = true};
    pending.insert({due, std::move(part)});
    due += whole.reply.apart;
  }
  connections[whole.way.connection].busy_until = due;
}

void ScriptedServer::Impl::Flush(int fd) {
  const auto at = connections.find(fd);
  if (at == connections.end()) return;
  Octets& output = at->second.output;
  const ssize_t sent = send(fd, output.data(), output.size(), 0);
  if (sent > 0) output.erase(output.begin(), output.begin() + sent);
  if (output.empty() && at->second.closing) CloseConnection(fd);
}

void ScriptedServer::Impl::ReadDatagrams() {
  std::array<uint8_t, kQueryOctets> buffer;
  Way way;
  for (int i = 0; i < kDatagramsATurn; ++i) {
    socklen_t size_of_address = SocketAddress::kRoom;
    const ssize_t size =
        recvfrom(sockets.udp.get(), buffer.data(), buffer.size(), 0,
                 way.to.get(), &size_of_address);
    if (size < 0) return;
    Answer({buffer.data(), static_cast<size_t>(size)}, Transport::kUdp, way);
  }
}

void ScriptedServer::Impl::Accept() {
  Descriptor accepted(accept4(sockets.tcp.get(), nullptr, nullptr,
                              SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (!accepted) return;
  const int fd = accepted.get();
  // So that octets sent one by one arrive one by one.
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  connections[fd] = {.socket = std::move(accepted)};
}

void ScriptedServer::Impl::ReadConnection(int fd) {
  const auto at = connections.find(fd);
  if (at == connections.end()) return;
  std::array<uint8_t, kQueryOctets> buffer;
  const ssize_t size = recv(fd, buffer.data(), buffer.size(), 0);
  if (size <= 0) return CloseConnection(fd);
  Octets& input = at->second.input;
  input.insert(input.end(), buffer.begin(), buffer.begin() + size);
  while (input.size() >= 2 && input.size() - 2 >= U16At(input, 0)) {
    const auto end = input.begin() + 2 + U16At(input, 0);
    const Octets query(input.begin() + 2, end);
    input.erase(input.begin(), end);
    Answer(query, Transport::kTcp, {.connection = fd});
  }
}

// What it still had to say goes with it: the descriptor may be used again.
void ScriptedServer::Impl::CloseConnection(int fd) {
  connections.erase(fd);
  std::erase_if(pending, [fd](const auto& entry) {
    return entry.second.way.connection == fd;
  });
}

void ScriptedServer::Impl::Answer(std::span<const uint8_t> query,
                                  Transport transport, const Way& way) {
  arrived[static_cast<size_t>(transport)].fetch_add(1,
                                                    std::memory_order_relaxed);
  front_reply.clear();
  if (!options.front || !options.front(query, transport, &front_reply)) {
    return AskScript(Octets(query.begin(), query.end()), transport, way);
  }
  if (front_reply.empty()) return;
  if (transport == Transport::kUdp) {
    return SendDatagram(sockets.udp, front_reply, way.to);
  }
  pending.insert(
      {Clock::now(), {.reply = {.octets = front_reply}, .way = way}});
}

// What is due at once is sent by SendDue(), after all that has arrived.
void ScriptedServer::Impl::AskScript(Octets query, Transport transport,
                                     const Way& way) {
  std::optional<Asked> asked = ReadQuery(std::move(query), transport);
  if (!asked) return;
  {
    const std::lock_guard lock(mutex);
    ++total;
    asked->nth = ++counts[{asked->name, asked->type, transport}];
  }
  for (Reply& reply : script(*asked)) {
    const Clock::time_point due = Clock::now() + reply.delay;
    pending.insert({due, {.reply = std::move(reply), .way = way}});
  }
}

ScriptedServer::ScriptedServer(Script script)
    : ScriptedServer(std::move(script), Options()) {}

ScriptedServer::ScriptedServer(Script script, const Options& options)
    : impl_(std::make_unique<Impl>(std::move(script), options)) {}

ScriptedServer::~ScriptedServer() = default;

uint16_t ScriptedServer::port() const { return impl_->sockets.address.port(); }

size_t ScriptedServer::arrived(Transport transport) const {
  return impl_->arrived[static_cast<size_t>(transport)];
}

size_t ScriptedServer::asked() const {
  const std::lock_guard lock(impl_->mutex);
  return impl_->total;
}

int ScriptedServer::asked(const std::string& name, uint16_t type,
                          Transport transport) const {
  const std::lock_guard lock(impl_->mutex);
  const auto at = impl_->counts.find({name, type, transport});
  return at == impl_->counts.end() ? 0 : at->second;
}

}  // namespace testing_support
