// Silence, delay, repetition.
#include "absl/strings/str_cat.h"
#include "tests/support/misbehaviours/tools.h"

namespace testing_support {
namespace {

Script LateBy(int ms) { return Each(HostReply, ms); }

Replies OnlyFirstTryLate(const Asked& asked) {
  return asked.nth == 1 ? LateBy(1200)(asked) : Replies();
}

Replies ManyTimes(const Asked& asked) {
  return Replies(101, {.octets = HostReply(asked)});
}

Script Denied() {
  return Each([](const Asked& asked) {
    return Denial(asked, rcode::kNxdomain, ReverseZoneOf(asked));
  });
}

std::vector<Misbehaviour> Silences() {
  return {
      {"good", "answers at once", Good, Pass()},
      {"silent", "never answers", Nothing,
       ReverseTimeout("timeout", "udp_expired")},
      {"answers-second-try", "silent once", Until(2, Nothing, Good),
       Pass("udp_expired")},
      {"answers-third-try", "silent twice", Until(3, Nothing, Good),
       Pass("udp_expired")},
      {"answers-in-late-pass", "silent until its fourth try",
       Until(4, Nothing, Good), Pass("udp_expired")},
      {"answers-by-tcp-only", "silent over UDP", ByTransport(Nothing, Good),
       Pass("tcp_accepted")},
      {"forward-silent", "the A question is never answered", Good,
       ForwardError("timeout", "udp_expired"), Nothing},
      {"forward-answers-third-try", "the A question is lost twice", Good,
       Pass("udp_expired"), Until(3, Nothing, Each(LeadsBack))},
  };
}

std::vector<Misbehaviour> Repetitions() {
  return {
      {"duplicate-answer", "every answer comes twice", Both(Good, Good),
       Pass("late")},
      {"hundred-duplicates", "every answer comes 101 times", ManyTimes,
       Pass("late")},
      {"data-then-denial", "a denial behind the answer", Both(Good, Denied()),
       Pass("late")},
      {"denial-then-data", "the answer behind a denial: the first counts",
       Both(Denied(), Good), NoPtr("nxdomain")},
  };
}

std::vector<Misbehaviour> Delays() {
  return {
      {"late-by-one-rto", "the first try's answer comes after the second try",
       OnlyFirstTryLate, Pass("udp_superseded")},
      {"late-by-three-rto", "every answer takes 3 s", LateBy(3000),
       Pass("late")},
      {"first-later-than-second", "the first try is answered last",
       Until(2, LateBy(3000), Good), Pass("late")},
      // Else the scan may end before the others' late answers come.
      {"silent-beside-the-late", "never answers", Nothing,
       ReverseTimeout("timeout", "udp_expired")},
  };
}

}  // namespace

std::vector<Misbehaviour> TimingMisbehaviours() {
  std::vector<Misbehaviour> all = Silences();
  Append(InGroup("repeated", Repetitions()), &all);
  Append(InGroup("late", Delays()), &all);
  // Not beside the others: their round trips would make patience longer.
  Append(Alone({{"late-beyond-patience",
                 "the first try is answered after 14 s, no other",
                 ByTransport(Until(2, LateBy(14000), Nothing), Nothing),
                 ReverseTimeout("timeout", "late")}}),
         &all);
  return all;
}

}  // namespace testing_support
