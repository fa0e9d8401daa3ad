#include "tools/options/option_value.h"

#include "io/formats/carried_text.h"

namespace tools {

absl::Status BadValue(const OptionText& value, absl::string_view wanted) {
  return absl::InvalidArgumentError(absl::StrCat(
      value.origin, ": '", io::ShownText(value.text), "' is not ", wanted));
}

absl::Status At(const OptionText& value, const absl::Status& status) {
  if (value.origin.empty()) return status;
  return absl::Status(status.code(),
                      absl::StrCat(value.origin, ": ", status.message()));
}

absl::Status SetRate(const OptionText& text, double* out) {
  const auto value = io::ParseDecimal(text.text, 1e9);
  if (!value) return BadValue(text, "a number of packets a second");
  *out = *value;
  return absl::OkStatus();
}

}  // namespace tools
