#include "tools/udp_relay/relay_arguments.h"

#include <charconv>
#include <optional>
#include <sstream>

namespace udp_relay {
namespace {

using testing_support::Impairment;
using testing_support::SocketAddress;
using testing_support::Weather;

constexpr double kMaxPerCent = 100;
constexpr double kMaxMs = 60'000;
constexpr double kMaxQps = 1e9;
constexpr int kMaxSeconds = 7 * 24 * 3600;

template <typename Number>
bool ParseNumber(const std::string& text, Number max, Number* number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, *number);
  return read.ec == std::errc() && read.ptr == end && *number >= 0 &&
         *number <= max;
}

struct ImpairmentOption {
  const char* name;
  double Impairment::*field;
  double max;
};
constexpr ImpairmentOption kImpairments[] = {
    {"--loss", &Impairment::loss, kMaxPerCent},
    {"--duplicate", &Impairment::duplicate, kMaxPerCent},
    {"--reorder", &Impairment::reorder, kMaxPerCent},
    {"--corrupt", &Impairment::corrupt, kMaxPerCent},
    {"--delay", &Impairment::delay_ms, kMaxMs},
    {"--jitter", &Impairment::jitter_ms, kMaxMs},
};

// The options that a line on standard input may hold.
bool ParseWeatherOption(const std::string& name, const std::string& value,
                        Weather* weather) {
  if (name == "--rate") return ParseNumber(value, kMaxQps, &weather->rate_qps);
  for (const ImpairmentOption& option : kImpairments) {
    const bool both = name == option.name;
    const bool to = name == std::string(option.name) + "-to";
    const bool from = name == std::string(option.name) + "-from";
    if (!both && !to && !from) continue;
    double number = 0;
    if (!ParseNumber(value, option.max, &number)) return false;
    if (!from) weather->to_server.*option.field = number;
    if (!to) weather->from_server.*option.field = number;
    return true;
  }
  return false;
}

bool ParseAddress(const std::string& value, SocketAddress* address) {
  const std::optional<SocketAddress> parsed = SocketAddress::Parse(value);
  if (parsed) *address = *parsed;
  return parsed.has_value();
}

bool ParseOption(const std::string& name, const std::string& value,
                 RelayArguments* arguments) {
  if (name == "--to") {
    arguments->has_to = true;
    return ParseAddress(value, &arguments->relay.to);
  }
  if (name == "--listen") return ParseAddress(value, &arguments->relay.listen);
  if (name == "--seed") {
    return ParseNumber(value, ~uint64_t{0}, &arguments->relay.seed);
  }
  if (name == "--seconds") {
    return ParseNumber(value, kMaxSeconds, &arguments->seconds);
  }
  return ParseWeatherOption(name, value, &arguments->relay.weather);
}

}  // namespace

bool ParseArguments(const std::vector<std::string>& words,
                    RelayArguments* arguments) {
  for (size_t at = 0; at < words.size(); ++at) {
    if (words[at] == "--tcp") {
      arguments->relay.tcp = true;
      continue;
    }
    const size_t name = at++;
    if (at == words.size() || !ParseOption(words[name], words[at], arguments)) {
      return false;
    }
  }
  return true;
}

bool ParseWeather(const std::string& line, Weather* weather) {
  *weather = Weather();
  std::istringstream words(line);
  for (std::string name; words >> name;) {
    std::string value;
    if (!(words >> value) || !ParseWeatherOption(name, value, weather)) {
      return false;
    }
  }
  return true;
}

}  // namespace udp_relay
