#include "tools/run_digest.h"

#include <algorithm>
#include <vector>

#include "absl/time/clock.h"
#include "io/files/label_file.h"
#include "io/files/packed_octets.h"
#include "scanner/walk/walk_targets.h"
#include "tools/version.h"

namespace tools {
namespace {

void PutAddress(const dnswire::IpAddress& address, io::OctetPacker* packer) {
  packer->Put(static_cast<uint8_t>(address.is_v4() ? 4 : 6));
  packer->Put128(address.value());
}

void PutSet(const scanner::TargetSet& set, io::OctetPacker* packer) {
  packer->Put(uint64_t{set.range_count()});
  for (size_t i = 0; i < set.range_count(); ++i) {
    PutAddress(set.range(i).first, packer);
    PutAddress(set.range(i).last, packer);
  }
}

void PutLabels(std::vector<io::LabelLine> lines, io::OctetPacker* packer) {
  std::sort(lines.begin(), lines.end(),
            [](const io::LabelLine& a, const io::LabelLine& b) {
              return a.target < b.target;
            });
  packer->Put(uint64_t{lines.size()});
  for (const io::LabelLine& line : lines) {
    PutAddress(line.target.first(), packer);
    packer->Put(static_cast<uint8_t>(line.target.length()));
    packer->PutText(line.label);
    packer->PutText(line.expected);
  }
}

void PutTransfers(const scanner::TransferPlan& plan, io::OctetPacker* packer) {
  packer->Put(uint64_t{plan.zones.size()});
  for (const scanner::ListedZone& zone : plan.zones) {
    packer->PutText(zone.apex.view().ToText());
    packer->Put(uint64_t{zone.servers.size()});
    for (const io::Endpoint& server : zone.servers) {
      packer->PutText(server.ToString());
    }
  }
}

// A walk's: no scan has octets behind those of its labels.
void PutWalk(const scanner::WalkTargets& walk, io::OctetPacker* packer) {
  packer->Put(uint64_t{walk.prefixes.size()});
  for (const dnswire::IpPrefix& prefix : walk.prefixes) {
    PutAddress(prefix.first(), packer);
    packer->Put(static_cast<uint8_t>(prefix.length()));
  }
  packer->Put(uint64_t{walk.known.size()});
  for (const dnswire::IpAddress& address : walk.known) {
    PutAddress(address, packer);
  }
  PutSet(walk.excluded, packer);
  packer->Put(static_cast<uint8_t>(walk.options.exhaustive ? 1 : 0));
}

io::Digest Finish(const io::OctetPacker& packer) {
  io::Sha256 sha;
  sha.Add(packer.octets());
  return sha.Finish();
}

}  // namespace

io::Digest DigestOf(const scanner::ScanTargets& targets) {
  io::OctetPacker packer;
  PutSet(targets.targets, &packer);
  PutSet(targets.named_special, &packer);
  packer.Put(static_cast<uint8_t>(targets.include_special ? 1 : 0));
  PutLabels(targets.labels.lines(), &packer);
  if (targets.walk != nullptr) PutWalk(*targets.walk, &packer);
  return Finish(packer);
}

io::Digest DigestOf(const ScanConfig& config) {
  const scanner::ScanOptions& options = config.options;
  io::OctetPacker packer;
  packer.Put(uint64_t{options.resolvers.size()});
  for (const io::Endpoint& resolver : options.resolvers) {
    packer.PutText(resolver.ToString());
  }
  packer.Put(static_cast<uint8_t>(options.iterative ? 1 : 0));
  packer.Put(static_cast<uint8_t>(options.prune));
  packer.Put(static_cast<uint8_t>(options.ptr_only ? 1 : 0));
  packer.Put(static_cast<uint8_t>(options.compare_resolvers ? 1 : 0));
  packer.Put(static_cast<uint8_t>(options.both_families ? 1 : 0));
  packer.Put(static_cast<uint8_t>(options.dual_stack ? 1 : 0));
  packer.Put(uint64_t{options.max_names});
  packer.Put(static_cast<uint8_t>(options.late_passes));
  packer.Put(options.max_queries_per_target);
  packer.Put(static_cast<uint8_t>(options.canaries ? 1 : 0));
  packer.Put(uint64_t{options.known_ptrs.size()});
  for (const scanner::KnownPtr& known : options.known_ptrs) {
    PutAddress(known.address, &packer);
    packer.PutText(known.name.view().ToText());
  }
  packer.Put(static_cast<uint8_t>(config.format));
  PutTransfers(config.transfers, &packer);
  return Finish(packer);
}

io::Digest ShardDigestOf(const ScanConfig& config) {
  io::OctetPacker packer;
  packer.PutText(io::HexText(DigestOf(config)));
  packer.Put(config.options.shard);
  packer.Put(config.options.shards);
  return Finish(packer);
}

io::RunMetadata MetadataOf(const ScanConfig& config,
                           const scanner::ScanTargets& targets) {
  io::RunMetadata run = {.tool_version = kVersion,
                         .targets_digest = io::HexText(DigestOf(targets)),
                         .options_digest = io::HexText(DigestOf(config)),
                         .seed = config.options.seed,
                         .shard = config.options.shard,
                         .shards = config.options.shards,
                         .start_us = absl::ToUnixMicros(absl::Now())};
  for (const io::Endpoint& resolver : config.options.resolvers) {
    run.resolvers.push_back(resolver.ToString());
  }
  return run;
}

}  // namespace tools
