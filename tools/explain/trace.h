// Trace: every packet of one address's lookups, in words: what `explain` shows
// beside the row.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_TRACE_H_
#define PTRSWEEP_TOOLS_EXPLAIN_TRACE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "scanner/asking/seen_try.h"

namespace tools {

// What became of one packet.
struct Step {
  enum class About : uint8_t {
    kPtr,
    kName,     // of a PTR
    kServers,  // own iteration: where the name servers are
  };
  About about = About::kPtr;
  std::string subject;  // the name that was to be looked up
  std::string name;     // that was asked: another one behind an alias
  std::string type;     // "PTR"
  io::Endpoint server;
  bool tcp = false;
  bool late = false;         // in a late pass
  bool unvalidated = false;  // CD=1: does only validation fail?
  bool answered = false;     // there was a response
  bool settles = false;      // it is an answer: data, NXDOMAIN or NODATA
  std::string outcome;       // "NOERROR", "no response"
  std::vector<std::string> aliases;  // that the response followed
  std::vector<std::string> values;   // names or addresses
  std::optional<uint32_t> ttl_s;
  double wait_ms = 0;
  // Of kPtr: the alias chain so far.
  std::vector<dnswire::Name> chain;
};

class Trace {
 public:
  // Called by one thread at a time.
  void See(const scanner::SeenTry& seen);

  const std::vector<Step>& steps() const { return steps_; }
  // Of those, what was asked for the sake of this name: itself, and meanwhile
  // for name servers. `last`: nothing else was to be looked up after it, so
  // what was asked for in vain is its too.
  static std::vector<Step> StepsFor(const std::vector<Step>& steps,
                                    absl::string_view subject, bool last);

 private:
  std::vector<Step> steps_;
};

// "NOERROR, mail.example.com, TTL 3600, from 127.0.0.1, 12 ms".
std::string StepText(const Step& step);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_TRACE_H_
