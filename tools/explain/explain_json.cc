#include "tools/explain/explain_json.h"

#include <optional>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/formats/ndjson_sink.h"
#include "scanner/advice/flag_text.h"
#include "scanner/advice/holder.h"
#include "scanner/advice/receivers.h"
#include "scanner/advice/status_text.h"
#include "scanner/advice/ticket.h"
#include "scanner/verdict/actor.h"
#include "tools/explain/dig_command.h"
#include "tools/explain/json_writer.h"
#include "tools/explain/name_notes.h"

namespace tools {
namespace {

using scanner::RowReading;

absl::string_view AboutText(Step::About about) {
  switch (about) {
    case Step::About::kPtr:
      return "ptr";
    case Step::About::kName:
      return "name";
    case Step::About::kServers:
      break;
  }
  return "servers";
}

void WriteStep(const Step& step, bool recursion, JsonWriter* out) {
  out->Open('{');
  out->Key("about").Text(AboutText(step.about));
  out->Key("subject").Text(step.subject);
  out->Key("name").Text(step.name);
  out->Key("type").Text(step.type);
  out->Key("server").Text(step.server.ToString());
  out->Key("tcp").Bool(step.tcp);
  out->Key("late").Bool(step.late);
  out->Key("answered").Bool(step.answered);
  out->Key("settles").Bool(step.settles);
  out->Key("outcome").Text(step.outcome);
  out->Key("aliases").Array(step.aliases);
  out->Key("values").Array(step.values);
  out->Key("ttl_s");
  if (step.ttl_s) {
    out->Number(*step.ttl_s);
  } else {
    out->Null();
  }
  out->Key("wait_ms").Decimal(step.wait_ms);
  out->Key("command").TextOrNull(DigCommand({.name = step.name,
                                             .type = step.type,
                                             .server = step.server,
                                             .recursion = recursion,
                                             .tcp = step.tcp})
                                     .value_or(""));
  out->Close('}');
}

void WriteSteps(const Explained& explained, JsonWriter* out) {
  out->Key("steps").Open('[');
  for (const Step& step : explained.steps()) {
    WriteStep(step, !explained.iterative(), out);
  }
  out->Close(']');
  out->Key("resolvers").Open('[');
  for (const ResolverAnswer& answer : explained.ResolverAnswers()) {
    out->Open('{');
    out->Key("server").Text(answer.server.ToString());
    out->Key("says").Text(answer.text);
    out->Close('}');
  }
  out->Close(']');
}

void WriteVerdict(const io::Row& row, const RowReading& reading,
                  scanner::Profile profile, JsonWriter* out) {
  out->Key("reverse_name").Text(reading.qname().ToText());
  out->Key("iprev").Text(scanner::IprevResult(row.status));
  out->Key("severity").Text(SeverityName(RowSeverity(row, profile)));
  out->Key("rule").Text(scanner::RuleText(row.status));
  out->Key("explanation").Text(ExplanationText(reading));
  out->Key("actor").Text(scanner::ActorName(scanner::ActorOf(row)));
  out->Key("fix").TextOrNull(FixText(reading));
}

void WriteZone(const Explained& explained, JsonWriter* out) {
  const auto soa = explained.soa();
  out->Key("soa");
  if (soa) {
    out->Open('{');
    out->Key("owner").Text(soa->owner.ToText());
    out->Key("mname").Text(soa->mname.ToText());
    out->Key("rname").Text(soa->rname.ToText());
    out->Close('}');
  } else {
    out->Null();
  }
  const scanner::Provider holder = HolderOf(explained.reading());
  out->Key("provider").TextOrNull(holder.name);
  out->Key("where").Text(holder.where);
  out->Key("zones").Open('[');
  for (const scanner::ZoneRow& zone : explained.zones()) {
    out->Open('{');
    out->Key("zone").Text(zone.evidence.zone);
    out->Key("prefix").Text(zone.prefix.ToString());
    out->Key("verdict").Text(ZoneVerdictName(zone.judgement.verdict));
    out->Key("servers").Array(ServerTexts(zone.evidence));
    out->Key("fix").TextOrNull(FixText(zone));
    out->Close('}');
  }
  out->Close(']');
}

void WriteNames(const RowReading& reading, JsonWriter* out) {
  out->Key("names").Open('[');
  for (const NameNote& note : NotesOnNames(reading)) {
    out->Open('{');
    out->Key("name").Text(note.name);
    out->Key("usable").Bool(note.usable);
    out->Key("asked").Bool(note.asked);
    out->Key("reason").TextOrNull(note.reason);
    out->Close('}');
  }
  out->Close(']');
  out->Key("flag_texts").Open('{');
  io::ForEachFlagByName(reading.row().flags, [&](io::Flag flag) {
    out->Key(io::FlagName(flag)).Text(FlagText(flag, reading));
  });
  out->Close('}');
}

void WriteReceivers(const io::Row& row, JsonWriter* out) {
  out->Key("receivers").Open('{');
  for (const scanner::Prediction& of : scanner::PredictReceivers(row)) {
    out->Key(of.receiver).Text(of.outcome);
  }
  out->Close('}');
  out->Key("bounces").Array(scanner::BounceTexts(row.status));
}

}  // namespace

std::string ExplainedJson(const Explained& explained,
                          scanner::Profile profile) {
  const io::Row& row = explained.row();
  const RowReading reading = explained.reading();
  std::string text;
  io::NdjsonSink::AppendRow(row, &text);
  text.resize(text.find_last_of('}'));
  JsonWriter out(std::move(text));
  WriteVerdict(row, reading, profile, &out);
  WriteSteps(explained, &out);
  WriteZone(explained, &out);
  WriteNames(reading, &out);
  out.Key("expected_text").TextOrNull(ExpectedText(reading));
  WriteReceivers(row, &out);
  out.Key("ticket").TextOrNull(TicketText(reading));
  out.Close('}');
  return absl::StrCat(out.Take(), "\n");
}

}  // namespace tools
