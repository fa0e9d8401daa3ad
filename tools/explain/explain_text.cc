#include "tools/explain/explain_text.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dnswire/reverse.h"
#include "io/formats/carried_text.h"
#include "scanner/advice/flag_text.h"
#include "scanner/advice/holder.h"
#include "scanner/advice/receivers.h"
#include "scanner/advice/status_text.h"
#include "scanner/advice/ticket.h"
#include "scanner/verdict/actor.h"
#include "tools/explain/dig_command.h"
#include "tools/explain/name_notes.h"

namespace tools {
namespace {

using scanner::RowReading;
using About = Step::About;

// Items of a step: the first has its label, the others hang below it.
class ItemPrinter {
 public:
  ItemPrinter(absl::string_view label, Paper* paper)
      : label_(label), paper_(paper) {}

  void Line(absl::string_view text) {
    if (first_) {
      paper_->Item(label_, text);
    } else {
      paper_->More(text);
    }
    first_ = false;
  }

 private:
  const absl::string_view label_;
  Paper* const paper_;
  bool first_ = true;
};

void PrintCommand(const std::optional<std::string>& command, Paper* paper) {
  if (command) {
    paper->Command(*command);
  } else {
    paper->More("name not printed as a command");
  }
}

// One line for a packet, and one for each alias that its response followed.
// What was asked is said where it is not the subject's `type`.
void PrintStep(const Step& step, absl::string_view type,
               absl::string_view indent, ItemPrinter* out) {
  const bool other = step.name != step.subject || step.type != type ||
                     step.about == About::kServers;
  out->Line(absl::StrCat(
      indent, other ? absl::StrCat(step.name, " ", step.type, ": ") : "",
      StepText(step)));
  absl::string_view from = step.name;
  for (const std::string& alias : step.aliases) {
    out->Line(absl::StrCat(indent, "  ", from, " is an alias of ", alias));
    from = alias;
  }
}

// A command for each question and server of these steps, once.
void PrintCommands(const std::vector<Step>& steps, const Explained& explained,
                   Paper* paper) {
  const io::Row& row = explained.row();
  const std::string qname = dnswire::ReverseName(row.ip).ToText();
  std::vector<std::string> printed;
  for (const Step& step : steps) {
    const bool recursion = !explained.iterative();
    const auto command =
        step.name == qname && step.type == "PTR"
            ? std::optional(DigReverse(row.ip, step.server, recursion))
            : DigCommand({.name = step.name,
                          .type = step.type,
                          .server = step.server,
                          .recursion = recursion,
                          .tcp = step.tcp});
    const std::string key = command.value_or("");
    if (step.about == About::kServers) continue;
    if (std::find(printed.begin(), printed.end(), key) != printed.end()) {
      continue;
    }
    printed.push_back(key);
    PrintCommand(command, paper);
  }
}

void PrintPtr(const Explained& explained, Paper* paper) {
  const io::Row& row = explained.row();
  const std::vector<Step> steps =
      Trace::StepsFor(explained.steps(), explained.reading().qname().ToText(),
                      row.forward.empty());
  if (steps.empty()) return;
  ItemPrinter out("2 PTR", paper);
  for (const Step& step : steps) PrintStep(step, "PTR", "", &out);
  for (const ResolverAnswer& answer : explained.ResolverAnswers()) {
    out.Line(absl::StrCat(answer.server.ToString(), " says: ", answer.text));
  }
  PrintCommands(steps, explained, paper);
  if (explained.iterative()) return;
  for (const std::string& command :
       OtherReverseCommands(row.ip, row.server.value_or(steps[0].server))) {
    paper->Command(command);
  }
}

void PrintZone(const Explained& explained, Paper* paper) {
  const io::Row& row = explained.row();
  const auto soa = explained.soa();
  if (!soa && !row.zone) return;
  const std::string zone = soa ? soa->owner.ToText() : row.zone->ToText();
  ItemPrinter out("3 zone", paper);
  out.Line(soa ? absl::StrCat(zone, ", MNAME ", soa->mname.ToText(), ", RNAME ",
                              soa->rname.ToText())
               : zone);
  out.Line(absl::StrCat("who can change it: ",
                        ProviderText(HolderOf(explained.reading()))));
  if (row.server) {
    const std::string name = explained.reading().qname().ToText();
    PrintCommand(DigCommand({.name = name,
                             .type = "SOA",
                             .server = *row.server,
                             .recursion = !explained.iterative()}),
                 paper);
  }
  for (const scanner::ZoneRow& audited : explained.zones()) {
    out.Line(absl::StrCat(audited.evidence.zone, " is ",
                          ZoneVerdictName(audited.judgement.verdict), ": ",
                          absl::StrJoin(ServerTexts(audited.evidence), ", ")));
    const std::string fix = FixText(audited);
    if (!fix.empty()) out.Line(fix);
  }
}

void PrintNames(const RowReading& reading, Paper* paper) {
  const std::vector<NameNote> notes = NotesOnNames(reading);
  const std::string expected = ExpectedText(reading);
  if (notes.empty() && expected.empty()) return;
  const auto usable =
      std::count_if(notes.begin(), notes.end(),
                    [](const NameNote& note) { return note.usable; });
  ItemPrinter out("4 names", paper);
  out.Line(absl::StrCat(
      notes.empty() ? "none"
                    : absl::StrCat(usable, " of ", notes.size(), " usable"),
      expected.empty() ? "" : "; ", expected));
  for (const NameNote& note : notes) {
    if (note.reason.empty()) continue;
    out.Line(absl::StrCat(note.name, ": ", note.reason));
  }
}

// "mail.example.com A 192.0.2.99: differs".
std::string ForwardText(const RowReading& reading,
                        const io::ForwardItem& item) {
  std::string text = absl::StrCat(item.name.ToText(), " ", reading.type());
  for (const dnswire::IpAddress& address : item.addresses) {
    absl::StrAppend(&text, " ", address.ToString());
  }
  absl::StrAppend(
      &text, ": ", OutcomeText(item),
      reading.row().ptr.Contains(item.name) ? "" : " (the expected name)");
  return text;
}

// What options had asked beside: neither the PTR nor one of the names.
std::vector<Step> StepsBeside(const Explained& explained) {
  const std::string qname = explained.reading().qname().ToText();
  const auto items = explained.row().forward;
  std::vector<Step> steps;
  for (const Step& step : explained.steps()) {
    const bool is_item = std::any_of(
        items.begin(), items.end(), [&step](const io::ForwardItem& item) {
          return item.name.ToText() == step.subject;
        });
    if (step.about == About::kServers || step.subject == qname || is_item) {
      continue;
    }
    steps.push_back(step);
  }
  return steps;
}

void PrintForward(const Explained& explained, Paper* paper) {
  const io::Row& row = explained.row();
  const RowReading reading = explained.reading();
  ItemPrinter out("5 forward", paper);
  for (const io::ForwardItem& item : row.forward) {
    const std::string name = item.name.ToText();
    out.Line(ForwardText(reading, item));
    const bool last = &item == &row.forward.back();
    const std::vector<Step> steps =
        Trace::StepsFor(explained.steps(), name, last);
    for (const Step& step : steps) {
      PrintStep(step, reading.type(), "  ", &out);
    }
    PrintCommands(steps, explained, paper);
  }
  for (const Step& step : StepsBeside(explained)) {
    PrintStep(step, "", "", &out);
  }
}

void PrintVerdict(const Explained& explained, Paper* paper) {
  const io::Row& row = explained.row();
  paper->Item("6 verdict", scanner::RuleText(row.status));
  paper->More(absl::StrCat(row.queries,
                           row.queries == 1 ? " query" : " queries", ", seen ",
                           scanner::TicketTime(row.time_us)));
}

void PrintFlags(const RowReading& reading, Paper* paper) {
  ItemPrinter out("7 flags", paper);
  io::ForEachFlagByName(reading.row().flags, [&](io::Flag flag) {
    out.Line(absl::StrCat(io::FlagName(flag), ": ", FlagText(flag, reading)));
  });
}

void PrintReceivers(const io::Row& row, Paper* paper) {
  ItemPrinter out("8 receivers", paper);
  for (const scanner::Prediction& of : scanner::PredictReceivers(row)) {
    out.Line(absl::StrCat(of.receiver, ": ", of.outcome));
  }
  const auto bounces = scanner::BounceTexts(row.status);
  if (bounces.empty()) return;
  out.Line(absl::StrCat("Seen in bounces as: \"",
                        absl::StrJoin(bounces, "\", \""), "\""));
}

void PrintFix(const RowReading& reading, Paper* paper) {
  const io::Row& row = reading.row();
  const std::string fix = FixText(reading);
  const std::string ticket = TicketText(reading);
  if (fix.empty() && ticket.empty()) return;
  paper->Item(ticket.empty() ? "9 fix" : "9 fix, ticket",
              absl::StrCat(scanner::WhoActs(scanner::ActorOf(row)), ": ", fix));
  paper->Block(ticket);
}

void PrintAgain(const io::Row& row, Paper* paper) {
  if (!row.ttl_s) return;
  const int64_t us = row.time_us + int64_t{*row.ttl_s} * 1'000'000;
  paper->Item("10 again",
              absl::StrCat("resolvers may remember this for ", *row.ttl_s,
                           " s: until ", scanner::TicketTime(us)));
}

}  // namespace

void PrintExplained(const Explained& explained, scanner::Profile profile,
                    Paper* paper) {
  const io::Row& row = explained.row();
  const RowReading reading = explained.reading();
  const scanner::Severity severity = RowSeverity(row, profile);
  paper->Title(
      absl::StrCat(reading.ip(), ": ", io::StatusName(row.status),
                   " (iprev=", scanner::IprevResult(row.status), ", ",
                   scanner::SeverityName(severity), ")",
                   row.label.empty() ? "" : " ", io::CarriedText(row.label)),
      severity);
  paper->Paragraph(ExplanationText(reading));
  paper->Item("1 reverse name", reading.qname().ToText());
  PrintPtr(explained, paper);
  PrintZone(explained, paper);
  PrintNames(reading, paper);
  PrintForward(explained, paper);
  PrintVerdict(explained, paper);
  PrintFlags(reading, paper);
  PrintReceivers(row, paper);
  PrintFix(reading, paper);
  PrintAgain(row, paper);
}

void PrintReceiverNotes(Paper* paper) {
  ItemPrinter out("On receivers", paper);
  for (const absl::string_view note : scanner::ReceiverNotes()) out.Line(note);
}

}  // namespace tools
