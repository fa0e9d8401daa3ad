#include "tools/fakedns/options.h"

#include <charconv>
#include <cstddef>
#include <functional>
#include <utility>

namespace fakedns {
namespace {

using testing_support::Disturbances;
using testing_support::Lie;
using testing_support::LimitBy;

constexpr double kMost = 1e9;

bool ReadNumber(const std::string& text, double* number) {
  const char* const end = text.data() + text.size();
  const auto read =
      std::from_chars(text.data(), end, *number, std::chars_format::fixed);
  return read.ec == std::errc() && read.ptr == end && *number >= 0 &&
         *number <= kMost;
}

template <typename Integer>
bool ReadInteger(const std::string& text, Integer* number) {
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, *number);
  return read.ec == std::errc() && read.ptr == end;
}

template <typename Value>
using Names = std::initializer_list<std::pair<const char*, Value>>;

template <typename Value>
bool ReadName(const std::string& text, const Names<Value>& names,
              Value* value) {
  for (const auto& [name, named] : names) {
    if (text != name) continue;
    *value = named;
    return true;
  }
  return false;
}

bool ReadSeconds(const std::string& text, Disturbances::Seconds* seconds) {
  double number = 0;
  if (!ReadNumber(text, &number)) return false;
  *seconds = Disturbances::Seconds(number);
  return true;
}

bool ReadDisturbance(const std::string& name, const std::string& text,
                     Disturbances* to) {
  if (name == "--lie") {
    return ReadName<Lie>(text,
                         {{"nxdomain", Lie::kNxdomain},
                          {"nodata", Lie::kNodata},
                          {"rewrite", Lie::kRewrite},
                          {"stranger", Lie::kStranger}},
                         &to->lie);
  }
  if (name == "--limit-by") {
    return ReadName<LimitBy>(text,
                             {{"drop", LimitBy::kDrop},
                              {"tc", LimitBy::kTruncation},
                              {"refused", LimitBy::kRefused}},
                             &to->limit_by);
  }
  if (name == "--limit") return ReadNumber(text, &to->limit_qps);
  if (name == "--lie-from") return ReadSeconds(text, &to->lying.from);
  if (name == "--lie-for") return ReadSeconds(text, &to->lying.length);
  if (name == "--silent-from") return ReadSeconds(text, &to->silent.from);
  if (name == "--silent-for") return ReadSeconds(text, &to->silent.length);
  if (name == "--refused-from") return ReadSeconds(text, &to->refusing.from);
  if (name == "--refused-for") return ReadSeconds(text, &to->refusing.length);
  return false;
}

bool ReadValue(const std::string& name, const std::string& text,
               Options* options) {
  if (name == "--port") return ReadInteger(text, &options->port);
  if (name == "--seed") return ReadInteger(text, &options->seed);
  if (name == "--seconds") {
    uint32_t seconds = 0;
    if (!ReadInteger(text, &seconds)) return false;
    options->run_time = std::chrono::seconds(seconds);
    return true;
  }
  return ReadDisturbance(name, text, &options->disturbances);
}

bool ReadSwitch(const std::string& name, Options* options) {
  if (name == "--list") return options->list = true;
  if (name == "--help") return options->help = true;
  if (name != "--no-tcp") return false;
  options->tcp = false;
  return true;
}

}  // namespace

const char kUsage[] =
    R"(fakedns: a DNS server on loopback whose answers are known beforehand.

10.0.0.0/8: h-10-1-2-3.example.com that leads back (80 %), no PTR (10 %),
mismatch, no_forward (5 % each), by the seed. 192.0.2.N: the N-th class of
misbehaviour. The first line on stdout is its ADDR:PORT, the last one how many
queries came. Seconds count from the first query.

  --port N               port of 127.0.0.1, 0: any free one (0)
  --seed N               which address has which fate (0)
  --list                 print the classes and the row each must give
  --no-tcp               refuse TCP connections
  --lie KIND             nxdomain, nodata, rewrite or stranger (nxdomain)
  --lie-from S --lie-for S           when to lie
  --silent-from S --silent-for S     when to say nothing
  --refused-from S --refused-for S   when to answer REFUSED
  --limit QPS            datagrams a second, 0: any (0)
  --limit-by HOW         drop, tc or refused (drop)
  --seconds N            end after this time (600)
)";

std::variant<Options, std::string> ParseOptions(
    const std::vector<std::string>& arguments) {
  Options options;
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& name = arguments[i];
    if (ReadSwitch(name, &options)) continue;
    if (i + 1 == arguments.size()) return name + ": unknown, or has no value";
    if (!ReadValue(name, arguments[++i], &options)) {
      return name + " " + arguments[i] + ": unknown or out of range";
    }
  }
  return options;
}

}  // namespace fakedns
