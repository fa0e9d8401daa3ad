#include "tools/target_config.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/files/label_file.h"
#include "io/files/target_reader.h"
#include "io/formats/carried_text.h"
#include "tools/options/option_value.h"

namespace tools {
namespace {

using dnswire::IpRange;

absl::Status CheckIpv6Range(const IpRange& range) {
  if (range.first.is_v4() ||
      range.last.value() - range.first.value() < kMaxIpv6Range) {
    return absl::OkStatus();
  }
  const auto prefix = PrefixOf(range);
  return absl::InvalidArgumentError(absl::StrCat(
      RangeText(range), ": too many IPv6 addresses to ask one by one, at most ",
      kMaxIpv6Range, " (a /112) a target; those that have names are found by: ",
      "ptrsweep walk ", prefix ? prefix->ToString() : "PREFIX"));
}

absl::Status AppendLines(absl::string_view path, std::vector<IpRange>* out) {
  auto ranges = io::ReadTargetFile(path);
  if (!ranges.ok()) return ranges.status();
  out->insert(out->end(), ranges->begin(), ranges->end());
  return absl::OkStatus();
}

absl::Status CheckSize(const scanner::TargetSet& targets,
                       const OptionText& max_text) {
  uint64_t max = 0;
  absl::Status status = SetNumber(max_text, 1, uint64_t{1} << 62, &max);
  if (!status.ok()) return status;
  if (targets.empty()) return NoTarget();
  if (targets.size() > max) {
    return absl::InvalidArgumentError(
        absl::StrCat("the targets hold more than ", max,
                     " addresses; raise --max-targets if that is meant"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TargetConfig> MakeTargetConfig(const TargetArguments& arguments,
                                              const char* const* environment) {
  TargetConfig config;
  const auto shard =
      ChooseShard(arguments.shard, arguments.shards, environment);
  if (!shard.ok()) return shard.status();
  config.shard = *shard;
  absl::Status status = SetNumber(arguments.seed, 0, UINT64_MAX, &config.seed);
  if (!status.ok()) return status;
  auto given = ReadRanges(arguments.targets, arguments.target_files);
  if (!given.ok()) return given.status();
  const auto excluded =
      ReadRanges(arguments.exclusions, arguments.exclude_files);
  if (!excluded.ok()) return excluded.status();
  auto labels = ReadLabels(arguments.labels.text, &config.notes);
  if (!labels.ok()) return labels.status();
  const bool none_named =
      arguments.targets.empty() && arguments.target_files.empty();
  if (none_named) *given = labels->Targets();
  for (const IpRange& range : *given) status.Update(CheckIpv6Range(range));
  if (!status.ok()) return status;
  config.targets =
      scanner::MakeScanTargets(*given, *excluded, *std::move(labels));
  config.targets.include_special = arguments.include_special;
  status = CheckSize(config.targets.targets, arguments.max_targets);
  if (!status.ok()) return status;
  return config;
}

void TellNotes(const std::vector<std::string>& notes) {
  for (const std::string& note : notes) {
    std::fprintf(stderr, "ptrsweep: %s\n", note.c_str());
  }
}

absl::StatusOr<scanner::TargetSet> ReadExclusions(
    const TargetArguments& arguments) {
  for (const auto* list : {&arguments.exclusions, &arguments.exclude_files}) {
    if (std::any_of(list->begin(), list->end(),
                    [](const OptionText& text) { return text.text == "-"; })) {
      return absl::InvalidArgumentError("stdin cannot be read again");
    }
  }
  const auto excluded =
      ReadRanges(arguments.exclusions, arguments.exclude_files);
  if (!excluded.ok()) return excluded.status();
  return scanner::TargetSet(*excluded, {});
}

absl::StatusOr<scanner::TargetSet> ReadPrefixes(
    const TargetArguments& arguments) {
  const auto given = ReadRanges(arguments.targets, arguments.target_files);
  if (!given.ok()) return given.status();
  const auto excluded =
      ReadRanges(arguments.exclusions, arguments.exclude_files);
  if (!excluded.ok()) return excluded.status();
  scanner::TargetSet targets(*given, *excluded);
  if (targets.empty()) return NoTarget();
  return targets;
}

absl::StatusOr<std::vector<IpRange>> ReadRanges(
    const std::vector<OptionText>& texts,
    const std::vector<OptionText>& files) {
  std::vector<IpRange> ranges;
  for (const OptionText& text : texts) {
    if (text.text == "-") {
      absl::Status status = AppendLines("-", &ranges);
      if (!status.ok()) return status;
      continue;
    }
    const auto range = io::ParseTarget(text.text);
    if (!range.ok()) return At(text, range.status());
    ranges.push_back(*range);
  }
  for (const OptionText& file : files) {
    absl::Status status = AppendLines(file.text, &ranges);
    if (!status.ok()) return status;
  }
  return ranges;
}

absl::StatusOr<scanner::LabelTable> ReadLabels(
    const std::string& path, std::vector<std::string>* notes) {
  if (path.empty()) return scanner::LabelTable();
  const auto text = io::ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const auto file = io::ParseLabelFile(*text, path);
  if (!file.ok()) return file.status();
  for (const std::string& column : file->ignored_columns) {
    notes->push_back(absl::StrCat(io::CarriedText(path), ": column '",
                                  io::CarriedText(column), "' is ignored"));
  }
  return scanner::LabelTable(*file);
}

std::optional<dnswire::IpPrefix> PrefixOf(const IpRange& range) {
  int length = range.first.bits();
  for (absl::uint128 differ = range.first.value() ^ range.last.value();
       differ != 0; differ >>= 1) {
    --length;
  }
  const auto prefix = dnswire::IpPrefix::Covering(range.first, length);
  if (prefix.first() != range.first || prefix.last() != range.last) {
    return std::nullopt;
  }
  return prefix;
}

std::string RangeText(const IpRange& range) {
  if (range.first == range.last) return range.first.ToString();
  const auto prefix = PrefixOf(range);
  if (prefix) return prefix->ToString();
  return absl::StrCat(range.first.ToString(), "-", range.last.ToString());
}

absl::Status NoTarget() {
  return absl::InvalidArgumentError(
      "no target: name prefixes, addresses or a file (--targets FILE)");
}

}  // namespace tools
