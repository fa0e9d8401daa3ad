#include "tests/support/truth_check.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace testing_support {
namespace {

constexpr size_t kMaxExamples = 5;

constexpr std::string_view kUnknown[] = {"reverse_timeout", "reverse_error",
                                         "forward_error"};

template <size_t N>
bool IsOneOf(std::string_view text, const std::string_view (&list)[N]) {
  return std::find(std::begin(list), std::end(list), text) != std::end(list);
}

// What stands between the first `before` and the `after` that follows it;
// nothing if there is no such place. Names hold no quotes or brackets (they
// are escaped), so this reads rows as well as any parser.
std::string_view Between(std::string_view text, std::string_view before,
                         std::string_view after) {
  const size_t found = text.find(before);
  if (found == text.npos) return {};
  const size_t begin = found + before.size();
  const size_t end = text.find(after, begin);
  return end == text.npos ? std::string_view()
                          : text.substr(begin, end - begin);
}

struct Item {
  std::string_view text;  // whole, with its braces
  std::string_view name;
  std::string_view outcome;

  bool is_negative() const {
    return outcome == "nxdomain" || outcome == "nodata";
  }
  bool is_definite() const {
    return is_negative() || outcome == "confirmed" || outcome == "differs";
  }
};

// The items of the column `forward`.
std::vector<Item> ItemsOf(std::string_view forward) {
  std::vector<Item> items;
  for (size_t at = 0; (at = forward.find('{', at)) != forward.npos;) {
    const size_t end = forward.find('}', at);
    if (end == forward.npos) break;
    const std::string_view text = forward.substr(at, end + 1 - at);
    items.push_back({.text = text,
                     .name = Between(text, R"("name":")", "\""),
                     .outcome = Between(text, R"("outcome":")", "\"")});
    at = end;
  }
  return items;
}

struct ReadRow {
  explicit ReadRow(std::string_view line)
      : status(Between(line, R"("status":")", "\"")),
        cause(Between(line, R"("cause":)", ",")),
        ptr(Between(line, R"("ptr":)", R"(,"confirmed":)")),
        forward(Between(line, R"("forward":)", R"(,"ttl_s":)")) {}

  std::string_view status;
  std::string_view cause;
  std::string_view ptr;
  std::string_view forward;
};

bool IsRight(const ReadRow& row, const TruthRow& truth) {
  if (row.status == "reverse_timeout" || row.status == "reverse_error") {
    return true;
  }
  if (row.ptr != truth.ptr) return false;
  for (const Item& item : ItemsOf(row.forward)) {
    if (item.is_definite() &&
        truth.forward.find(item.text) == std::string::npos) {
      return false;
    }
  }
  if (IsOneOf(row.status, kUnknown)) return true;
  return row.status == truth.status && row.cause == truth.cause;
}

bool SaysMissingFalsely(const ReadRow& row, const TruthRow& truth_row,
                        const Truth& truth) {
  if (row.status == "no_ptr" || row.status == "undelegated") {
    return truth_row.status != "no_ptr";
  }
  for (const Item& item : ItemsOf(row.forward)) {
    const auto name = Truth::ParseText(item.name);
    if (item.is_negative() && name && truth.ForwardOf(*name).exists()) {
      return true;
    }
  }
  return false;
}

}  // namespace

void TruthCheck::AddRows(std::string_view text) {
  while (!text.empty()) {
    const size_t end = text.find('\n');
    AddRow(text.substr(0, end));
    if (end == text.npos) return;
    text.remove_prefix(end + 1);
  }
}

void TruthCheck::AddRow(std::string_view line) {
  ++counts_.rows;
  const auto address = ParseIpv4(Between(line, R"({"ip":")", "\""));
  const uint64_t place = address ? uint64_t{*address} - first_ : seen_.size();
  if (place >= seen_.size()) {
    ++counts_.foreign;
    return KeepExample(line);
  }
  if (seen_[place]) {
    ++counts_.repeated;
    return KeepExample(line);
  }
  seen_[place] = true;
  ++distinct_;
  Judge(line, *address);
}

void TruthCheck::Judge(std::string_view line, uint32_t address) {
  const ReadRow row(line);
  const TruthRow truth = truth_.RowOf(address);
  if (IsOneOf(row.status, kUnknown)) ++counts_.unknown;
  if (IsRight(row, truth)) return;
  ++counts_.wrong;
  const bool missing = SaysMissingFalsely(row, truth, truth_);
  const bool pass = row.status == "pass" && truth.status != "pass";
  counts_.false_missing += missing;
  counts_.false_pass += pass;
  KeepExample(line);
}

void TruthCheck::KeepExample(std::string_view line) {
  if (kept_++ < kMaxExamples) examples_ += std::string(line) + '\n';
}

std::string TruthCheck::Format() const {
  const std::array<std::pair<const char*, uint64_t>, 8> all = {
      {{"rows", counts_.rows},
       {"unknown", counts_.unknown},
       {"wrong", counts_.wrong},
       {"false_missing", counts_.false_missing},
       {"false_pass", counts_.false_pass},
       {"repeated", counts_.repeated},
       {"foreign", counts_.foreign},
       {"without_row", missing()}}};
  std::string text;
  for (const auto& [name, value] : all) {
    if (!text.empty()) text += ' ';
    text += std::string(name) + " " + std::to_string(value);
  }
  return text;
}

}  // namespace testing_support
