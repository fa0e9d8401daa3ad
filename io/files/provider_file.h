// Reads `--providers`: who runs name servers, and where their zones' PTR
// records are set (VERDICTS.md 7).
#ifndef PTRSWEEP_IO_FILES_PROVIDER_FILE_H_
#define PTRSWEEP_IO_FILES_PROVIDER_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace io {

// The texts of `provider` and `where` are carried text.
struct ListedProvider {
  std::string suffix;  // lower case; `*`: any characters inside one label
  std::string provider;
  std::string where;
  bool usually = false;  // basis general: it is said with "usually"
};

// Fields apart by tabs, UTF-8, in the columns of the header:
//
//     suffix          provider   where                  basis
//     ns*.example.net Example    https://example.net/#  documented
//
// suffix, provider and where must be there; forward_first (yes, no, unknown),
// basis (documented, observed, general; else documented) and checked (YYYY-MM)
// may, and must then be what they are. A field at the end of a line may be left
// out. A line that begins with '#' is a comment. In the order of the text.
// Errors: "SOURCE:LINE: ..." for a bad header, a bad field, a field too many, a
// suffix given twice.
absl::StatusOr<std::vector<ListedProvider>> ParseProviderFile(
    absl::string_view text, absl::string_view source);

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_PROVIDER_FILE_H_
