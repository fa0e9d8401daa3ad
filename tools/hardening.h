// What a process that reads the network gives up at its start (WIRE.md 10).
#ifndef PTRSWEEP_TOOLS_HARDENING_H_
#define PTRSWEEP_TOOLS_HARDENING_H_

namespace tools {

// No core dump, no tracing by processes of the same user
// (PR_SET_DUMPABLE 0), and nothing it may start gains rights
// (PR_SET_NO_NEW_PRIVS). A kernel that refuses either is no reason to stop.
void HardenProcess();

// With effective user id 0: everything works without.
bool IsRoot();

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_HARDENING_H_
