#include "tests/scanner/review/review_rows.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "gtest/gtest.h"
#include "io/formats/row_parser.h"

namespace scanner {
namespace {

std::vector<std::string> Words(const std::string& text, char separator) {
  return absl::StrSplit(text, separator, absl::SkipEmpty());
}

void AddForward(const std::string& item, io::RowParser* parser) {
  const std::vector<std::string> sides = Words(item, '=');
  const std::vector<std::string> parts =
      absl::StrSplit(sides.at(1), absl::MaxSplits(':', 1));
  EXPECT_TRUE(parser->AddForward(sides[0], parts[0])) << item;
  if (parts.size() == 1) return;
  for (const std::string& address : Words(parts[1], ',')) {
    EXPECT_TRUE(parser->AddForwardAddress(address)) << item;
  }
}

}  // namespace

const io::Row& AddRow(const RowText& text, io::RowBatch* batch) {
  io::RowParser parser;
  parser.Start();
  EXPECT_TRUE(parser.SetIp(text.ip)) << text.ip;
  EXPECT_TRUE(parser.SetStatus(text.status)) << text.status;
  EXPECT_TRUE(text.cause.empty() || parser.SetCause(text.cause));
  if (text.status != "skipped" && !text.status.starts_with("reverse_")) {
    parser.SetPtrKnown();
  }
  for (const auto& word : Words(text.flags, ' ')) {
    EXPECT_TRUE(parser.AddFlag(word)) << word;
  }
  for (const auto& word : Words(text.ptr, ' ')) {
    EXPECT_TRUE(parser.AddPtr(word)) << word;
  }
  for (const auto& word : Words(text.confirmed, ' ')) {
    EXPECT_TRUE(parser.AddConfirmed(word)) << word;
  }
  for (const auto& item : Words(text.forward, ' ')) AddForward(item, &parser);
  EXPECT_TRUE(text.label.empty() || parser.SetLabel(text.label));
  EXPECT_TRUE(text.expected.empty() || parser.SetExpected(text.expected));
  batch->Append(parser.Finish());
  return batch->rows().back();
}

RowText PassOf(int last, const std::string& name) {
  const std::string ip = absl::StrCat("192.0.2.", last);
  return {.ip = ip,
          .ptr = name,
          .confirmed = name,
          .forward = absl::StrCat(name, "=confirmed:", ip)};
}

}  // namespace scanner
