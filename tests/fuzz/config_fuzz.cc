// Input: a configuration file. What is wrong is one harmless line that names
// line and column; what is taken is taken again from a file that is written
// from it; and checking the values ends in options or in one harmless line.
// Files that it names are not opened.
#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/fuzz/error_line.h"
#include "tools/options/config_file.h"
#include "tools/scan_config.h"

namespace {

using fuzz::Require;
using tools::Option;
using tools::OptionKind;
using tools::OptionText;
using tools::ScanArguments;

constexpr const char* kSource = "night.toml";

// A basic string of TOML 1.0.
std::string Quoted(absl::string_view text) {
  static constexpr char kHex[] = "0123456789ABCDEF";
  std::string quoted = "\"";
  for (const char c : text) {
    const auto octet = static_cast<uint8_t>(c);
    if (c == '"' || c == '\\') {
      quoted += {'\\', c};
    } else if (octet < 0x20 || octet == 0x7f) {
      quoted += {'\\', 'u', '0', '0', kHex[octet >> 4], kHex[octet & 0xf]};
    } else {
      quoted += c;
    }
  }
  return quoted + "\"";
}

std::string ValueOf(const Option& option) {
  if (const auto* flag = std::get_if<bool*>(&option.value)) {
    return **flag ? "true" : "false";
  }
  if (const auto* text = std::get_if<OptionText*>(&option.value)) {
    return option.kind == OptionKind::kNumber ? (*text)->text
                                              : Quoted((*text)->text);
  }
  std::string list = "[";
  for (const OptionText& text :
       *std::get<std::vector<OptionText>*>(option.value)) {
    absl::StrAppend(&list, Quoted(text.text), ",");
  }
  return list + "]";
}

// toml++ reads no number of more digits, but makes some: 1e201.
constexpr size_t kMaxNumberOctets = 100;

// All options, but the file that none may name; a number that has no default
// may be missing.
std::string FileOf(const std::vector<Option>& options) {
  std::string file;
  for (const Option& option : options) {
    const std::string value = ValueOf(option);
    if (option.name() == "config" || value.empty()) continue;
    if (option.kind == OptionKind::kNumber && value.size() > kMaxNumberOctets) {
      continue;
    }
    absl::StrAppend(&file, option.name(), " = ", value, "\n");
  }
  return file;
}

void CheckTakenAgain(const std::string& file) {
  ScanArguments arguments;
  const std::vector<Option> options = tools::OptionsOf(&arguments);
  const absl::Status status = tools::ParseConfig(file, kSource, options);
  Require(status.ok(), "options are taken from what was written of them");
  Require(FileOf(options) == file, "and are the same");
}

void CheckValues(ScanArguments* arguments) {
  const std::string start;  // many begin with the option's name
  arguments->target.targets = {OptionText("192.0.2.0/24", "")};
  arguments->target.target_files.clear();
  arguments->target.exclude_files.clear();
  arguments->target.labels = {};
  static const char* const kNoEnvironment[] = {nullptr};
  const auto targets =
      tools::MakeTargetConfig(arguments->target, kNoEnvironment);
  if (!targets.ok()) return fuzz::CheckErrorLine(targets.status(), start);
  const auto config = tools::MakeScanConfig(*arguments, *targets, "/dev/null");
  if (!config.ok()) return fuzz::CheckErrorLine(config.status(), start);
  Require(!config->options.resolvers.empty(), "there is a resolver");
  Require(config->options.threads > 0 && config->options.sockets > 0,
          "something can be asked");
  Require(targets->shard.index < targets->shard.count, "a shard is one of all");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  ScanArguments arguments;
  const std::vector<Option> options = tools::OptionsOf(&arguments);
  const absl::Status status = tools::ParseConfig(text, kSource, options);
  if (!status.ok()) {
    fuzz::CheckErrorLine(status, absl::StrCat(kSource, ":"));
    return 0;
  }
  CheckTakenAgain(FileOf(options));
  CheckValues(&arguments);
  return 0;
}
