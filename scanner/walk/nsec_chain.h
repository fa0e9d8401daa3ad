// The NSEC chain of a zone: each record leads from a name that exists to the
// next one, so a walk that follows it asks once a name instead of 16 times a
// node (ITERATION.md 3.4). Pure reading of responses: signatures are not
// checked, the trust is that of plain DNS.
//
// The record of a name `cur` is shown by a response about a name right behind
// it that does not exist:
//
//   kBelow    \032.cur          a space sorts before all that names begin with,
//                               so the record that covers it is cur's
//   kBehind   L\032.parent      L = cur's first label: behind all of cur's
//                               subtree, so the record is that of the last
//                               name in it, which is cur if nothing is below
//
// kBelow is asked first. It shows no record of cur where the server does not
// answer for names below it: a delegation with DS (one without brings the
// record in its referral), a child zone on the same server, a DNAME. Below such
// a name the zone itself has none, so kBehind shows it. If neither does, the
// chain cannot be followed.
#ifndef PTRSWEEP_SCANNER_WALK_NSEC_CHAIN_H_
#define PTRSWEEP_SCANNER_WALK_NSEC_CHAIN_H_

#include <cstdint>
#include <optional>

#include "dnswire/message.h"
#include "dnswire/name.h"
#include "scanner/walk/name_types.h"

namespace scanner {

enum class ChainSide : uint8_t { kBelow, kBehind };

// The name to ask for, PTR with DO=1. nullopt: it would be too long, or `cur`
// is the root and there is nothing behind it.
std::optional<dnswire::Name> ChainQuestion(dnswire::NameView cur,
                                           ChainSide side);

// One record of the chain, names in lower case.
struct ChainLink {
  dnswire::Name owner;
  dnswire::Name next;
  NameTypes types;       // at owner
  bool is_last = false;  // next is the apex: the chain ends here
};

// The record of `cur` in the response to one of the questions above, to be
// found among others in any order. nullopt: there is none that can be followed.
// It is of the zone `apex` and not of a child (which has a SOA at the same
// name), leads to a later name of the zone or is the last, and is not made for
// the question (dnswire::IsReal). Of two the one with the nearer next is taken:
// nothing is passed over.
// REQUIRES: `response` was accepted, its sections are parsed, and `cur` is at
// or below the apex.
std::optional<ChainLink> ReadChainLink(const dnswire::Message& response,
                                       dnswire::NameView apex,
                                       dnswire::NameView cur);

// Where the names at and below `start` begin, which is below the apex: the
// record that covers ChainQuestion(start, kBelow) in the response to it. Its
// owner is `start` itself, or before all of them; `next` is the first of them
// behind start, or none of them. Otherwise as above.
std::optional<ChainLink> ReadFirstChainLink(const dnswire::Message& response,
                                            dnswire::NameView apex,
                                            dnswire::NameView start);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_NSEC_CHAIN_H_
