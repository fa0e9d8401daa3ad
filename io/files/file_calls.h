// System calls on files as outputs and journals need them. Those that return an
// int return 0 or errno.
#ifndef PTRSWEEP_IO_FILES_FILE_CALLS_H_
#define PTRSWEEP_IO_FILES_FILE_CALLS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace io {

// open() with O_CLOEXEC, mode 0644 less umask, again after EINTR. The
// descriptor, or -1 with errno.
int OpenFile(const std::string& path, int flags);
// Writes *octets, of which only what could not be written is left. Short
// writes and EINTR are continued, EAGAIN (a pipe or terminal that somebody made
// non-blocking) is waited for.
int WriteAll(int fd, absl::string_view* octets);
// Of path "a/b": "a/"; of "b": ".".
std::string FolderOf(const std::string& path);
// "a/b" becomes "a/PREFIXbSUFFIX".
std::string Sibling(const std::string& path, absl::string_view prefix,
                    absl::string_view suffix);
// The same text for all ways to name a file, which need not be there. A folder
// that is not there keeps its name.
std::string CanonicalPath(const std::string& path);
// Octets of a regular file; nullopt if there is none.
std::optional<uint64_t> SizeOfFile(const std::string& path);
// fsync of a folder; some network file systems cannot, that is no error.
int SyncFolder(const std::string& folder);

// "cannot WHAT NAME: errno's text, DETAIL". kUnavailable for EPIPE.
absl::Status FileError(absl::string_view what, absl::string_view name,
                       int error, absl::string_view detail = "");

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_FILE_CALLS_H_
