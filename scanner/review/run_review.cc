#include "scanner/review/run_review.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "dnswire/name.h"
#include "scanner/review/name_template.h"
#include "scanner/verdict/row_names.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using io::Row;
using io::Status;

constexpr size_t kBlockRows = 256;
// VERDICTS.md 4.4, shared_placeholder.
constexpr size_t kPlaceholderRows = 16;
constexpr size_t kPlaceholderPart = 4;  // 25 %
// VERDICTS.md 5.4.
constexpr size_t kTemplateRows = 16;
constexpr size_t kTemplatePart = 10;  // 10 %
constexpr size_t kNumbersOnlyRows = 64;

uint64_t HashOf(absl::string_view text) {
  const uint64_t hash = absl::HashOf(text);
  return hash == 0 ? 1 : hash;
}

absl::string_view WireText(dnswire::NameView name) {
  return {reinterpret_cast<const char*>(name.wire().data()), name.size()};
}

// Calls `visit(begin, end)` for each run of items with the same key other
// than 0, which are sorted by it.
template <typename T, typename KeyOf, typename Visit>
void ForEachGroup(std::span<T> sorted, KeyOf key_of, Visit visit) {
  size_t begin = 0;
  while (begin < sorted.size()) {
    const uint64_t key = key_of(sorted[begin]);
    size_t end = begin + 1;
    while (end < sorted.size() && key_of(sorted[end]) == key) ++end;
    if (key != 0) visit(sorted.subspan(begin, end - begin));
    begin = end;
  }
}

}  // namespace

void RunReview::Add(const Row& row) {
  const auto number = static_cast<uint32_t>(entries_.size());
  entries_.push_back({.ip = row.ip, .row = number});
  Seen seen;
  if (const auto judged = JudgedNameOf(row)) {
    dnswire::Name name(*judged);
    name.Lower();
    seen.name = HashOf(WireText(name));
    seen.usable = row.status != Status::kBadName;
    seen.passes = row.status == Status::kPass;
    seen.generic = row.flags.Has(io::Flag::kGeneric);
    if (seen.usable && row.ip.is_v4()) {
      const NameTemplate shape = TemplateOf(row.ip, name);
      if (!shape.skeleton.empty()) seen.skeleton = HashOf(shape.skeleton);
      seen.numbers_only = shape.numbers_only;
      seen.pool_word = shape.pool_word;
    }
  }
  seen_.push_back(seen);
  if (row.status != Status::kMismatch) return;
  ForEachAskedName(row, [&](const io::ForwardItem& item) {
    for (const IpAddress& address : item.addresses) {
      leads_.push_back({address, number});
    }
  });
}

std::optional<IpAddress> RunReview::Finish() {
  const std::optional<IpAddress> repeated = SortOnce();
  ReviewBlocks();
  ReviewNames();
  ReviewLeads();
  seen_ = {};
  leads_ = {};
  return repeated;
}

const RunReview::Entry* RunReview::Find(const IpAddress& ip) const {
  const auto found = std::lower_bound(
      entries_.begin(), entries_.end(), ip,
      [](const Entry& entry, const IpAddress& key) { return entry.ip < key; });
  return found == entries_.end() || found->ip != ip ? nullptr : &*found;
}

std::optional<IpAddress> RunReview::SortOnce() {
  std::sort(entries_.begin(), entries_.end(),
            [](const Entry& a, const Entry& b) {
              return a.ip != b.ip ? a.ip < b.ip : a.row < b.row;
            });
  const auto same = [](const Entry& a, const Entry& b) { return a.ip == b.ip; };
  const auto first = std::adjacent_find(entries_.begin(), entries_.end(), same);
  if (first == entries_.end()) return std::nullopt;
  const IpAddress repeated = first->ip;
  entries_.erase(std::unique(first, entries_.end(), same), entries_.end());
  return repeated;
}

// The rows of one /24 and what they come to.
class RunReview::Block {
 public:
  Block(RunReview* review, std::span<Entry> rows)
      : review_(review), rows_(rows) {
    for (size_t i = 0; i < rows.size(); ++i) {
      order_[i] = &rows[i];
      with_name_ += At(order_[i]).name != 0;
      usable_ += At(order_[i]).usable;
    }
  }

