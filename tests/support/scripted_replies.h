// The usual answers of a recursive resolver to a query, for scripts, and a
// script that is a table of questions.
#ifndef PTRSWEEP_TESTS_SUPPORT_SCRIPTED_REPLIES_H_
#define PTRSWEEP_TESTS_SUPPORT_SCRIPTED_REPLIES_H_

#include <cstdint>
#include <initializer_list>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"
#include "tests/support/packet_builder.h"
#include "tests/support/scripted_server.h"

namespace testing_support {

namespace rcode {
inline constexpr uint8_t kNoerror = 0;
inline constexpr uint8_t kFormerr = 1;
inline constexpr uint8_t kServfail = 2;
inline constexpr uint8_t kNxdomain = 3;
inline constexpr uint8_t kNotimp = 4;
inline constexpr uint8_t kRefused = 5;
inline constexpr uint8_t kNotauth = 9;
}  // namespace rcode

// A response with RA and the question, no records yet.
PacketBuilder ReplyTo(const Asked& asked);

Octets PtrReply(const Asked& asked,
                std::initializer_list<absl::string_view> names);
Octets AReply(const Asked& asked,
              std::initializer_list<absl::string_view> addresses);
// Only the alias: the chain goes on elsewhere.
Octets CnameReply(const Asked& asked, absl::string_view target);
// With an Extended DNS Error if `ede` is given.
Octets RcodeReply(const Asked& asked, uint8_t rcode,
                  std::optional<uint16_t> ede = std::nullopt);
// A negative (NXDOMAIN, or NODATA with rcode 0) with the SOA of `zone`.
Octets NegativeReply(const Asked& asked, uint8_t rcode, absl::string_view zone);
Octets TruncatedReply(const Asked& asked);
// Sound up to its answer section, which ends inside a record.
Octets MalformedReply(const Asked& asked);

// One reply, at once or later.
Replies Once(Octets octets, int delay_ms = 0);

// Behaviours by question; any other question gets NXDOMAIN.
class ScriptTable {
 public:
  ScriptTable& On(const std::string& name, uint16_t type, Script behaviour) {
    rules_[{name, type}] = std::move(behaviour);
    return *this;
  }
  Replies operator()(const Asked& asked) const;

 private:
  std::map<std::pair<std::string, uint16_t>, Script> rules_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_SCRIPTED_REPLIES_H_
