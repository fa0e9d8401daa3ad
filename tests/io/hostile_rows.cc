#include "tests/io/hostile_rows.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <iterator>
#include <set>

namespace testing_support {
namespace {

// Injections for spreadsheets, terminals, JSON, CSV, logs and paths.
constexpr absl::string_view kInjections[] = {
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1)",
    "\x1b[31mred\x07",
    "a,b",
    "say \"hi\"",
    "\r\nip,status",
    "back\\slash",
    "\\065",
    "..",
    "../../etc/passwd",
    "<script>",
    "\xc3\xa9t\xc3\xa9",           // é
    "\xe2\x82\xac",                // euro sign
    "\xf0\x9f\x98\x80",            // U+1F600
    "\xc2\x85next",                // C1: NEL
    "\xc0\xaf",                    // overlong
    "\xed\xa0\x80",                // surrogate
    "\xf4\x90\x80\x80",            // above U+10FFFF
    "\xe2\x82",                    // cut short
    "\xff\xfe",                    // no UTF-8 at all
    absl::string_view("n\0l", 3),  //
    "\t tab",
    "\x7f",
    "-",
    " ",
    "null",
    "UPPER",
};

// Octets in a UTF-8 sequence at text[i], by decoding and encoding it again; 0
// if there is none.
size_t SequenceAt(absl::string_view text, size_t i, uint32_t* code) {
  const auto octet = [text](size_t at) {
    return at < text.size() ? static_cast<uint8_t>(text[at]) : 0u;
  };
  const uint32_t first = octet(i);
  const size_t size = first < 0x80   ? 1
                      : first < 0xe0 ? 2
                      : first < 0xf0 ? 3
                                     : 4;
  if (first >= 0x80 && first < 0xc0) return 0;
  if (first > 0xf7) return 0;
  *code = size == 1 ? first : first & (0xffu >> (size + 1));
  for (size_t k = 1; k < size; ++k) {
    if (octet(i + k) < 0x80 || octet(i + k) > 0xbf) return 0;
    *code = *code << 6 | (octet(i + k) & 0x3f);
  }
  const size_t needed = *code < 0x80      ? 1
                        : *code < 0x800   ? 2
                        : *code < 0x10000 ? 3
                                          : 4;
  const bool surrogate = *code >= 0xd800 && *code <= 0xdfff;
  return needed == size && !surrogate && *code <= 0x10ffff ? size : 0;
}

std::string Escaped(uint8_t octet) {
  char text[5];
  std::snprintf(text, sizeof text, "\\%03u", static_cast<unsigned>(octet));
  return text;
}

}  // namespace

io::Row HostileRows::Make() {
  io::Row row;
  row.ip = MakeAddress();
  row.status = static_cast<io::Status>(Below(io::kStatusCount));
  row.cause = static_cast<io::Cause>(Below(io::kCauseCount));
  for (uint32_t i = Below(6); i > 0; --i) {
    row.flags.Add(static_cast<io::Flag>(Below(io::kFlagCount)));
  }
  FillReverse(&row);
  row.ptr_known = !OneIn(4);
  if (row.ptr_known) FillForward(&row);
  row.queries = Below(3) == 0 ? UINT32_MAX : Below(40);
  row.rtt_us = MaybeNumber();
  row.time_us = static_cast<int64_t>(Random()) * 1'000'000 + Below(1'000'000);
  row.label = MakeText();
  row.expected = OneIn(4) ? absl::string_view("-") : MakeText();
  return row;
}

std::vector<io::Row> HostileRows::Make(size_t count) {
  std::vector<io::Row> rows(count);
  for (io::Row& row : rows) row = Make();
  return rows;
}

