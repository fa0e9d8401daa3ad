// The version, as --version prints it.
#ifndef PTRSWEEP_TOOLS_VERSION_H_
#define PTRSWEEP_TOOLS_VERSION_H_

namespace tools {

inline constexpr char kVersion[] = PTRSWEEP_VERSION;  // set by CMake

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_VERSION_H_
