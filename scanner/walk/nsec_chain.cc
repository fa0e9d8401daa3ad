#include "scanner/walk/nsec_chain.h"

#include <string>

#include "dnswire/dnssec/denial.h"
#include "dnswire/dnssec/nsec.h"

namespace scanner {
namespace {

using dnswire::Message;
using dnswire::Name;
using dnswire::NameView;
using dnswire::Nsec;

// nullopt: not of the zone's chain, or not to be followed. REQUIRES: the owner
// is at or below the apex.
std::optional<ChainLink> AsLink(const Nsec& nsec, NameView apex) {
  const NameView owner = nsec.owner;
  if (!dnswire::IsReal(nsec) || !nsec.next.IsAtOrBelow(apex)) return {};
  ChainLink link = {.owner = Name(owner),
                    .next = Name(nsec.next),
                    .types = NameTypes::Of(nsec.types),
                    .is_last = nsec.next.Equals(apex)};
  // A child's apex has a record of the child and one of ours (RFC 4035 section
  // 2.3).
  if (link.types.soa != owner.Equals(apex)) return std::nullopt;
  if (!link.is_last && owner.CompareCanonical(nsec.next) >= 0) return {};
  link.owner.Lower();
  link.next.Lower();
  return link;
}

bool IsNearer(const ChainLink& link, const ChainLink& other) {
  if (link.is_last || other.is_last) return !link.is_last;
  return link.next.view().CompareCanonical(other.next) < 0;
}

// Of those that `accept(const Nsec&)` takes, the one with the nearest next.
template <typename Accept>
std::optional<ChainLink> FindLink(const Message& response, NameView apex,
                                  Accept accept) {
  std::optional<ChainLink> nearest;
  Nsec nsec;
  for (const dnswire::Record& record : response.authorities()) {
    if (!dnswire::ReadNsec(response, record, &nsec) || !accept(nsec)) continue;
    const auto link = AsLink(nsec, apex);
    if (link && (!nearest || IsNearer(*link, *nearest))) nearest = link;
  }
  return nearest;
}

}  // namespace

std::optional<Name> ChainQuestion(NameView cur, ChainSide side) {
  const bool below = side == ChainSide::kBelow;
  if (!below && cur.is_root()) return std::nullopt;
  Name name(below ? cur : cur.parent());
  std::string label(below ? "" : cur.first_label());
  label += ' ';
  if (!name.PrependLabel(label)) return std::nullopt;
  return name;
}

std::optional<ChainLink> ReadChainLink(const Message& response, NameView apex,
                                       NameView cur) {
  return FindLink(response, apex, [cur](const Nsec& nsec) {
    return nsec.owner.view().Equals(cur);
  });
}

std::optional<ChainLink> ReadFirstChainLink(const Message& response,
                                            NameView apex, NameView start) {
  const auto asked = ChainQuestion(start, ChainSide::kBelow);
  if (!asked) return std::nullopt;
  return FindLink(response, apex, [&asked, apex](const Nsec& nsec) {
    return dnswire::Denies(nsec, *asked, apex);
  });
}

}  // namespace scanner
