// Part of Engine: who serves a zone that a walk could not enter, and what each
// server says of it, as `zones` tells it (VERDICTS.md section 6). The parent's
// referral has named them, and iteration has looked up their addresses; each is
// asked for the zone's SOA.
#include <algorithm>
#include <iterator>
#include <utility>

#include "scanner/audit/readings.h"
#include "scanner/audit/zone_verdict.h"
#include "scanner/engine/engine.h"
#include "scanner/targets/special_use.h"
#include "scanner/walk/reverse_tree.h"

namespace scanner {
namespace {

constexpr size_t kMaxServers = 13;     // of a zone
constexpr size_t kMaxSurveyed = 1000;  // zones; of others the names are told

}  // namespace

void Engine::SurveyServers(const WalkWork& work, io::TimeNs now) {
  const bool asks =
      !work.names_only && surveyed_ < kMaxSurveyed && !IsRunBudgetSpent();
  const uint32_t index = surveys_.Acquire();
  surveys_[index] = {.tag = work.tag, .apex = work.name};
  Survey& survey = surveys_[index];
  for (const auto& from : delegation_->NameServersOf(work.name, now)) {
    const size_t before = survey.servers.size();
    if (asks) AddServers(from, &survey.servers);
    if (survey.servers.size() == before) {
      survey.unasked.push_back(from.name.ToText());
    }
  }
  if (survey.servers.empty() && survey.unasked.empty()) {
    AddTransferredNames(work.name, &survey.unasked);
  }
  if (survey.servers.size() > kMaxServers) survey.servers.resize(kMaxServers);
  if (asks) ++surveyed_;
  survey.open = 1;  // so that it does not end before all are asked
  for (size_t i = 0; i < survey.servers.size(); ++i) AskServer(index, i, now);
  EndSurvey(index);
}

// A parent that was transferred has not been asked, and referred nowhere.
void Engine::AddTransferredNames(dnswire::NameView apex,
                                 std::vector<std::string>* names) const {
  const auto node = ReverseTree().NodeOf(apex);
  if (transferred_->empty() || !node || node->depth == 0) return;
  const TransferredZone* const parent =
      transferred_->Find(node->Above().prefix());
  if (parent == nullptr) return;
  parent->image->ForEachNs(apex, [names](dnswire::NameView host) {
    dnswire::Name name(host);
    name.Lower();
    names->push_back(name.ToText());
  });
}

void Engine::AddServers(const DelegationRoute::NameServer& from,
                        std::vector<ServerEvidence>* servers) const {
  using Has = DelegationRoute::NameServer::Has;
  ServerEvidence server = {.name = from.name.ToText()};
  if (from.has == Has::kNone || from.has == Has::kFailed) {
    server.result = from.has == Has::kNone ? ServerResult::kUnresolvable
                                           : ServerResult::kLookupFailed;
    servers->push_back(server);
  }
  for (const dnswire::IpAddress& address : from.addresses) {
    const bool routable =
        address.is_v4() ? options_.transport_v4 : options_.transport_v6;
    if (!routable) continue;
    const bool forbidden =
        IsSpecialUse(address) && !options_.allow_special_servers;
    server.address = address;
    server.result =
        forbidden ? ServerResult::kSpecialUse : ServerResult::kTimeout;
    servers->push_back(server);
  }
}

// One that there is no place for counts as silent.
void Engine::AskServer(uint32_t index, size_t server, io::TimeNs now) {
  Survey& survey = surveys_[index];
  const ServerEvidence& asked = survey.servers[server];
  if (asked.result != ServerResult::kTimeout) return;
  const auto aside = delegation_->SetAside(survey.apex, *asked.address, now);
  if (!aside) return;
  ++survey.open;
  const uint32_t check = server_checks_.Acquire();
  server_checks_[check] = {.survey = index, .server = server, .aside = *aside};
  asker_->AskServer(survey.apex, dnswire::kTypeSoa, check, *aside, {});
}

void Engine::OnServer(uint32_t index, const ServerEvidence& read) {
  const ServerCheck check = server_checks_[index];
  server_checks_.Release(index);
  delegation_->PutBack(check.aside);
  ServerEvidence& server = surveys_[check.survey].servers[check.server];
  server.result = read.result;
  server.cause = read.cause;
  EndSurvey(check.survey);
}

void Engine::EndSurvey(uint32_t index) {
  Survey& survey = surveys_[index];
  if (--survey.open > 0 || abandoning_) return;
  std::vector<std::string> texts;
  for (const ServerEvidence& server : survey.servers) {
    texts.push_back(ServerText(server));
  }
  std::move(survey.unasked.begin(), survey.unasked.end(),
            std::back_inserter(texts));
  const uint32_t tag = survey.tag;
  surveys_.Release(index);
  walk_->OnServers(tag, std::move(texts));
}

}  // namespace scanner
