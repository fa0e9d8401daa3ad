#include "tools/options/config_file.h"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/files/target_reader.h"
#include "io/formats/carried_text.h"
#include "tools/options/toml_guard.h"

namespace tools {
namespace {

struct Entry {
  absl::string_view key;
  toml::source_position key_at;
  const toml::node* value;
};

absl::string_view View(std::string_view text) {
  return {text.data(), text.size()};
}

// The entries of a table, in the order of the file.
std::vector<Entry> EntriesOf(const toml::table& table) {
  std::vector<Entry> entries;
  for (const auto& [key, value] : table) {
    entries.push_back({View(key.str()), key.source().begin, &value});
  }
  std::sort(entries.begin(), entries.end(),
            [](const Entry& a, const Entry& b) { return a.key_at < b.key_at; });
  return entries;
}

// Always with a point: a float is no whole number, whatever its value.
std::string FloatText(double value) {
  char digits[512];  // 309 before the point, and a few more
  const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits),
                                          value, std::chars_format::fixed);
  std::string text(digits, end);
  if (std::isfinite(value) && text.find('.') == std::string::npos) {
    text += ".0";
  }
  return text;
}

// What the command line would say; nullopt for what no option takes.
std::optional<std::string> TextOf(const toml::node& value) {
  if (const auto* text = value.as_string()) {
    return ShowLetters(View(text->get()));
  }
  if (const auto* whole = value.as_integer()) return absl::StrCat(whole->get());
  if (const auto* number = value.as_floating_point()) {
    return FloatText(number->get());
  }
  if (const auto* flag = value.as_boolean()) {
    return flag->get() ? "true" : "false";
  }
  return std::nullopt;
}

bool HasKind(const toml::node& value, OptionKind kind) {
  switch (kind) {
    case OptionKind::kFlag:
      return value.is_boolean();
    case OptionKind::kNumber:
      return value.is_number();
    case OptionKind::kText:
    case OptionKind::kList:  // its elements
      return value.is_string();
    case OptionKind::kNumberOrText:
    case OptionKind::kNumberOrList:  // its elements
      return value.is_number() || value.is_string();
  }
  return false;
}

absl::string_view Wanted(OptionKind kind) {
  switch (kind) {
    case OptionKind::kFlag:
      return "true or false";
    case OptionKind::kNumber:
      return "a number, without quotes";
    case OptionKind::kText:
      return "a string, in quotes";
    case OptionKind::kNumberOrText:
      return "a number, or a string in quotes";
    case OptionKind::kList:
      return "an array of strings";
    case OptionKind::kNumberOrList:
      return "a number, or an array of numbers and strings";
  }
  return "";
}

class ConfigReader {
 public:
  ConfigReader(absl::string_view source, std::span<const Option> options)
      : source_(io::CarriedText(source)), options_(options) {}

  absl::Status Read(const toml::table& table) const {
    for (const Entry& entry : EntriesOf(table)) {
      absl::Status status = ReadEntry(entry);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  // `at`: what has a line and a column.
  template <typename At>
  absl::Status Error(const At& at, absl::string_view what) const {
    return absl::InvalidArgumentError(absl::StrCat(Place(at), ": ", what));
  }

 private:
  template <typename At>
  std::string Place(const At& at) const {
    return absl::StrCat(source_, ":", at.line, ":", at.column);
  }

  absl::Status ReadEntry(const Entry& entry) const {
    const Option* option = FindOption(options_, entry.key);
    if (option == nullptr) return UnknownKey(entry);
    if (entry.key == "config") {
      return Error(entry.key_at, "config: no file names another");
    }
    std::vector<OptionText> texts;
    absl::Status status = ReadValue(*option, *entry.value, &texts);
    status.Update(status.ok() ? Assign(*option, std::move(texts)) : status);
    return status;
  }

  absl::Status ReadValue(const Option& option, const toml::node& value,
                         std::vector<OptionText>* texts) const {
    const bool lone =
        option.kind == OptionKind::kNumberOrList && value.is_number();
    if (!IsList(option.kind) || lone) return AppendText(option, value, texts);
    const toml::array* array = value.as_array();
    if (array == nullptr) return WrongKind(option, value);
    for (const toml::node& element : *array) {
      absl::Status status = AppendText(option, element, texts);
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status AppendText(const Option& option, const toml::node& value,
                          std::vector<OptionText>* texts) const {
    auto text = TextOf(value);
    if (!text || !HasKind(value, option.kind)) return WrongKind(option, value);
    texts->emplace_back(
        *std::move(text),
        absl::StrCat(Place(value.source().begin), ": ", option.name()));
    return absl::OkStatus();
  }

  absl::Status WrongKind(const Option& option, const toml::node& value) const {
    return Error(value.source().begin,
                 absl::StrCat(option.name(), " wants ", Wanted(option.kind)));
  }

  absl::Status UnknownKey(const Entry& entry) const {
    std::string what =
        absl::StrCat("no option '", io::ShownText(ShowLetters(entry.key)), "'");
    if (entry.value->is_table() || entry.value->is_array_of_tables()) {
      absl::StrAppend(&what, "; options stand in no table");
    } else if (const Option* meant = NearestOption(options_, entry.key)) {
      absl::StrAppend(&what, "; did you mean ", meant->name(), "?");
    }
    return Error(entry.key_at, what);
  }

  std::string source_;
  std::span<const Option> options_;
};

}  // namespace

absl::Status ParseConfig(absl::string_view text, absl::string_view source,
                         std::span<const Option> options) {
  const ConfigReader reader(source, options);
  if (const auto place = FindDeepKey(text)) {
    return reader.Error(*place, "a key has too many parts");
  }
  const std::string hidden = HideLetters(text);
  const toml::parse_result result = toml::parse(std::string_view(hidden));
  if (!result) {
    const toml::parse_error& error = result.error();
    return reader.Error(
        error.source().begin,
        io::CutCarriedText(ShowLetters(View(error.description())),
                           3 * io::kShownOctets));
  }
  return reader.Read(result.table());
}

absl::Status ReadConfigFile(const std::string& path,
                            std::span<const Option> options) {
  const auto text = io::ReadWholeFile(path);
  if (!text.ok()) return text.status();
  return ParseConfig(*text, path, options);
}

}  // namespace tools
