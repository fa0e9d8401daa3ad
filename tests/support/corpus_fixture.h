// Fixture of tests that read the corpus: skipped where there is none, or failed
// if PTRSWEEP_REQUIRE_CORPUS=1.
#ifndef PTRSWEEP_TESTS_SUPPORT_CORPUS_FIXTURE_H_
#define PTRSWEEP_TESTS_SUPPORT_CORPUS_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdlib>

#include "absl/strings/string_view.h"
#include "tests/support/corpus_reader.h"

namespace testing_support {

class CorpusTest : public testing::Test {
 protected:
  void SetUp() override {
    if (HasCorpus()) return;
    const char* required = std::getenv("PTRSWEEP_REQUIRE_CORPUS");
    if (required != nullptr && absl::string_view(required) == "1") {
      FAIL() << "no corpus in " << CorpusFolder();
    }
    GTEST_SKIP() << "no corpus in " << CorpusFolder();
  }
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_CORPUS_FIXTURE_H_
