#include "scanner/audit/zone_auditor.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "dnswire/reverse.h"
#include "dnswire/wire.h"
#include "scanner/verdict/cause_order.h"

namespace scanner {
namespace {

using dnswire::Answer;
using dnswire::Message;
using dnswire::NameView;

// Questions of one kind under way: enough to keep slow servers from holding up
// the rest, too few for anybody to notice.
constexpr size_t kMaxVisiting = 128;
constexpr size_t kMaxAsking = 32;  // zones
constexpr uint8_t kProbes = 2;     // addresses below a denied name

bool IsReverseName(NameView name) {
  return name.IsAtOrBelow(dnswire::InAddrArpa()) ||
         name.IsAtOrBelow(dnswire::Ip6Arpa());
}

// A target's question followed an alias: it began with another name.
bool WasFollowed(const Question& question) { return question.names.size() > 1; }

}  // namespace

absl::StatusOr<std::unique_ptr<ZoneAuditor>> ZoneAuditor::Create(
    const ScanOptions& options, AuditOptions audit, const TargetSet& targets,
    io::EventLoop* loop) {
  std::unique_ptr<ZoneAuditor> auditor(
      new ZoneAuditor(options, std::move(audit), targets, loop));
  ZoneAuditor* const self = auditor.get();
  auto asker = Asker::Create(self->options_, loop, &self->route_, &self->route_,
                             &self->random_, &self->stats_, self);
  if (!asker.ok()) return asker.status();
  self->asker_ = *std::move(asker);
  self->route_.Connect(self->asker_.get());
  self->route_.OnEachReferral(
      [self](const Referral& referral, NameView parent) {
        self->OnReferral(referral, parent);
      });
  return auditor;
}

ZoneAuditor::ZoneAuditor(const ScanOptions& options, AuditOptions audit,
                         const TargetSet& targets, io::EventLoop* loop)
    : options_(options),
      audit_(std::move(audit)),
      tree_(targets),
      loop_(loop),
      route_(options_, &random_),
      ledger_(&tree_, audit_.you, audit_.providers) {}

ZoneAuditor::~ZoneAuditor() = default;

// ---- the turn

ZoneAuditor::End ZoneAuditor::Run() {
  std::vector<dnswire::IpPrefix> roots = tree_.Roots();
  for (size_t i = roots.size(); i-- > 0;) {
    const uint32_t node = nodes_.Acquire();
    nodes_[node] = {.prefix = roots[i]};
    to_visit_.push_back(node);
  }
  loop_->OnTurn([this] { Turn(); });
  loop_->WakeAt(io::EventLoop::Now());
  loop_->Run();
  asker_->FinishStats();
  return end_;
}

void ZoneAuditor::Turn() {
  const io::TimeNs now = io::EventLoop::Now();
  const bool more = asker_->Receive(now);
  asker_->Advance(now);
  asker_->Expire(now);
  StartVisits();
  StartInquiries();
  asker_->SendReady(now);
  asker_->Flush();
  if (asker_->outage() == OutageWatch::State::kGivenUp || route_.IsLost(now)) {
    end_ = End::kUnheard;
  }
  if (end_ != End::kDone || IsDone()) return loop_->Stop();
  loop_->WakeAt(more ? now : asker_->NextWake(now, false));
}

bool ZoneAuditor::IsDone() const {
  return to_visit_.empty() && to_ask_.empty() && jobs_.in_use() == 0;
}

void ZoneAuditor::StartVisits() {
  while (!to_visit_.empty() && visiting_ < kMaxVisiting &&
         asker_->outage() != OutageWatch::State::kOut) {
    const uint32_t node = to_visit_.back();
    to_visit_.pop_back();
    ++visiting_;
    AskVisit(node, false);
  }
}

void ZoneAuditor::StartInquiries() {
  while (!to_ask_.empty() && asking_ < kMaxAsking &&
         asker_->outage() != OutageWatch::State::kOut) {
    const RecordIndex zone = to_ask_.front();
    to_ask_.pop_front();
    ++asking_;
    NextStep(zone);
  }
}

// ---- jobs

uint32_t ZoneAuditor::NewJob(const Job& job) {
  const uint32_t index = jobs_.Acquire();
  jobs_[index] = job;
  return index;
}

const ZoneAuditor::Job& ZoneAuditor::JobOf(uint32_t question) {
  return jobs_[asker_->question(question).payer];
}

// What is asked on the way is paid by the zone above.
bool ZoneAuditor::SpendPacket(uint32_t question) {
  const Job& job = JobOf(question);
  RecordIndex zone = job.zone;
  if (job.node != kNil) zone = nodes_[job.node].parent;
  if (zone != kNoRecord) ++ledger_[zone].queries;
  return true;
}

void ZoneAuditor::OnAnswer(uint32_t question_index, const Message& message,
                           const Answer& answer, const Responder&) {
  const Question& question = asker_->question(question_index);
  const uint32_t job_index = question.payer;
  const Job job = jobs_[job_index];
  jobs_.Release(job_index);
  const bool is_data = answer.outcome == dnswire::Outcome::kData;
  switch (job.kind) {
    case Job::Kind::kVisit:
      return OnVisit(question_index, job.node, message, answer);
    case Job::Kind::kProbe:
      nodes_[job.node].found |= answer.outcome != dnswire::Outcome::kNxdomain;
      return EndProbe(job.node);
    case Job::Kind::kNsSet:
      return OnNsSet(job.zone, WasFollowed(question) || !answer.chain.empty()
                                   ? std::vector<std::string>()
                                   : ReadNsNames(message, answer));
    case Job::Kind::kHost:
      OnHost(job.host, message, answer, question.type,
             WasFollowed(question) || !answer.chain.empty());
      return EndHost(job.host);
    case Job::Kind::kServer: {
      std::optional<ZoneSoa> soa;
      const ServerEvidence read =
          ReadServer(ledger_[job.zone].apex, message, answer, &soa);
      if (soa) ledger_[job.zone].evidence.soa = soa;
      return OnServer(job, read, question.retry.plain != 0);
    }
    case Job::Kind::kMadeUp:
      ledger_[job.zone].evidence.wildcard |= is_data;
      return EndJobOf(job.zone);
    case Job::Kind::kMadeUpV6:
      if (is_data) ++inquiries_[job.zone].made_up;
      return EndJobOf(job.zone);
  }
}

void ZoneAuditor::OnGaveUp(uint32_t question_index, bool final) {
  const Question& question = asker_->question(question_index);
  const uint32_t job_index = question.payer;
  const Job job = jobs_[job_index];
  jobs_.Release(job_index);
  switch (job.kind) {
    case Job::Kind::kVisit:
      return OnVisitFailed(question, job.node, final);
    case Job::Kind::kProbe:
      nodes_[job.node].certain = false;
      return EndProbe(job.node);
    case Job::Kind::kNsSet:
      inquiries_[job.zone].seen.Add(
          DecidingCause(question.seen, question.responded));
      return OnNsSet(job.zone, {});
    case Job::Kind::kHost:
      // A name below a zone without servers has no address, that is certain.
      hosts_[job.host].uncertain |=
          DecidingCause(question.seen, question.responded) !=
          io::Cause::kNsUnresolvable;
      return EndHost(job.host);
    case Job::Kind::kServer:
      return OnServer(job, ReadFailure(question), false);
    case Job::Kind::kMadeUp:
    case Job::Kind::kMadeUpV6:
      return EndJobOf(job.zone);
  }
}

// Kept of reverse names only: what else is met on the way are name servers'.
void ZoneAuditor::OnReferral(const Referral& referral, NameView parent) {
  if (!IsReverseName(referral.apex)) return;
  Known& known = known_[referral.apex.ToText()];
  known = {.parent = dnswire::Name(parent)};
  for (const NameView host : referral.hosts.view()) {
    known.ns.push_back(host.ToText());
  }
  for (const Referral::Glue& glue : referral.glue) {
    known.glue.emplace_back(known.ns[glue.host], glue.address);
  }
  std::sort(known.ns.begin(), known.ns.end());
}

// ---- visits

void ZoneAuditor::AskVisit(uint32_t node, bool late) {
  const uint32_t job = NewJob({.kind = Job::Kind::kVisit, .node = node});
  asker_->AskForward(dnswire::ReverseZoneName(nodes_[node].prefix),
                     dnswire::kTypeSoa, job, late);
}

// A zone begins at the name: its parent has said so, or its servers.
bool ZoneAuditor::IsCut(NameView name, const Question& question) const {
  const auto apex = asker_->ApexOf(question);
  return (apex && apex->Equals(name)) || known_.contains(name.ToText());
}

void ZoneAuditor::OnVisit(uint32_t question_index, uint32_t node,
                          const Message& message, const Answer& answer) {
  const Question& question = asker_->question(question_index);
  const dnswire::Name name = dnswire::ReverseZoneName(nodes_[node].prefix);
  const dnswire::Name asked(asker_->ApexOf(question).value_or(NameView()));
  Visit visit = ReadVisit(name, asked, WasFollowed(question), message, answer);
  if (IsCut(name, question)) {
    visit.kind = Visit::Kind::kApex;
    visit.zone = name;
  }
  const RecordIndex parent = nodes_[node].parent;
  const RecordIndex zone = visit.zone ? Touch(*visit.zone, parent) : parent;
  if (zone == kNoRecord) return Descend(node, Touch(asked, parent), true);
  ledger_.AddAncestor(zone, asked);
  if (visit.soa && visit.soa->owner.view().Equals(ledger_[zone].apex)) {
    ledger_[zone].evidence.soa = visit.soa;
  }
  ledger_[zone].evidence.odd_soa |= visit.odd_soa;
  if (visit.kind == Visit::Kind::kDenied) return Deny(node, zone);
  Descend(node, zone, true);
}

// Nobody was heard, or those who were do not serve the zone.
void ZoneAuditor::OnVisitFailed(const Question& question, uint32_t node,
                                bool final) {
  const dnswire::Name name = dnswire::ReverseZoneName(nodes_[node].prefix);
  const RecordIndex parent = nodes_[node].parent;
  if (IsCut(name, question)) {
    return GiveBlocks(node, Touch(name, parent), true);
  }
  if (!final && !question.responded && !nodes_[node].again) {
    nodes_[node].again = true;
    return AskVisit(node, true);
  }
  const auto apex = asker_->ApexOf(question);
  const RecordIndex zone = apex && IsReverseName(*apex) ? Touch(*apex, parent)
                           : parent != kNoRecord
                               ? parent
                               : Touch(name.view().Suffix(2), kNoRecord);
  const io::Cause cause = DecidingCause(question.seen, question.responded);
  for (const dnswire::IpRange& part : tree_.PartsOf(nodes_[node].prefix)) {
    ledger_[zone].failed[cause].push_back(part);
  }
  ledger_[zone].time_us = absl::GetCurrentTimeNanos() / 1000;
  --visiting_;
  nodes_.Release(node);
  Consider(zone);
}

RecordIndex ZoneAuditor::Touch(NameView apex, RecordIndex parent) {
  const RecordIndex zone = ledger_.Get(apex);
  if (zone == inquiries_.size()) inquiries_.emplace_back();
  ZoneEvidence& evidence = ledger_[zone].evidence;
  const auto known = known_.find(evidence.zone);
  if (parent != kNoRecord) ledger_.AddAncestor(zone, ledger_[parent].apex);
  if (known != known_.end()) {
    ledger_.AddAncestor(zone, known->second.parent);
    evidence.parent_ns = known->second.ns;
  }
  Consider(zone);
  return zone;
}

void ZoneAuditor::Consider(RecordIndex zone) {
  if (!ledger_.IsToBeAsked(zone)) return;
  ledger_[zone].asked = true;
  to_ask_.push_back(zone);
}

void ZoneAuditor::Deny(uint32_t node, RecordIndex zone) {
  nodes_[node].zone = zone;
  switch (options_.prune) {
    case Prune::kTrust:
      return GiveBlocks(node, zone, false);
    case Prune::kOff:
      return Descend(node, zone, false);
    case Prune::kVerify:
      break;
  }
  nodes_[node].probes = kProbes;
  for (uint8_t i = 0; i < kProbes; ++i) AskProbe(node);
}

void ZoneAuditor::AskProbe(uint32_t node) {
  const uint32_t job = NewJob({.kind = Job::Kind::kProbe, .node = node});
  asker_->AskForward(dnswire::ReverseName(RandomAddress(nodes_[node].prefix)),
                     dnswire::kTypePtr, job, false);
}

// What did not answer is no proof of anything: then all is visited.
void ZoneAuditor::EndProbe(uint32_t index) {
  Node& node = nodes_[index];
  if (--node.probes > 0) return;
  if (node.found) ledger_[node.zone].evidence.denies_empty = true;
  if (node.found || !node.certain) return Descend(index, node.zone, false);
  GiveBlocks(index, node.zone, false);
}

// On to the names below; a block has none.
void ZoneAuditor::Descend(uint32_t node, RecordIndex zone, bool exists) {
  const std::vector<dnswire::IpPrefix> children =
      tree_.Children(nodes_[node].prefix);
  if (children.empty()) return GiveBlocks(node, zone, exists);
  for (size_t i = children.size(); i-- > 0;) {
    const uint32_t child = nodes_.Acquire();
    nodes_[child] = {.prefix = children[i], .parent = zone};
    to_visit_.push_back(child);
  }
  --visiting_;
  nodes_.Release(node);
}

// The zone is the deepest one for all targets below the node.
void ZoneAuditor::GiveBlocks(uint32_t node, RecordIndex zone, bool exists) {
  const dnswire::IpPrefix prefix = nodes_[node].prefix;
  ZoneRecord& record = ledger_[zone];
  auto& blocks =
      exists && !prefix.first().is_v4() ? record.existing : record.denied;
  for (const dnswire::IpRange& part : tree_.PartsOf(prefix)) {
    blocks.push_back(part);
  }
  record.time_us = absl::GetCurrentTimeNanos() / 1000;
  --visiting_;
  nodes_.Release(node);
  Consider(zone);
}

dnswire::IpAddress ZoneAuditor::RandomAddress(const dnswire::IpPrefix& prefix) {
  const int host_bits = prefix.first().bits() - prefix.length();
  absl::uint128 host = absl::MakeUint128(random_.U64(), random_.U64());
  if (host_bits < 128) host &= (absl::uint128{1} << host_bits) - 1;
  return prefix.first().WithValue(prefix.first().value() | host);
}

}  // namespace scanner
