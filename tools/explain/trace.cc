#include "tools/explain/trace.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "dnswire/address_record.h"
#include "dnswire/wire.h"

namespace tools {
namespace {

using dnswire::Answer;
using dnswire::Message;
using dnswire::Outcome;
using scanner::Purpose;
using scanner::Question;
using scanner::SeenTry;

std::string TypeName(uint16_t type) {
  switch (type) {
    case dnswire::kTypeA:
      return "A";
    case dnswire::kTypeAaaa:
      return "AAAA";
    case dnswire::kTypePtr:
      return "PTR";
    case dnswire::kTypeNs:
      return "NS";
    case dnswire::kTypeSoa:
      return "SOA";
    default:
      return absl::StrCat("TYPE", type);
  }
}

std::string RcodeText(const Answer& answer) {
  return absl::StrCat(
      dnswire::RcodeName(answer.rcode),
      answer.dnssec_bogus ? ", it says that DNSSEC validation failed" : "",
      answer.no_reachable_ns ? ", it says that no name server answered" : "");
}

std::string DenialText(absl::string_view rcode, const Answer& answer) {
  return absl::StrCat(rcode, answer.has_soa
                                 ? absl::StrCat(", the denial of zone ",
                                                answer.soa_owner.ToText())
                                 : "");
}

std::string OutcomeText(const SeenTry& seen) {
  const Answer& answer = *seen.answer;
  switch (answer.outcome) {
    case Outcome::kData:
      return "NOERROR";
    case Outcome::kNxdomain:
      return DenialText("NXDOMAIN", answer);
    case Outcome::kNodata:
      return DenialText(
          absl::StrCat("NOERROR without ", TypeName(seen.question.type)),
          answer);
    case Outcome::kFollow:
      return "NOERROR";
    case Outcome::kReferral:
      return absl::StrCat(
          "referral to the servers of ",
          answer.has_ns_owner ? answer.ns_owner.ToText() : "another zone");
    case Outcome::kLame:
      return absl::StrCat(dnswire::RcodeName(answer.rcode),
                          " without an answer (lame)");
    case Outcome::kMalformed:
      return "a response that breaks the DNS format";
    case Outcome::kTruncated:
      return "truncated, asked again by TCP";
    case Outcome::kBlocked:
      return absl::StrCat(RcodeText(answer), ", it says that it blocks this");
    case Outcome::kLoop:
      return "a loop of aliases";
    case Outcome::kChainTooLong:
      return "more than 11 aliases";
    case Outcome::kRcode:
      break;
  }
  return RcodeText(answer);
}

std::string EndText(const SeenTry& seen) {
  switch (seen.end) {
    case SeenTry::End::kAnswered:
      return OutcomeText(seen);
    case SeenTry::End::kTimeout:
      return "no response";
    case SeenTry::End::kUnsent:
      return "not sent";
    case SeenTry::End::kTcpFailed:
      return "TCP failed";
    case SeenTry::End::kUnmatched:
      break;
  }
  return "a reply that does not belong to the question";
}

std::vector<std::string> ValuesOf(const Message& message, const Answer& answer,
                                  uint16_t type) {
  std::vector<std::string> values;
  if (answer.outcome != Outcome::kData) return values;
  ForEachDataRecord(
      message, {.type = type}, answer, [&](const dnswire::Record& record) {
        if (const auto address = dnswire::AddressOf(message, record)) {
          values.push_back(address->ToString());
        } else if (type == dnswire::kTypePtr || type == dnswire::kTypeNs) {
          dnswire::Name name;
          message.ReadName(record.rdata_at, &name);
          values.push_back(name.ToText());
        }
      });
  return values;
}

// What canaries and the like ask is not of the address.
std::optional<Step::About> AboutOf(const Question& question) {
  switch (question.purpose) {
    case Purpose::kTarget:
      return question.type == dnswire::kTypePtr ? Step::About::kPtr
                                                : Step::About::kName;
    case Purpose::kZoneCheck:
      return Step::About::kServers;
    default:
      return std::nullopt;
  }
}

void AddAnswer(const SeenTry& seen, Step* step) {
  const Answer& answer = *seen.answer;
  step->answered = true;
  step->settles = answer.outcome == Outcome::kData ||
                  answer.outcome == Outcome::kNxdomain ||
                  answer.outcome == Outcome::kNodata;
  if (answer.has_ttl && step->settles) step->ttl_s = answer.ttl_s;
  for (const dnswire::NameView name : answer.chain.view()) {
    step->aliases.push_back(name.ToText());
    step->chain.emplace_back(name);
  }
  step->values = ValuesOf(*seen.message, answer, seen.question.type);
}

}  // namespace

void Trace::See(const SeenTry& seen) {
  const Question& question = seen.question;
  const auto about = AboutOf(question);
  if (!about) return;
  Step step = {.about = *about,
               .subject = seen.name.ToText(),
               .name = seen.name.ToText(),
               .type = TypeName(question.type),
               .server = seen.server,
               .tcp = seen.tcp,
               .late = question.late_pass,
               .unvalidated = question.checking_disabled,
               .outcome = EndText(seen),
               .wait_ms = static_cast<double>(seen.waited) / 1e6};
  bool first = true;
  for (const dnswire::NameView name : question.names.view()) {
    if (first) step.subject = name.ToText();
    if (!first) step.chain.emplace_back(name);
    first = false;
  }
  if (seen.answer != nullptr) AddAnswer(seen, &step);
  steps_.push_back(std::move(step));
}

// Whoever waits for a name server is the next to be asked.
std::vector<Step> Trace::StepsFor(const std::vector<Step>& steps,
                                  absl::string_view subject, bool last) {
  std::vector<Step> found;
  std::vector<Step> servers;
  for (const Step& step : steps) {
    if (step.about == Step::About::kServers) {
      servers.push_back(step);
      continue;
    }
    if (step.subject == subject) {
      found.insert(found.end(), servers.begin(), servers.end());
      found.push_back(step);
    }
    servers.clear();
  }
  if (last) found.insert(found.end(), servers.begin(), servers.end());
  return found;
}

std::string StepText(const Step& step) {
  std::string text = step.outcome;
  if (!step.values.empty()) {
    absl::StrAppend(&text, ", ", absl::StrJoin(step.values, " "));
  }
  if (step.ttl_s) absl::StrAppend(&text, ", TTL ", *step.ttl_s);
  absl::StrAppend(&text, step.answered ? ", from " : ", asked ",
                  step.server.ToString(), step.tcp ? " by TCP" : "",
                  step.unvalidated ? " without validation" : "",
                  step.late ? " in the late pass" : "");
  absl::StrAppendFormat(&text, ", %.*f ms", step.wait_ms < 10 ? 1 : 0,
                        step.wait_ms);
  return text;
}

}  // namespace tools
