// A table of behaviours as one scan: a resolver that answers each address in
// its own way, and the row that must come of it.
#ifndef PTRSWEEP_TESTS_SCANNER_ENGINE_BEHAVIOURS_H_
#define PTRSWEEP_TESTS_SCANNER_ENGINE_BEHAVIOURS_H_

#include <cstddef>
#include <string>
#include <vector>

#include "scanner/options.h"
#include "scanner/run/scan.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace scanner {

using testing_support::Script;

// One target, 192.0.2.N. `ptr` answers its PTR question, `forward` the A
// question of hN.example.com, which by default leads back.
struct Behaviour {
  const char* label;
  Script ptr;
  const char* expected;  // "status cause rcode packets", "-" for none
  // Columns, and flags other than special_use; nullptr: not looked at.
  const char* names = nullptr;
  const char* outcomes = nullptr;
  const char* flags = nullptr;
  Script forward = nullptr;
};

// The target of the i-th behaviour, from 0.
std::string AddressOf(size_t i);
// First label of a PTR question's name, and the usual name of its target.
std::string FirstLabel(const testing_support::Asked& asked);
std::string HostOf(const testing_support::Asked& asked);
testing_support::Replies Silent(const testing_support::Asked& asked);

// What the server does: by question, and NXDOMAIN for all others but
// silent.example.net.
testing_support::ScriptTable TableOf(const std::vector<Behaviour>& behaviours);

// Runs the scan; each behaviour must give its row.
ScanReport Check(const std::vector<Behaviour>& behaviours,
                 const ScanOptions& options);
// The same with a server of its own.
ScanReport Check(const std::vector<Behaviour>& behaviours, int late_passes,
                 const testing_support::ScriptedServer::Options& server = {});

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_ENGINE_BEHAVIOURS_H_
