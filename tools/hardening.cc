#include "tools/hardening.h"

#include <sys/prctl.h>
#include <unistd.h>

namespace tools {

void HardenProcess() {
  prctl(PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
  prctl(PR_SET_NO_NEW_PRIVS, 1UL, 0UL, 0UL, 0UL);
}

bool IsRoot() { return geteuid() == 0; }

}  // namespace tools
