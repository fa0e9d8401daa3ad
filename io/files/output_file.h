// OutputFile: buffered bytes to stdout or to a file that gets its name only
// when it is whole.
#ifndef PTRSWEEP_IO_FILES_OUTPUT_FILE_H_
#define PTRSWEEP_IO_FILES_OUTPUT_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/sha256.h"

namespace io {

// Where the output PATH goes. "-": stdout. If PATH exists and is not a regular
// file (/dev/full, a fifo), it is written directly. Else it is a file that can
// have a journal; of a symbolic link, what it points to.
struct OutputPlace {
  enum class Kind : uint8_t { kStdout, kDirect, kFile };

  Kind kind = Kind::kStdout;
  std::string given;  // PATH
  std::string file;   // kFile: symbolic links followed

  // Of a kFile, beside it: `.NAME.inprogress` and `NAME.journal`.
  std::string TemporaryPath() const;
  std::string JournalPath() const;
};

// Touches nothing. Errors name the path and errno.
absl::StatusOr<OutputPlace> FindOutput(absl::string_view path);

class OutputFile {
 public:
  // A kFile is written as its temporary path, mode 0644 less umask, replacing
  // what a killed run left there; the file itself is not touched before
  // Finish(). Errors name the path and errno.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Open(
      const OutputPlace& place);
  // The same of FindOutput(path).
  static absl::StatusOr<std::unique_ptr<OutputFile>> Open(
      absl::string_view path);
  // Goes on with the temporary file of a run that ended early, of which the
  // first `octets` octets count. REQUIRES: a kFile, whose temporary file has
  // so many.
  static absl::StatusOr<std::unique_ptr<OutputFile>> Continue(
      const OutputPlace& place, uint64_t octets);
  // Without Finish() the temporary file stays: it holds whole writes.
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  // Appends to the buffer; writes it out when it holds 1 MiB. Short writes and
  // EINTR are continued. After an error all calls return that error again.
  // kUnavailable: the reader of a pipe is gone (EPIPE; SIGPIPE is ignored by
  // the program).
  absl::Status Write(absl::string_view octets);
  // The same without a copy: room for `octets`, valid until the next call; then
  // Commit() appends as many of them as were written there.
  char* Reserve(size_t octets) {
    if (capacity_ - buffered_ < octets) Grow(octets);
    return buffer_.get() + buffered_;
  }
  absl::Status Commit(size_t octets) {
    if (!status_.ok()) return status_;
    buffered_ += octets;
    return buffered_ < kBufferOctets ? absl::OkStatus() : Flush();
  }
  absl::Status Flush();
  // Flush, and what is written is on the disk: an error that follows cuts the
  // file to that length. A failed sync is never repeated. REQUIRES: a kFile.
  absl::Status Sync();
  // Flush, fdatasync, close, rename, fsync of the folder; each checked, a
  // failed sync never repeated. stdout: flush only; what is written directly:
  // flush and close. REQUIRES: called once, last.
  absl::Status Finish();
  // What was written of a kFile is of no use: its temporary file goes. Called
  // last, instead of Finish() or after it failed.
  void Discard();

  // What is written from now on is added to *digest too, which must outlive
  // this file.
  void DigestInto(Sha256* digest) { digest_ = digest; }

  // For messages: PATH as carried text, or "standard output".
  const std::string& name() const { return name_; }
  // Where the octets lie before Finish(); empty if there is no such file.
  const std::string& temporary_path() const { return temporary_path_; }
  // Octets that the file or pipe has taken.
  uint64_t written_octets() const { return written_octets_; }

 private:
  OutputFile(int fd, std::string name);
  static std::unique_ptr<OutputFile> Make(int fd, const OutputPlace& place);
  static absl::StatusOr<std::unique_ptr<OutputFile>> Create(
      const OutputPlace& place);
  void Grow(size_t octets);
  void CutTo(uint64_t octets);
  absl::Status Publish();
  absl::Status Fail(absl::string_view what, int error,
                    absl::string_view detail = "");

  static constexpr size_t kBufferOctets = 1 << 20;

  int fd_;  // -1: closed
  std::string name_;
  std::string temporary_path_;
  std::string final_path_;
  size_t capacity_;
  size_t buffered_ = 0;
  std::unique_ptr<char[]> buffer_;
  uint64_t written_octets_ = 0;
  uint64_t synced_octets_ = 0;  // of them, by Sync()
  Sha256* digest_ = nullptr;
  absl::Status status_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_OUTPUT_FILE_H_
