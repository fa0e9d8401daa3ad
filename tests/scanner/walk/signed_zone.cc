#include "tests/scanner/walk/signed_zone.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/ascii.h"

namespace scanner {

using dnswire::Name;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::RecordTypes;
namespace rr = testing_support::rr;

SignedZone::SignedZone(Chain chain, const Name& apex)
    : chain_(chain), apex_(LabelsOf(apex)), hashed_(apex.view().ToText()) {
  hashed_.fields().iterations = 3;
  hashed_.fields().salt = {0xca, 0xfe};
  Add(apex, {rr::kSoa, rr::kNs, rr::kDnskey});
}

SignedZone::Labels SignedZone::LabelsOf(const Name& name) {
  Labels labels;
  for (dnswire::NameView at = name; !at.is_root(); at = at.parent()) {
    labels.insert(labels.begin(), absl::AsciiStrToLower(at.first_label()));
  }
  return labels;
}

Octets SignedZone::WireOf(const Labels& labels) {
  Octets wire;
  for (auto label = labels.rbegin(); label != labels.rend(); ++label) {
    wire.push_back(static_cast<uint8_t>(label->size()));
    wire.insert(wire.end(), label->begin(), label->end());
  }
  wire.push_back(0);
  return wire;
}

void SignedZone::Add(const Name& name, const RecordTypes& types) {
  Labels labels = LabelsOf(name);
  RecordTypes& all = names_[labels];
  all.insert(types.begin(), types.end());
  hashed_.Add(name.view().ToText(), all);
  for (dnswire::NameView at = name; labels.size() > apex_.size();) {
    all_.insert(labels);
    labels.pop_back();
    at = at.parent();
    if (!names_.contains(labels)) hashed_.Add(at.ToText(), {});
  }
  all_.insert(apex_);
}

SignedZone::Labels SignedZone::EncloserOf(Labels name) const {
  while (!all_.contains(name)) name.pop_back();
  return name;
}

Octets SignedZone::Denial(const Name& name) const {
  const Labels labels = LabelsOf(name);
  if (all_.contains(labels)) return Respond(name, {labels});
  const Labels encloser = EncloserOf(labels);
  Labels next_closer = labels;
  next_closer.resize(encloser.size() + 1);
  Labels wildcard = encloser;
  wildcard.push_back("*");
  if (chain_ == Chain::kNsec) return Respond(name, {labels, wildcard});
  return Respond(name, {encloser, next_closer, wildcard});
}

Octets SignedZone::Wildcard(const Name& name) const {
  Labels shown = LabelsOf(name);
  if (chain_ == Chain::kNsec3) shown.resize(EncloserOf(shown).size() + 1);
  return Respond(name, {shown});
}

Octets SignedZone::Referral(const Name& cut) const {
  const Labels labels = LabelsOf(cut);
  if (names_.at(labels).contains(rr::kDs)) return Respond(cut, {});
  return Respond(cut, {labels});
}

size_t SignedZone::size() const {
  return chain_ == Chain::kNsec ? names_.size() : hashed_.size();
}

// `shown`: names that a record of the chain matches or covers.
Octets SignedZone::Respond(const Name& name,
                           const std::vector<Labels>& shown) const {
  if (chain_ == Chain::kNsec3) {
    std::set<size_t> numbers;
    for (const Labels& labels : shown) {
      const Octets wire = WireOf(labels);
      numbers.insert(hashed_.NumberAtOrBefore(
          dnswire::NameView::FromValidWire(wire).ToText()));
    }
    return hashed_.Response(
        std::vector<size_t>(numbers.begin(), numbers.end()));
  }
  std::set<Labels> owners;
  for (const Labels& labels : shown) {
    owners.insert(std::prev(names_.upper_bound(labels))->first);
  }
  PacketBuilder builder;
  builder.Response().Aa().Rcode(3).Question(WireOf(LabelsOf(name)), rr::kPtr);
  builder.Authority().Soa(WireOf(apex_), "ns.test", "root.test");
  for (const Labels& owner : owners) {
    auto next = std::next(names_.find(owner));
    if (next == names_.end()) next = names_.begin();
    RecordTypes types = names_.at(owner);
    types.insert({rr::kNsec, rr::kRrsig});
    builder.Record(WireOf(owner), rr::kNsec,
                   testing_support::NsecRdata(WireOf(next->first), types));
  }
  return builder.Build();
}

}  // namespace scanner
