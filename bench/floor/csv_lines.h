// CsvLines: lines `address,name,status` into a file, the least that a scan can
// say.
#ifndef PTRSWEEP_BENCH_FLOOR_CSV_LINES_H_
#define PTRSWEEP_BENCH_FLOOR_CSV_LINES_H_

#include <cstdint>
#include <cstdio>
#include <string>

#include "absl/strings/string_view.h"
#include "dnswire/name.h"

namespace bench {

class CsvLines {
 public:
  // Without a path every call is a no-op. Ends the program if the file cannot
  // be opened, or at the end not be written.
  explicit CsvLines(const std::string& path);
  ~CsvLines();
  CsvLines(const CsvLines&) = delete;
  CsvLines& operator=(const CsvLines&) = delete;

  // `name`: nullptr if there is none.
  void Add(uint32_t address, const dnswire::NameView* name,
           absl::string_view status);

 private:
  void Write();

  std::FILE* file_ = nullptr;
  std::string text_;
};

}  // namespace bench

#endif  // PTRSWEEP_BENCH_FLOOR_CSV_LINES_H_
