#include "io/formats/carried_text.h"

#include <cstdint>
#include <cstring>

namespace io {
namespace {

uint8_t OctetAt(absl::string_view text, size_t i) {
  return static_cast<uint8_t>(text[i]);
}

// Well-formed sequences by RFC 3629 section 4: the first octet sets the length
// and what the second may be; all others are 80..BF.
struct Lead {
  uint8_t first, last;                // range of the first octet
  uint8_t second_first, second_last;  // range of the second octet
  uint8_t octets;
};
constexpr Lead kLeads[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2},  // no overlong forms: not C0, C1
    {0xe0, 0xe0, 0xa0, 0xbf, 3},  // no overlong forms
    {0xe1, 0xec, 0x80, 0xbf, 3},  //
    {0xed, 0xed, 0x80, 0x9f, 3},  // no surrogates
    {0xee, 0xef, 0x80, 0xbf, 3},  //
    {0xf0, 0xf0, 0x90, 0xbf, 4},  // no overlong forms
    {0xf1, 0xf3, 0x80, 0xbf, 4},  //
    {0xf4, 0xf4, 0x80, 0x8f, 4},  // nothing above U+10FFFF
};

const Lead* FindLead(uint8_t octet) {
  for (const Lead& lead : kLeads) {
    if (octet >= lead.first && octet <= lead.last) return &lead;
  }
  return nullptr;
}

bool IsPrintableAscii(uint8_t octet) { return octet >= 0x20 && octet < 0x7f; }

// Spreadsheets take text with one of these in front for a formula.
bool StartsFormula(char c) {
  return c == '=' || c == '+' || c == '-' || c == '@';
}

// Octets at the start of `text` that stay as they are; 0: escape the first.
size_t StandingOctets(absl::string_view text) {
  const uint8_t first = OctetAt(text, 0);
  if (first < 0x80) return IsPrintableAscii(first) && first != '\\' ? 1 : 0;
  const size_t octets = Utf8SequenceOctets(text);
  const bool is_c1 = octets == 2 && first == 0xc2 && OctetAt(text, 1) < 0xa0;
  return is_c1 ? 0 : octets;
}

char* AppendEscaped(uint8_t octet, char* out) {
  *out++ = '\\';
  *out++ = static_cast<char>('0' + octet / 100);
  *out++ = static_cast<char>('0' + octet / 10 % 10);
  *out++ = static_cast<char>('0' + octet % 10);
  return out;
}

}  // namespace

size_t Utf8SequenceOctets(absl::string_view text) {
  if (OctetAt(text, 0) < 0x80) return 1;
  const Lead* const lead = FindLead(OctetAt(text, 0));
  if (lead == nullptr || text.size() < lead->octets) return 0;
  const uint8_t second = OctetAt(text, 1);
  if (second < lead->second_first || second > lead->second_last) return 0;
  for (size_t i = 2; i < lead->octets; ++i) {
    if ((OctetAt(text, i) & 0xc0) != 0x80) return 0;
  }
  return lead->octets;
}

bool IsValidUtf8(absl::string_view text) {
  while (!text.empty()) {
    const size_t octets = Utf8SequenceOctets(text);
    if (octets == 0) return false;
    text.remove_prefix(octets);
  }
  return true;
}

size_t FormatCarriedText(absl::string_view text, char* out) {
  char* end = out;
  if (!text.empty() && StartsFormula(text.front())) {
    end = AppendEscaped(OctetAt(text, 0), end);
    text.remove_prefix(1);
  }
  while (!text.empty()) {
    const size_t standing = StandingOctets(text);
    if (standing == 0) {
      end = AppendEscaped(OctetAt(text, 0), end);
      text.remove_prefix(1);
    } else {
      std::memcpy(end, text.data(), standing);
      end += standing;
      text.remove_prefix(standing);
    }
  }
  return static_cast<size_t>(end - out);
}

std::string CarriedText(absl::string_view text) {
  std::string carried(kCarriedTextGrowth * text.size(), '\0');
  carried.resize(FormatCarriedText(text, carried.data()));
  return carried;
}

bool ParseCarriedText(absl::string_view carried, std::string* out) {
  out->clear();
  for (size_t at = 0; at < carried.size(); ++at) {
    if (carried[at] != '\\') {
      out->push_back(carried[at]);
      continue;
    }
    int octet = 0;
    for (int digits = 3; digits > 0; --digits) {
      if (++at == carried.size()) return false;
      if (carried[at] < '0' || carried[at] > '9') return false;
      octet = 10 * octet + (carried[at] - '0');
    }
    if (octet > 255) return false;
    out->push_back(static_cast<char>(octet));
  }
  return true;
}

std::string CutCarriedText(absl::string_view text, size_t max_octets) {
  if (text.size() <= max_octets) return CarriedText(text);
  size_t kept = 0;
  while (kept < max_octets) {
    const size_t octets = Utf8SequenceOctets(text.substr(kept));
    if (kept + octets > max_octets) break;
    kept += octets == 0 ? 1 : octets;
  }
  return CarriedText(text.substr(0, kept)) + "...";
}

}  // namespace io
