#include "io/files/csv_reader.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"

namespace io {

CsvReader::CsvReader(absl::string_view text) : text_(text) {
  absl::ConsumePrefix(&text_, "\xef\xbb\xbf");
}

absl::StatusOr<bool> CsvReader::Next(std::vector<std::string>* fields) {
  while (TakeLineEnd()) {
  }
  line_ = next_line_;
  if (text_.empty()) return false;
  const absl::string_view start = text_;
  size_t count = 0;
  do {
    if (count == fields->size()) fields->emplace_back();
    const absl::Status status = ReadField(&(*fields)[count++]);
    if (!status.ok()) return status;
  } while (absl::ConsumePrefix(&text_, ","));
  fields->resize(count);
  record_octets_ = start.size() - text_.size();
  TakeLineEnd();
  return true;
}

absl::Status CsvReader::ReadField(std::string* field) {
  field->clear();
  return absl::ConsumePrefix(&text_, "\"") ? ReadQuoted(field)
                                           : ReadPlain(field);
}

// From behind the opening quote to behind the closing one.
absl::Status CsvReader::ReadQuoted(std::string* field) {
  do {
    const size_t quote = text_.find('"');
    if (quote == absl::string_view::npos) {
      return absl::InvalidArgumentError("a quote is not closed");
    }
    const absl::string_view piece = text_.substr(0, quote);
    next_line_ +=
        static_cast<size_t>(std::count(piece.begin(), piece.end(), '\n'));
    field->append(piece.data(), piece.size());
    text_.remove_prefix(quote + 1);
    if (!absl::StartsWith(text_, "\"")) break;
    field->push_back('"');
    text_.remove_prefix(1);
  } while (true);
  if (AtRecordEnd() || text_.front() == ',') return absl::OkStatus();
  return absl::InvalidArgumentError("text follows a closing quote");
}

absl::Status CsvReader::ReadPlain(std::string* field) {
  const absl::string_view plain =
      text_.substr(0, text_.find_first_of(",\"\r\n"));
  field->assign(plain.data(), plain.size());
  text_.remove_prefix(plain.size());
  if (AtRecordEnd() || text_.front() == ',') return absl::OkStatus();
  return absl::InvalidArgumentError(
      text_.front() == '"' ? "a quote stands inside an unquoted cell"
                           : "a carriage return without line feed");
}

bool CsvReader::AtRecordEnd() const {
  return text_.empty() || text_.front() == '\n' ||
         absl::StartsWith(text_, "\r\n");
}

bool CsvReader::TakeLineEnd() {
  if (!absl::ConsumePrefix(&text_, "\n") &&
      !absl::ConsumePrefix(&text_, "\r\n")) {
    return false;
  }
  ++next_line_;
  return true;
}

}  // namespace io
