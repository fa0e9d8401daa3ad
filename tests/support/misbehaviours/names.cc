// Sound messages whose names are aimed at what reads the output.
#include "absl/strings/str_cat.h"
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

// The PTR is this label, of any octets, below the host.
Script BelowIt(const std::string& label) {
  return Each([label](const Asked& asked) {
    return Answering(asked)
        .Ptr(QuestionName(), BelowHost({label}, HostOf(asked)))
        .Build();
  });
}
std::string Shown(const std::string& label) {
  return absl::StrCat(ShownName(Concat({Label(label), {0}})), ".%");
}

Misbehaviour Injection(const std::string& name, std::string what,
                       const std::string& label) {
  return {"inject-" + name, std::move(what), BelowIt(label),
          BadName({Shown(label)}, {"illegal_chars"})};
}

// All 256 octet values: eight labels of 32.
std::vector<std::string> EveryOctet() {
  std::vector<std::string> labels(8);
  for (size_t value = 0; value < 256; ++value) {
    labels[value / 32] += static_cast<char>(value);
  }
  return labels;
}
Octets EveryOctetReply(const Asked& asked) {
  PacketBuilder reply = Answering(asked);
  for (const std::string& label : EveryOctet()) {
    reply.Ptr(QuestionName(), BelowHost({label}, HostOf(asked)));
  }
  return reply.Build();
}
Misbehaviour EveryOctetClass() {
  std::vector<std::string> shown;
  for (const std::string& label : EveryOctet()) shown.push_back(Shown(label));
  return {"every-octet", "eight names that hold all 256 octet values",
          Each(EveryOctetReply), BadName(shown, {"illegal_chars"})};
}

std::vector<Misbehaviour> Injections() {
  using std::string_literals::operator""s;
  return {
      EveryOctetClass(),
      Injection("csv-formula", "a spreadsheet formula", "=cmd|'/c calc'!A1"),
      Injection("csv-plus", "a formula that starts with +", "+1+1"),
      Injection("csv-at", "a formula that starts with @", "@SUM(1)"),
      Injection("csv-hyphen", "a name that starts with a hyphen", "-1-1"),
      Injection("csv-row", "a quote, a line end and a row",
                "x\",\"\r\n192.0.2.1,pass,,"),
      Injection("json", "the end of a string and a line",
                "\"}\n{\"ip\":\"192.0.2.1\","),
      Injection("json-escape", "a backslash and a unicode escape",
                "\\u0022,\\"),
      Injection("html", "a script", "<script>alert(1)</script>"),
      Injection("html-attribute", "an event handler", "' onload='x()&quot;"),
      Injection("terminal", "ESC, CSI and BEL", "\x1b[2J\x1b]0;x\x07\x9b\x33m"),
      Injection("carriage-return", "overwrites its line", "x\rpass"),
      Injection("nul", "a NUL in the middle", "mail\0x"s),
      Injection("path", "steps out of a folder", "../../etc/passwd"),
      Injection("shell", "a command", "$(reboot);`reboot`"),
      Injection("format", "conversions of printf", "%s%n%x"),
      Injection("list", "the separators of list columns",
                "a=confirmed:192.0.2.1 b"),
      Injection("dot", "a dot inside a label", "mail.example.com"),
      Injection("utf-8", "UTF-8, with a right-to-left override",
                "\xc3\xa9"s + "\xe2\x80" + "\xae" + "moc"),
      Injection("delete", "DEL, C1 and ff", "\x7f\x80\x9f\xff"),
      Injection("wildcard", "an asterisk", "*"),
  };
}

std::vector<Misbehaviour> UnusableNames() {
  return {
      {"underscore", "an underscore: usable", Names({"a_b.%"}),
       Pass().Names({"a_b.%"}).Flags({"underscore"})},
      {"capitals", "a name in capitals", Each([](const Asked& asked) {
         const std::string number = HostOf(asked).substr(1, 3);
         return Answering(asked)
             .Ptr(QuestionName(), "C" + number + ".Example.COM")
             .Build();
       }),
       Pass()},
      {"localhost", "the PTR is localhost", Names({"localhost"}),
       BadName({"localhost"}, {"localhost", "single_label"})},
      {"address-as-name", "the PTR is an address", Names({"192.0.2.1"}),
       BadName({"192.0.2.1"}, {"ip_literal"})},
      {"points-to-itself", "the PTR is the reverse name",
       Each([](const Asked& asked) {
         return Answering(asked).Ptr(QuestionName(), QuestionName()).Build();
       }),
       BadName({"@"}, {"self_ptr"})},
  };
}

}  // namespace

std::vector<Misbehaviour> NameMisbehaviours() {
  std::vector<Misbehaviour> all = Injections();
  Append(UnusableNames(), &all);
  return all;
}

}  // namespace testing_support
