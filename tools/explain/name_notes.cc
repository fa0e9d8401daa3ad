#include "tools/explain/name_notes.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/advice/cause_text.h"
#include "scanner/advice/flag_text.h"
#include "scanner/verdict/name_rules.h"

namespace tools {
namespace {

using dnswire::NameView;
using scanner::Expectation;
using scanner::RowReading;

// The first reason in the order of VERDICTS.md 4.2, and the flags' names.
std::string UnusableReason(io::FlagSet flags) {
  std::string text;
  io::ForEachFlagByName(flags, [&text](io::Flag flag) {
    absl::StrAppend(&text, text.empty() ? "" : ", ",
                    scanner::UnusableText(flag), " (", io::FlagName(flag), ")");
  });
  return text;
}

NameNote NoteOn(const RowReading& reading, NameView name) {
  const io::Row& row = reading.row();
  NameNote note = {.name = name.ToText()};
  const io::FlagSet flags =
      scanner::UnusableFlags(row.ip, reading.facts().chain, name);
  note.usable = flags.empty();
  note.asked = std::any_of(
      row.forward.begin(), row.forward.end(),
      [name](const io::ForwardItem& item) { return item.name.Equals(name); });
  if (!note.usable) {
    note.reason = UnusableReason(flags);
  } else if (!note.asked) {
    note.reason = row.status == io::Status::kUnconfirmed
                      ? "not asked: --ptr-only"
                      : "not asked: more than --max-names";
  }
  return note;
}

}  // namespace

std::vector<NameNote> NotesOnNames(const RowReading& reading) {
  std::vector<NameNote> notes;
  for (const NameView name : reading.row().ptr) {
    notes.push_back(NoteOn(reading, name));
  }
  return notes;
}

std::string ExpectedText(const RowReading& reading) {
  const Expectation& expected = reading.expected();
  switch (expected.kind()) {
    case Expectation::Kind::kNone:
      return "";
    case Expectation::Kind::kNoPtr:
      return "expected: no PTR";
    case Expectation::Kind::kHostName:
    case Expectation::Kind::kBelow:
      break;
  }
  bool found = false;
  for (const NameView name : reading.row().ptr) {
    found = found || expected.Matches(name);
  }
  return absl::StrCat("expected ", expected.ToText(), ": ",
                      found ? "found" : "not found");
}

std::string OutcomeText(const io::ForwardItem& item) {
  if (item.outcome != io::ForwardOutcome::kError) {
    return std::string(io::ForwardOutcomeName(item.outcome));
  }
  return absl::StrCat(io::CauseName(item.cause), ", ",
                      scanner::CauseText(item.cause, {}));
}

}  // namespace tools
