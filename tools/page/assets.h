// The files of tools/page/assets, which CMake puts into the program.
#ifndef PTRSWEEP_TOOLS_PAGE_ASSETS_H_
#define PTRSWEEP_TOOLS_PAGE_ASSETS_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace tools {

// By its name without folder; empty if there is none.
absl::string_view AssetText(absl::string_view name);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_PAGE_ASSETS_H_
