#include "tools/scan_config.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "io/dataset/layout.h"
#include "io/files/target_reader.h"
#include "io/formats/carried_text.h"
#include "io/number.h"
#include "scanner/verdict/evidence.h"
#include "tools/iteration/iteration_config.h"
#include "tools/options/option_value.h"
#include "tools/tsig/transfer_config.h"
#include "tools/written_files.h"

namespace tools {
namespace {

// Each once. Their order means nothing, unless they are compared.
void DropRepeated(bool ordered, std::vector<io::Endpoint>* resolvers) {
  if (!ordered) std::sort(resolvers->begin(), resolvers->end());
  auto kept = resolvers->begin();
  for (const io::Endpoint& resolver : std::vector(*resolvers)) {
    if (std::find(resolvers->begin(), kept, resolver) != kept) continue;
    *kept++ = resolver;
  }
  resolvers->erase(kept, resolvers->end());
}

absl::Status SetResolvers(const ScanArguments& arguments,
                          absl::string_view resolv_conf,
                          std::vector<io::Endpoint>* out) {
  const std::vector<OptionText>& texts = arguments.resolvers;
  for (const OptionText& text : texts) {
    const auto endpoint = io::Endpoint::Parse(text.text);
    if (!endpoint) {
      return BadValue(text, "an address (ADDR, ADDR:PORT or [V6]:PORT)");
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
  DropRepeated(arguments.compare_resolvers, out);
  if (arguments.compare_resolvers && out->size() < 2) {
    return absl::InvalidArgumentError(
        "--compare-resolvers needs two resolvers at least");
  }
  if (out->size() > scanner::ScanOptions::kMaxServers) {
    return absl::InvalidArgumentError(
        absl::StrCat("--resolver: ", out->size(), " resolvers, at most ",
                     scanner::ScanOptions::kMaxServers));
  }
  return absl::OkStatus();
}

absl::Status SetChoice(const OptionText& text, scanner::Choice* out) {
  using enum scanner::Choice;
  return SetWord(text, {{"auto", kAuto}, {"on", kOn}, {"off", kOff}},
                 "auto, on or off", out);
}

absl::Status SetOffload(const OptionText& text, scanner::Offload* out) {
  using enum scanner::Offload;
  return SetWord(text, {{"auto", kAuto}, {"gso", kGso}, {"none", kNone}},
                 "auto, gso or none", out);
}

absl::Status SetCanaries(const ScanArguments& arguments,
                         scanner::ScanOptions* options) {
  options->canaries = !arguments.no_canary;
  if (arguments.no_canary && !arguments.canaries.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(arguments.canaries[0].origin,
                     ": --canary and --no-canary exclude each other"));
  }
  if (arguments.canaries.size() > scanner::ScanOptions::kMaxCanaries) {
    return absl::InvalidArgumentError(
        absl::StrCat("--canary: ", arguments.canaries.size(),
                     " names, at most ", scanner::ScanOptions::kMaxCanaries));
  }
  for (const OptionText& text : arguments.canaries) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(text.text, absl::MaxSplits('=', 1));
    const auto address = dnswire::IpAddress::Parse(parts.first);
    const auto name = dnswire::Name::Parse(parts.second);
    if (!address || !name) {
      return BadValue(text, "an address and its name (IP=NAME)");
    }
    options->known_ptrs.push_back({.address = *address, .name = *name});
  }
  return absl::OkStatus();
}

// What resolvers show of an authority may be another one's: pruning is asked
// for there (scanner/README.md, "Through resolvers").
absl::Status SetPrune(const ScanArguments& arguments,
                      scanner::ScanOptions* options) {
  using enum scanner::Prune;
  options->prune = arguments.iterative ? kVerify : kOff;
  if (arguments.prune.empty()) return absl::OkStatus();
  return SetWord(arguments.prune,
                 {{"verify", kVerify}, {"trust", kTrust}, {"off", kOff}},
                 "verify, trust or off", &options->prune);
}

absl::Status SetTrust(const ScanArguments& arguments,
                      scanner::ScanOptions* options) {
  absl::Status status = SetChoice(arguments.cookies, &options->cookies);
  status.Update(SetChoice(arguments.case_random, &options->case_random));
  status.Update(SetCanaries(arguments, options));
  return status;
}

// An empty text leaves *time as it is.
template <typename Time>
absl::Status SetTime(const OptionText& text, Time* time) {
  if (text.empty()) return absl::OkStatus();
  const auto parsed = io::ParseDuration(text.text);
  if (!parsed) return BadValue(text, "a time (250ms, 5s, 2m)");
  *time = *parsed;
  return absl::OkStatus();
}

absl::Status SetAsking(const ScanArguments& arguments,
                       scanner::ScanOptions* options) {
  options->ptr_only = arguments.ptr_only;
  options->allow_special_servers = arguments.allow_special_servers;
  absl::Status status =
      SetNumber(arguments.max_names, 1, 100, &options->max_names);
  status.Update(SetNumber(arguments.late_passes, 0, 3, &options->late_passes));
  status.Update(SetNumber(arguments.max_queries, 0, uint64_t{1} << 62,
                          &options->max_queries));
  status.Update(SetTime(arguments.max_outage, &options->max_outage));
  status.Update(SetTime(arguments.record_every, &options->record_interval));
  if (options->record_interval == absl::ZeroDuration()) {
    status.Update(BadValue(arguments.record_every, "a time above zero"));
  }
  status.Update(SetTime(arguments.late_pause, &options->late_pause));
  status.Update(SetTime(arguments.max_time, &options->max_time));
  return status;
}

// Four packets for each question that an address may ask.
absl::Status SetTargetBudget(const ScanArguments& arguments,
                             scanner::ScanOptions* options) {
  constexpr size_t kPackets = 4;
  if (!arguments.max_queries_per_target.empty()) {
    return SetNumber(arguments.max_queries_per_target, 1, 10000,
                     &options->max_queries_per_target);
  }
  size_t packets = std::max<size_t>(options->max_queries_per_target,
                                    kPackets * options->max_names);
  if (options->compare_resolvers) {
    packets += kPackets * (options->resolvers.size() - 1);
  }
  if (options->both_families) packets += kPackets * options->max_names;
  if (options->dual_stack) packets += kPackets * (1 + scanner::kAskedAaaa);
  options->max_queries_per_target = static_cast<uint32_t>(packets);
  return absl::OkStatus();
}

// What options ask beside has to have something to stand beside.
absl::Status SetChecks(const ScanArguments& arguments,
                       scanner::ScanOptions* options) {
  options->compare_resolvers = arguments.compare_resolvers;
  options->both_families = arguments.both_families;
  options->dual_stack = arguments.dual_stack;
  if (arguments.compare_resolvers && arguments.iterative) {
    return absl::InvalidArgumentError(
        "--compare-resolvers compares what resolvers say, and --iterative asks "
        "none: leave one of them out");
  }
  if (arguments.compare_resolvers && options->prune != scanner::Prune::kOff) {
    return absl::InvalidArgumentError(
        "--compare-resolvers asks every address of every resolver: not with "
        "--prune verify or trust");
  }
  if (arguments.ptr_only && (arguments.both_families || arguments.dual_stack)) {
    return absl::InvalidArgumentError(absl::StrCat(
        arguments.dual_stack ? "--dual-stack" : "--both-families",
        " is about names, and --ptr-only asks none: leave one of them out"));
  }
  return absl::OkStatus();
}

absl::Status SetSourcePorts(const OptionText& text,
                            scanner::ScanOptions* options) {
  if (text.empty()) return absl::OkStatus();
  const std::pair<absl::string_view, absl::string_view> ends =
      absl::StrSplit(text.text, absl::MaxSplits('-', 1));
  const auto first = io::ParseUnsigned(ends.first, 65535);
  const auto last = io::ParseUnsigned(ends.second, 65535);
  if (!first || !last || *first == 0 || *first > *last) {
    return BadValue(text, "a range of ports (A-B)");
  }
  options->first_source_port = static_cast<uint16_t>(*first);
  options->last_source_port = static_cast<uint16_t>(*last);
  return absl::OkStatus();
}

// The lower of this shard's own limit and its part of that of all.
absl::Status SetRates(const ScanArguments& arguments,
                      scanner::ScanOptions* options) {
  absl::Status status = SetRate(arguments.rate, &options->rate_qps);
  double total_qps = 0;
  status.Update(SetRate(arguments.total_rate, &total_qps));
  const double part_qps = total_qps / options->shards;
  const bool lower = options->rate_qps == 0 || part_qps < options->rate_qps;
  if (part_qps > 0 && lower) options->rate_qps = part_qps;
  return status;
}

absl::Status SetSpeed(const ScanArguments& arguments,
                      scanner::ScanOptions* options) {
  absl::Status status =
      SetNumber(arguments.threads, 1, scanner::ScanOptions::kMaxThreads,
                &options->threads);
  status.Update(SetRates(arguments, options));
  if (!arguments.resolver_rate.empty()) {
    status.Update(SetRate(arguments.resolver_rate,
                          &options->resolver_rate_qps.emplace()));
  }
  if (!arguments.resolver_window.empty()) {
    status.Update(SetNumber(arguments.resolver_window, 1, uint64_t{1} << 24,
                            &options->resolver_window.emplace()));
  }
  status.Update(SetNumber(arguments.max_in_flight, 1, uint64_t{1} << 24,
                          &options->max_in_flight));
  status.Update(SetNumber(arguments.sockets, 1, 64, &options->sockets));
  status.Update(SetSourcePorts(arguments.source_ports, options));
  status.Update(SetOffload(arguments.offload, &options->offload));
  status.Update(SetNumber(arguments.max_tcp, 1, 65536, &options->max_tcp));
  status.Update(SetNumber(arguments.cache_size, 1, 16384,
                          &options->forward_cache_octets));
  options->forward_cache_octets <<= 20;
  return status;
}

// Its file is not one that another option means.
absl::Status CheckMetrics(const ScanArguments& arguments) {
  const OptionText& metrics = arguments.metrics;
  if (metrics.empty()) return absl::OkStatus();
  if (metrics.text == "-") return BadValue(metrics, "a file");
  const auto rows = RowFiles(arguments.output);
  if (!rows.ok()) return rows.status();
  const auto status = StatusFiles(arguments.status_file);
  if (!status.ok()) return At(arguments.status_file, status.status());
  const auto files = MetricsFiles(metrics);
  if (!files.ok()) return At(metrics, files.status());
  return CheckDisjoint({*rows, *status, *files});
}

absl::Status SetOutput(const ScanArguments& arguments, ScanConfig* config) {
  config->output = arguments.output.text;
  config->resume = arguments.resume;
  config->status_file = arguments.status_file.text;
  if (config->status_file == "-") {
    return BadValue(arguments.status_file, "a file; stdout is for rows");
  }
  config->metrics = arguments.metrics.text;
  absl::Status metrics = CheckMetrics(arguments);
  if (!metrics.ok()) return metrics;
  const auto format = ChooseFormat(arguments.format, config->output);
  if (!format.ok()) return format.status();
  config->format = *format;
  auto dataset = ChooseDataset(arguments);
  if (!dataset.ok()) return dataset.status();
  config->dataset = *std::move(dataset);
  if (!config->dataset.root.empty()) config->format = Format::kParquet;
  const auto profile = scanner::ParseProfile(arguments.profile.text);
  if (!profile) {
    return BadValue(arguments.profile, "mail, hosting or infra");
  }
  config->profile = *profile;
  if (!arguments.fail_on.empty()) {
    const auto fail_on = scanner::FailCondition::Parse(arguments.fail_on.text);
    if (!fail_on.ok()) return At(arguments.fail_on, fail_on.status());
    config->fail_on = *fail_on;
  }
  const auto percent = io::ParseDecimal(arguments.max_unknown.text, 100);
  if (!percent) {
    return BadValue(arguments.max_unknown, "a percentage from 0 to 100");
  }
  config->max_unknown_percent = *percent;
  return absl::OkStatus();
}

absl::Status SetSince(const ScanArguments& arguments, ScanConfig* config) {
  absl::Status status =
      SetTime(arguments.since_max_age, &config->since.max_age);
  if (!status.ok() || arguments.since.empty()) return status;
  if (!arguments.iterative) {
    return At(
        arguments.since,
        absl::InvalidArgumentError(
            "--since needs --iterative: serials are told by authorities"));
  }
  if (arguments.since.text != "previous") {
    config->since.path = arguments.since.text;
    return absl::OkStatus();
  }
  const DatasetChoice& dataset = config->dataset;
  if (dataset.root.empty()) {
    return At(arguments.since,
              absl::InvalidArgumentError(
                  "'previous' needs --dataset: a file has no earlier run"));
  }
  config->since.dataset = dataset.root;
  config->since.date =
      dataset.run_date.empty() ? io::DateText(absl::Now()) : dataset.run_date;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ScanConfig> MakeScanConfig(const ScanArguments& arguments,
                                          const TargetConfig& targets,
                                          absl::string_view resolv_conf) {
  ScanConfig config;
  config.options.seed = targets.seed;
  config.options.shard = targets.shard.index;
  config.options.shards = targets.shard.count;
  absl::Status status = SetAsking(arguments, &config.options);
  status.Update(SetTrust(arguments, &config.options));
  status.Update(SetPrune(arguments, &config.options));
  if (status.ok()) status = SetChecks(arguments, &config.options);
  status.Update(SetSpeed(arguments, &config.options));
  status.Update(SetOutput(arguments, &config));
  if (status.ok()) status = SetSince(arguments, &config);
  if (!status.ok()) return status;
  status = arguments.iterative ? SetIteration(arguments, &config.options)
                               : SetResolvers(arguments, resolv_conf,
                                              &config.options.resolvers);
  if (status.ok()) status = SetTargetBudget(arguments, &config.options);
  if (!status.ok()) return status;
  auto transfers = MakeTransferPlan(arguments);
  if (!transfers.ok()) return transfers.status();
  config.transfers = *std::move(transfers);
  config.options.note_zones =
      arguments.iterative &&
      (config.output != "-" || !config.dataset.root.empty());
  return config;
}

}  // namespace tools
