// Part of Walk: findings that name the servers of a zone, and what each of them
// says. Until that is known they wait.
#include <utility>

#include "scanner/walk/walk.h"

namespace scanner {

// The finding added last.
void Walk::AwaitServers(dnswire::NameView apex) {
  Finding finding = std::move(findings_.back());
  findings_.pop_back();
  NewSurvey({.finding = std::move(finding), .apex = dnswire::Name(apex)});
}

void Walk::NewSurvey(Survey survey) {
  const uint32_t tag = surveys_.Acquire();
  surveys_[tag] = std::move(survey);
  surveys_[tag].open = true;
  to_survey_.push_back(tag);
}

WalkWork Walk::NextSurvey() {
  const uint32_t tag = to_survey_.front();
  to_survey_.pop_front();
  const Survey& survey = surveys_[tag];
  WalkWork work = {.kind = WalkWork::Kind::kServers, .tag = tag};
  work.name = survey.apex;
  work.names_only = survey.finding.kind == FindingKind::kCut;
  return work;
}

void Walk::OnServers(uint32_t tag, std::vector<std::string> servers) {
  Survey& survey = surveys_[tag];
  survey.finding.servers = std::move(servers);
  findings_.push_back(std::move(survey.finding));
  survey.open = false;
  surveys_.Release(tag);
}

}  // namespace scanner
