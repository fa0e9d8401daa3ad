#include "scanner/engine/canary_keeper.h"

#include <algorithm>
#include <bit>

#include "dnswire/reverse.h"
#include "dnswire/wire.h"

namespace scanner {
namespace {

uint16_t TypeOf(CanaryKind kind) {
  switch (kind) {
    case CanaryKind::kPtr:
    case CanaryKind::kMustNotPtr:
      return dnswire::kTypePtr;
    case CanaryKind::kSoa:
      return dnswire::kTypeSoa;
    case CanaryKind::kMustNotA:
      return dnswire::kTypeA;
  }
  return dnswire::kTypePtr;
}

bool HoldsName(const dnswire::Message& message, const dnswire::Answer& answer,
               dnswire::NameView name) {
  bool found = false;
  ForEachDataRecord(message, {.type = dnswire::kTypePtr}, answer,
                    [&](const dnswire::Record& record) {
                      found |= message.NameEquals(record.rdata_at, name);
                    });
  return found;
}

CanaryResult ResultOf(const CanaryProbe& probe, const dnswire::Message& message,
                      const dnswire::Answer& answer) {
  const bool data = answer.outcome == dnswire::Outcome::kData;
  bool good = data;
  switch (probe.kind) {
    case CanaryKind::kPtr:
      good = data && HoldsName(message, answer, probe.name);
      break;
    case CanaryKind::kSoa:
      break;
    case CanaryKind::kMustNotPtr:
    case CanaryKind::kMustNotA:
      good = !data;
      break;
  }
  return good ? CanaryResult::kGood : CanaryResult::kDenied;
}

ServerIndex ServerOf(const Question& question) {
  return static_cast<ServerIndex>(std::countr_zero(question.pinned));
}

}  // namespace

CanaryKeeper::CanaryKeeper(const ScanOptions& options,
                           std::span<Server> servers, io::SecureRandom* random,
                           Asker* asker, Stats* stats)
    : servers_(servers), asker_(asker), stats_(stats) {
  for (const KnownPtr& known : options.known_ptrs) {
    names_.Configure(known.address, known.name);
  }
  knows_names_ = !options.known_ptrs.empty();
  watched_.reserve(servers.size());
  for (size_t i = 0; i < servers.size(); ++i) {
    watched_.emplace_back(&names_, random->U64());
  }
}

// Who answers names that do not exist may have made this one up.
void CanaryKeeper::LearnPtr(ServerIndex server,
                            const dnswire::IpAddress& address,
                            dnswire::NameView name) {
  const CanaryWatch& watch = watched_[server].watch;
  if (watch.rewriting() || !watch.must_nots_done()) return;
  names_.Learn(address, name);
  knows_names_ = true;
}

void CanaryKeeper::LearnApex(dnswire::NameView apex) {
  names_.LearnApex(apex);
  knows_names_ = true;
}

uint32_t CanaryKeeper::EpochOf(ServerMask servers) const {
  uint64_t epoch = 0;
  for (; servers != 0; servers &= servers - 1) {
    epoch +=
        watched_[static_cast<size_t>(std::countr_zero(servers))].watch.epoch();
  }
  return static_cast<uint32_t>(epoch);
}

void CanaryKeeper::Hold(uint32_t lookup, ServerIndex server, io::TimeNs now) {
  Watched& watched = watched_[server];
  if (lookup >= numbers_.size()) numbers_.resize(lookup + 1);
  numbers_[lookup] = watched.watch.Hold(now);
  watched.held.PushBack(&links_, lookup);
  ++held_;
}

bool CanaryKeeper::full() const {
  return std::any_of(
      watched_.begin(), watched_.end(),
      [](const Watched& watched) { return watched.watch.full(); });
}

bool CanaryKeeper::IsLeftAlone(size_t server, io::TimeNs now) const {
  return any_awake_ && !servers_[server].suspension.MaySend(now);
}

void CanaryKeeper::Turn(io::TimeNs now, bool hurry) {
  any_awake_ = std::any_of(
      servers_.begin(), servers_.end(),
      [now](const Server& server) { return server.suspension.MaySend(now); });
  for (size_t i = 0; i < watched_.size(); ++i) {
    Watched& watched = watched_[i];
    if (servers_[i].sent != watched.sent_seen) {
      watched.sent_seen = servers_[i].sent;
      watched.watch.OnSent(now);
    }
    if (hurry || watched.watch.full()) watched.watch.Hurry(now);
    if (IsLeftAlone(i, now)) continue;
    while (const auto probe = watched.watch.TakeProbe(now)) {
      SendProbe(static_cast<ServerIndex>(i), *probe);
    }
  }
  NoteLies(now);
}

void CanaryKeeper::SendProbe(ServerIndex server, const CanaryProbe& probe) {
  watched_[server].probe = probe;
  ++stats_->canaries_sent;
  const dnswire::Name name = probe.kind == CanaryKind::kPtr
                                 ? dnswire::ReverseName(probe.address)
                                 : probe.name;
  asker_->AskCanary(name, TypeOf(probe.kind), server);
}

void CanaryKeeper::NoteLies(io::TimeNs now) {
  bool all = true;
  for (size_t i = 0; i < watched_.size(); ++i) {
    servers_[i].lying = watched_[i].watch.lying(now);
    servers_[i].rewriting = watched_[i].watch.rewriting();
    all &= servers_[i].lying;
  }
  if (all && lying_since_ == io::kNever) lying_since_ = now;
  all_lying_since_ = all ? lying_since_ : io::kNever;
}

std::optional<CanaryKeeper::Ruled> CanaryKeeper::TakeRuled(io::TimeNs now) {
  for (size_t i = 0; i < watched_.size(); ++i) {
    Watched& watched = watched_[i];
    while (!watched.held.empty()) {
      const uint32_t lookup = watched.held.front();
      if (!watched.ruling || numbers_[lookup] >= watched.ruling->below) {
        watched.ruling = watched.watch.TakeRuling(now);
        if (!watched.ruling) break;
        continue;
      }
      watched.held.Remove(&links_, lookup);
      --held_;
      return Ruled{.lookup = lookup,
                   .server = static_cast<ServerIndex>(i),
                   .kind = watched.ruling->kind};
    }
  }
  return std::nullopt;
}

std::optional<uint32_t> CanaryKeeper::TakeAny() {
  for (Watched& watched : watched_) {
    if (watched.held.empty()) continue;
    const uint32_t lookup = watched.held.front();
    watched.held.Remove(&links_, lookup);
    --held_;
    return lookup;
  }
  return std::nullopt;
}

io::TimeNs CanaryKeeper::NextTime() const {
  io::TimeNs next = io::kNever;
  for (size_t i = 0; i < watched_.size(); ++i) {
    io::TimeNs due = watched_[i].watch.NextTime();
    if (any_awake_) due = std::max(due, servers_[i].suspension.ReadyAt());
    next = std::min(next, due);
  }
  return next;
}

void CanaryKeeper::OnAnswer(const Question& question,
                            const dnswire::Message& message,
                            const dnswire::Answer& answer, io::TimeNs now) {
  const CanaryProbe& probe = watched_[ServerOf(question)].probe;
  NoteResult(question, ResultOf(probe, message, answer), now);
}

void CanaryKeeper::OnGaveUp(const Question& question, io::TimeNs now) {
  NoteResult(question, CanaryResult::kUnusable, now);
}

void CanaryKeeper::NoteResult(const Question& question, CanaryResult result,
                              io::TimeNs now) {
  const ServerIndex server = ServerOf(question);
  if (result != CanaryResult::kGood) {
    ++stats_->canaries_failed;
  }
  Watched& watched = watched_[server];
  const bool must_exist = watched.probe.kind == CanaryKind::kPtr ||
                          watched.probe.kind == CanaryKind::kSoa;
  if (must_exist && result == CanaryResult::kGood) lying_since_ = io::kNever;
  const uint64_t epoch = watched.watch.epoch();
  watched.watch.OnResult(result, now);
  epoch_ += static_cast<uint32_t>(watched.watch.epoch() - epoch);
  // The canary's own packets are no activity that would call for another one.
  watched.sent_seen = servers_[server].sent;
}

}  // namespace scanner
