// What a Walk wants to be asked, and what it is told.
#ifndef PTRSWEEP_SCANNER_WALK_WALK_WORK_H_
#define PTRSWEEP_SCANNER_WALK_WALK_WORK_H_

#include <cstdint>
#include <optional>

#include "dnswire/ip_address.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "dnswire/wire.h"
#include "io/formats/status.h"
#include "scanner/asking/slab.h"

namespace scanner {

struct WalkWork {
  enum class Kind : uint8_t {
    kQuestion,  // of `name`
    kHost,      // the PTR of `address`, as a scan would: a row if it has one
    kServers,   // who serves the zone at `name`, and what does each say?
  };
  Kind kind = Kind::kQuestion;
  uint32_t tag = kNil;  // for OnAnswer(), of kServers for OnServers()
  dnswire::Name name;
  uint16_t type = dnswire::kTypePtr;
  bool dnssec_ok = false;
  bool for_chain = false;   // the denial is wanted, not the name
  bool follow = false;      // through referrals; else they are the answer
  bool late = false;        // in a late pass
  bool names_only = false;  // kServers: they need not be asked
  dnswire::IpAddress address;
};

struct WalkAnswer {
  enum class Said : uint8_t {
    kData,
    kAlias,     // CNAME, to `target`
    kDname,     // one at or above the name: `dname_owner`, `target`
    kNodata,    // the name exists
    kNx,        // it does not, says a server of the zone
    kReferral,  // delegated at `cut`; not of a question that follows
    kFail,      // no server had a usable answer: `cause`
    kSilent,    // none had any: `cause`
    kUnasked,   // the run's budget is spent
  };
  Said said = Said::kSilent;
  io::Cause cause = io::Cause::kNone;
  // Of the deepest zone that is known to hold the name.
  std::optional<dnswire::NameView> apex;
  dnswire::NameView cut;
  dnswire::NameView target;  // of kData the first one
  dnswire::NameView dname_owner;
  bool registry = false;                      // kNx: the denial is a registry's
  bool free = false;                          // it took no packet
  const dnswire::Message* message = nullptr;  // null: nothing came
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_WALK_WORK_H_
