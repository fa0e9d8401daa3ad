#include "tests/fuzz/slow_names.h"

#include <cstdio>

namespace fuzz {

std::optional<SlowName> SlowReadName(std::span<const uint8_t> message,
                                     size_t position) {
  SlowName name;
  size_t at = position;
  size_t piece = position;        // first octet of the piece being read
  size_t limit = message.size();  // no octet at or behind it may be touched
  int pointers = 0;
  for (;;) {
    if (at >= limit) return std::nullopt;
    const size_t octet = message[at];
    if (octet >= 0xc0) {
      if (at + 1 >= limit) return std::nullopt;
      if (pointers == 0) name.end = at + 2;
      if (++pointers > 127) return std::nullopt;
      const size_t target = (octet - 0xc0) * 256 + message[at + 1];
      if (target < 12 || target >= piece) return std::nullopt;
      limit = piece;
      at = piece = target;
      continue;
    }
    if (octet > 63) return std::nullopt;
    for (size_t i = 0; i <= octet; ++i, ++at) {
      if (at >= limit) return std::nullopt;
      name.wire += static_cast<char>(message[at]);
      if (name.wire.size() > 255) return std::nullopt;
    }
    if (octet == 0) break;
  }
  if (pointers == 0) name.end = at;
  return name;
}

std::string SlowLower(std::string_view octets) {
  std::string lower(octets);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

std::string SlowText(std::string_view wire) {
  constexpr std::string_view kStanding =
      "abcdefghijklmnopqrstuvwxyz0123456789_-";
  std::string text;
  for (size_t at = 0; wire[at] != 0;) {
    if (at > 0) text += '.';
    const std::string_view label =
        wire.substr(at + 1, static_cast<size_t>(wire[at]));
    for (const char c : SlowLower(label)) {
      if (kStanding.find(c) != kStanding.npos && !(text.empty() && c == '-')) {
        text += c;
        continue;
      }
      char escape[5];
      std::snprintf(escape, sizeof escape, "\\%03u",
                    static_cast<unsigned>(static_cast<unsigned char>(c)));
      text += escape;
    }
    at += 1 + label.size();
  }
  return text.empty() ? "." : text;
}

bool SlowIsAtOrAbove(std::string_view ancestor, std::string_view name) {
  for (;;) {
    if (name == ancestor) return true;
    if (name[0] == 0) return false;
    name.remove_prefix(1 + static_cast<size_t>(name[0]));
  }
}

}  // namespace fuzz
