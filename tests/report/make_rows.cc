// Writes a file of rows for tests of `report`, in the format of its ending.
//
//   report_rows BLOCKS FILE        256 rows a block
#include <cstdio>
#include <utility>

#include "absl/strings/numbers.h"
#include "io/files/output_file.h"
#include "io/formats/row_batch.h"
#include "tests/report/row_maker.h"
#include "tools/row_files.h"

int main(int argc, char** argv) {
  uint32_t blocks = 0;
  if (argc != 3 || !absl::SimpleAtoi(argv[1], &blocks)) {
    std::fputs("usage: report_rows BLOCKS FILE\n", stderr);
    return 2;
  }
  const auto format = tools::ChooseFormat({}, argv[2]);
  auto file = io::OutputFile::Open(argv[2]);
  if (!format.ok() || !file.ok()) return 1;
  const auto sink = tools::MakeSink(*std::move(file), *format, {});
  testing_support::RowMaker maker;
  io::RowBatch batch;
  for (uint32_t i = 0; i < blocks; ++i) {
    batch.Clear();
    maker.AppendBlock(&batch);
    if (!sink->Write(batch.rows()).ok()) return 1;
  }
  return sink->Finish().ok() ? 0 : 1;
}
