// Journal: the file beside an output that says how much of it counts, and what
// is in that much (WIRE.md section 10; layout: journal_format.h).
//
//   Create   temporary file, header, fsync, rename, fsync of the folder
//   Append   record, fdatasync
//   Rewrite  as Create, with one record that says everything
//   Remove   when the output has its name
//
// Held by one process at a time (flock).
#ifndef PTRSWEEP_IO_FILES_JOURNAL_H_
#define PTRSWEEP_IO_FILES_JOURNAL_H_

#include <cstdint>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "io/files/journal_format.h"

namespace io {

// Used by one thread. Errors name the file and errno; after one of Append or
// Rewrite every further call returns it again, and nothing more is written: a
// failed sync is never repeated.
class Journal {
 public:
  static constexpr uint64_t kRewriteOctets = 16 << 20;

  struct Opened {
    std::unique_ptr<Journal> journal;
    JournalContent content;
  };

  // Where a journal is written that gets the name `path` once it is whole.
  static std::string TemporaryPath(const std::string& path);
  // Makes the file. kAlreadyExists: there is one.
  static absl::StatusOr<std::unique_ptr<Journal>> Create(
      const std::string& path, const JournalHeader& header);
  // Opens and reads it, and changes nothing. kNotFound: there is none;
  // kFailedPrecondition: another process holds it; else as ParseJournal().
  static absl::StatusOr<Opened> Open(const std::string& path,
                                     uint64_t data_octets,
                                     const RecordTest& also_fits = {});
  // Does not remove the file.
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  // Takes away what follows the record that Open() gave.
  absl::Status Cut();
  // REQUIRES: the data it speaks of is on the disk; Cut() after Open().
  absl::Status Append(const JournalRecord& record);
  // Whether it has become so long that it should be rewritten.
  bool is_long() const {
    return octets_ > kRewriteOctets && octets_ > 2 * rewritten_octets_;
  }
  // `record` replaces all records: what adds up is all there in it.
  absl::Status Rewrite(const JournalRecord& record);
  absl::Status Remove();

  const std::string& path() const { return path_; }

 private:
  Journal(std::string path, JournalHeader header);

  // Makes it a file of these octets, by another name first.
  absl::Status Replace(const std::string& octets, bool may_exist);
  absl::Status WriteNew(const std::string& temporary,
                        const std::string& octets);
  absl::Status Hold(int fd);
  absl::Status Fail(absl::string_view what, int error,
                    absl::string_view detail = "");

  std::string path_;
  JournalHeader header_;
  int fd_ = -1;
  uint64_t next_seq_ = 0;
  uint64_t octets_ = 0;            // that count
  uint64_t rewritten_octets_ = 0;  // after the last Rewrite()
  absl::Status status_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FILES_JOURNAL_H_
