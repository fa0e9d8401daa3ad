#include "tests/support/truth.h"

#include <array>
#include <cctype>
#include <charconv>

#include "tests/support/relay_fate.h"

namespace testing_support {
namespace {

constexpr char kFirstLetter = 'h';
constexpr size_t kLabelSize = 9;
// What the draws of one address are for; those of its names follow.
constexpr uint32_t kDrawKind = 0;
constexpr uint32_t kDrawNames = 1;
constexpr uint32_t kDrawForward = 2;
// Addresses of mismatches: far from 10.0.0.0/8, so that no flipped bit or two
// makes one out of the other.
constexpr uint32_t kElsewhere = 0xc01f0000;  // 192.31.0.0/16

const char* TextOf(TruthForward::Outcome outcome) {
  switch (outcome) {
    case TruthForward::Outcome::kConfirmed:
      return "confirmed";
    case TruthForward::Outcome::kDiffers:
      return "differs";
    case TruthForward::Outcome::kNxdomain:
      return "nxdomain";
    case TruthForward::Outcome::kNodata:
      return "nodata";
  }
  return "";
}

std::string Quoted(const std::string& text) { return '"' + text + '"'; }

}  // namespace

uint64_t Truth::Draw(uint32_t address, uint32_t what) const {
  return Mix(seed_, uint64_t{what} << 32 | address);
}

TruthKind Truth::KindOf(uint32_t address) const {
  const uint64_t draw = Draw(address, kDrawKind) % 100;
  if (draw < 50) return TruthKind::kPass;
  if (draw < 60) return TruthKind::kSeveral;
  if (draw < 70) return TruthKind::kMismatch;
  if (draw < 80) return TruthKind::kNoForward;
  return draw < 92 ? TruthKind::kNxdomain : TruthKind::kNodata;
}

uint32_t Truth::NamesOf(uint32_t address) const {
  switch (KindOf(address)) {
    case TruthKind::kSeveral:
      return 2 + static_cast<uint32_t>(Draw(address, kDrawNames) % 3);
    case TruthKind::kNxdomain:
    case TruthKind::kNodata:
      return 0;
    default:
      return 1;
  }
}

TruthForward Truth::ForwardOf(const TruthName& name) const {
  using Outcome = TruthForward::Outcome;
  if (name.index >= NamesOf(name.address)) return {};
  const uint64_t draw = Draw(name.address, kDrawForward + name.index);
  const TruthKind kind = KindOf(name.address);
  Outcome outcome = static_cast<Outcome>(draw % 4);
  if (kind == TruthKind::kPass) outcome = Outcome::kConfirmed;
  if (kind == TruthKind::kMismatch) outcome = Outcome::kDiffers;
  if (kind == TruthKind::kNoForward) {
    outcome = draw % 2 == 0 ? Outcome::kNxdomain : Outcome::kNodata;
  }
  if (outcome == Outcome::kConfirmed) return {outcome, name.address};
  if (outcome != Outcome::kDiffers) return {outcome, 0};
  return {outcome, kElsewhere | static_cast<uint32_t>(draw >> 48)};
}

TruthRow Truth::RowOf(uint32_t address) const {
  const TruthKind kind = KindOf(address);
  if (kind == TruthKind::kNxdomain || kind == TruthKind::kNodata) {
    const bool nxdomain = kind == TruthKind::kNxdomain;
    return {.status = "no_ptr",
            .cause = nxdomain ? "\"nxdomain\"" : "\"nodata\"",
            .ptr = "[]",
            .forward = "[]"};
  }
  bool confirmed = false;
  bool differs = false;
  TruthRow row{.cause = "null"};
  char separator = '[';
  for (uint32_t index = 0; index < NamesOf(address); ++index) {
    const TruthName name{address, index};
    const TruthForward forward = ForwardOf(name);
    confirmed |= forward.outcome == TruthForward::Outcome::kConfirmed;
    differs |= forward.outcome == TruthForward::Outcome::kDiffers;
    row.ptr += separator + Quoted(TextOf(name));
    row.forward +=
        std::string(1, separator) + R"({"name":)" + Quoted(TextOf(name)) +
        R"(,"outcome":)" + Quoted(testing_support::TextOf(forward.outcome)) +
        R"(,"addresses":[)" +
        (forward.exists() ? Quoted(FormatIpv4(forward.address)) : "") + "]}";
    separator = ',';
  }
  row.ptr += ']';
  row.forward += ']';
  row.status = confirmed ? "pass" : differs ? "mismatch" : "no_forward";
  return row;
}

std::string Truth::LabelOf(const TruthName& name) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string label(kLabelSize, static_cast<char>(kFirstLetter + name.index));
  for (uint32_t i = 0; i < 8; ++i) {
    label[1 + i] = kDigits[name.address >> (28 - 4 * i) & 0xf];
  }
  return label;
}

std::optional<TruthName> Truth::ParseLabel(std::string_view label) {
  if (label.size() != kLabelSize) return std::nullopt;
  const int letter = std::tolower(static_cast<unsigned char>(label[0]));
  const uint32_t index = static_cast<uint32_t>(letter) - kFirstLetter;
  if (index >= kMaxNames) return std::nullopt;
  TruthName name{.index = index};
  const char* const end = label.data() + label.size();
  const auto read = std::from_chars(label.data() + 1, end, name.address, 16);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return name;
}

std::string Truth::TextOf(const TruthName& name) {
  return LabelOf(name) + "." + kDomain;
}

std::optional<TruthName> Truth::ParseText(std::string_view text) {
  const size_t dot = text.find('.');
  if (dot == text.npos || text.substr(dot + 1) != kDomain) return std::nullopt;
  return ParseLabel(text.substr(0, dot));
}

std::string FormatIpv4(uint32_t address) {
  std::string text;
  for (int shift = 24; shift >= 0; shift -= 8) {
    text += std::to_string(address >> shift & 0xff);
    if (shift > 0) text += '.';
  }
  return text;
}

std::optional<uint32_t> ParseIpv4(std::string_view text) {
  uint32_t address = 0;
  const char* at = text.data();
  const char* const end = at + text.size();
  for (int part = 0; part < 4; ++part) {
    uint8_t octet = 0;
    const auto read = std::from_chars(at, end, octet);
    if (read.ec != std::errc()) return std::nullopt;
    address = address << 8 | octet;
    at = read.ptr;
    if (part == 3) break;
    if (at == end || *at++ != '.') return std::nullopt;
  }
  return at == end ? std::optional(address) : std::nullopt;
}

}  // namespace testing_support
