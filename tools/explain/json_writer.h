// JsonWriter: objects and arrays as text (RFC 8259), on one line.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_JSON_WRITER_H_
#define PTRSWEEP_TOOLS_EXPLAIN_JSON_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace tools {

class JsonWriter {
 public:
  // Goes on with the members of an object that is open in `text`.
  explicit JsonWriter(std::string text) : text_(std::move(text)) {}

  JsonWriter& Key(absl::string_view key);
  // Values: after a key, or in an array. Octets that are no UTF-8 become \DDD,
  // as everywhere.
  void Text(absl::string_view value);
  void TextOrNull(absl::string_view value);  // "" is null
  void Number(uint64_t value);
  void Decimal(double value);  // three places
  void Bool(bool value);
  void Null();
  template <typename Texts>
  void Array(const Texts& texts) {
    Open('[');
    for (const auto& text : texts) Text(text);
    Close(']');
  }
  void Open(char bracket);
  void Close(char bracket);

  std::string Take() { return std::move(text_); }

 private:
  void Separate();

  std::string text_;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_JSON_WRITER_H_