void HostileRows::FillReverse(io::Row* row) {
  row->ttl_s = MaybeNumber();
  if (!OneIn(3)) {
    row->rcode = static_cast<uint16_t>(Below(OneIn(2) ? 30 : 65536));
  }
  row->zone = MaybeName();
  row->zone_mname = MaybeName();
  row->zone_rname = MaybeName();
  if (OneIn(4)) return;
  const auto port = static_cast<uint16_t>(OneIn(2) ? 53 : 1 + Below(65535));
  row->server = io::Endpoint{.address = MakeAddress(), .port = port};
}

void HostileRows::FillForward(io::Row* row) {
  row->ptr = MakeNames(5);
  row->confirmed = MakeNames(3);
  std::vector<io::ForwardItem>& items = forwards_.emplace_back();
  for (uint32_t i = Below(4); i > 0; --i) items.push_back(MakeForwardItem());
  row->forward = items;
}

io::ForwardItem HostileRows::MakeForwardItem() {
  io::ForwardItem item;
  item.name = MakeName();
  item.outcome = static_cast<io::ForwardOutcome>(Below(5));
  item.cause = static_cast<io::Cause>(1 + Below(io::kCauseCount - 1));
  std::vector<dnswire::IpAddress>& addresses = addresses_.emplace_back();
  const uint32_t count = OneIn(20) ? 50 : Below(4);
  for (uint32_t i = 0; i < count; ++i) addresses.push_back(MakeAddress());
  item.addresses = addresses;
  return item;
}

dnswire::IpAddress HostileRows::MakeAddress() {
  if (OneIn(2)) return dnswire::IpAddress::V4(Random());
  absl::uint128 value = 0;
  for (int i = 0; i < 8; ++i) {  // with many zero groups
    value = value << 16 | (OneIn(2) ? 0 : Below(65536));
  }
  return dnswire::IpAddress::V6(value);
}

dnswire::NameView HostileRows::MakeName() {
  std::vector<uint8_t>& wire = wires_.emplace_back();
  for (uint32_t labels = OneIn(10) ? 60 : Below(5); labels > 0; --labels) {
    std::string label;
    if (OneIn(2)) {
      const absl::string_view text = kInjections[Below(std::size(kInjections))];
      label.assign(text.data(), text.size());
    } else {
      const uint32_t size = OneIn(10) ? 63 : 1 + Below(8);
      for (uint32_t i = 0; i < size; ++i) {
        label.push_back(static_cast<char>(OneIn(2) ? 'a' : Below(256)));
      }
    }
    if (wire.size() + label.size() + 2 > 255) break;
    wire.push_back(static_cast<uint8_t>(label.size()));
    wire.insert(wire.end(), label.begin(), label.end());
  }
  wire.push_back(0);
  return dnswire::NameView::FromValidWire(wire);
}

dnswire::NameListView HostileRows::MakeNames(uint32_t max_count) {
  const uint32_t count = Below(max_count + 1);
  std::vector<uint8_t> packed;
  for (uint32_t i = 0; i < count; ++i) {
    const dnswire::NameView name = MakeName();
    packed.push_back(static_cast<uint8_t>(name.size()));
    packed.insert(packed.end(), name.wire().begin(), name.wire().end());
  }
  return {wires_.emplace_back(std::move(packed)), count};
}

std::optional<dnswire::NameView> HostileRows::MaybeName() {
  if (OneIn(3)) return std::nullopt;
  return MakeName();
}

std::optional<uint32_t> HostileRows::MaybeNumber() {
  if (OneIn(4)) return std::nullopt;
  return OneIn(4) ? UINT32_MAX : Below(100000);
}

absl::string_view HostileRows::MakeText() {
  std::string& text = texts_.emplace_back();
  for (uint32_t pieces = Below(4); pieces > 0; --pieces) {
    if (OneIn(3)) {
      text.push_back(static_cast<char>(Below(256)));
    } else {
      const absl::string_view piece =
          kInjections[Below(std::size(kInjections))];
      text.append(piece.data(), piece.size());
    }
  }
  return text;
}

