// What a run is about, from text to values: prefixes, addresses, exclusions,
// labels, and which shard of them. Every error is one line that names the
// option, or file and line.
#ifndef PTRSWEEP_TOOLS_TARGET_CONFIG_H_
#define PTRSWEEP_TOOLS_TARGET_CONFIG_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dnswire/ip_address.h"
#include "scanner/targets/scan_targets.h"
#include "tools/options/arguments.h"
#include "tools/options/shard.h"

namespace tools {

// What a run is about. `notes`: warnings for stderr, a line each.
struct TargetConfig {
  scanner::ScanTargets targets;  // of all shards
  uint64_t seed = 0;
  Shard shard;
  std::vector<std::string> notes;
};

// An IPv6 range of more addresses cannot be asked one by one (a /112 has this
// many).
inline constexpr uint64_t kMaxIpv6Range = 65536;

// `environment` is where --shard auto looks.
absl::StatusOr<TargetConfig> MakeTargetConfig(const TargetArguments& arguments,
                                              const char* const* environment);
// Says the notes on stderr, a line each.
void TellNotes(const std::vector<std::string>& notes);
// What --exclude and --exclude-file name now, their files read anew.
absl::StatusOr<scanner::TargetSet> ReadExclusions(
    const TargetArguments& arguments);
// Targets less exclusions as they were named, IPv6 prefixes of any size.
absl::StatusOr<scanner::TargetSet> ReadPrefixes(
    const TargetArguments& arguments);

// What these two are made of, and `walk` too. "-" is stdin.
absl::StatusOr<std::vector<dnswire::IpRange>> ReadRanges(
    const std::vector<OptionText>& texts, const std::vector<OptionText>& files);
// Of an empty path no labels.
absl::StatusOr<scanner::LabelTable> ReadLabels(const std::string& path,
                                               std::vector<std::string>* notes);
// nullopt: the range is not exactly one prefix.
std::optional<dnswire::IpPrefix> PrefixOf(const dnswire::IpRange& range);
// As somebody would write it: an address, a prefix, else first and last.
std::string RangeText(const dnswire::IpRange& range);
absl::Status NoTarget();

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_TARGET_CONFIG_H_
