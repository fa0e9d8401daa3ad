// A place of its own on this machine: network, process ids and mounts of which
// nothing is seen outside and nothing is left behind.
#ifndef PTRSWEEP_TESTS_WORLD_SANDBOX_H_
#define PTRSWEEP_TESTS_WORLD_SANDBOX_H_

#include <functional>
#include <string>
#include <vector>

namespace world {

// SIGINT, SIGTERM and SIGHUP wait from here on until RunInSandbox can act on
// them, so that what was made for it can be removed after it.
void HoldSignals();

// Runs `body` as process 1 of new network, pid and mount namespaces; as an
// ordinary user, in a user namespace too. Returns its result; whatever it left
// running is killed. SIGINT, SIGTERM and SIGHUP end it: then 128 and the
// signal. Where the machine has no namespaces for us: -1 and *why.
int RunInSandbox(const std::function<int()>& body, std::string* why);

// In the sandbox: brings the loopback interface up and gives it the addresses,
// also those of 127.0.0.0/8: bind listens at none that the interface has not
// got. "" or what failed.
std::string SetUpLoopback(const std::vector<std::string>& addresses);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_SANDBOX_H_
