// The parts of `explain`: packets in words, commands, text for terminals, JSON.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/advice/row_builder.h"
#include "tests/support/packet_builder.h"
#include "tools/explain/dig_command.h"
#include "tools/explain/explain_config.h"
#include "tools/explain/json_writer.h"
#include "tools/explain/name_notes.h"
#include "tools/explain/paper.h"
#include "tools/explain/trace.h"

namespace tools {
namespace {

using io::Status;
using scanner::Purpose;
using scanner::Question;
using scanner::RowBuilder;
using scanner::SeenTry;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing_support::PacketBuilder;
namespace rr = testing_support::rr;

const io::Endpoint kServer = *io::Endpoint::Parse("192.0.2.53");
constexpr char kQname[] = "10.2.0.192.in-addr.arpa";

dnswire::Name N(absl::string_view text) { return *dnswire::Name::Parse(text); }

// ---- commands

TEST(DigCommandTest, OnlyPlainNamesArePrinted) {
  for (const char* name : {"mail.example.com", "a_b-c.example", "."}) {
    EXPECT_TRUE(IsPlainName(name)) << name;
  }
  for (const char* name :
       {"", "-x.example.com", "a\\036x.example.com", "a;id", "a b", "A.example",
        "a$(id)", "a`id`", "0\\04725.2.0.192.in-addr.arpa", "a/b", "a@b"}) {
    EXPECT_FALSE(IsPlainName(name)) << name;
  }
  EXPECT_EQ(DigCommand({.name = "a;id", .type = "A", .server = kServer}),
            std::nullopt);
}

TEST(DigCommandTest, AsksAsWasAsked) {
  EXPECT_EQ(DigCommand({.name = "a.example", .type = "A", .server = kServer}),
            "dig @192.0.2.53 a.example A");
  const io::Endpoint odd = *io::Endpoint::Parse("[2001:db8::53]:5353");
  EXPECT_EQ(DigCommand({.name = "a.example",
                        .type = "AAAA",
                        .server = odd,
                        .recursion = false,
                        .tcp = true}),
            "dig @2001:db8::53 -p 5353 +norec +tcp a.example AAAA");
  const auto ip = *dnswire::IpAddress::Parse("2001:db8::1");
  EXPECT_EQ(DigReverse(ip, odd, false),
            "dig @2001:db8::53 -p 5353 +norec -x 2001:db8::1");
  EXPECT_THAT(
      OtherReverseCommands(ip, kServer),
      ElementsAre("host 2001:db8::1", "nslookup 2001:db8::1 192.0.2.53"));
  EXPECT_THAT(OtherReverseCommands(ip, odd)[1],
              HasSubstr("-port=5353 2001:db8::1 2001:db8::53"));
}

// ---- packets in words

// A response that came to the question, as an observer is told of it.
Step Seen(const PacketBuilder& builder, const Question& question,
          bool iterative = false, const char* zone = ".") {
  const testing_support::Octets& octets = builder.Build();
  const dnswire::Message message = dnswire::Message::Parse(octets);
  const dnswire::Name apex = N(zone);
  dnswire::Answer answer;
  dnswire::ResolveAnswer(
      message, {.name = message.question_name(), .type = question.type},
      {.iterative = iterative, .zone = apex}, question.names, &answer);
  Trace trace;
  trace.See({.end = SeenTry::End::kAnswered,
             .question = question,
             .name = message.question_name(),
             .server = kServer,
             .waited = 12 * io::kMillisecond,
             .message = &message,
             .answer = &answer});
  EXPECT_EQ(trace.steps().size(), 1u);
  return trace.steps().empty() ? Step() : trace.steps()[0];
}

PacketBuilder Reply(const char* name = kQname, uint16_t type = rr::kPtr) {
  return std::move(PacketBuilder().Response().Ra().Question(name, type));
}

TEST(TraceTest, SaysWhatEachResponseCameTo) {
  const Question question;
  const struct {
    PacketBuilder reply;
    const char* text;
    bool settles;
  } cases[] = {
      {Reply().Answer().Ptr(kQname, "b.example").Ptr(kQname, "a.example"),
       "NOERROR, b.example a.example, TTL 3600, from 192.0.2.53, 12 ms", true},
      {Reply().Rcode(3).Authority().Soa("192.in-addr.arpa", "n.x", "h.x"),
       "NXDOMAIN, the denial of zone 192.in-addr.arpa, TTL 600, from "
       "192.0.2.53, 12 ms",
       true},
      {Reply().Authority().Soa("192.in-addr.arpa", "n.x", "h.x"),
       "NOERROR without PTR, the denial of zone 192.in-addr.arpa, TTL 600, "
       "from 192.0.2.53, 12 ms",
       true},
      {Reply().Rcode(2), "SERVFAIL, from 192.0.2.53, 12 ms", false},
      {Reply().Rcode(5), "REFUSED, from 192.0.2.53, 12 ms", false},
      {Reply().Tc(), "truncated, asked again by TCP, from 192.0.2.53, 12 ms",
       false},
      {Reply().Ra(false),
       "NOERROR without an answer (lame), from 192.0.2.53, 12 ms", false},
  };
  for (const auto& c : cases) {
    const Step step = Seen(c.reply, question);
    EXPECT_EQ(StepText(step), c.text);
    EXPECT_EQ(step.settles, c.settles) << c.text;
    EXPECT_TRUE(step.answered);
  }
}

TEST(TraceTest, AReferralNamesTheZone) {
  const Step step = Seen(
      Reply().Ra(false).Authority().Ns("192.in-addr.arpa", "ns.example.net"),
      Question(), true, "in-addr.arpa");
  EXPECT_EQ(step.outcome, "referral to the servers of 192.in-addr.arpa");
  EXPECT_FALSE(step.settles);
  EXPECT_FALSE(step.ttl_s);
}

TEST(TraceTest, KeepsAliasesOfTheResponseAndOfTheQuestion) {
  Question question;
  question.names.Add(N(kQname));
  question.names.Add(N("10.rev.example.net"));
  const Step step = Seen(Reply("10.rev.example.net")
                             .Answer()
                             .Cname("10.rev.example.net", "ten.example.net")
                             .Ptr("ten.example.net", "a.example"),
                         question);
  EXPECT_EQ(step.subject, kQname);
  EXPECT_EQ(step.name, "10.rev.example.net");
  EXPECT_THAT(step.aliases, ElementsAre("ten.example.net"));
  ASSERT_EQ(step.chain.size(), 2u);
  EXPECT_EQ(step.chain[0].ToText(), "10.rev.example.net");
  EXPECT_EQ(step.chain[1].ToText(), "ten.example.net");
}

TEST(TraceTest, SaysWhatBecameOfTriesWithoutResponse) {
  using enum SeenTry::End;
  const std::pair<SeenTry::End, const char*> cases[] = {
      {kTimeout, "no response, asked 192.0.2.53, 1.5 ms"},
      {kUnsent, "not sent, asked 192.0.2.53, 1.5 ms"},
      {kTcpFailed, "TCP failed, asked 192.0.2.53, 1.5 ms"},
      {kUnmatched,
       "a reply that does not belong to the question, asked 192.0.2.53, "
       "1.5 ms"},
  };
  const Question question;
  for (const auto& [end, text] : cases) {
    Trace trace;
    trace.See({.end = end,
               .question = question,
               .name = N(kQname),
               .server = kServer,
               .waited = 1500 * io::kMicrosecond});
    ASSERT_EQ(trace.steps().size(), 1u);
    EXPECT_EQ(StepText(trace.steps()[0]), text);
    EXPECT_FALSE(trace.steps()[0].answered);
  }
}

TEST(TraceTest, LeavesOutWhatIsNotOfTheAddress) {
  for (const Purpose purpose :
       {Purpose::kCanary, Purpose::kProbe, Purpose::kAreaCheck}) {
    Question question;
    question.purpose = purpose;
    Trace trace;
    trace.See(
        {.question = question, .name = N("a.example"), .server = kServer});
    EXPECT_THAT(trace.steps(), IsEmpty());
  }
}

std::vector<std::string> NamesFor(const std::vector<Step>& steps,
                                  absl::string_view subject, bool last) {
  std::vector<std::string> names;
  for (const Step& step : Trace::StepsFor(steps, subject, last)) {
    names.push_back(step.name);
  }
  return names;
}

TEST(TraceTest, WhatIsAskedOfServersIsForWhomeverWaitsForIt) {
  using enum Step::About;
  const std::vector<Step> steps = {
      {.about = kServers, .subject = "1", .name = "1"},
      {.about = kPtr, .subject = "p", .name = "p"},
      {.about = kServers, .subject = "2", .name = "2"},
      {.about = kName, .subject = "n", .name = "alias"},
      {.about = kPtr, .subject = "p", .name = "late"},
      {.about = kServers, .subject = "3", .name = "3"},
  };
  EXPECT_THAT(NamesFor(steps, "p", false), ElementsAre("1", "p", "late"));
  EXPECT_THAT(NamesFor(steps, "n", false), ElementsAre("2", "alias"));
  EXPECT_THAT(NamesFor(steps, "n", true), ElementsAre("2", "alias", "3"));
  // Its own question never went out.
  EXPECT_THAT(NamesFor(steps, "m", true), ElementsAre("3"));
}

// ---- names

TEST(NameNotesTest, SayWhyANameWasNotAsked) {
  RowBuilder row("192.0.2.10", Status::kMismatch);
  row.Ptr({"a.example.com", "b.example.com", "localhost"})
      .Forward("a.example.com", io::ForwardOutcome::kDiffers, {"192.0.2.9"});
  const auto notes = NotesOnNames(row.Reading());
  ASSERT_EQ(notes.size(), 3u);
  EXPECT_EQ(notes[0].reason, "");
  EXPECT_TRUE(notes[0].usable && notes[0].asked);
  EXPECT_EQ(notes[1].reason, "not asked: more than --max-names");
  EXPECT_EQ(notes[2].reason,
            "it means \"this machine\" (localhost), it has no domain "
            "(single_label)");
  EXPECT_FALSE(notes[2].usable);
  RowBuilder alone("192.0.2.10", Status::kUnconfirmed);
  EXPECT_EQ(NotesOnNames(alone.Ptr({"a.example.com"}).Reading())[0].reason,
            "not asked: --ptr-only");
}

TEST(NameNotesTest, SayWhetherTheExpectedNameIsThere) {
  const struct {
    const char* expected;
    const char* text;
  } cases[] = {
      {"", ""},
      {"a.example.com", "expected a.example.com: found"},
      {"b.example.com", "expected b.example.com: not found"},
      {"*.example.com", "expected *.example.com: found"},
      {"-", "expected: no PTR"},
  };
  for (const auto& c : cases) {
    RowBuilder row("192.0.2.10", Status::kUnconfirmed);
    row.Ptr({"a.example.com"}).Expect(c.expected);
    EXPECT_EQ(ExpectedText(row.Reading()), c.text);
  }
}

// ---- text for people

TEST(PaperTest, WithoutTerminalLinesAreNeitherBrokenNorColoured) {
  Paper paper({});
  paper.Title("192.0.2.10: pass", scanner::Severity::kOk);
  paper.Item("2 PTR", std::string(300, 'x') + " y");
  paper.Command("dig x");
  EXPECT_EQ(paper.text(), absl::StrCat("192.0.2.10: pass\n2 PTR           ",
                                       std::string(300, 'x'),
                                       " y\n                $ dig x\n"));
}

TEST(PaperTest, BreaksLinesAtTheWidthAndHangsThem) {
  Paper paper({.width = 40});
  paper.Item("1 reverse name",
             "one two three four five six seven eight nine ten eleven");
  paper.More("a word-that-is-longer-than-all-of-the-line-itself b");
  paper.Paragraph("some words that do not fit into forty columns");
  EXPECT_EQ(paper.text(),
            "1 reverse name  one two three four five\n"
            "                six seven eight nine ten\n"
            "                eleven\n"
            "                a\n"
            "                word-that-is-longer-than-all-of-the-line-itself\n"
            "                b\n"
            "  some words that do not fit into forty\n"
            "  columns\n");
}

TEST(PaperTest, WhatIsToBeCopiedIsNeverBroken) {
  Paper paper({.width = 40});
  const std::string command(60, 'c');
  paper.Command(command);
  paper.Block(absl::StrCat(command, " ", command, "\nnext\n"));
  EXPECT_EQ(paper.text(), absl::StrCat("                $ ", command, "\n    ",
                                       command, " ", command, "\n    next\n"));
}

TEST(PaperTest, ColoursSayHowBadItIsAndAddNoWidth) {
  for (const auto& [severity, code] :
       {std::pair(scanner::Severity::kOk, "32"),
        std::pair(scanner::Severity::kInfo, "36"),
        std::pair(scanner::Severity::kWarn, "33"),
        std::pair(scanner::Severity::kCrit, "31")}) {
    Paper paper({.color = true, .width = 40});
    paper.Title("text", severity);
    EXPECT_EQ(paper.text(), absl::StrCat("\x1b[1;", code, "mtext\x1b[0m\n"));
  }
  Paper paper({.color = true, .width = 40});
  paper.Item("2 PTR", "one two three four five six");
  EXPECT_EQ(paper.text(),
            "\x1b[1m2 PTR\x1b[0m           one two three four five\n"
            "                six\n");
}

// ---- JSON

TEST(JsonWriterTest, SeparatesAndEscapes) {
  JsonWriter out("{\"row\":1");
  out.Key("text").Text("a\"b\\c\nd\x01 \xc3\xa9 \xff");
  out.Key("none").TextOrNull("");
  out.Key("list").Array(std::vector<std::string>{"x", "y"});
  out.Key("objects").Open('[');
  for (int i = 0; i < 2; ++i) {
    out.Open('{');
    out.Key("n").Number(7);
    out.Key("yes").Bool(true);
    out.Close('}');
  }
  out.Close(']');
  out.Key("ms").Decimal(1.25);
  out.Close('}');
  EXPECT_EQ(
      out.Take(),
      "{\"row\":1,\"text\":\"a\\\"b\\\\c\\nd\\u0001 \xc3\xa9 \\\\255\","
      "\"none\":null,\"list\":[\"x\",\"y\"],\"objects\":[{\"n\":7,\"yes\":"
      "true},{\"n\":7,\"yes\":true}],\"ms\":1.250}");
}

// ---- options

ScanArguments For(const char* address) {
  ScanArguments arguments;
  arguments.target.targets = {OptionText(std::string(address), "")};
  arguments.resolvers = {OptionText(std::string("127.0.0.1"), "--resolver")};
  return arguments;
}

TEST(ExplainConfigTest, WhatIsForScansAloneIsNotHeeded) {
  ScanArguments arguments = For("192.0.2.10");
  const auto from_environment = [](const char* text) {
    return OptionText(std::string(text), "PTRSWEEP_X");
  };
  arguments.prune = from_environment("verify");
  arguments.since = from_environment("/nowhere");
  arguments.dataset = from_environment("/nowhere");
  arguments.axfr = from_environment("/nowhere");
  arguments.threads = from_environment("8");
  arguments.format = from_environment("parquet");
  arguments.target.labels = from_environment("/nowhere");
  arguments.expect = OptionText(std::string("a.example.com"), "--expect");
  const auto config = MakeExplainConfig(arguments, "");
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_FALSE(config->json);
  EXPECT_EQ(config->scan.options.threads, 1u);
  EXPECT_EQ(config->scan.options.prune, scanner::Prune::kOff);
  EXPECT_TRUE(config->scan.dataset.root.empty());
  EXPECT_EQ(config->scan.options.late_pause, absl::Seconds(1));
}

TEST(ExplainConfigTest, AddressesKeepTheirOrder) {
  ScanArguments arguments = For("192.0.2.10");
  arguments.target.targets.emplace_back("2001:db8::1", "");
  arguments.target.targets.emplace_back("192.0.2.9", "");
  arguments.target.targets.emplace_back("::ffff:192.0.2.8", "");
  const auto config = MakeExplainConfig(arguments, "");
  ASSERT_TRUE(config.ok()) << config.status();
  std::vector<std::string> addresses;
  for (const auto& address : config->addresses) {
    addresses.push_back(address.ToString());
  }
  EXPECT_THAT(addresses, ElementsAre("192.0.2.10", "2001:db8::1", "192.0.2.9",
                                     "192.0.2.8"));
}

TEST(ExplainConfigTest, OneNameMayBeExpectedOfAll) {
  ScanArguments arguments = For("192.0.2.10");
  arguments.expect = OptionText(std::string("Mail.Example.Com."), "--expect");
  const auto config = MakeExplainConfig(arguments, "");
  ASSERT_TRUE(config.ok()) << config.status();
  for (const char* ip : {"192.0.2.10", "2001:db8::1"}) {
    EXPECT_EQ(config->labels.Find(*dnswire::IpAddress::Parse(ip)).expected,
              "mail.example.com");
  }
}

TEST(ExplainConfigTest, RefusesWhatItCannotExplain) {
  const auto error = [](const ScanArguments& arguments) {
    const auto config = MakeExplainConfig(arguments, "");
    return config.ok() ? "" : std::string(config.status().message());
  };
  EXPECT_THAT(error(For("192.0.2.0/24")), HasSubstr("192.0.2.0/24"));
  ScanArguments none = For("192.0.2.1");
  none.target.targets.clear();
  EXPECT_THAT(error(none), HasSubstr("no address"));
  ScanArguments format = For("192.0.2.1");
  format.format = OptionText(std::string("csv"), "--format");
  EXPECT_THAT(error(format), HasSubstr("--format"));
  ScanArguments expect = For("192.0.2.1");
  expect.expect = OptionText(std::string("a b"), "--expect");
  EXPECT_THAT(error(expect), HasSubstr("--expect"));
  expect.expect = OptionText(std::string("a.example.com"), "--expect");
  expect.target.labels = OptionText(std::string("labels.csv"), "--labels");
  EXPECT_THAT(error(expect), HasSubstr("--labels"));
}

}  // namespace
}  // namespace tools
