// What a name comes to: resolution over the model, in a few plain steps, as a
// recursive resolver with nothing cached would find it, or as one who asks the
// authorities himself, from the root down. It shares no code with ptrsweep and
// knows no packets.
#ifndef PTRSWEEP_TESTS_WORLD_ORACLE_H_
#define PTRSWEEP_TESTS_WORLD_ORACLE_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/world/zone_model.h"

namespace world {

// Who finds it. kAuthorities: there are no local zones, failures show as what
// they are, and alias loops are seen.
enum class View { kResolver, kAuthorities };

enum class Outcome { kData, kNxdomain, kNodata, kFailed };

// One way in which a failed lookup may show, where the resolver's own patience
// decides.
struct Failure {
  std::string cause;  // VERDICTS.md 3
  std::string rcode;  // "" without a response
};

struct Resolution {
  Outcome outcome = Outcome::kFailed;
  std::vector<std::string> chain;  // names reached by aliases, in order
  bool dname = false;
  std::string last_name;
  // Of last_name; null if a denial comes without its SOA. Failed: the zone
  // whose servers fail, as far as the asker can know it, or null.
  const Zone* zone = nullptr;
  // View::kAuthorities: the zone whose servers were asked last. Not `zone` if
  // they answer for that too and nobody sees the cut.
  const Zone* asked = nullptr;
  uint32_t ttl = UINT32_MAX;      // smallest of the records used
  std::vector<std::string> data;  // names in lower case, or addresses
  // What another server says instead, or empty.
  std::vector<std::string> lagging_data;
  std::vector<Failure> failures;  // if failed: the likeliest first
};

Resolution Resolve(const Model& model, std::string_view name, Type type,
                   View view);

// The result of asking one server of a zone for its SOA (VERDICTS.md 6).
enum class ServerResult {
  kOk,
  kServfail,
  kRefused,
  kNotAuth,
  kNxdomain,
  kTimeout,
};
const char* ServerResultName(ServerResult result);
ServerResult AskForSoa(const Model& model, const Zone& zone,
                       std::string_view address);
// The serial it tells. REQUIRES: the result is kOk.
uint32_t SerialAt(const Model& model, const Zone& zone,
                  std::string_view address);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ORACLE_H_
