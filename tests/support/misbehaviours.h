// Misbehaviours: the ways a DNS server can go wrong, or seem to, as a table of
// classes (WIRE.md section 12, "fakedns"). The N-th class is what happens to
// 192.0.2.N, from the 255th on to 198.51.100.(N-254): its PTR question, the A
// question of its host (c007.example.com for N = 7), and every question for a
// name with such a label. Each class has exactly one row that a scan must give
// it, by VERDICTS.md and WIRE.md.
//
// Some classes change what is held of their server (marks, alarms, the shared
// TCP connection), so that others would be treated in another way. Those have
// a group of their own: one server and one scan for each group.
#ifndef PTRSWEEP_TESTS_SUPPORT_MISBEHAVIOURS_H_
#define PTRSWEEP_TESTS_SUPPORT_MISBEHAVIOURS_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tests/support/scripted_server.h"

namespace testing_support {

// What has to be switched on for queries to a server on loopback.
enum class Needs : uint8_t { kNothing, kCookies, kLetterCase };

// The row of one address with one late pass; what is not set is not looked at.
// "%" stands for the host of the class, "@" for its reverse name.
struct ExpectedRow {
  std::string status;
  std::string cause;
  std::string counter;  // of the summary, not zero after the scan
  std::vector<std::string> ptr = {};
  std::vector<std::string> flags = {};  // these at least
  std::optional<uint32_t> ttl_s = std::nullopt;
  // The column holds some of `ptr` only.
  bool ptr_cut = false;

  ExpectedRow Names(std::vector<std::string> names) const;
  ExpectedRow Flags(std::vector<std::string> flags) const;
  ExpectedRow Ttl(uint32_t ttl_s) const;
  ExpectedRow Cut() const;
};

struct Misbehaviour {
  std::string name;
  std::string what;
  Script ptr;  // PTR questions, of any name of the class
  ExpectedRow row;
  Script forward = nullptr;  // A questions; by default they lead back
  std::string group = {};    // empty: the common one
  Needs needs = Needs::kNothing;
  bool tcp = true;  // false: the server refuses connections
};

// All classes, the first is that of 192.0.2.1.
std::vector<Misbehaviour> AllMisbehaviours();

// The table with one line a class, for people.
std::string FormatMisbehaviours(const std::vector<Misbehaviour>& classes);

// Address and host of the class at `index`, from 0.
std::string AddressOfClass(size_t index);
std::string ReverseOfClass(size_t index);  // 7.2.0.192.in-addr.arpa
std::string HostOfClass(size_t index);
// The expected column `ptr` of the class at `index`.
std::vector<std::string> NamesOfClass(const Misbehaviour& misbehaviour,
                                      size_t index);

// Answers every question by its class, and those of no class soundly: NS of
// the root, and NXDOMAIN for all else.
Script MisbehaviourScript(std::vector<Misbehaviour> classes);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_MISBEHAVIOURS_H_
