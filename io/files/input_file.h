// InputFile: a regular file that is read here and there.
#ifndef PTRSWEEP_IO_FILES_INPUT_FILE_H_
#define PTRSWEEP_IO_FILES_INPUT_FILE_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/sha256.h"

namespace io {

class InputFile {
 public:
  // Errors name the path and errno; anything but a regular file is refused.
  static absl::StatusOr<std::unique_ptr<InputFile>> Open(
      absl::string_view path);
  ~InputFile();
  InputFile(const InputFile&) = delete;
  InputFile& operator=(const InputFile&) = delete;

  // Octets when it was opened.
  uint64_t size() const { return size_; }
  // For messages: the path as carried text.
  const std::string& name() const { return name_; }
  // An error unless it is a secret's file: nobody but its owner may read or
  // write it, and the owner is this user or root. Names the mode.
  absl::Status CheckPrivate() const;
  // Replaces *out. An error too if the file has become shorter.
  // REQUIRES: offset + octets <= size().
  absl::Status Read(uint64_t offset, uint64_t octets, std::string* out) const;
  // Adds the first `octets` octets to *digest. As Read().
  absl::Status DigestInto(uint64_t octets, Sha256* digest) const;

 private:
  InputFile(int fd, uint64_t size, std::string name);

  const int fd_;
  const uint64_t size_;
  const std::string name_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_INPUT_FILE_H_
