#include "scanner/verdict/expectation.h"

#include <cassert>
#include <charconv>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

// The octet that "{a}" to "{d}" at the start of `text` stands for, else -1.
int PlaceholderOctet(absl::string_view text,
                     const dnswire::IpAddress& address) {
  const bool placeholder = address.is_v4() && text.size() >= 3 &&
                           text[0] == '{' && text[1] >= 'a' && text[1] <= 'd' &&
                           text[2] == '}';
  return placeholder ? address.octet(text[1] - 'a') : -1;
}

// Writes `pattern` with its octets filled in. Three characters become at most
// three: `out` is as long as the pattern.
size_t FillIn(absl::string_view pattern, const dnswire::IpAddress& address,
              char* out) {
  char* end = out;
  while (!pattern.empty()) {
    const int octet = PlaceholderOctet(pattern, address);
    if (octet < 0) {
      *end++ = pattern.front();
      pattern.remove_prefix(1);
    } else {
      end = std::to_chars(end, end + 3, octet).ptr;
      pattern.remove_prefix(3);
    }
  }
  return static_cast<size_t>(end - out);
}

}  // namespace

Expectation::Expectation(absl::string_view pattern,
                         const dnswire::IpAddress& address) {
  if (pattern.empty()) return;
  if (pattern == "-") {
    kind_ = Kind::kNoPtr;
    return;
  }
  char text[dnswire::NameView::kMaxTextOctets + 2];
  assert(pattern.size() <= sizeof text);  // whoever read the file checked it
  if (pattern.size() > sizeof text) return;
  const bool below = absl::StartsWith(pattern, "*.");
  if (below) pattern.remove_prefix(2);
  const absl::string_view filled(text, FillIn(pattern, address, text));
  const auto name = dnswire::Name::Parse(filled);
  assert(name.has_value());
  if (!name) return;
  name_ = *name;
  kind_ = below ? Kind::kBelow : Kind::kHostName;
}

bool Expectation::Matches(dnswire::NameView ptr) const {
  assert(kind_ == Kind::kHostName || kind_ == Kind::kBelow);
  return kind_ == Kind::kBelow ? ptr.IsBelow(name_) : ptr.Equals(name_);
}

std::string Expectation::ToText() const {
  switch (kind_) {
    case Kind::kNone:
      return "";
    case Kind::kNoPtr:
      return "-";
    case Kind::kHostName:
      return name_.ToText();
    case Kind::kBelow:
      break;
  }
  return absl::StrCat("*.", name_.ToText());
}

}  // namespace scanner
