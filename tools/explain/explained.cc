#include "tools/explain/explained.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dnswire/reverse.h"
#include "io/formats/row_sink.h"
#include "io/net/event_loop.h"
#include "scanner/advice/holder.h"
#include "scanner/audit/soa_finder.h"
#include "scanner/audit/zone_auditor.h"
#include "scanner/run/scan.h"

namespace tools {
namespace {

class KeptRows : public io::RowSink {
 public:
  explicit KeptRows(io::RowBatch* batch) : batch_(batch) {}

  absl::Status Write(std::span<const io::Row> rows) override {
    for (const io::Row& row : rows) batch_->Append(row);
    return absl::OkStatus();
  }
  absl::Status Flush() override { return absl::OkStatus(); }
  absl::Status Finish() override { return absl::OkStatus(); }

 private:
  io::RowBatch* const batch_;
};

// Of a denial the row has it.
absl::StatusOr<std::optional<scanner::ZoneSoa>> AskForSoa(
    const ExplainConfig& config, const io::Row& row) {
  if (!row.ptr_known || row.zone_mname) {
    return std::optional<scanner::ZoneSoa>();
  }
  return scanner::FindSoa(config.scan.options, dnswire::ReverseName(row.ip));
}

absl::StatusOr<std::vector<scanner::ZoneRow>> AuditBlock(
    const ExplainConfig& config, const dnswire::IpAddress& address) {
  if (!config.zones) return std::vector<scanner::ZoneRow>();
  const dnswire::IpPrefix block = scanner::BlockOf(address);
  auto loop = io::EventLoop::Create();
  if (!loop.ok()) return loop.status();
  const scanner::TargetSet targets({{block.first(), block.last()}}, {});
  auto auditor = scanner::ZoneAuditor::Create(
      config.zones->options, config.zones->audit, targets, loop->get());
  if (!auditor.ok()) return auditor.status();
  (*auditor)->Run();
  return (*auditor)->Rows();
}

}  // namespace

Explained::Explained(const ExplainConfig& config,
                     std::unique_ptr<io::RowBatch> batch,
                     std::vector<Step> steps,
                     std::optional<scanner::ZoneSoa> soa,
                     std::vector<scanner::ZoneRow> zones)
    : iterative_(config.scan.options.iterative),
      resolvers_(config.scan.options.resolvers),
      compares_(config.scan.options.compare_resolvers),
      batch_(std::move(batch)),
      steps_(std::move(steps)),
      zones_(std::move(zones)) {
  facts_.asked = iterative_ ? scanner::AskedWhom::kAuthorities
                            : scanner::AskedWhom::kResolvers;
  facts_.soa = std::move(soa);
  facts_.you = config.holders.you;
  facts_.listed = config.holders.providers;
  FindChain();
  TakeZones();
}

// The PTR question of the address itself, as a scan asks it: not those of other
// addresses of its name, nor what only asks whether validation failed.
bool Explained::IsOwnPtr(const Step& step) const {
  return step.about == Step::About::kPtr && !step.unvalidated &&
         step.subject == dnswire::ReverseName(row().ip).ToText();
}

// That of the answer which became the row.
void Explained::FindChain() {
  const io::Row& row = batch_->rows()[0];
  for (const Step& step : steps_) {
    if (!IsOwnPtr(step) || !step.settles) continue;
    if (row.server != step.server) continue;
    chain_.Clear();
    for (const dnswire::Name& name : step.chain) chain_.Add(name);
  }
  facts_.chain = chain_;
}

void Explained::TakeZones() {
  for (const scanner::ZoneRow& zone : zones_) {
    for (const scanner::ServerEvidence& server : zone.evidence.servers) {
      name_servers_.push_back(server.name);
    }
    if (!ServesNobody(zone.judgement.verdict)) continue;
    const auto texts = ServerTexts(zone.evidence);
    failing_servers_.insert(failing_servers_.end(), texts.begin(), texts.end());
  }
  facts_.name_servers = name_servers_;
  facts_.failing_servers = failing_servers_;
}

std::optional<scanner::ZoneSoa> Explained::soa() const {
  return scanner::SoaOf(reading());
}

std::vector<ResolverAnswer> Explained::ResolverAnswers() const {
  std::vector<ResolverAnswer> answers;
  for (const io::Endpoint& resolver : resolvers_) {
    const Step* told = nullptr;
    for (const Step& step : steps_) {
      if (!IsOwnPtr(step) || step.server != resolver) continue;
      if (told == nullptr || step.settles || !told->settles) told = &step;
    }
    if (told == nullptr) continue;
    answers.push_back({.server = resolver,
                       .text = told->values.empty()
                                   ? told->outcome
                                   : absl::StrJoin(told->values, " ")});
  }
  if (!compares_ || answers.size() < 2) answers.clear();
  return answers;
}

absl::StatusOr<std::unique_ptr<Explained>> Explain(
    const ExplainConfig& config, const dnswire::IpAddress& address,
    scanner::ScanReport* report) {
  const scanner::ScanTargets targets =
      scanner::MakeScanTargets({{address, address}}, {}, config.labels);
  auto batch = std::make_unique<io::RowBatch>();
  KeptRows sink(batch.get());
  Trace trace;
  scanner::ScanHooks hooks;
  hooks.tried = [&trace](const scanner::SeenTry& seen) { trace.See(seen); };
  auto ran = scanner::RunScan(config.scan.options, targets, &sink, hooks);
  if (!ran.ok()) return ran.status();
  *report = *std::move(ran);
  if (batch->size() == 0) return std::unique_ptr<Explained>();
  auto soa = AskForSoa(config, batch->rows()[0]);
  if (!soa.ok()) return soa.status();
  auto zones = AuditBlock(config, address);
  if (!zones.ok()) return zones.status();
  return std::make_unique<Explained>(config, std::move(batch), trace.steps(),
                                     *std::move(soa), *std::move(zones));
}

}  // namespace tools