  void Review() {
    ForEachWith(
        [this](const Entry* entry) { return At(entry).name; },
        [this](std::span<Entry* const> rows) { ReviewPlaceholder(rows); });
    ForEachWith([this](const Entry* entry) { return At(entry).skeleton; },
                [this](std::span<Entry* const> rows) { ReviewTemplate(rows); });
  }

 private:
  const Seen& At(const Entry* entry) const { return review_->SeenOf(*entry); }

  template <typename KeyOf, typename Visit>
  void ForEachWith(KeyOf key_of, Visit visit) {
    const std::span<Entry*> order(order_.data(), rows_.size());
    std::sort(order.begin(), order.end(), [&](const Entry* a, const Entry* b) {
      return key_of(a) < key_of(b);
    });
    ForEachGroup(order, key_of, visit);
  }

  void ReviewPlaceholder(std::span<Entry* const> rows) {
    if (rows.size() < kPlaceholderRows ||
        rows.size() * kPlaceholderPart < with_name_ ||
        std::any_of(rows.begin(), rows.end(),
                    [this](const Entry* row) { return At(row).passes; })) {
      return;
    }
    for (Entry* const row : rows) {
      row->reviewed.flags.Add(ReviewFlag::kSharedPlaceholder);
    }
  }

  void ReviewTemplate(std::span<Entry* const> rows) {
    if (rows.size() < kTemplateRows || rows.size() * kTemplatePart < usable_) {
      return;
    }
    const Seen& shape = At(rows.front());
    if (shape.numbers_only && !shape.pool_word &&
        rows.size() < kNumbersOnlyRows) {
      return;
    }
    for (Entry* const row : rows) {
      if (At(row).generic) continue;
      row->reviewed.flags.Add(ReviewFlag::kGenericTemplate);
    }
  }

  RunReview* const review_;
  const std::span<Entry> rows_;
  std::array<Entry*, kBlockRows> order_;
  size_t with_name_ = 0;
  size_t usable_ = 0;
};

void RunReview::ReviewBlocks() {
  const auto block_of = [](const Entry& entry) -> uint64_t {
    // IPv6 has none; 0 is no block for ForEachGroup.
    return entry.ip.is_v4() ? (entry.ip.v4() >> 8) + uint64_t{1} : 0;
  };
  ForEachGroup(std::span<Entry>(entries_), block_of,
               [this](std::span<Entry> rows) { Block(this, rows).Review(); });
}

void RunReview::ReviewNames() {
  std::vector<uint32_t> order(entries_.size());
  for (size_t i = 0; i < order.size(); ++i) order[i] = static_cast<uint32_t>(i);
  const auto name_of = [this](uint32_t i) { return SeenOf(entries_[i]).name; };
  std::sort(order.begin(), order.end(), [&name_of](uint32_t a, uint32_t b) {
    return name_of(a) < name_of(b);
  });
  ForEachGroup(std::span<uint32_t>(order), name_of,
               [this](std::span<uint32_t> same) {
                 const bool pass = std::all_of(
                     same.begin(), same.end(),
                     [this](uint32_t i) { return SeenOf(entries_[i]).passes; });
                 for (const uint32_t i : same) {
                   Reviewed& reviewed = entries_[i].reviewed;
                   reviewed.same_name = static_cast<uint32_t>(same.size());
                   reviewed.same_name_passes = pass;
                   if (same.size() > 1) {
                     reviewed.flags.Add(ReviewFlag::kDuplicateName);
                   }
                 }
               });
}

// A mismatch's own address is not among those its names lead to.
void RunReview::ReviewLeads() {
  std::vector<bool> in_scan(seen_.size());
  for (const Lead& lead : leads_) {
    if (Find(lead.address) != nullptr) in_scan[lead.row] = true;
  }
  for (Entry& entry : entries_) {
    if (in_scan[entry.row]) {
      entry.reviewed.flags.Add(ReviewFlag::kForwardInScan);
    }
  }
}

}  // namespace scanner
