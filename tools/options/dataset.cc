#include "tools/options/dataset.h"

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/dataset/layout.h"
#include "io/formats/carried_text.h"
#include "io/number.h"

namespace tools {
namespace {

constexpr uint64_t kMaxPartRows = 1'000'000'000'000;

absl::Status Refuse(const OptionText& option, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat(option.origin, ": ", why));
}

absl::Status RefuseValue(const OptionText& option, absl::string_view wanted) {
  return Refuse(option, absl::StrCat("'", io::CarriedText(option.text),
                                     "' is not ", wanted));
}

}  // namespace

absl::StatusOr<DatasetChoice> ChooseDataset(const ScanArguments& arguments) {
  DatasetChoice choice = {.root = arguments.dataset.text,
                          .run_date = arguments.run_date.text};
  if (choice.root.empty()) {
    for (const OptionText* option :
         {&arguments.dataset, &arguments.run_date, &arguments.part_rows}) {
      if (!option->origin.empty()) {
        return Refuse(*option, "of which dataset? (--dataset DIR)");
      }
    }
    return choice;
  }
  if (!arguments.output.origin.empty()) {
    return Refuse(arguments.dataset,
                  absl::StrCat("rows go to a dataset or to ",
                               arguments.output.origin, ", not to both"));
  }
  if (!arguments.format.empty() && arguments.format.text != "parquet") {
    return RefuseValue(arguments.format, "a dataset's format: that is parquet");
  }
  if (!choice.run_date.empty() && !io::IsDate(choice.run_date)) {
    return RefuseValue(arguments.run_date, "a day (YYYY-MM-DD)");
  }
  const auto rows = io::ParseUnsigned(arguments.part_rows.text, kMaxPartRows);
  if (!rows || *rows == 0) {
    return RefuseValue(arguments.part_rows,
                       absl::StrCat("a whole number from 1 to ", kMaxPartRows));
  }
  choice.part_rows = *rows;
  return choice;
}

}  // namespace tools
