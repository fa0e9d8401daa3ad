// Input: a length of the output (its first octet, times 8), then a journal.
// Reading it never fails otherwise than by a status, and every record that is
// taken is there, octet by octet: with its number and a CRC that is right.
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"
#include "io/files/journal_format.h"
#include "tests/fuzz/require.h"

namespace {

using fuzz::Require;

// CRC32C bit by bit.
uint32_t SlowCrc(absl::string_view octets) {
  uint32_t crc = 0xffffffff;
  for (const char c : octets) {
    crc ^= static_cast<uint8_t>(c);
    for (int bit = 0; bit < 8; ++bit) {
      crc = (crc & 1) != 0 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
  }
  return ~crc;
}

uint64_t NumberAt(absl::string_view octets, size_t at, size_t size) {
  uint64_t number = 0;
  for (size_t i = size; i > 0; --i) {
    number = number << 8 | static_cast<uint8_t>(octets[at + i - 1]);
  }
  return number;
}

// Walks the records up to the end that was told.
void CheckRecords(absl::string_view journal,
                  const io::JournalContent& content) {
  constexpr size_t kHeaderOctets = 112;
  size_t at = kHeaderOctets;
  uint64_t seq = 0;
  for (; at < content.octets; ++seq) {
    const size_t end = at + 4 + NumberAt(journal, at, 4);
    Require(end <= content.octets, "a record ends within the journal");
    Require(NumberAt(journal, end - 4, 4) ==
                SlowCrc(journal.substr(at, end - 4 - at)),
            "its CRC is right");
    Require(NumberAt(journal, at + 4, 8) == seq, "its number is the next");
    at = end;
  }
  Require(at == content.octets && seq == content.next_seq, "all were taken");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const uint64_t data_octets = data[0] * uint64_t{8};
  const absl::string_view journal(reinterpret_cast<const char*>(data + 1),
                                  size - 1);
  const auto content = io::ParseJournal(journal, data_octets);
  if (!content.ok()) return 0;
  Require(content->octets <= journal.size(), "it ends where the octets do");
  Require(content->changes.size() == content->next_seq, "changes of each");
  Require(content->has_record == (content->next_seq > 0), "has_record");
  Require(content->last.data_octets <= data_octets, "the record fits");
  CheckRecords(journal, *content);
  return 0;
}
