// responder: a UDP server on one core that gives every IPv4 address a name and
// every such name its address, as fast as recvmmsg and sendmmsg allow: the
// other end of throughput and memory measurements. Not a name server: it
// answers PTR under in-addr.arpa and A of the names it made, NXDOMAIN to all
// else.
//
//   responder --port N [--nxdomain-percent P]     prints "ready PORT", serves
//                                                 until stdin closes
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "dnswire/message.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"

namespace {

constexpr size_t kBatch = 64;
constexpr size_t kSlotOctets = 512;
constexpr char kSuffix[] = "example.net";
constexpr uint32_t kTtl = 3600;

struct Options {
  uint16_t port = 0;
  uint32_t nxdomain_percent = 0;
};

// Appends big-endian fields behind a response.
class Appender {
 public:
  explicit Appender(uint8_t* at) : at_(at) {}
  void U8(uint8_t value) { *at_++ = value; }
  void U16(uint16_t value) {
    U8(static_cast<uint8_t>(value >> 8));
    U8(static_cast<uint8_t>(value));
  }
  void U32(uint32_t value) {
    U16(static_cast<uint16_t>(value >> 16));
    U16(static_cast<uint16_t>(value));
  }
  void Octets(std::span<const uint8_t> octets) {
    std::memcpy(at_, octets.data(), octets.size());
    at_ += octets.size();
  }
  // A record owned by the question's name.
  void RecordHead(uint16_t type, size_t rdata_octets) {
    U16(0xc000 | dnswire::kHeaderOctets);
    U16(type);
    U16(dnswire::kClassIn);
    U32(kTtl);
    U16(static_cast<uint16_t>(rdata_octets));
  }
  uint8_t* end() const { return at_; }

 private:
  uint8_t* at_;
};

// 192.0.2.7 <-> hc0000207.example.net.
dnswire::Name NameOf(uint32_t address) {
  return *dnswire::Name::Parse(absl::StrFormat("h%08x.%s", address, kSuffix));
}

std::optional<uint32_t> AddressOf(dnswire::NameView name) {
  const absl::string_view label = name.first_label();
  uint32_t address = 0;
  if (label.size() != 9 || label[0] != 'h') return std::nullopt;
  if (!absl::SimpleHexAtoi(label.substr(1), &address)) return std::nullopt;
  return address;
}

// Turns the query in `packet` into its response; returns the new size, 0 for
// what is no query.
size_t Respond(const Options& options, uint8_t* packet, size_t size) {
  const auto message = dnswire::Message::ParseHead({packet, size});
  if (!message.has_question() || message.header().qr) return 0;
  const dnswire::Name name(message.question_name());
  const size_t question_end =
      dnswire::kHeaderOctets + message.question_name().size() + 4;
  Appender out(packet + question_end);
  uint16_t answers = 0;
  const auto address = dnswire::ParseReverseName(name);
  if (message.question_type() == dnswire::kTypePtr && address) {
    const uint32_t mixed = address->v4() * 2654435761u >> 8;
    if (mixed % 100 >= options.nxdomain_percent) {
      const dnswire::Name target = NameOf(address->v4());
      out.RecordHead(dnswire::kTypePtr, target.size());
      out.Octets(target.view().wire());
      answers = 1;
    }
  } else if (const auto forward = AddressOf(name)) {
    out.RecordHead(dnswire::kTypeA, 4);
    out.U32(*forward);
    answers = 1;
  }
  packet[2] = 0x85;                       // QR, AA, RD
  packet[3] = answers > 0 ? 0x80 : 0x83;  // RA; NOERROR or NXDOMAIN
  const std::array<uint8_t, 6> counts = {0, static_cast<uint8_t>(answers)};
  std::memcpy(packet + 6, counts.data(), counts.size());
  return static_cast<size_t>(out.end() - packet);
}

// Receive and send slots are the same: the answer is made in place.
class Server {
 public:
  explicit Server(int fd, const Options& options)
      : fd_(fd), options_(options), slots_(kBatch * kSlotOctets) {
    for (size_t i = 0; i < kBatch; ++i) {
      iovecs_[i].iov_base = slots_.data() + i * kSlotOctets;
    }
  }

  void ServeOnce() {
    for (size_t i = 0; i < kBatch; ++i) Reset(i);
    const int count =
        recvmmsg(fd_, messages_.data(), kBatch, MSG_DONTWAIT, nullptr);
    unsigned answers = 0;
    for (int i = 0; i < count; ++i) {
      const auto at = static_cast<size_t>(i);
      const size_t size =
          Respond(options_, static_cast<uint8_t*>(iovecs_[at].iov_base),
                  messages_[at].msg_len);
      if (size == 0) continue;
      iovecs_[at].iov_len = size;
      replies_[answers++].msg_hdr = messages_[at].msg_hdr;
    }
    for (unsigned sent = 0; sent < answers;) {
      const int done = sendmmsg(fd_, replies_.data() + sent, answers - sent, 0);
      if (done <= 0) break;
      sent += static_cast<unsigned>(done);
    }
  }

 private:
  void Reset(size_t i) {
    iovecs_[i].iov_len = kSlotOctets;
    messages_[i].msg_hdr = {.msg_name = &peers_[i],
                            .msg_namelen = sizeof peers_[i],
                            .msg_iov = &iovecs_[i],
                            .msg_iovlen = 1};
  }

  int fd_;
  Options options_;
  std::vector<uint8_t> slots_;
  std::array<sockaddr_in, kBatch> peers_{};
  std::array<iovec, kBatch> iovecs_{};
  std::array<mmsghdr, kBatch> messages_{};
  std::array<mmsghdr, kBatch> replies_{};
};

int OpenSocket(uint16_t* port) {
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int buffer = 8 << 20;
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer) < 0) {
    setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  }
  sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(*port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(fd, generic, sizeof address) < 0) {
    std::perror("responder: bind");
    return -1;
  }
  socklen_t size = sizeof address;
  getsockname(fd, generic, &size);
  *port = ntohs(address.sin_port);
  return fd;
}

bool ParseOptions(int argc, char** argv, Options* options) {
  for (int i = 1; i + 1 < argc; i += 2) {
    const std::string name = argv[i];
    uint32_t value = 0;
    if (!absl::SimpleAtoi(argv[i + 1], &value)) return false;
    if (name == "--port") {
      options->port = static_cast<uint16_t>(value);
    } else if (name == "--nxdomain-percent") {
      options->nxdomain_percent = value;
    } else {
      return false;
    }
  }
  return argc % 2 == 1;
}

}  // namespace

int main(int argc, char** argv) {
  Options options;
  if (!ParseOptions(argc, argv, &options)) {
    std::fputs("usage: responder [--port N] [--nxdomain-percent P]\n", stderr);
    return 2;
  }
  const int fd = OpenSocket(&options.port);
  if (fd < 0) return 1;
  std::printf("ready %u\n", options.port);
  std::fflush(stdout);
  Server server(fd, options);
  for (;;) {
    std::array<pollfd, 2> waits = {
        {{.fd = fd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}}};
    poll(waits.data(), waits.size(), -1);
    if (waits[0].revents != 0) server.ServeOnce();
    if (waits[1].revents != 0) return 0;
  }
}
