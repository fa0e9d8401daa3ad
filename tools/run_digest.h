// Digests by which a run that resumes another is known to be about the same.
#ifndef PTRSWEEP_TOOLS_RUN_DIGEST_H_
#define PTRSWEEP_TOOLS_RUN_DIGEST_H_

#include "io/files/sha256.h"
#include "scanner/targets/scan_targets.h"
#include "tools/scan_config.h"

namespace tools {

// Of the addresses, however they were given, and of their labels and expected
// names.
io::Digest DigestOf(const scanner::ScanTargets& targets);
// Of the options that decide what a row says: whom and what to ask, how often,
// whom to believe, the format. Not of those of speed, nor of what is reported.
io::Digest DigestOf(const ScanConfig& config);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_RUN_DIGEST_H_
