#include "io/number.h"

#include <algorithm>
#include <charconv>
#include <system_error>

namespace io {
namespace {

constexpr absl::Duration kMaxDuration = absl::Hours(24 * 365);

struct Unit {
  absl::string_view suffix;
  absl::Duration length;
};

constexpr Unit kUnits[] = {
    {"", absl::Seconds(1)},  {"ms", absl::Milliseconds(1)},
    {"s", absl::Seconds(1)}, {"m", absl::Minutes(1)},
    {"h", absl::Hours(1)},   {"d", absl::Hours(24)},
};

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }

bool AllDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsDigit);
}

// "0", or digits that do not begin with 0.
bool IsWholeNumber(absl::string_view text) {
  return AllDigits(text) && (text.size() == 1 || text.front() != '0');
}

bool IsDecimal(absl::string_view text) {
  const size_t point = text.find('.');
  if (point == absl::string_view::npos) return IsWholeNumber(text);
  return IsWholeNumber(text.substr(0, point)) &&
         AllDigits(text.substr(point + 1));
}

// The whole of `text`, whose shape has been checked; nullopt out of range.
template <typename Number>
std::optional<Number> Convert(absl::string_view text) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [last, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc() || last != end) return std::nullopt;
  return value;
}

}  // namespace

std::optional<uint64_t> ParseUnsigned(absl::string_view text, uint64_t max) {
  if (!IsWholeNumber(text)) return std::nullopt;
  const std::optional<uint64_t> value = Convert<uint64_t>(text);
  return value && *value <= max ? value : std::nullopt;
}

std::optional<double> ParseDecimal(absl::string_view text, double max) {
  if (!IsDecimal(text)) return std::nullopt;
  const std::optional<double> value = Convert<double>(text);
  return value && *value <= max ? value : std::nullopt;
}

std::optional<absl::Duration> ParseDuration(absl::string_view text) {
  const size_t number_size =
      std::min(text.find_first_not_of("0123456789."), text.size());
  const absl::string_view suffix = text.substr(number_size);
  const Unit* const unit = std::find_if(
      std::begin(kUnits), std::end(kUnits),
      [suffix](const Unit& candidate) { return candidate.suffix == suffix; });
  if (unit == std::end(kUnits)) return std::nullopt;
  const std::optional<double> number =
      ParseDecimal(text.substr(0, number_size),
                   absl::FDivDuration(kMaxDuration, unit->length));
  if (!number) return std::nullopt;
  return *number * unit->length;
}

std::optional<uint64_t> ParseOctets(absl::string_view text, uint64_t max) {
  constexpr absl::string_view kSuffixes[] = {"", "KiB", "MiB", "GiB"};
  const size_t number_size =
      std::min(text.find_first_not_of("0123456789"), text.size());
  const auto* const suffix = std::find(
      std::begin(kSuffixes), std::end(kSuffixes), text.substr(number_size));
  if (suffix == std::end(kSuffixes)) return std::nullopt;
  const auto shift = 10 * (suffix - std::begin(kSuffixes));
  const auto number = ParseUnsigned(text.substr(0, number_size), max >> shift);
  if (!number) return std::nullopt;
  return *number << shift;
}

}  // namespace io
