// Input: its first octet says what follows.
//
//   0: a whole file.
//   1: a footer, behind the octets of sound rows.
//   else: a number of rows (1 to 16), then pages of single columns, which take
//         the places of the sound ones: column, what is unusual (bits), values
//         stated, size, that many octets. Frames, checksums and lengths around
//         them are right (parquet_maker).
//
// What is read becomes harmless text, which the reader of NDJSON takes for the
// same rows; there are as many as the file says, or an error names the file.
// Memory is bounded by libFuzzer's -malloc_limit_mb and -rss_limit_mb.
#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "io/parquet/parquet_reader.h"
#include "tests/fuzz/error_line.h"
#include "tests/fuzz/parquet_maker.h"
#include "tests/fuzz/row_files.h"

namespace {

using fuzz::MadeChunk;
using fuzz::MadePage;
using fuzz::Require;

// Takes numbers and octets off the front; 0 and fewer at the end.
class Input {
 public:
  Input(const uint8_t* data, size_t size)
      : octets_(reinterpret_cast<const char*>(data), size) {}

  bool empty() const { return octets_.empty(); }
  uint8_t Octet() {
    const std::string taken = Take(1);
    return taken.empty() ? uint8_t{0} : static_cast<uint8_t>(taken[0]);
  }
  std::string Take(size_t size) {
    std::string taken(octets_.substr(0, size));
    octets_.remove_prefix(taken.size());
    return taken;
  }

 private:
  absl::string_view octets_;
};

enum Unusual : uint8_t {
  kDictionary = 1,
  kIndices = 2,      // the page has indices
  kManyEntries = 4,  // the number stated is times 2^16
  kOtherEncoding = 8,
  kOtherSize = 16,  // the size stated is another
  kNextPage = 32,   // behind the column's last page, not instead of all
  kOwnOctets = 64,  // else those of the sound page come before
};

MadePage TakePage(const MadePage& sound, uint8_t unusual, Input* input) {
  MadePage page;
  page.is_dictionary = (unusual & kDictionary) != 0;
  if ((unusual & kIndices) != 0) {
    page.encoding = static_cast<int64_t>(io::ParquetEncoding::kRleDictionary);
  }
  if ((unusual & kOtherEncoding) != 0) page.encoding = 4;
  page.entries = input->Octet();
  if ((unusual & kManyEntries) != 0) page.entries <<= 16;
  if ((unusual & kOtherSize) != 0) page.raw_octets = input->Octet() << 20;
  if ((unusual & kOwnOctets) == 0) page.octets = sound.octets;
  page.octets += input->Take(input->Octet());
  return page;
}

std::string TakeFile(Input* input) {
  const int64_t rows = 1 + input->Octet() % 16;
  const std::vector<MadeChunk> sound = fuzz::SoundChunks(rows);
  std::vector<MadeChunk> chunks = sound;
  std::vector<bool> is_own(chunks.size(), false);
  while (!input->empty()) {
    const size_t leaf = input->Octet() % chunks.size();
    const uint8_t unusual = input->Octet();
    MadePage page = TakePage(sound[leaf][0], unusual, input);
    if (!is_own[leaf] && (unusual & kNextPage) == 0) chunks[leaf].clear();
    is_own[leaf] = true;
    chunks[leaf].push_back(std::move(page));
  }
  return fuzz::MakeParquet(rows, chunks);
}

std::string FileOf(Input* input) {
  const uint8_t kind = input->Octet();
  if (kind == 0) return input->Take(std::string::npos);
  if (kind > 1) return TakeFile(input);
  const std::string sound = fuzz::MakeParquet(2, fuzz::SoundChunks(2));
  return fuzz::WrapFooter(sound, input->Take(std::string::npos));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static const fuzz::MemoryFile file;
  static const fuzz::MemoryFile text_file;
  Input input(data, size);
  file.Set(FileOf(&input));
  auto reader = io::ParquetReader::Open(file.path());
  if (!reader.ok()) {
    fuzz::CheckErrorLine(reader.status(), file.path() + ": ");
    return 0;
  }
  std::string rows;
  const absl::Status status =
      ReadAll(reader->get(), fuzz::TextFormat::kNdjson, &rows);
  if (!status.ok()) fuzz::CheckErrorLine(status, file.path() + ": ");
  const auto count = std::count(rows.begin(), rows.end(), '\n');
  Require(count <= (*reader)->rows(), "no more rows than the file says");
  Require(!status.ok() || count == (*reader)->rows(), "and no fewer");
  CheckRowText(text_file, rows, fuzz::TextFormat::kNdjson);
  return 0;
}
