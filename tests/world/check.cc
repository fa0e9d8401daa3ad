#include "tests/world/check.h"

#include <algorithm>
#include <istream>
#include <unordered_map>
#include <unordered_set>

namespace world {
namespace {

struct Wanted {
  const RowJson* row = nullptr;
  bool prunable = false;
};
using TruthByIp = std::unordered_map<std::string, Wanted>;

TruthByIp WantedRows(const RowJson& truth,
                     const std::vector<std::string>& targets) {
  TruthByIp wanted;
  for (const RowJson& target : truth["targets"]) {
    const std::string prefix = target["prefix"];
    if (!targets.empty() &&
        std::find(targets.begin(), targets.end(), prefix) == targets.end()) {
      continue;
    }
    const bool prunable = target.value("prunable", false);
    for (const RowJson& row : target["rows"]) {
      wanted.emplace(row["ip"], Wanted{&row, prunable});
    }
  }
  return wanted;
}

// The fields in which `row` is not as `truth` has it.
std::vector<std::string> Differences(const RowJson& truth, const RowJson& row) {
  std::vector<std::string> differences;
  for (const auto& [key, value] : truth.items()) {
    if (key == "allowed") continue;
    if (!row.contains(key)) {
      differences.push_back(key + ": not in the row");
    } else if (row[key] != value) {
      differences.push_back(key + ": truth " + value.dump() + ", row " +
                            row[key].dump());
    }
  }
  return differences;
}

bool IsAllowed(const RowJson& truth, const RowJson& row) {
  if (!truth.contains("allowed")) return false;
  return std::any_of(truth["allowed"].begin(), truth["allowed"].end(),
                     [&](const RowJson& allowed) {
                       RowJson alternative = truth;
                       alternative.update(allowed);
                       return Differences(alternative, row).empty();
                     });
}

std::string NameOf(const RowJson& item) {
  return item.is_object() && item.contains("name") ? item["name"].dump() : "";
}

// Column forward in the truth's order, by name: the contract gives none to the
// lookup of an expected name.
void SortForward(RowJson* row) {
  if (!row->contains("forward") || !(*row)["forward"].is_array()) return;
  RowJson& forward = (*row)["forward"];
  std::sort(
      forward.begin(), forward.end(),
      [](const RowJson& a, const RowJson& b) { return NameOf(a) < NameOf(b); });
}

// One comparison of a whole file.
class Checker {
 public:
  explicit Checker(TruthByIp wanted) : wanted_(std::move(wanted)) {}

  void CheckLine(const std::string& line) {
    RowJson row = RowJson::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!row.is_object() || !row.contains("ip") || !row["ip"].is_string()) {
      AddExtra("no row: " + line.substr(0, 200));
      return;
    }
    const std::string ip = row["ip"];
    const auto truth = wanted_.find(ip);
    if (truth == wanted_.end()) {
      AddExtra(ip + ": not a target");
    } else if (!seen_.insert(ip).second) {
      AddExtra(ip + ": a second row");
    } else {
      SortForward(&row);
      if (truth->second.prunable) TakePruned(&row);
      CheckRow(ip, *truth->second.row, row);
    }
  }

  CheckResult Finish() {
    for (const auto& [ip, truth] : wanted_) {
      if (seen_.contains(ip)) continue;
      ++result_.missing;
      result_.differences.push_back(ip + ": no row");
    }
    return std::move(result_);
  }

 private:
  void AddExtra(const std::string& what) {
    ++result_.extra;
    result_.differences.push_back(what);
  }

  // A row that was inferred is as right as one that was asked for, where the
  // truth allows it; only a denial can be inferred.
  void TakePruned(RowJson* row) {
    RowJson& flags = (*row)["flags"];
    const auto pruned = std::find(flags.begin(), flags.end(), "pruned");
    if (pruned == flags.end() || (*row)["cause"] != "nxdomain") return;
    flags.erase(pruned);
    ++result_.pruned;
  }

  void CheckRow(const std::string& ip, const RowJson& truth,
                const RowJson& row) {
    std::vector<std::string> differences = Differences(truth, row);
    if (differences.empty() || IsAllowed(truth, row)) {
      ++result_.equal;
      return;
    }
    ++result_.wrong;
    for (std::string& difference : differences) {
      difference.insert(0, ip + ": ");
      result_.differences.push_back(std::move(difference));
    }
  }

  TruthByIp wanted_;
  std::unordered_set<std::string> seen_;
  CheckResult result_;
};

}  // namespace

CheckResult CheckRows(std::istream& rows, const RowJson& truth,
                      const std::vector<std::string>& targets) {
  Checker checker(WantedRows(truth, targets));
  for (std::string line; std::getline(rows, line);) checker.CheckLine(line);
  return checker.Finish();
}

}  // namespace world
