// `ptrsweep finalize`.
#ifndef PTRSWEEP_TOOLS_FINALIZE_COMMAND_H_
#define PTRSWEEP_TOOLS_FINALIZE_COMMAND_H_

#include <string>

namespace tools {

// Proves the dataset (dataset_proof.h) and writes its _SUCCESS; one that is
// there is removed if it is not true. Returns the exit code.
int RunFinalizeCommand(const std::string& folder);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_FINALIZE_COMMAND_H_
