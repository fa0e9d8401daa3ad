// Rows from a line of text, for what looks at finished rows.
#ifndef PTRSWEEP_TESTS_SCANNER_REVIEW_REVIEW_ROWS_H_
#define PTRSWEEP_TESTS_SCANNER_REVIEW_REVIEW_ROWS_H_

#include <string>

#include "io/formats/row.h"
#include "io/formats/row_batch.h"

namespace scanner {

// As CSV has them: lists apart by spaces, forward as NAME=OUTCOME:ADDR,ADDR.
struct RowText {
  std::string ip = "192.0.2.1";
  std::string status = "pass";
  std::string ptr;
  std::string confirmed;
  std::string forward;
  std::string cause;
  std::string flags;
  std::string label;
  std::string expected;
};

// The row is the last of `batch`, which owns it.
const io::Row& AddRow(const RowText& text, io::RowBatch* batch);

// 192.0.2.last with the PTR `name`, which leads back.
RowText PassOf(int last, const std::string& name);

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_REVIEW_REVIEW_ROWS_H_
