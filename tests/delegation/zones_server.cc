// A whole reverse tree behind one socket on port 53, for tests in a network
// namespace of their own: at 198.41.0.4 it is the root, at 127.200.0.1 arpa,
// and at any other address of 127/8 the server of one zone. Every address
// a.b.c.d of IPv4 has a zone of its own, with a name server of its own at
// 127.b.c.d.
//
//   zones_server          until stdin closes; prints "ready" when it serves
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/support/packet_builder.h"
#include "tests/support/sockets.h"

namespace {

using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Require;
namespace rr = testing_support::rr;

constexpr char kRoot[] = "a.root-servers.net";
constexpr char kRootAddress[] = "198.41.0.4";
constexpr char kArpaAddress[] = "127.200.0.1";
constexpr uint32_t kRootNumber = 0xc6290004;
constexpr uint32_t kArpaNumber = 0x7fc80001;

// The question's name in lower case, and its type.
struct Question {
  std::string name;
  uint16_t type = 0;
};

Question QuestionOf(const Octets& query) {
  Question question;
  size_t at = 12;
  for (; at < query.size() && query[at] != 0; at += size_t{1} + query[at]) {
    absl::StrAppend(
        &question.name, question.name.empty() ? "" : ".",
        std::string(query.begin() + static_cast<long>(at) + 1,
                    query.begin() + static_cast<long>(at) + 1 + query[at]));
  }
  question.name = absl::AsciiStrToLower(question.name);
  if (at + 2 < query.size()) {
    question.type = static_cast<uint16_t>(query[at + 1] << 8 | query[at + 2]);
  }
  return question;
}

PacketBuilder AtRoot(const Question& question, PacketBuilder reply) {
  if (question.name.empty()) {
    reply.Aa().Answer().Ns(".", kRoot).Additional().A(kRoot, kRootAddress);
  } else if (question.name == "arpa") {
    reply.Authority()
        .Ns("arpa", "ns.arpa")
        .Additional()
        .A("ns.arpa", kArpaAddress);
  } else {
    reply.Rcode(3).Aa();
  }
  return reply;
}

// d.c.b.a.in-addr.arpa
PacketBuilder AtArpa(const Question& question, PacketBuilder reply) {
  const std::vector<std::string> labels = absl::StrSplit(question.name, '.');
  if (labels.size() != 6 || !absl::EndsWith(question.name, ".in-addr.arpa")) {
    return reply.Rcode(3).Aa();
  }
  const std::string host = absl::StrCat("ns.", question.name);
  return reply.Authority()
      .Ns(question.name, host)
      .Additional()
      .A(host, absl::StrCat("127.", labels[2], ".", labels[1], ".", labels[0]));
}

PacketBuilder AtZone(const Question& question, PacketBuilder reply) {
  if (question.type != rr::kPtr) return reply.Aa();
  return reply.Aa().Answer().Ptr(testing_support::Pointer(12),
                                 "host.example.net");
}

Octets Answer(const Octets& query, uint32_t address) {
  const Question question = QuestionOf(query);
  PacketBuilder reply = PacketBuilder::ReplyTo(query);
  if (address == kRootNumber) return AtRoot(question, reply).Build();
  if (address == kArpaNumber) return AtArpa(question, reply).Build();
  return AtZone(question, reply).Build();
}

class Socket {
 public:
  Socket() : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0)) {
    const int on = 1;
    const int buffer = 16 << 20;
    setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &buffer, sizeof buffer);
    Require(setsockopt(fd_.get(), IPPROTO_IP, IP_PKTINFO, &on, sizeof on) == 0,
            "IP_PKTINFO");
    sockaddr_in any{};
    any.sin_family = AF_INET;
    any.sin_port = htons(53);
    Require(bind(fd_.get(), reinterpret_cast<const sockaddr*>(&any),
                 sizeof any) == 0,
            "bind to port 53");
  }
  int fd() const { return fd_.get(); }

  // Answers one query from the address it came to. False: there is none.
  bool ServeOne() {
    sockaddr_in from{};
    std::array<uint8_t, 512> octets;
    alignas(cmsghdr) std::array<char, 64> control;
    iovec vector = {octets.data(), octets.size()};
    msghdr message{};
    message.msg_name = &from;
    message.msg_namelen = sizeof from;
    message.msg_iov = &vector;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = control.size();
    const ssize_t size = recvmsg(fd_.get(), &message, 0);
    if (size < 0) return false;
    const cmsghdr* const header = CMSG_FIRSTHDR(&message);
    in_pktinfo info;
    std::memcpy(&info, CMSG_DATA(header), sizeof info);
    Octets reply = Answer(Octets(octets.begin(), octets.begin() + size),
                          ntohl(info.ipi_addr.s_addr));
    // The control message of the query names the address to answer from.
    vector = {reply.data(), reply.size()};
    sendmsg(fd_.get(), &message, 0);
    return true;
  }

 private:
  testing_support::Descriptor fd_;
};

}  // namespace

int main() {
  Socket socket;
  std::puts("ready");
  std::fflush(stdout);
  std::array<pollfd, 2> waits = {
      {{.fd = socket.fd(), .events = POLLIN, .revents = 0},
       {.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}}};
  while (poll(waits.data(), waits.size(), -1) >= 0) {
    while (socket.ServeOne()) {
    }
    char octet;
    if (waits[1].revents != 0 && read(STDIN_FILENO, &octet, 1) <= 0) break;
  }
}
