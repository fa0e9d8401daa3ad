#include "tests/world/names.h"

#include <algorithm>
#include <cctype>

namespace world {
namespace {

char LowerChar(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_';
}

void AppendEscaped(char c, std::string* out) {
  const int value = static_cast<unsigned char>(c);
  out->push_back('\\');
  out->push_back(static_cast<char>('0' + value / 100));
  out->push_back(static_cast<char>('0' + value / 10 % 10));
  out->push_back(static_cast<char>('0' + value % 10));
}

}  // namespace

std::string EscapeLabel(std::string_view octets, bool first) {
  std::string text;
  for (size_t i = 0; i < octets.size(); ++i) {
    const char c = LowerChar(octets[i]);
    if (IsPlain(c) && !(first && i == 0 && c == '-')) {
      text.push_back(c);
    } else {
      AppendEscaped(c, &text);
    }
  }
  return text;
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  std::transform(lower.begin(), lower.end(), lower.begin(), LowerChar);
  return lower;
}

std::string_view Parent(std::string_view name) {
  const size_t dot = name.find('.');
  return dot == std::string_view::npos ? "." : name.substr(dot + 1);
}

std::string_view FirstLabel(std::string_view name) {
  return name.substr(0, name.find('.'));
}

std::string Join(std::string_view label, std::string_view name) {
  std::string text(label);
  if (name == ".") return text;
  text.push_back('.');
  text.append(name);
  return text;
}

bool IsAtOrBelow(std::string_view name, std::string_view ancestor) {
  return name == ancestor || IsBelow(name, ancestor);
}

bool IsBelow(std::string_view name, std::string_view ancestor) {
  if (ancestor == ".") return name != ".";
  return name.size() > ancestor.size() && name.ends_with(ancestor) &&
         name[name.size() - ancestor.size() - 1] == '.';
}

size_t LabelCount(std::string_view name) {
  if (name == ".") return 0;
  return 1 + static_cast<size_t>(std::count(name.begin(), name.end(), '.'));
}

size_t WireSize(std::string_view name) {
  if (name == ".") return 1;
  const auto escapes = std::count(name.begin(), name.end(), '\\');
  // A dot stands for the length octet of the label after it; the first
  // label's and the root's come on top.
  return name.size() - 3 * static_cast<size_t>(escapes) + 2;
}

std::string Letters(unsigned number) {
  constexpr char kLetters[] = "bcfghjklnqrstvwxz";
  constexpr unsigned kCount = sizeof kLetters - 1;
  std::string text;
  for (int i = 0; i < 4; ++i) {
    text.push_back(kLetters[number % kCount]);
    number /= kCount;
  }
  return text;
}

}  // namespace world
