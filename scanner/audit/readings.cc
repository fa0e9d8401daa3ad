#include "scanner/audit/readings.h"

#include <algorithm>

#include "dnswire/wire.h"
#include "scanner/asking/response.h"
#include "scanner/verdict/cause_order.h"

namespace scanner {
namespace {

using dnswire::Answer;
using dnswire::Message;
using dnswire::NameView;
using dnswire::Outcome;

struct SoaRecords {
  size_t count = 0;
  ZoneSoa soa;
  uint32_t serial = 0;
};

SoaRecords ReadSoas(const Message& message, const Answer& answer) {
  SoaRecords found;
  ForEachDataRecord(message, {.type = dnswire::kTypeSoa}, answer,
                    [&](const dnswire::Record& record) {
                      ++found.count;
                      const dnswire::Soa soa = message.ReadSoa(record);
                      found.serial = soa.serial;
                      found.soa.owner = answer.last_name;
                      message.ReadLowerName(soa.mname_at, &found.soa.mname);
                      message.ReadLowerName(soa.rname_at, &found.soa.rname);
                    });
  return found;
}

bool HasOddSoa(NameView zone, const Answer& answer) {
  return answer.has_soa && zone.IsBelow(answer.soa_owner);
}

}  // namespace

Visit ReadVisit(NameView name, NameView asked_zone, bool followed,
                const Message& message, const Answer& answer) {
  Visit visit;
  if (followed || !answer.chain.empty()) return visit;
  if (answer.outcome == Outcome::kData) {
    visit.kind = Visit::Kind::kApex;
    visit.zone.emplace(name);
    visit.soa = ReadSoas(message, answer).soa;
    return visit;
  }
  visit.odd_soa = HasOddSoa(asked_zone, answer);
  const bool credible =
      answer.has_soa && !visit.odd_soa && name.IsAtOrBelow(answer.soa_owner);
  visit.zone.emplace(credible ? answer.soa_owner.view() : asked_zone);
  if (credible) {
    visit.soa = {.owner = answer.soa_owner,
                 .mname = answer.soa_mname,
                 .rname = answer.soa_rname};
  }
  if (visit.zone->view().Equals(name)) {
    visit.kind = Visit::Kind::kApex;
  } else if (answer.outcome == Outcome::kNxdomain && credible &&
             answer.authoritative) {
    visit.kind = Visit::Kind::kDenied;
  }
  return visit;
}

ServerEvidence ReadServer(NameView apex, const Message& message,
                          const Answer& answer, std::optional<ZoneSoa>* soa) {
  ServerEvidence server;
  server.recursive = message.header().ra;
  server.odd_soa = HasOddSoa(apex, answer);
  server.result =
      answer.authoritative ? ServerResult::kNoSoa : ServerResult::kNotAuth;
  switch (answer.outcome) {
    case Outcome::kData: {
      const SoaRecords found = ReadSoas(message, answer);
      if (!answer.authoritative || !answer.chain.empty() || found.count != 1) {
        break;
      }
      server.result = ServerResult::kOk;
      server.serial = found.serial;
      *soa = found.soa;
      break;
    }
    case Outcome::kNxdomain:
      server.result = ServerResult::kNxdomain;
      break;
    case Outcome::kNodata:
    case Outcome::kFollow:
    case Outcome::kReferral:
    case Outcome::kLame:
      break;
    default:
      server.result = ServerResult::kError;
      server.cause = ReactionTo(answer, false, true).cause;
  }
  return server;
}

ServerEvidence ReadFailure(const Question& question) {
  ServerEvidence server;
  const io::Cause cause = DecidingCause(question.seen, question.responded);
  const bool silent =
      cause == io::Cause::kTimeout || cause == io::Cause::kAllNsUnreachable;
  if (silent) return server;
  server.result = ServerResult::kError;
  server.cause = cause;
  return server;
}

std::optional<ZoneSoa> ReadZoneSoa(const Message& message,
                                   const Answer& answer) {
  if (answer.outcome == Outcome::kData) return ReadSoas(message, answer).soa;
  const bool denied = answer.outcome == Outcome::kNxdomain ||
                      answer.outcome == Outcome::kNodata;
  if (!denied || !answer.has_soa) return std::nullopt;
  return ZoneSoa{.owner = answer.soa_owner,
                 .mname = answer.soa_mname,
                 .rname = answer.soa_rname};
}

std::vector<std::string> ReadNsNames(const Message& message,
                                     const Answer& answer) {
  std::vector<std::string> names;
  if (answer.outcome != Outcome::kData) return names;
  ForEachDataRecord(message, {.type = dnswire::kTypeNs}, answer,
                    [&](const dnswire::Record& record) {
                      dnswire::Name name;
                      message.ReadName(record.rdata_at, &name);
                      names.push_back(name.ToText());
                    });
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace scanner
