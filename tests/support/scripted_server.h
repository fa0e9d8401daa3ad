// ScriptedServer: a DNS server of the test's making. It answers over UDP and
// TCP on one loopback port of the kernel's choice, in a thread of its own, with
// what a script says: any octets, at any time, any number of times, or nothing.
// It shares no code with dnswire.
//
//   ScriptedServer server([](const Asked& asked) -> Replies {
//     if (asked.nth == 1) return {};                      // silence
//     return {{.octets = RcodeReply(asked, rcode::kServfail)}};
//   });
#ifndef PTRSWEEP_TESTS_SUPPORT_SCRIPTED_SERVER_H_
#define PTRSWEEP_TESTS_SUPPORT_SCRIPTED_SERVER_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace testing_support {

enum class Transport : uint8_t { kUdp, kTcp };

// One query as it arrived.
struct Asked {
  std::string name;           // lower case, no final dot
  std::string name_as_asked;  // its letters as they came
  uint16_t type = 0;
  Transport transport = Transport::kUdp;
  int nth = 0;   // of this name, type and transport, from 1
  Octets query;  // whole
};

struct Reply {
  Octets octets;
  std::chrono::milliseconds delay{0};
  // UDP: from another port than the one that was asked.
  bool from_stranger = false;
  // UDP, IPv4: from the same port of 127.0.0.2.
  bool from_neighbour = false;
  // TCP: `octets` are the stream's, with no length before them.
  bool raw = false;
  // TCP: octet by octet, with this between them. What else is due on the
  // connection waits.
  std::chrono::milliseconds apart{0};
  // TCP: closes the connection behind the octets, or at once without any.
  bool close = false;
};
using Replies = std::vector<Reply>;

// A message as TCP carries it, behind its length (RFC 1035 section 4.2.2).
Octets Framed(const Octets& message);

// Called in the server's thread, one query at a time.
using Script = std::function<Replies(const Asked&)>;

// Sees every query before the script, and whatever else arrives. True: it is
// dealt with, and what was put into `reply`, which is empty, is sent at once.
// The short way for a server of many equal answers; called as a script is.
using Front = std::function<bool(std::span<const uint8_t> query,
                                 Transport transport, Octets* reply)>;

class ScriptedServer {
 public:
  struct Options {
    bool tcp = true;    // false: TCP connections are refused
    bool ipv6 = false;  // ::1 instead of 127.0.0.1
    uint16_t port = 0;  // 0: one of the kernel's choice
    Front front = nullptr;
  };

  // Ends the program if the sockets cannot be had.
  explicit ScriptedServer(Script script);
  ScriptedServer(Script script, const Options& options);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  uint16_t port() const;
  // Any thread. What has arrived, readable or not.
  size_t arrived(Transport transport) const;
  // Any thread. Queries to the script so far, in all and by question.
  size_t asked() const;
  int asked(const std::string& name, uint16_t type,
            Transport transport = Transport::kUdp) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_SCRIPTED_SERVER_H_
