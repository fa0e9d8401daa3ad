// nsd, knot and bind as primaries, each zone open or behind one key.
#ifndef PTRSWEEP_TESTS_TRANSFER_TRANSFER_SERVER_H_
#define PTRSWEEP_TESTS_TRANSFER_TRANSFER_SERVER_H_

#include <string>
#include <vector>

#include "tests/transfer/written_zones.h"
#include "tests/world/process.h"

namespace transfer {

inline constexpr char kKeyName[] = "transfer-key";
inline constexpr char kSecret[] = "cGxlYXNlIHVzZSBhIHJhbmRvbSBvbmU=";

enum class Software : uint8_t { kNsd, kKnot, kBind };

struct ServedZone {
  WrittenZone zone;
  bool needs_key = false;
};

std::string SoftwareName(Software software);
// "" if its program is here; else which package has it.
std::string MissingPackage(Software software);

class TransferServer {
 public:
  // Writes zones and configuration below `folder`, starts the program in the
  // foreground on port 53 of `address`.
  TransferServer(Software software, const std::string& address,
                 const std::vector<ServedZone>& zones,
                 const std::string& folder);

  // Waits until it answers for `apex`, 15 s at most. "" or its log.
  std::string WaitReady(const std::string& apex);

 private:
  const std::string address_;
  const std::string log_path_;
  world::Process process_;  // stopped when destroyed
};

}  // namespace transfer

#endif  // PTRSWEEP_TESTS_TRANSFER_TRANSFER_SERVER_H_
