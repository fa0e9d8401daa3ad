#include "scanner/targets/label_table.h"

#include <functional>
#include <map>
#include <utility>

namespace scanner {

using dnswire::Family;
using dnswire::IpAddress;
using dnswire::IpPrefix;
using dnswire::IpRange;

LabelTable::LabelTable(const io::LabelFile& file)
    : lines_(file.lines),
      v4_(MakeLevels(Family::kV4)),
      v6_(MakeLevels(Family::kV6)) {}

LabelTable::Levels LabelTable::MakeLevels(Family family) const {
  std::map<int, Level, std::greater<>> by_length;
  for (size_t i = 0; i < lines_.size(); ++i) {
    const IpPrefix& target = lines_[i].target;
    if (target.first().family() != family) continue;
    Level& level = by_length[target.length()];
    level.length = target.length();
    level.line_by_first.emplace(target.first().value(), i);
  }
  Levels levels;
  for (auto& [length, level] : by_length) levels.push_back(std::move(level));
  return levels;
}

LabelTable::Match LabelTable::FindLines(const IpAddress& address) const {
  Match match;
  for (const Level& level : address.is_v4() ? v4_ : v6_) {
    const IpPrefix prefix = IpPrefix::Covering(address, level.length);
    const auto found = level.line_by_first.find(prefix.first().value());
    if (found == level.line_by_first.end()) continue;
    const io::LabelLine& line = lines_[found->second];
    if (match.label.empty()) match.label = line.label;
    if (match.expected.empty()) match.expected = line.expected;
    if (!match.label.empty() && !match.expected.empty()) break;
  }
  return match;
}

std::vector<IpRange> LabelTable::Targets() const {
  std::vector<IpRange> targets;
  targets.reserve(lines_.size());
  for (const io::LabelLine& line : lines_) {
    targets.push_back({line.target.first(), line.target.last()});
  }
  return targets;
}

}  // namespace scanner
