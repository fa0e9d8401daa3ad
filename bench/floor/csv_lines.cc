#include "bench/floor/csv_lines.h"

#include <cstdlib>

#include "dnswire/ip_address.h"

namespace bench {
namespace {

constexpr size_t kChunkOctets = 1 << 16;
constexpr size_t kLineOctets =
    dnswire::IpAddress::kMaxTextOctets + dnswire::NameView::kMaxTextOctets + 32;

[[noreturn]] void Fail() {
  std::perror("floor: --csv");
  std::exit(1);
}

}  // namespace

CsvLines::CsvLines(const std::string& path) {
  if (path.empty()) return;
  file_ = std::fopen(path.c_str(), "w");
  if (file_ == nullptr) Fail();
  std::setvbuf(file_, nullptr, _IONBF, 0);
  text_.reserve(kChunkOctets + kLineOctets);
}

CsvLines::~CsvLines() {
  if (file_ == nullptr) return;
  Write();
  if (std::fclose(file_) != 0) Fail();
}

void CsvLines::Add(uint32_t address, const dnswire::NameView* name,
                   absl::string_view status) {
  if (file_ == nullptr) return;
  char line[kLineOctets];
  char* end = line;
  end += dnswire::IpAddress::V4(address).Format(end);
  *end++ = ',';
  if (name != nullptr) end += name->FormatText(end);
  *end++ = ',';
  end += status.copy(end, status.size());
  *end++ = '\n';
  text_.append(line, static_cast<size_t>(end - line));
  if (text_.size() >= kChunkOctets) Write();
}

void CsvLines::Write() {
  if (std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size()) Fail();
  text_.clear();
}

}  // namespace bench
