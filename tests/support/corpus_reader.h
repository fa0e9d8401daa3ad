// The corpus of DNS messages with their exact expected decode (WIRE.md 12). It
// is data that stands outside the project, so tests that read it are skipped
// where it is missing.
#ifndef PTRSWEEP_TESTS_SUPPORT_CORPUS_READER_H_
#define PTRSWEEP_TESTS_SUPPORT_CORPUS_READER_H_

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/support/packet_builder.h"

namespace testing_support {

struct CorpusMessage {
  std::string id;
  std::string origin;  // "mut-KIND<SOURCE" for a variant
  Octets octets;
  std::vector<std::string> expected;  // the twelve columns

  bool is_original() const { return origin.rfind("mut-", 0) != 0; }
};

struct CorpusName {
  Octets wire;
  std::string text;
};

// Fixture that is skipped without the corpus, or fails if
// PTRSWEEP_REQUIRE_CORPUS=1. The folder is PTRSWEEP_CORPUS, else
// ../shared/corpus from the project's root.
class CorpusTest : public testing::Test {
 protected:
  void SetUp() override;

  std::vector<CorpusMessage> ReadMessages() const;  // both sets
  std::vector<CorpusName> ReadNames() const;

 private:
  std::string folder_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_CORPUS_READER_H_
