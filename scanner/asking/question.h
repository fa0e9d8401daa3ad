// Question: one (name, type) on its way to an answer, over all its tries and
// through aliases that lead to further questions.
#ifndef PTRSWEEP_SCANNER_ASKING_QUESTION_H_
#define PTRSWEEP_SCANNER_ASKING_QUESTION_H_

#include <cstdint>

#include "dnswire/ip_address.h"
#include "dnswire/name_list.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"
#include "io/net/endpoint.h"
#include "scanner/asking/retry_policy.h"
#include "scanner/asking/slab.h"
#include "scanner/verdict/cause_order.h"

namespace scanner {

// Who answered, and how fast.
struct Responder {
  io::Endpoint server;
  ServerIndex index = 0;
  uint32_t rtt_us = 0;
  bool remembered = false;  // nobody was asked: the answer was known
};

// What a question is for.
enum class Purpose : uint8_t {
  kTarget,
  kCanary,  // is a name known to exist denied?
  kProbe,   // does a server answer at all?
  // What iteration has to know: the addresses of name servers, cuts.
  kZoneCheck,
  // What the engine has to know of a block of targets, its `payer`.
  kAreaCheck,
  // Whether a zone is as an earlier scan found it.
  kReuseCheck,
  kServerCheck,  // what does this one server say?
  // What a walk asks on its way to hosts; its `payer` is the walk's.
  kWalk,
};

// What a new question begins anew, without holes: there may be a million. Made
// in its place, for a copy of so many small fields waits for each of them.
struct QuestionState {
  enum class Want : uint8_t {
    kNothing,    // a try or a delay is under way
    kUdp,        // in the ready queue
    kUdpInZone,  // in that of its zone
    kTcp,        // in the ready queue, for `tcp_server`
  };

  uint32_t payer = kNil;  // the lookup its packets are counted for
  uint16_t type = dnswire::kTypePtr;
  Purpose purpose = Purpose::kTarget;
  bool single = false;        // a canary or probe: silence is not asked again
  bool dnssec_ok = false;     // DO=1: with the records that deny the name
  bool first_answer = false;  // an alias, or a referral, is the answer
  bool follow_cuts = false;   // but not a referral
  bool checking_disabled =
      false;                      // CD=1: does only validation fail? Asked once
  uint32_t waiters = kNil;        // lookups that want a forward answer
  ServerMask pinned = 0;          // the only servers it may go to; 0: any
  ZoneIndex zone = kNoZone;       // whose servers are asked, with own iteration
  ZoneIndex parked_in = kNoZone;  // where it was before it was parked
  bool parked = false;            // Placement::Kind::kParked, or kPark
  bool rather_tcp = false;        // a reply had a wrong cookie: next try by TCP
  ServerIndex rather = kNoServer;  // asked first where it serves the zone
  bool late_pass = false;
  Want want = Want::kNothing;
  ServerIndex tcp_server = 0;
  ServerMask next_only = 0;  // of the next UDP try alone; 0: any

  dnswire::IpAddress target;  // of a PTR question

  uint32_t first_try = kNil;
  uint16_t tries_due = 0;   // open ones whose deadline has passed
  uint16_t tries_open = 0;  // UDP and TCP
  RetryState retry;
  CauseSet seen;
  // The newest response that was no answer. Valid if `responded`.
  bool responded = false;
  uint16_t rcode = 0;
  Responder responder;

  // Of the hops that led to a further question.
  bool dname = false;
  bool has_ttl = false;
  uint32_t ttl_s = 0;  // the smallest
};

struct Question : QuestionState {
  // What the run is for: it waits its turn. All else goes first.
  bool is_work() const {
    return purpose == Purpose::kTarget || purpose == Purpose::kWalk;
  }

  // Empty for a PTR question without a hop: the reverse name of `target` is
  // asked. Else the original name, then the target of each hop that led to a
  // further question: the last one is asked.
  dnswire::NameList names;
};

// The name that is asked; what is not kept anywhere is written to `buffer`
// (dnswire::kMaxReverseOctets).
inline dnswire::NameView AskedName(const Question& question, uint8_t* buffer) {
  if (!question.names.empty()) {
    const dnswire::NameListView names = question.names;
    return names[names.size() - 1];
  }
  const size_t size = dnswire::EncodeReverseName(question.target, buffer);
  return dnswire::NameView::FromValidWire({buffer, size});
}

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_QUESTION_H_
