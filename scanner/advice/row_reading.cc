#include "scanner/advice/row_reading.h"

#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "scanner/verdict/name_rules.h"

namespace scanner {
namespace {

using dnswire::NameView;
using io::Flag;
using io::ForwardItem;
using io::ForwardOutcome;
using io::Status;

// The column `forward` also has the expected name if that was looked up,
// which is no name of N (flag expected_ready).
template <typename Wanted>
const ForwardItem* FirstOfK(const io::Row& row, Wanted wanted) {
  for (const ForwardItem& item : row.forward) {
    if (wanted(item) && row.ptr.Contains(item.name)) return &item;
  }
  return nullptr;
}

constexpr int kBlockV4 = 24;
constexpr int kBlockV6 = 48;

}  // namespace

absl::string_view AddressType(const dnswire::IpAddress& address) {
  return address.is_v4() ? "A" : "AAAA";
}

dnswire::IpPrefix BlockOf(const dnswire::IpAddress& address) {
  return dnswire::IpPrefix::Covering(address,
                                     address.is_v4() ? kBlockV4 : kBlockV6);
}

std::string WithDot(NameView name) {
  return name.is_root() ? "." : absl::StrCat(name.ToText(), ".");
}

RowReading::RowReading(const io::Row& row, const RowFacts& facts)
    : row_(row),
      facts_(facts),
      qname_(dnswire::ReverseName(row.ip)),
      expected_(row.expected, row.ip) {
  judged_ = FindJudged();
  zone_ = row.zone;
  if (!zone_ && facts.soa) zone_ = facts.soa->owner;
}

// As Judge has it (VERDICTS.md section 1).
std::optional<NameView> RowReading::FindJudged() const {
  if (row_.ptr.empty()) return std::nullopt;
  if (!row_.confirmed.empty()) return *row_.confirmed.begin();
  const ForwardItem* item = FirstOfK(row_, [](const ForwardItem& forward) {
    return forward.outcome == ForwardOutcome::kDiffers;
  });
  if (item == nullptr) {
    item = FirstOfK(row_, [](const ForwardItem&) { return true; });
  }
  if (item != nullptr) return item->name;
  for (const NameView name : row_.ptr) {
    if (UnusableFlags(row_.ip, facts_.chain, name).empty()) return name;
  }
  return *row_.ptr.begin();
}

const ForwardItem* RowReading::judged_forward() const {
  return FirstOfK(row_, [this](const ForwardItem& forward) {
    return forward.name.Equals(*judged_);
  });
}

const ForwardItem* RowReading::failed_forward() const {
  return FirstOfK(row_, [](const ForwardItem& forward) {
    return forward.outcome == ForwardOutcome::kError;
  });
}

std::string RowReading::JudgedText() const {
  const size_t more = row_.ptr.size() - 1;
  return absl::StrCat(judged_->ToText(),
                      more == 0 ? "" : absl::StrCat(" (and ", more, " more)"));
}

bool RowReading::IsAsWanted() const {
  return expected_.kind() == Expectation::Kind::kNoPtr &&
         (row_.status == Status::kNoPtr || row_.status == Status::kUndelegated);
}

std::string RowReading::host() const {
  return host_known() ? expected_.name().ToText() : "<host name>";
}

std::string RowReading::ZoneText() const {
  return zone() ? zone()->ToText() : absl::StrCat("the zone of ", block());
}

std::string RowReading::TheZone() const {
  return absl::StrCat(zone() ? "zone " : "", ZoneText());
}

std::optional<NameView> RowReading::owner() const {
  if (!facts_.chain.empty()) return facts_.chain[facts_.chain.size() - 1];
  if (row_.flags.Has(Flag::kCnameChain)) return std::nullopt;
  return qname_.view();
}

std::string RowReading::OwnerText() const {
  const std::optional<NameView> name = owner();
  if (!name) return "";
  if (!zone() || !name->IsBelow(*zone())) return WithDot(*name);
  const std::string text = name->ToText();
  const std::string of_zone = zone()->ToText();
  return zone()->is_root() ? WithDot(*name)
                           : text.substr(0, text.size() - of_zone.size() - 1);
}

}  // namespace scanner
