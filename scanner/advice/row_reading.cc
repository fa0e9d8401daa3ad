#include "scanner/advice/row_reading.h"

#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "scanner/verdict/row_names.h"

namespace scanner {
namespace {

using dnswire::NameView;
using io::Flag;
using io::ForwardItem;
using io::ForwardOutcome;
using io::Status;

// Of the names of K that were asked.
template <typename Wanted>
const ForwardItem* FirstAsked(const io::Row& row, Wanted wanted) {
  const ForwardItem* first = nullptr;
  ForEachAskedName(row, [&first, &wanted](const ForwardItem& item) {
    if (first == nullptr && wanted(item)) first = &item;
  });
  return first;
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
  judged_ = JudgedNameOf(row, facts.chain);
  zone_ = row.zone;
  if (!zone_ && facts.soa) zone_ = facts.soa->owner;
}

const ForwardItem* RowReading::judged_forward() const {
  return FirstAsked(row_, [this](const ForwardItem& forward) {
    return forward.name.Equals(*judged_);
  });
}

const ForwardItem* RowReading::failed_forward() const {
  return FirstAsked(row_, [](const ForwardItem& forward) {
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
