// Rows of a made-up network, of as many /24s as are wanted: each block has a
// manner of its own (well kept, generic, empty, not delegated, broken), some
// have all kinds of rows. The first one has names and labels that are attacks.
#ifndef PTRSWEEP_TESTS_REPORT_ROW_MAKER_H_
#define PTRSWEEP_TESTS_REPORT_ROW_MAKER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dnswire/ip_address.h"
#include "dnswire/name_list.h"
#include "io/formats/row_batch.h"

namespace testing_support {

// What a browser must never run: in a PTR name and in a label.
inline constexpr const char* kHostilePtr =
    "</script><img src=x onerror=document.title='owned'>.example.com";
inline constexpr const char* kHostileLabel =
    "</script><script>document.title='owned'</script>"
    "<img src=x onerror=document.title='owned'>";

class RowMaker {
 public:
  // Appends the rows of the next /24: of 16 adjacent /16s from 10.16.0.0 on,
  // then of others.
  void AppendBlock(io::RowBatch* batch);

 private:
  enum class Manner : uint8_t {
    kMixed,
    kKept,
    kGeneric,
    kSparse,
    kEmpty,
    kUndelegated,
    kSilent,
    kPlaceholder,
    kClassless,
  };
  Manner MannerOf(uint32_t block) const;
  void Fill(Manner manner, io::Row* row);
  void FillMixed(io::Row* row);
  void SetReverse(absl::string_view mname, io::Row* row);
  void SetDenied(io::Status status, io::Row* row);
  void SetName(const std::string& name, io::Row* row);
  void SetForward(io::ForwardOutcome outcome, io::Row* row);

  uint32_t block_ = 0;
  uint32_t address_ = 0;
  // What the row of the moment points to.
  dnswire::Name zone_, mname_, rname_;
  dnswire::NameList ptr_;
  dnswire::NameList confirmed_;
  io::ForwardItem item_;
  dnswire::IpAddress forward_;
  std::string label_;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_REPORT_ROW_MAKER_H_
