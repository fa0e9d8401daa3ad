#include "tools/diff/comparison.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/string_view.h"

namespace tools {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using scanner::Change;

constexpr int kV4Length = 24;
constexpr int kV6Length = 64;

IpPrefix PrefixOf(const IpAddress& ip) {
  return IpPrefix::Covering(ip, ip.is_v4() ? kV4Length : kV6Length);
}

// Most changes first, then by name; of these the first `wanted`.
void KeepMost(size_t wanted, std::vector<ChangeGroup>* groups) {
  std::stable_sort(groups->begin(), groups->end(),
                   [](const ChangeGroup& a, const ChangeGroup& b) {
                     return ChangedOf(a.counts) > ChangedOf(b.counts);
                   });
  if (groups->size() > wanted) groups->resize(wanted);
}

// Counts by prefix: addresses ascend, so a prefix is done when the next one
// comes.
class PrefixTally {
 public:
  void Add(const IpAddress& ip, Change change) {
    const IpPrefix prefix = PrefixOf(ip);
    if (prefix != prefix_) Close();
    prefix_ = prefix;
    ++counts_[static_cast<size_t>(change)];
  }
  void Close() {
    if (ChangedOf(counts_) > 0) {
      groups_.push_back({prefix_.ToString(), counts_});
    }
    counts_ = {};
  }
  std::vector<ChangeGroup>* groups() { return &groups_; }

 private:
  IpPrefix prefix_;
  ChangeCounts counts_ = {};
  std::vector<ChangeGroup> groups_;
};

}  // namespace

uint64_t TotalOf(const ChangeCounts& counts) {
  uint64_t total = 0;
  for (const uint64_t count : counts) total += count;
  return total;
}

uint64_t ChangedOf(const ChangeCounts& counts) {
  return TotalOf(counts) - counts[static_cast<size_t>(Change::kSame)] -
         counts[static_cast<size_t>(Change::kUnknown)];
}

ChangeTally Comparison::Tally(size_t groups_wanted) const {
  ChangeTally tally;
  PrefixTally prefixes;
  std::map<absl::string_view, ChangeCounts> labels;
  ForEach([&](Change change, std::optional<size_t> i, std::optional<size_t> j) {
    ++tally.all[static_cast<size_t>(change)];
    prefixes.Add(j ? newer_.ip(*j) : older_.ip(*i), change);
    const absl::string_view label = j ? newer_.label(*j) : older_.label(*i);
    if (!label.empty()) ++labels[label][static_cast<size_t>(change)];
  });
  prefixes.Close();
  tally.prefixes = std::move(*prefixes.groups());
  for (const auto& [label, counts] : labels) {
    if (ChangedOf(counts) > 0) {
      tally.labels.push_back({std::string(label), counts});
    }
  }
  tally.prefixes_changed = tally.prefixes.size();
  tally.labels_changed = tally.labels.size();
  KeepMost(groups_wanted, &tally.prefixes);
  KeepMost(groups_wanted, &tally.labels);
  return tally;
}

}  // namespace tools
