#include "tests/support/misbehaviours.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

constexpr size_t kClassesABlock = 254;

absl::string_view NeedsText(Needs needs) {
  switch (needs) {
    case Needs::kNothing:
      return "";
    case Needs::kCookies:
      return "cookies";
    case Needs::kLetterCase:
      return "case";
  }
  return "";
}

// What no class is asked for: a probe that the server is there, a canary.
Octets SoundReply(const Asked& asked) {
  if (asked.name.empty() && asked.type == rr::kNs) {
    return Answering(asked).Ns("", "a.root-servers.net").Build();
  }
  return Denial(asked, rcode::kNxdomain, "");
}

Replies ReplyOfClass(const Misbehaviour& misbehaviour, const Asked& asked) {
  switch (asked.type) {
    case rr::kPtr:
      return misbehaviour.ptr(asked);
    case rr::kA:
      return misbehaviour.forward ? misbehaviour.forward(asked)
                                  : Once(LeadsBack(asked));
    default:
      return Once(Denial(asked, rcode::kNoerror, "example.com"));
  }
}

}  // namespace

ExpectedRow ExpectedRow::Names(std::vector<std::string> names) const {
  ExpectedRow row = *this;
  row.ptr = std::move(names);
  return row;
}

ExpectedRow ExpectedRow::Flags(std::vector<std::string> names) const {
  ExpectedRow row = *this;
  row.flags = std::move(names);
  return row;
}

ExpectedRow ExpectedRow::Ttl(uint32_t seconds) const {
  ExpectedRow row = *this;
  row.ttl_s = seconds;
  return row;
}

ExpectedRow ExpectedRow::Cut() const {
  ExpectedRow row = *this;
  row.ptr_cut = true;
  return row;
}

std::vector<Misbehaviour> AllMisbehaviours() {
  std::vector<Misbehaviour> all;
  Append(TimingMisbehaviours(), &all);
  Append(AcceptanceMisbehaviours(), &all);
  Append(CountMisbehaviours(), &all);
  Append(PointerMisbehaviours(), &all);
  Append(NameMisbehaviours(), &all);
  Append(RecordMisbehaviours(), &all);
  Append(AliasMisbehaviours(), &all);
  Append(RcodeMisbehaviours(), &all);
  Append(DenialMisbehaviours(), &all);
  Append(TcpMisbehaviours(), &all);
  Append(EdnsMisbehaviours(), &all);
  return all;
}

std::string FormatMisbehaviours(const std::vector<Misbehaviour>& classes) {
  std::string text;
  for (size_t i = 0; i < classes.size(); ++i) {
    const Misbehaviour& each = classes[i];
    absl::StrAppendFormat(
        &text, "%-12s %-34s %-32s %-14s %-8s %-28s %s\n", AddressOfClass(i),
        each.name, absl::StrCat(each.row.status, " ", each.row.cause),
        each.row.counter, NeedsText(each.needs),
        each.group.empty() ? "common" : each.group, each.what);
  }
  return text;
}

std::string AddressOfClass(size_t index) {
  return index < kClassesABlock
             ? absl::StrCat("192.0.2.", index + 1)
             : absl::StrCat("198.51.100.", index - kClassesABlock + 1);
}

std::string ReverseOfClass(size_t index) {
  return index < kClassesABlock
             ? absl::StrCat(index + 1, ".2.0.192.in-addr.arpa")
             : absl::StrCat(index - kClassesABlock + 1,
                            ".100.51.198.in-addr.arpa");
}

std::string HostOfClass(size_t index) {
  return absl::StrFormat("c%03d.example.com", index + 1);
}

std::vector<std::string> NamesOfClass(const Misbehaviour& misbehaviour,
                                      size_t index) {
  const std::string& status = misbehaviour.row.status;
  std::vector<std::string> names = misbehaviour.row.ptr;
  if (names.empty() && (status == "pass" || status == "mismatch" ||
                        status == "no_forward" || status == "forward_error")) {
    names = {"%"};
  }
  for (std::string& name : names) {
    name = absl::StrReplaceAll(
        name, {{"%", HostOfClass(index)}, {"@", ReverseOfClass(index)}});
  }
  std::sort(names.begin(), names.end());
  return names;
}

Script MisbehaviourScript(std::vector<Misbehaviour> classes) {
  return [classes = std::move(classes)](const Asked& asked) {
    const size_t number = ClassNumberOf(asked);
    if (number == 0 || number > classes.size()) return Once(SoundReply(asked));
    return ReplyOfClass(classes[number - 1], asked);
  };
}

}  // namespace testing_support
