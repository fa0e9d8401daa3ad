#include "tests/dnswire/answer_case.h"

#include <gtest/gtest.h>

#include "dnswire/message.h"
#include "tests/dnswire/decode_text.h"

namespace dnswire {

std::string Summary(const Answer& answer) {
  std::string text = OutcomeText(answer);
  for (const NameView name : answer.chain.view()) text += " " + name.ToText();
  return text;
}

Answer Resolve(const testing_support::Octets& octets, const AskedAs& asked_as,
               NameListView previous) {
  const Message message = Message::Parse(octets);
  Answer answer;
  ResolveAnswer(message, QuestionOf(message), asked_as, previous, &answer);
  return answer;
}

void ExpectOutcomes(const std::vector<AnswerCase>& cases,
                    const AskedAs& asked_as, NameListView previous) {
  for (const AnswerCase& test : cases) {
    EXPECT_EQ(Summary(Resolve(test.packet.Build(), asked_as, previous)),
              test.expected)
        << test.label;
  }
}

Name ParsedName(const char* text) { return Name::Parse(text).value(); }

}  // namespace dnswire
