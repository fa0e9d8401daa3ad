#include "io/formats/row_text.h"

#include <algorithm>
#include <cassert>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "dnswire/wire.h"
#include "io/formats/carried_text.h"

namespace io {
namespace {

constexpr int64_t kMicrosPerSecond = 1'000'000;
// 0000-01-01T00:00:00Z and 9999-12-31T23:59:59Z.
constexpr int64_t kFirstSecond = -62'167'219'200;
constexpr int64_t kLastSecond = 253'402'300'799;

// One octet of a name or of carried text takes at most \\DDD.
constexpr size_t kMaxTextGrowth = kCarriedTextGrowth + 1;

// Keys, punctuation, fixed fields and every flag, generously.
constexpr size_t kFixedOctets = 2048;
static_assert(kFixedOctets > 512 + kFlagCount * 32);
// An item of `forward` without its name, and one of its addresses.
constexpr size_t kForwardItemOctets = 96;
constexpr size_t kAddressOctets = dnswire::IpAddress::kMaxTextOctets + 3;

size_t NameOctets(const std::optional<dnswire::NameView>& name) {
  return name ? kMaxTextGrowth * name->size() : 0;
}

size_t ForwardOctets(const Row& row) {
  size_t octets = 0;
  for (const ForwardItem& item : row.forward) {
    octets += kForwardItemOctets + kMaxTextGrowth * item.name.size() +
              kAddressOctets * item.addresses.size();
  }
  return octets;
}

// Room for the text of `row` in any format. A packed list spends an octet more
// on each name than its wire form: five of text, enough for quotes and comma.
// NameView::FormatText wants room for the longest name wherever it writes.
size_t MaxTextOctets(const Row& row) {
  return kFixedOctets + kMaxTextGrowth * row.ptr.packed().size() +
         kMaxTextGrowth * row.confirmed.packed().size() + ForwardOctets(row) +
         NameOctets(row.zone) + NameOctets(row.zone_mname) +
         NameOctets(row.zone_rname) +
         kMaxTextGrowth * (row.label.size() + row.expected.size()) +
         dnswire::NameView::kMaxTextOctets;
}

}  // namespace

void TimestampText::Set(int64_t time_us) {
  time_us_ = time_us;
  const int64_t time = std::clamp(time_us, kFirstSecond * kMicrosPerSecond,
                                  (kLastSecond + 1) * kMicrosPerSecond - 1);
  int64_t second = time / kMicrosPerSecond;
  int64_t micros = time % kMicrosPerSecond;
  if (micros < 0) {
    micros += kMicrosPerSecond;
    --second;
  }
  if (second != second_) {
    const std::string text =
        absl::FormatTime("%E4Y-%m-%dT%H:%M:%S", absl::FromUnixSeconds(second),
                         absl::UTCTimeZone());
    std::memcpy(text_, text.data(), kSecondOctets);
    second_ = second;
  }
  text_[kSecondOctets] = '.';
  for (size_t i = kOctets - 2; i > kSecondOctets; --i) {
    text_[i] = static_cast<char>('0' + micros % 10);
    micros /= 10;
  }
  text_[kOctets - 1] = 'Z';
}

std::string TimeText(int64_t time_us) {
  std::string text(TimestampText::kOctets, '\0');
  TimestampText().Format(time_us, text.data());
  return text;
}

std::optional<int64_t> ParseTimestamp(absl::string_view text) {
  absl::Time time;
  std::string error;
  if (text.size() != TimestampText::kOctets ||
      !absl::ParseTime("%E4Y-%m-%dT%H:%M:%E6SZ", text, &time, &error)) {
    return std::nullopt;
  }
  return absl::ToUnixMicros(time);
}

char* PutBefore(absl::string_view marked, char prefix, char* begin, char* end) {
  const auto is_marked = [marked](char c) {
    return marked.find(c) != absl::string_view::npos;
  };
  const std::ptrdiff_t added = std::count_if(begin, end, is_marked);
  char* const new_end = end + added;
  for (char* to = new_end; to != end;) {
    const char c = *--end;
    *--to = c;
    if (is_marked(c)) *--to = prefix;
  }
  return new_end;
}

char* PutRcode(uint16_t rcode, char* out) {
  if (rcode == dnswire::kRcodeNoerror) return PutLiteral("NOERROR", out);
  return PutText(dnswire::RcodeName(rcode), out);
}

char* PutServer(const Endpoint& server, char* out) {
  if (server.scope != 0) {  // the interface's name may hold any octet
    return out + FormatCarriedText(server.ToString(), out);
  }
  if (server.port == dnswire::kPort) return PutAddress(server.address, out);
  const bool brackets = !server.address.is_v4();
  if (brackets) out = PutChar('[', out);
  out = PutAddress(server.address, out);
  if (brackets) out = PutChar(']', out);
  return PutNumber(server.port, PutChar(':', out));
}

char* PutOutcome(const ForwardItem& item, char* out) {
  return PutText(item.outcome == ForwardOutcome::kError
                     ? CauseName(item.cause)
                     : ForwardOutcomeName(item.outcome),
                 out);
}

char* PutLabel(absl::string_view label, char* out) {
  return out + FormatCarriedText(label, out);
}

// "-" alone, no PTR wanted, is no formula.
char* PutExpected(absl::string_view expected, char* out) {
  if (expected == "-") return PutChar('-', out);
  return out + FormatCarriedText(expected, out);
}

absl::Status RowFormatter::Write(std::span<const Row> rows, OutputFile* file) {
  for (const Row& row : rows) {
    char* const room = file->Reserve(MaxTextOctets(row));
    absl::Status status = file->Commit(Format(row, room));
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void RowFormatter::Append(const Row& row, std::string* out) {
  std::string room(MaxTextOctets(row), '\0');
  out->append(room.data(), Format(row, room.data()));
}

size_t RowFormatter::Format(const Row& row, char* room) {
  memory_.names.Forget();
  char* const end = write_row_(row, &memory_, room);
  const auto octets = static_cast<size_t>(end - room);
  assert(octets <= MaxTextOctets(row));
  return octets;
}

}  // namespace io
