// What a question came to: the one place where a response becomes an outcome
// (WIRE.md section 3, "Outcome"; VERDICTS.md 1.1). A pure function of the
// response, the question, how it was asked, and what the chain saw before.
#ifndef PTRSWEEP_DNSWIRE_ANSWER_H_
#define PTRSWEEP_DNSWIRE_ANSWER_H_

#include <cstddef>
#include <cstdint>

#include "dnswire/message.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"

namespace dnswire {

// CNAMEs one question may follow over all its responses; the 12th is
// chain_too_long.
inline constexpr size_t kMaxHops = 11;

enum class Outcome : uint8_t {
  kData,          // records of the asked type at the last name
  kNxdomain,      // the last name does not exist (RFC 8020, RFC 6604)
  kNodata,        // it exists without the asked type (RFC 2308 section 2.2)
  kFollow,        // ask again for last_name
  kReferral,      // RFC 2308 section 2.2.1; an error (lame) in resolver mode
  kLame,          // the server does not serve the zone, or does not recurse
  kMalformed,     // breaks the format, or contradicts itself
  kTruncated,     // TC: ask by TCP
  kBlocked,       // Extended DNS Error 4, 15, 16 or 17
  kLoop,          // an alias chain met a name twice
  kChainTooLong,  // a 12th hop
  kRcode,         // an rcode other than NOERROR and NXDOMAIN: Answer::rcode
};

struct Question {
  NameView name;
  uint16_t type = 0;
};

// How the question was asked.
struct AskedAs {
  bool iterative = false;  // RD=0 to a server of `zone`
  NameView zone;           // apex of the zone whose server was asked
};

// Reused from message to message: nothing in it allocates once its lists have
// grown to the usual size.
struct Answer {
  Outcome outcome = Outcome::kMalformed;

  // Names reached by hops of this message, in order, lower case; with kLoop and
  // kChainTooLong the last of them is the name that ended the chain. last_name
  // is the last of them, else the question's name, lower case.
  NameList chain;
  Name last_name;
  // Where last_name starts in the message (Message::NameStart); 0 if it stands
  // nowhere in it, which a DNAME can bring about.
  size_t last_name_at = 0;
  uint16_t rcode = 0;  // extended rcode of the response
  bool dname = false;  // a DNAME took part in a hop

  bool authoritative = false;    // AA
  bool stale = false;            // Extended DNS Error 3 or 19
  bool dnssec_bogus = false;     // Extended DNS Error 6 to 12
  bool no_reachable_ns = false;  // Extended DNS Error 22 or 23

  // Smallest effective TTL of the chain's records and, with data, of the data;
  // for a negative the smaller of the SOA's TTL and its MINIMUM (RFC 2308
  // section 5). Valid if has_ttl.
  bool has_ttl = false;
  uint32_t ttl_s = 0;

  // The SOA of a negative answer, lower case: the first one owned by last_name
  // or an ancestor. In iterative mode one at or below the zone comes first; one
  // above it (ITERATION.md 1.3, odd_soa) is for the caller to drop. Valid if
  // has_soa.
  bool has_soa = false;
  Name soa_owner;
  Name soa_mname;
  Name soa_rname;
  uint32_t soa_serial = 0;

  // Owner of the first NS record of class IN in authority at or above
  // last_name, lower case: the zone of a positive answer, or of a referral.
  // Valid if has_ns_owner.
  bool has_ns_owner = false;
  Name ns_owner;

  // Counted by the caller, no effect on the outcome.
  bool lax = false;       // fault in authority or additional
  bool trailing = false;  // octets after the last record
};

// `message` has passed the acceptance checks for `question` and
// ParseSections() has run. `previous` holds the names of this lookup so far,
// first question name and hop targets, when the question is itself the result
// of a kFollow: they count for loops and for kMaxHops. question.name, the last
// hop's target, may be among them or not. Overwrites *answer whole.
void ResolveAnswer(const Message& message, const Question& question,
                   const AskedAs& asked_as, NameListView previous,
                   Answer* answer);

// `record` is owned by answer.last_name.
inline bool IsOwnedByLastName(const Message& message, const Record& record,
                              const Answer& answer) {
  return message.NameStart(record.owner_at) == answer.last_name_at ||
         message.NameEquals(record.owner_at, answer.last_name);
}

// Calls `visit(const Record&)` for each record of class IN and the question's
// type owned by answer.last_name. REQUIRES: answer.outcome is kData.
template <typename Visit>
void ForEachDataRecord(const Message& message, const Question& question,
                       const Answer& answer, Visit visit) {
  for (const Record& record : message.answers()) {
    if (record.type == question.type && record.record_class == kClassIn &&
        IsOwnedByLastName(message, record, answer)) {
      visit(record);
    }
  }
}

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_ANSWER_H_