LongestRows::LongestRows(uint8_t octet)
    : addresses_(50, dnswire::IpAddress::V6(absl::Uint128Max())),
      text_(4096, static_cast<char>(octet)) {
  constexpr size_t kNames = 300;
  for (const size_t size : {63u, 63u, 63u, 61u}) {
    wire_.push_back(static_cast<uint8_t>(size));
    wire_.insert(wire_.end(), size, octet);
  }
  wire_.push_back(0);
  for (size_t i = 0; i < kNames; ++i) {
    packed_.push_back(static_cast<uint8_t>(wire_.size()));
    packed_.insert(packed_.end(), wire_.begin(), wire_.end());
  }
  const auto name = dnswire::NameView::FromValidWire(wire_);
  items_.assign(100, {.name = name,
                      .outcome = io::ForwardOutcome::kDiffers,
                      .addresses = addresses_});
  rows_.resize(8);
  for (io::Row& row : rows_) row.ptr_known = true;
  rows_[0].ptr = {packed_, kNames};
  rows_[1].confirmed = {packed_, kNames};
  rows_[2].forward = items_;
  rows_[3].zone = name;
  rows_[4].zone_mname = name;
  rows_[5].zone_rname = name;
  rows_[6].label = text_;
  rows_[7].expected = text_;
}

std::string NameText(dnswire::NameView name) {
  if (name.is_root()) return ".";
  std::string text;
  const auto wire = name.wire();
  for (size_t at = 0; wire[at] != 0; at += size_t{1} + wire[at]) {
    if (at > 0) text += '.';
    for (size_t i = at + 1; i <= at + wire[at]; ++i) {
      const int c = wire[i] >= 'A' && wire[i] <= 'Z' ? wire[i] + 32 : wire[i];
      const bool stands = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                          c == '_' || (c == '-' && !text.empty());
      text += stands ? std::string(1, static_cast<char>(c))
                     : Escaped(static_cast<uint8_t>(c));
    }
  }
  return text;
}

std::string CarriedTextOf(absl::string_view text) {
  std::string carried;
  for (size_t i = 0; i < text.size();) {
    uint32_t code = 0;
    const size_t size = SequenceAt(text, i, &code);
    const bool formula = i == 0 && absl::string_view("=+-@").find(text[0]) !=
                                       absl::string_view::npos;
    const bool stands = size > 0 && code >= 0x20 && code != '\\' &&
                        !(code >= 0x7f && code <= 0x9f) && !formula;
    if (stands) {
      carried.append(text.data() + i, size);
      i += size;
    } else {
      carried += Escaped(static_cast<uint8_t>(text[i++]));
    }
  }
  return carried;
}

std::string TimeText(int64_t time_us) {
  const std::time_t second = time_us / 1'000'000;
  std::tm parts = {};
  gmtime_r(&second, &parts);
  char text[40];
  const size_t size = std::strftime(text, sizeof text, "%FT%T", &parts);
  const std::string micros = std::to_string(time_us % 1'000'000);
  return std::string(text, size) + "." + std::string(6 - micros.size(), '0') +
         micros + "Z";
}

std::string ServerText(const io::Endpoint& server) {
  std::string address = server.address.ToString();
  if (server.port == 53) return address;
  const std::string host =
      server.address.is_v4() ? address : "[" + address + "]";
  return host + ":" + std::to_string(server.port);
}

std::vector<std::string> FlagTexts(io::FlagSet flags) {
  std::set<std::string> names;
  for (size_t i = 0; i < io::kFlagCount; ++i) {
    const auto flag = static_cast<io::Flag>(i);
    if (flags.Has(flag)) names.emplace(io::FlagName(flag));
  }
  return {names.begin(), names.end()};
}

std::string OutcomeText(const io::ForwardItem& item) {
  return std::string{item.outcome == io::ForwardOutcome::kError
                         ? io::CauseName(item.cause)
                         : io::ForwardOutcomeName(item.outcome)};
}

}  // namespace testing_support
