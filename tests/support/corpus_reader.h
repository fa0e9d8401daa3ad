// The corpus of DNS messages with their exact expected decode (WIRE.md 12). It
// is data that stands outside the project: in the folder PTRSWEEP_CORPUS, else
// in ../shared/corpus from the project's root.
#ifndef PTRSWEEP_TESTS_SUPPORT_CORPUS_READER_H_
#define PTRSWEEP_TESTS_SUPPORT_CORPUS_READER_H_

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

std::string CorpusFolder();
bool HasCorpus();

// Both sets. REQUIRES: HasCorpus().
std::vector<CorpusMessage> ReadCorpusMessages();
std::vector<CorpusName> ReadCorpusNames();

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_CORPUS_READER_H_
