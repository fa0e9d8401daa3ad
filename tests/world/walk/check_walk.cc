#include "tests/world/walk/check_walk.h"

#include <algorithm>
#include <istream>
#include <map>
#include <set>
#include <utility>

namespace world {
namespace {

// Kind and prefix: what makes a finding another one.
using Key = std::pair<std::string, std::string>;

std::string TextOf(const Key& key) { return key.first + " " + key.second; }

bool IsText(const RowJson& object, const char* key) {
  return object.contains(key) && object[key].is_string();
}

std::string Told(const RowJson& finding, const char* key) {
  return finding.contains(key) ? finding[key].dump() : "nothing";
}

class FindingsChecker {
 public:
  FindingsChecker(const RowJson& wanted, WalkCheckResult* result)
      : result_(result) {
    for (const RowJson& finding : wanted) {
      wanted_.emplace(Key(finding["kind"], finding["prefix"]), &finding);
    }
  }

  void CheckLine(const std::string& line) {
    const RowJson finding =
        RowJson::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!finding.is_object() || !IsText(finding, "kind") ||
        !IsText(finding, "prefix")) {
      result_->differences.push_back("no finding: " + line.substr(0, 200));
      return;
    }
    const Key key(finding["kind"], finding["prefix"]);
    const auto truth = wanted_.find(key);
    if (truth != wanted_.end()) {
      CheckFinding(key, *truth->second, finding);
    } else if (key.first == "unknown") {
      Differ(key, "not walked, cause " + Told(finding, "cause"));
    } else if (key.first == "cut") {
      Differ(key, "no zone begins there");
    } else {
      Differ(key, "not in the truth");
    }
  }

  void Finish() {
    for (const auto& [key, truth] : wanted_) {
      const bool optional = truth->value("optional", false);
      if (!optional && !seen_.contains(key)) Differ(key, "no such finding");
    }
  }

 private:
  void Differ(const Key& key, const std::string& why) {
    result_->differences.push_back(TextOf(key) + ": " + why);
  }

  void CheckFinding(const Key& key, const RowJson& truth,
                    const RowJson& finding) {
    const bool again = !seen_.insert(key).second;
    if (again && !truth.value("repeats", false)) {
      return Differ(key, "a second time");
    }
    const size_t before = result_->differences.size();
    for (const char* field : {"zone", "count"}) {
      if (truth.contains(field) &&
          (!finding.contains(field) || finding[field] != truth[field])) {
        Differ(key, std::string(field) + ": truth " + truth[field].dump() +
                        ", finding " + Told(finding, field));
      }
    }
    if (truth.contains("causes") && !HasOneOf(truth["causes"], finding)) {
      Differ(key, "cause: truth one of " + truth["causes"].dump() +
                      ", finding " + Told(finding, "cause"));
    }
    if (result_->differences.size() == before) ++result_->findings;
  }

  static bool HasOneOf(const RowJson& causes, const RowJson& finding) {
    return finding.contains("cause") &&
           std::find(causes.begin(), causes.end(), finding["cause"]) !=
               causes.end();
  }

  std::map<Key, const RowJson*> wanted_;
  std::set<Key> seen_;
  WalkCheckResult* result_;
};

// As CheckRows finds them, without those that may be missed.
void CheckHosts(std::istream& rows, const RowJson& walked,
                WalkCheckResult* result) {
  const RowJson truth = {
      {"targets", {{{"prefix", walked["prefix"]}, {"rows", walked["hosts"]}}}}};
  const CheckResult compared = CheckRows(rows, truth, {});
  result->hosts = compared.equal;
  std::set<std::string> missable;
  for (const RowJson& ip : walked["may_miss"]) {
    missable.insert(ip.get<std::string>() + ": no row");
  }
  for (const std::string& difference : compared.differences) {
    if (missable.contains(difference)) {
      ++result->missed;
    } else {
      result->differences.push_back(difference);
    }
  }
}

}  // namespace

WalkCheckResult CheckWalk(std::istream& rows, std::istream& findings,
                          const RowJson& walked) {
  WalkCheckResult result;
  CheckHosts(rows, walked, &result);
  FindingsChecker checker(walked["findings"], &result);
  for (std::string line; std::getline(findings, line);) {
    checker.CheckLine(line);
  }
  checker.Finish();
  return result;
}

const RowJson* FindWalkCase(const RowJson& truth, const std::string& name) {
  for (const RowJson& walked : truth["cases"]) {
    if (walked["name"] == name) return &walked;
  }
  return nullptr;
}

}  // namespace world
