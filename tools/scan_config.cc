#include "tools/scan_config.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "io/files/label_file.h"
#include "io/files/target_reader.h"
#include "io/formats/carried_text.h"
#include "io/number.h"

namespace tools {
namespace {

using dnswire::IpRange;

absl::Status BadValue(absl::string_view option, absl::string_view value,
                      absl::string_view wanted) {
  return absl::InvalidArgumentError(
      absl::StrCat(option, ": '", io::CarriedText(value), "' is not ", wanted));
}

// A whole number of [min, max] into *out.
template <typename T>
absl::Status SetNumber(absl::string_view option, absl::string_view text,
                       uint64_t min, uint64_t max, T* out) {
  const auto value = io::ParseUnsigned(text, max);
  if (!value || *value < min) {
    return BadValue(option, text,
                    absl::StrCat("a whole number from ", min, " to ", max));
  }
  *out = static_cast<T>(*value);
  return absl::OkStatus();
}

absl::Status SetRate(absl::string_view option, absl::string_view text,
                     double* out) {
  const auto value = io::ParseDecimal(text, 1e9);
  if (!value) return BadValue(option, text, "a number of packets a second");
  *out = *value;
  return absl::OkStatus();
}

// ---- targets

absl::Status CheckIpv6Range(const IpRange& range) {
  if (range.first.is_v4() ||
      range.last.value() - range.first.value() < kMaxIpv6Range) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(
      absl::StrCat(range.first.ToString(), "-", range.last.ToString(),
                   ": too many IPv6 addresses to ask one by one; at most ",
                   kMaxIpv6Range, " (a /112) a target"));
}

absl::Status AppendLines(absl::string_view path, std::vector<IpRange>* out) {
  auto ranges = io::ReadTargetFile(path);
  if (!ranges.ok()) return ranges.status();
  out->insert(out->end(), ranges->begin(), ranges->end());
  return absl::OkStatus();
}

absl::Status AppendTargets(const std::vector<std::string>& texts,
                           const std::vector<std::string>& files,
                           std::vector<IpRange>* out) {
  for (const std::string& text : texts) {
    if (text == "-") {
      absl::Status status = AppendLines("-", out);
      if (!status.ok()) return status;
      continue;
    }
    const auto range = io::ParseTarget(text);
    if (!range.ok()) return range.status();
    out->push_back(*range);
  }
  for (const std::string& file : files) {
    absl::Status status = AppendLines(file, out);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::StatusOr<scanner::LabelTable> ReadLabels(
    const std::string& path, std::vector<std::string>* notes) {
  if (path.empty()) return scanner::LabelTable();
  const auto text = io::ReadWholeFile(path);
  if (!text.ok()) return text.status();
  const auto file = io::ParseLabelFile(*text, path);
  if (!file.ok()) return file.status();
  for (const std::string& column : file->ignored_columns) {
    notes->push_back(absl::StrCat(path, ": column '", io::CarriedText(column),
                                  "' is ignored"));
  }
  return scanner::LabelTable(*file);
}

absl::Status CheckSize(const scanner::TargetSet& targets,
                       absl::string_view max_text) {
  uint64_t max = 0;
  absl::Status status =
      SetNumber("--max-targets", max_text, 1, uint64_t{1} << 62, &max);
  if (!status.ok()) return status;
  if (targets.empty()) {
    return absl::InvalidArgumentError(
        "no target: name prefixes, addresses or a file (--targets FILE)");
  }
  if (targets.size() > max) {
    return absl::InvalidArgumentError(
        absl::StrCat("the targets hold more than ", max,
                     " addresses; raise --max-targets if that is meant"));
  }
  return absl::OkStatus();
}

// ---- options

absl::Status SetResolvers(const std::vector<std::string>& texts,
                          absl::string_view resolv_conf,
                          std::vector<io::Endpoint>* out) {
  for (const std::string& text : texts) {
    const auto endpoint = io::Endpoint::Parse(text);
    if (!endpoint) {
      return BadValue("--resolver", text,
                      "an address (ADDR, ADDR:PORT or [V6]:PORT)");
    }
    out->push_back(*endpoint);
  }
  if (texts.empty()) {
    const auto text = io::ReadWholeFile(resolv_conf);
    if (text.ok()) *out = io::ParseResolvConf(*text);
  }
  if (out->empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        "no resolver: ", resolv_conf, " names none; use --resolver ADDR"));
  }
  std::sort(out->begin(), out->end());
  out->erase(std::unique(out->begin(), out->end()), out->end());
  if (out->size() > scanner::ScanOptions::kMaxServers) {
    return absl::InvalidArgumentError(
        absl::StrCat("--resolver: ", out->size(), " resolvers, at most ",
                     scanner::ScanOptions::kMaxServers));
  }
  return absl::OkStatus();
}

absl::Status SetChoice(absl::string_view option, absl::string_view text,
                       scanner::Choice* out) {
  if (text == "auto") {
    *out = scanner::Choice::kAuto;
  } else if (text == "on") {
    *out = scanner::Choice::kOn;
  } else if (text == "off") {
    *out = scanner::Choice::kOff;
  } else {
    return BadValue(option, text, "auto, on or off");
  }
  return absl::OkStatus();
}

absl::Status SetOffload(const std::string& text, scanner::Offload* out) {
  if (text == "auto") {
    *out = scanner::Offload::kAuto;
  } else if (text == "gso") {
    *out = scanner::Offload::kGso;
  } else if (text == "none") {
    *out = scanner::Offload::kNone;
  } else {
    return BadValue("--offload", text, "auto, gso or none");
  }
  return absl::OkStatus();
}

absl::Status SetCanaries(const ScanArguments& arguments,
                         scanner::ScanOptions* options) {
  options->canaries = !arguments.no_canary;
  if (arguments.no_canary && !arguments.canaries.empty()) {
    return absl::InvalidArgumentError(
        "--canary and --no-canary exclude each other");
  }
  if (arguments.canaries.size() > scanner::ScanOptions::kMaxCanaries) {
    return absl::InvalidArgumentError(
        absl::StrCat("--canary: ", arguments.canaries.size(),
                     " names, at most ", scanner::ScanOptions::kMaxCanaries));
  }
  for (const std::string& text : arguments.canaries) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(text, absl::MaxSplits('=', 1));
    const auto address = dnswire::IpAddress::Parse(parts.first);
    const auto name = dnswire::Name::Parse(parts.second);
    if (!address || !name) {
      return BadValue("--canary", text, "an address and its name (IP=NAME)");
    }
    options->known_ptrs.push_back({.address = *address, .name = *name});
  }
  return absl::OkStatus();
}

absl::Status SetTrust(const ScanArguments& arguments,
                      scanner::ScanOptions* options) {
  absl::Status status =
      SetChoice("--cookies", arguments.cookies, &options->cookies);
  status.Update(
      SetChoice("--case-random", arguments.case_random, &options->case_random));
  status.Update(SetCanaries(arguments, options));
  return status;
}

absl::Status SetAsking(const ScanArguments& arguments,
                       scanner::ScanOptions* options) {
  options->ptr_only = arguments.ptr_only;
  absl::Status status = SetNumber("--max-names", arguments.max_names, 1, 100,
                                  &options->max_names);
  status.Update(SetNumber("--late-passes", arguments.late_passes, 0, 3,
                          &options->late_passes));
  // An address may spend four packets on each name it may look up.
  options->max_queries_per_target = static_cast<uint32_t>(std::max<size_t>(
      options->max_queries_per_target, 4 * options->max_names));
  if (!arguments.max_queries_per_target.empty()) {
    status.Update(SetNumber("--max-queries-per-target",
                            arguments.max_queries_per_target, 1, 10000,
                            &options->max_queries_per_target));
  }
  status.Update(SetNumber("--max-queries", arguments.max_queries, 0,
                          uint64_t{1} << 62, &options->max_queries));
  const auto max_outage = io::ParseDuration(arguments.max_outage);
  if (max_outage) {
    options->max_outage = *max_outage;
  } else {
    status.Update(BadValue("--max-outage", arguments.max_outage,
                           "a time (250ms, 5s, 2m)"));
  }
  if (!arguments.late_pause.empty()) {
    options->late_pause = io::ParseDuration(arguments.late_pause);
    if (!options->late_pause) {
      status.Update(BadValue("--late-pause", arguments.late_pause,
                             "a time (250ms, 5s, 2m)"));
    }
  }
  return status;
}

absl::Status SetSourcePorts(const std::string& text,
                            scanner::ScanOptions* options) {
  if (text.empty()) return absl::OkStatus();
  const std::pair<absl::string_view, absl::string_view> ends =
      absl::StrSplit(text, absl::MaxSplits('-', 1));
  absl::Status status = SetNumber("--source-ports", ends.first, 1, 65535,
                                  &options->first_source_port);
  status.Update(SetNumber("--source-ports", ends.second,
                          options->first_source_port, 65535,
                          &options->last_source_port));
  if (!status.ok()) {
    return BadValue("--source-ports", text, "a range of ports (A-B)");
  }
  return status;
}

absl::Status SetSpeed(const ScanArguments& arguments,
                      scanner::ScanOptions* options) {
  absl::Status status =
      SetNumber("--threads", arguments.threads, 1,
                scanner::ScanOptions::kMaxThreads, &options->threads);
  status.Update(SetRate("--rate", arguments.rate, &options->rate_qps));
  if (!arguments.resolver_rate.empty()) {
    status.Update(SetRate("--resolver-rate", arguments.resolver_rate,
                          &options->resolver_rate_qps.emplace()));
  }
  if (!arguments.resolver_window.empty()) {
    status.Update(SetNumber("--resolver-window", arguments.resolver_window, 1,
                            uint64_t{1} << 24,
                            &options->resolver_window.emplace()));
  }
  status.Update(SetNumber("--max-in-flight", arguments.max_in_flight, 1,
                          uint64_t{1} << 24, &options->max_in_flight));
  status.Update(
      SetNumber("--sockets", arguments.sockets, 1, 64, &options->sockets));
  status.Update(SetSourcePorts(arguments.source_ports, options));
  status.Update(SetOffload(arguments.offload, &options->offload));
  status.Update(
      SetNumber("--max-tcp", arguments.max_tcp, 1, 65536, &options->max_tcp));
  status.Update(SetNumber("--cache-size", arguments.cache_size, 1, 16384,
                          &options->forward_cache_octets));
  options->forward_cache_octets <<= 20;
  return status;
}

absl::Status SetOutput(const ScanArguments& arguments, ScanConfig* config) {
  config->output = arguments.output;
  const auto format = ChooseFormat(arguments.format, arguments.output);
  if (!format.ok()) return format.status();
  config->format = *format;
  const auto profile = scanner::ParseProfile(arguments.profile);
  if (!profile) {
    return BadValue("--profile", arguments.profile, "mail, hosting or infra");
  }
  config->profile = *profile;
  if (!arguments.fail_on.empty()) {
    const auto fail_on = scanner::FailCondition::Parse(arguments.fail_on);
    if (!fail_on.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat("--fail-on: ", fail_on.status().message()));
    }
    config->fail_on = *fail_on;
  }
  const auto percent = io::ParseDecimal(arguments.max_unknown, 100);
  if (!percent) {
    return BadValue("--max-unknown", arguments.max_unknown,
                    "a percentage from 0 to 100");
  }
  config->max_unknown_percent = *percent;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<TargetConfig> MakeTargetConfig(
    const TargetArguments& arguments) {
  TargetConfig config;
  absl::Status status =
      SetNumber("--seed", arguments.seed, 0, UINT64_MAX, &config.seed);
  std::vector<IpRange> given;
  std::vector<IpRange> excluded;
  status.Update(
      AppendTargets(arguments.targets, arguments.target_files, &given));
  status.Update(
      AppendTargets(arguments.exclusions, arguments.exclude_files, &excluded));
  if (!status.ok()) return status;
  auto labels = ReadLabels(arguments.labels, &config.notes);
  if (!labels.ok()) return labels.status();
  const bool none_named =
      arguments.targets.empty() && arguments.target_files.empty();
  if (none_named) given = labels->Targets();
  for (const IpRange& range : given) status.Update(CheckIpv6Range(range));
  if (!status.ok()) return status;
  config.targets =
      scanner::MakeScanTargets(given, excluded, *std::move(labels));
  config.targets.include_special = arguments.include_special;
  status = CheckSize(config.targets.targets, arguments.max_targets);
  if (!status.ok()) return status;
  return config;
}

absl::StatusOr<scanner::TargetSet> ReadExclusions(
    const TargetArguments& arguments) {
  std::vector<IpRange> excluded;
  for (const auto* list : {&arguments.exclusions, &arguments.exclude_files}) {
    if (std::find(list->begin(), list->end(), "-") != list->end()) {
      return absl::InvalidArgumentError("stdin cannot be read again");
    }
  }
  const absl::Status status =
      AppendTargets(arguments.exclusions, arguments.exclude_files, &excluded);
  if (!status.ok()) return status;
  return scanner::TargetSet(excluded, {});
}

absl::StatusOr<ScanConfig> MakeScanConfig(const ScanArguments& arguments,
                                          const TargetConfig& targets,
                                          absl::string_view resolv_conf) {
  ScanConfig config;
  config.options.seed = targets.seed;
  absl::Status status = SetAsking(arguments, &config.options);
  status.Update(SetTrust(arguments, &config.options));
  status.Update(SetSpeed(arguments, &config.options));
  status.Update(SetOutput(arguments, &config));
  if (!status.ok()) return status;
  status =
      SetResolvers(arguments.resolvers, resolv_conf, &config.options.resolvers);
  if (!status.ok()) return status;
  return config;
}

}  // namespace tools
