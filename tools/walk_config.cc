#include "tools/walk_config.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/files/output_file.h"
#include "io/files/target_reader.h"
#include "io/formats/carried_text.h"
#include "tools/options/option_table.h"
#include "tools/options/option_value.h"
#include "tools/report/finding_file.h"
#include "tools/written_files.h"

namespace tools {
namespace {

using dnswire::IpPrefix;
using dnswire::IpRange;

constexpr int kShortestLength = 16;

// Of both the IPv4 Internet is in them, under other names: 6to4 (RFC 3056) and
// Teredo (RFC 4380).
constexpr const char* kNeverEntered[] = {"2002::/16", "2001::/32"};

// As a scan by own iteration has them. That somebody wants a resolver asked is
// heeded.
absl::StatusOr<ScanConfig> MakeBasis(const ScanArguments& arguments,
                                     const TargetConfig& targets) {
  for (const OptionText& resolver : arguments.resolvers) {
    if (resolver.origin != "--resolver") continue;
    return absl::InvalidArgumentError(
        "--resolver: a walk asks the authorities themselves; it cannot go "
        "through a resolver");
  }
  ScanArguments basis = OnlyOf(arguments, kUseWalk);
  basis.iterative = true;
  basis.fail_on = OptionText();  // its words are others
  return MakeScanConfig(basis, targets, "");
}

absl::Status CheckRange(const IpRange& range, bool may_be_short) {
  const std::string text = RangeText(range);
  if (range.first.is_v4()) {
    return absl::InvalidArgumentError(absl::StrCat(
        text,
        ": a walk is of IPv6 prefixes; IPv4 addresses are asked one by "
        "one: ptrsweep scan ",
        text));
  }
  const auto prefix = PrefixOf(range);
  if (!prefix) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, ": a walk is of prefixes (2001:db8::/32)"));
  }
  if (prefix->length() < kShortestLength && !may_be_short) {
    return absl::InvalidArgumentError(absl::StrCat(
        text, ": shorter than /", kShortestLength,
        ", which may take weeks; --i-mean-it walks it all the same"));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<IpPrefix>> ReadWalkPrefixes(
    const ScanArguments& arguments, const std::vector<IpRange>& excluded) {
  const auto given =
      ReadRanges(arguments.target.targets, arguments.target.target_files);
  if (!given.ok()) return given.status();
  std::vector<IpPrefix> prefixes;
  for (const IpRange& range : *given) {
    absl::Status status = CheckRange(range, arguments.i_mean_it);
    if (!status.ok()) return status;
    prefixes.push_back(*PrefixOf(range));
  }
  if (scanner::TargetSet(*given, excluded).empty()) return NoTarget();
  return scanner::NibblePrefixes(prefixes);
}

// Those that are excluded are not asked, and need no mention.
absl::Status TakeKnown(const OptionText& option,
                       const std::vector<IpRange>& excluded,
                       scanner::WalkTargets* walk) {
  const auto ranges = io::ReadTargetFile(option.text);
  if (!ranges.ok()) return ranges.status();
  const scanner::TargetSet left_out(excluded, {});
  for (const IpRange& range : *ranges) {
    const auto blame = [&](absl::string_view what) {
      return At(option, absl::InvalidArgumentError(
                            absl::StrCat(io::CarriedText(option.text), ": ",
                                         RangeText(range), what)));
    };
    if (range.first != range.last) return blame(" is not a single address");
    const bool walked = std::any_of(
        walk->prefixes.begin(), walk->prefixes.end(),
        [&range](const IpPrefix& p) { return p.Contains(range.first); });
    if (!walked) return blame(" lies in no prefix that is walked");
    if (!left_out.Contains(range.first)) walk->known.push_back(range.first);
  }
  return absl::OkStatus();
}

absl::Status SetWalkTargets(const ScanArguments& arguments,
                            scanner::WalkTargets* walk) {
  auto excluded =
      ReadRanges(arguments.target.exclusions, arguments.target.exclude_files);
  if (!excluded.ok()) return excluded.status();
  auto prefixes = ReadWalkPrefixes(arguments, *excluded);
  if (!prefixes.ok()) return prefixes.status();
  walk->prefixes = *std::move(prefixes);
  for (const OptionText& known : arguments.known) {
    absl::Status status = TakeKnown(known, *excluded, walk);
    if (!status.ok()) return status;
  }
  std::sort(walk->known.begin(), walk->known.end());
  walk->known.erase(std::unique(walk->known.begin(), walk->known.end()),
                    walk->known.end());
  for (const char* text : kNeverEntered) {
    const IpPrefix prefix = *IpPrefix::Parse(text);
    excluded->push_back({.first = prefix.first(), .last = prefix.last()});
  }
  walk->excluded = scanner::TargetSet(*excluded, {});
  return absl::OkStatus();
}

absl::Status SetWalkOptions(const ScanArguments& arguments,
                            const scanner::ScanOptions& options,
                            scanner::WalkOptions* walk) {
  absl::Status status = SetNumber(arguments.zone_budget, 1, uint64_t{1} << 62,
                                  &walk->zone_budget);
  status.Update(
      SetNumber(arguments.broken_budget, 0, UINT32_MAX, &walk->broken_budget));
  walk->exhaustive = arguments.exhaustive;
  // As much as for forward answers, and for what is learnt of zones.
  walk->nsec3_octets = options.forward_cache_octets;
  walk->late_passes = static_cast<uint32_t>(options.late_passes);
  walk->shard = options.shard;
  walk->shards = options.shards;
  return status;
}

// Findings where they were wanted, or by default beside a file of rows.
absl::Status ChooseFindings(const ScanArguments& arguments,
                            WalkConfig* config) {
  const bool wanted = !arguments.findings.empty();
  const auto rows = io::FindOutput(config->scan.output);
  if (!rows.ok()) return rows.status();
  if (!wanted) {
    if (rows->kind != io::OutputPlace::Kind::kFile) return absl::OkStatus();
    config->findings = FindingsPathOf(config->scan.output, config->scan.format);
    config->findings_format = config->scan.format;
    return absl::OkStatus();
  }
  if (arguments.findings.text == "-" && config->scan.output == "-") {
    return BadValue(arguments.findings, "a file; stdout is for rows");
  }
  const auto format = ChooseFormat(arguments.format, arguments.findings.text);
  if (!format.ok()) return format.status();
  config->findings = arguments.findings.text;
  config->findings_format = *format;
  return absl::OkStatus();
}

absl::Status SetFindings(const ScanArguments& arguments, WalkConfig* config) {
  absl::Status chosen = ChooseFindings(arguments, config);
  if (!chosen.ok() || config->findings.empty()) return chosen;
  // A default has no origin, and can be wrong here.
  const auto named = [](const OptionText& option, const std::string& text,
                        const char* name) {
    return OptionText(text, option.origin.empty() ? name : option.origin);
  };
  const auto rows =
      RowFiles(named(arguments.output, config->scan.output, "--output"));
  if (!rows.ok()) return rows.status();
  const auto findings =
      FindingFiles(named(arguments.findings, config->findings, "--findings"),
                   config->findings_format);
  if (!findings.ok()) return findings.status();
  const auto status = StatusFiles(arguments.status_file);
  if (!status.ok()) return At(arguments.status_file, status.status());
  const auto metrics = MetricsFiles(arguments.metrics);
  if (!metrics.ok()) return At(arguments.metrics, metrics.status());
  return CheckDisjoint({*rows, *findings, *status, *metrics});
}

absl::Status SetFailOn(const ScanArguments& arguments, WalkConfig* config) {
  if (arguments.fail_on.empty()) return absl::OkStatus();
  const auto fail_on =
      scanner::WalkFailCondition::Parse(arguments.fail_on.text);
  if (!fail_on.ok()) return At(arguments.fail_on, fail_on.status());
  config->fail_on = *fail_on;
  config->scan.fail_on = fail_on->rows();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<WalkConfig> MakeWalkConfig(const ScanArguments& arguments,
                                          const char* const* environment) {
  WalkConfig config;
  absl::Status status = SetWalkTargets(arguments, &config.walk);
  if (!status.ok()) return status;
  const auto shard =
      ChooseShard(arguments.target.shard, arguments.target.shards, environment);
  if (!shard.ok()) return shard.status();
  config.targets.shard = *shard;
  auto labels = ReadLabels(arguments.target.labels.text, &config.targets.notes);
  if (!labels.ok()) return labels.status();
  config.targets.targets.labels = *std::move(labels);
  auto scan = MakeBasis(arguments, config.targets);
  if (!scan.ok()) return scan.status();
  config.scan = *std::move(scan);
  status = SetWalkOptions(arguments, config.scan.options, &config.walk.options);
  if (status.ok()) status = SetFindings(arguments, &config);
  if (status.ok()) status = SetFailOn(arguments, &config);
  if (!status.ok()) return status;
  return config;
}

}  // namespace tools
