// Resolves at the running servers themselves, cut by cut from the root, with
// one ldns question after the other: the second opinion on what the oracle says
// of a lookup that asks the authorities.
#ifndef PTRSWEEP_TESTS_WORLD_STEP_RESOLVER_H_
#define PTRSWEEP_TESTS_WORLD_STEP_RESOLVER_H_

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "tests/world/dns_client.h"

namespace world {

// What a name came to. `failure` is "" or a cause of VERDICTS.md 3, and then
// `zone` the one whose servers failed.
struct Steps {
  std::string failure;
  std::string rcode;
  std::string zone;
  std::set<std::string> data;
  bool alias = false;
  bool dname = false;
};

class StepResolver {
 public:
  // `root`: address of a root server. The addresses in `silent` are given up
  // after a short time.
  StepResolver(const std::string& root, std::set<std::string> silent);

  Steps Resolve(const std::string& name, const std::string& type);
  size_t asked() const { return asked_; }

 private:
  struct Cut {
    std::string zone;
    std::set<std::string> addresses;
  };
  // One lookup on its way.
  struct Walk {
    std::string name;
    std::string type;
    Cut cut;
    std::set<std::string> names;  // that it came by
    Steps found;
  };

  Steps ResolveAt(const std::string& name, const std::string& type, int depth);
  // One cut or one alias further. False at the end.
  bool Step(Walk* walk, int depth);
  // The first reply of the cut's servers that is of use; else not received and
  // the failure put into *found.
  Reply AskServers(const Walk& walk, Steps* found);
  bool FollowAlias(const ReplyRecord& alias, Walk* walk);
  void FollowReferral(const Reply& reply, Walk* walk, int depth);
  std::set<std::string> AddressesOf(const std::string& ns_name,
                                    const Reply& referral, int depth);
  // The deepest cut that is known at or above the name.
  Cut KnownCut(const std::string& name) const;
  DnsClient& ClientOf(const std::string& address);

  std::map<std::string, Cut> cuts_;
  std::map<std::string, DnsClient> clients_;
  std::set<std::string> silent_;
  size_t asked_ = 0;
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_STEP_RESOLVER_H_
