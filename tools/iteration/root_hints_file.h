// RootHintsFile: the servers of the root from a file in master-file syntax (RFC
// 1035 section 5.1), as IANA's named.root is.
#ifndef PTRSWEEP_TOOLS_ITERATION_ROOT_HINTS_FILE_H_
#define PTRSWEEP_TOOLS_ITERATION_ROOT_HINTS_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "scanner/options.h"

namespace tools {

// NS records of the root and A and AAAA of their names; other records are
// ignored. Errors name the file, and the line that is broken; a file that leads
// to no address is one too.
absl::StatusOr<std::vector<scanner::RootServer>> ReadRootHints(
    const std::string& path);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_ITERATION_ROOT_HINTS_FILE_H_
