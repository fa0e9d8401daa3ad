// JsonCursor: reads one JSON text (RFC 8259) from left to right, for readers
// that know what must come. No tree is built: an NDJSON row costs a fifth of
// what it costs with one.
#ifndef PTRSWEEP_IO_FORMATS_JSON_CURSOR_H_
#define PTRSWEEP_IO_FORMATS_JSON_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace io {

// Every call passes over white space first, and moves on if what it asks for is
// there. Borrows the text.
class JsonCursor {
 public:
  explicit JsonCursor(absl::string_view text)
      : at_(text.data()), end_(text.data() + text.size()) {}

  // One of { } [ ] : ,
  bool Take(char mark);
  bool TakeNull();
  // A whole number from 0 to UINT32_MAX, without fraction and exponent.
  bool TakeNumber(uint32_t* number);
  // A string of valid UTF-8. *text is valid until the next call with the same
  // `room`, which is used if the string has escapes.
  bool TakeString(std::string* room, absl::string_view* text);
  // Nothing but white space is left.
  bool AtEnd();

  // The elements of a list: `visit()` takes one, and returns false if it
  // cannot.
  template <typename Visit>
  bool TakeList(Visit visit) {
    return TakeItems('[', ']', visit);
  }
  // The members of an object: `visit(key)` takes the value. A key is valid
  // until the next one.
  template <typename Visit>
  bool TakeObject(std::string* room, Visit visit) {
    return TakeItems('{', '}', [&] {
      absl::string_view key;
      return TakeString(room, &key) && Take(':') && visit(key);
    });
  }

 private:
  template <typename Visit>
  bool TakeItems(char open, char close, Visit visit) {
    if (!Take(open)) return false;
    if (Take(close)) return true;
    do {
      if (!visit()) return false;
    } while (Take(','));
    return Take(close);
  }
  void PassSpace();
  bool TakeEscaped(std::string* room, absl::string_view* text);
  bool TakeEscape(std::string* out);
  bool TakeCodeUnit(uint32_t* unit);

  const char* at_;
  const char* const end_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_FORMATS_JSON_CURSOR_H_
