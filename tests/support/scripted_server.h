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
#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace testing_support {

enum class Transport : uint8_t { kUdp, kTcp };

// One query as it arrived.
struct Asked {
  std::string name;  // lower case, no final dot
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
  // TCP: closes the connection instead; `octets` are not sent.
  bool close = false;
};
using Replies = std::vector<Reply>;

// Called in the server's thread, one query at a time.
using Script = std::function<Replies(const Asked&)>;

class ScriptedServer {
 public:
  struct Options {
    bool tcp = true;    // false: TCP connections are refused
    bool ipv6 = false;  // ::1 instead of 127.0.0.1
  };

  // Ends the program if the sockets cannot be had.
  explicit ScriptedServer(Script script);
  ScriptedServer(Script script, const Options& options);
  ~ScriptedServer();
  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  uint16_t port() const;
  // Any thread. Queries so far, in all and by question.
  size_t asked() const;
  int asked(const std::string& name, uint16_t type,
            Transport transport = Transport::kUdp) const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_SCRIPTED_SERVER_H_
