// Digests by which runs are known to be about the same: one that resumes
// another, and the shards of a dataset.
#ifndef PTRSWEEP_TOOLS_RUN_DIGEST_H_
#define PTRSWEEP_TOOLS_RUN_DIGEST_H_

#include "io/files/sha256.h"
#include "io/parquet/run_metadata.h"
#include "scanner/targets/scan_targets.h"
#include "tools/scan_config.h"

namespace tools {

// Of the addresses, however they were given, and of their labels and expected
// names. Of a walk: of its prefixes, known addresses, exclusions and
// --exhaustive; not of its budgets, which may be raised for the rest. A walk
// and a scan never have the same.
io::Digest DigestOf(const scanner::ScanTargets& targets);
// Of the options that decide what a row says: whom and what to ask, how often,
// whom to believe, the format. Not of those of speed, nor of what is reported.
// The same for all shards.
io::Digest DigestOf(const ScanConfig& config);
// The same and which shard of how many this is.
io::Digest ShardDigestOf(const ScanConfig& config);

// What a run that starts now writes of itself into a file of rows.
io::RunMetadata MetadataOf(const ScanConfig& config,
                           const scanner::ScanTargets& targets);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_RUN_DIGEST_H_
