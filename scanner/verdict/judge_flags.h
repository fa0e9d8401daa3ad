// The flags of a row (VERDICTS.md 4), once its status is known. Part of Judge.
#ifndef PTRSWEEP_SCANNER_VERDICT_JUDGE_FLAGS_H_
#define PTRSWEEP_SCANNER_VERDICT_JUDGE_FLAGS_H_

#include <cstddef>

#include "dnswire/name.h"
#include "io/formats/status.h"
#include "scanner/verdict/evidence.h"
#include "scanner/verdict/expectation.h"
#include "scanner/verdict/name_shape.h"

namespace scanner {

// One walk over N.
struct NamesSeen {
  io::FlagSet unusable_flags;  // 4.2, of all names
  size_t usable = 0;           // size of U
  NameShape first_shape;       // of its first name
  bool multi_domain = false;   // U spans 2 or more registrable domains
};

// One walk over K.
struct ForwardSeen {
  // The first name of K with each outcome, nullptr if there is none.
  const ForwardEvidence* confirmed = nullptr;
  const ForwardEvidence* differs = nullptr;
  const ForwardEvidence* failed = nullptr;
  const ForwardEvidence* negative = nullptr;
};

// 4.1: of the address and the reverse lookup. `names` is for excess_ptr.
io::FlagSet ReverseFlags(const Evidence& evidence, const NamesSeen& names);
// 4.3 without the expectation: of a usable judged name.
io::FlagSet JudgedNameFlags(const dnswire::IpAddress& target,
                            const NameShape& shape);
// 4.4.
io::FlagSet ForwardFlags(const Evidence& evidence, io::Status status,
                         const NamesSeen& names, const ForwardSeen& forward);
// unexpected_name.
bool IsUnexpected(const Evidence& evidence, io::Status status,
                  const Expectation& expected);

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_VERDICT_JUDGE_FLAGS_H_
