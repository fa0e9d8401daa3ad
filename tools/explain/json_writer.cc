#include "tools/explain/json_writer.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "io/formats/carried_text.h"

namespace tools {
namespace {

void AppendString(absl::string_view value, std::string* out) {
  out->push_back('"');
  while (!value.empty()) {
    const size_t octets = io::Utf8SequenceOctets(value);
    const char c = value[0];
    if (octets == 0) {
      absl::StrAppendFormat(out, "\\\\%03d", static_cast<unsigned char>(c));
    } else if (c == '"' || c == '\\') {
      out->push_back('\\');
      out->push_back(c);
    } else if (c == '\n') {
      absl::StrAppend(out, "\\n");
    } else if (static_cast<unsigned char>(c) < 0x20) {
      absl::StrAppendFormat(out, "\\u%04x", static_cast<unsigned char>(c));
    } else {
      absl::StrAppend(out, value.substr(0, octets));
    }
    value.remove_prefix(octets == 0 ? 1 : octets);
  }
  out->push_back('"');
}

}  // namespace

void JsonWriter::Separate() {
  if (text_.empty()) return;
  const char last = text_.back();
  if (last != '{' && last != '[' && last != ':') text_ += ',';
}

JsonWriter& JsonWriter::Key(absl::string_view key) {
  Separate();
  AppendString(key, &text_);
  text_ += ':';
  return *this;
}

void JsonWriter::Text(absl::string_view value) {
  Separate();
  AppendString(value, &text_);
}

void JsonWriter::TextOrNull(absl::string_view value) {
  if (value.empty()) return Null();
  Text(value);
}

void JsonWriter::Number(uint64_t value) {
  Separate();
  absl::StrAppend(&text_, value);
}

void JsonWriter::Decimal(double value) {
  Separate();
  absl::StrAppendFormat(&text_, "%.3f", value);
}

void JsonWriter::Bool(bool value) {
  Separate();
  absl::StrAppend(&text_, value ? "true" : "false");
}

void JsonWriter::Null() {
  Separate();
  absl::StrAppend(&text_, "null");
}

void JsonWriter::Open(char bracket) {
  Separate();
  text_ += bracket;
}

void JsonWriter::Close(char bracket) { text_ += bracket; }

}  // namespace tools
