#include "scanner/transfer/zone_image.h"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "dnswire/reader.h"
#include "dnswire/wire.h"

namespace scanner {
namespace {

using dnswire::Answer;
using dnswire::Name;
using dnswire::NameView;
using dnswire::Outcome;

constexpr size_t kEntryHeadOctets = 10;
constexpr uint8_t kLabelEnd = 0;
constexpr uint8_t kEscape = 1;
constexpr uint8_t kWildcard[] = {'*', kLabelEnd};

bool KeepsRdata(uint16_t type) {
  switch (type) {
    case dnswire::kTypeA:
    case dnswire::kTypeNs:
    case dnswire::kTypeCname:
    case dnswire::kTypeSoa:
    case dnswire::kTypePtr:
    case dnswire::kTypeAaaa:
    case dnswire::kTypeDname:
      return true;
    default:
      return false;
  }
}

// Types that stand at names which exist by other records, or, of NSEC3, at
// names that do not exist (RFC 5155 section 7.1).
bool SaysNothing(uint16_t type) {
  return type == dnswire::kTypeRrsig || type == dnswire::kTypeNsec ||
         type == dnswire::kTypeNsec3;
}

template <typename Number>
Number Load(const uint8_t* at) {
  Number number;
  std::memcpy(&number, at, sizeof number);
  return number;
}

template <typename Number>
uint8_t* Store(Number number, uint8_t* at) {
  std::memcpy(at, &number, sizeof number);
  return at + sizeof number;
}

int Compare(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  const int order =
      std::memcmp(a.data(), b.data(), std::min(a.size(), b.size()));
  if (order != 0) return order;
  return a.size() < b.size() ? -1 : a.size() > b.size() ? 1 : 0;
}

bool StartsWith(std::span<const uint8_t> octets,
                std::span<const uint8_t> start) {
  return octets.size() >= start.size() &&
         std::memcmp(octets.data(), start.data(), start.size()) == 0;
}

// Octets of the whole labels that both keys begin with.
size_t SharedLabels(std::span<const uint8_t> a, std::span<const uint8_t> b) {
  size_t shared = 0;
  for (size_t i = 0; i < std::min(a.size(), b.size()) && a[i] == b[i]; ++i) {
    if (a[i] == kLabelEnd) shared = i + 1;
  }
  return shared;
}

void UseTtl(uint32_t ttl_s, Answer* answer) {
  answer->ttl_s = answer->has_ttl ? std::min(answer->ttl_s, ttl_s) : ttl_s;
  answer->has_ttl = true;
}

void ClearAnswer(NameView name, Answer* answer) {
  answer->rcode = dnswire::kRcodeNoerror;
  answer->chain.Clear();
  answer->last_name.Assign(name);
  answer->last_name.Lower();
  answer->last_name_at = 0;
  answer->dname = false;
  answer->authoritative = true;
  answer->stale = false;
  answer->dnssec_bogus = false;
  answer->no_reachable_ns = false;
  answer->has_ttl = false;
  answer->ttl_s = 0;
  answer->has_soa = false;
  answer->has_ns_owner = false;
  answer->lax = false;
  answer->trailing = false;
}

// Takes last_name, just set, as the next name of the chain.
std::optional<Outcome> TakeHop(const dnswire::Question& question,
                               dnswire::NameListView previous, NameView apex,
                               Answer* answer) {
  answer->last_name.Lower();
  const NameView name = answer->last_name;
  const bool was_met = name.Equals(question.name) ||
                       answer->chain.view().Contains(name) ||
                       previous.Contains(name);
  answer->chain.Add(name);
  if (was_met) return Outcome::kLoop;
  const size_t before = previous.size() - (previous.Contains(question.name));
  if (before + answer->chain.size() > dnswire::kMaxHops) {
    return Outcome::kChainTooLong;
  }
  if (!name.IsAtOrBelow(apex)) return Outcome::kFollow;
  return std::nullopt;
}

}  // namespace

ZoneImage::ZoneImage(NameView apex, uint64_t max_octets)
    : apex_(apex), max_octets_(max_octets) {
  assert(max_octets <= uint64_t{1} << 32);
  apex_.Lower();
}

uint64_t ZoneImage::octets() const {
  const uint64_t unused = finished_ ? kSlabOctets - used_ : 0;
  return slabs_.size() * uint64_t{kSlabOctets} - unused +
         (index_.capacity() + delegating_.capacity()) * sizeof(uint32_t);
}

// ---- keys and entries

ZoneImage::Key ZoneImage::KeyOf(NameView name) const {
  const size_t own = name.size() - apex_.size();  // octets above the apex
  uint8_t labels[dnswire::kMaxNameOctets / 2];    // where each starts
  size_t count = 0;
  const auto wire = name.wire();
  for (size_t at = 0; at < own; at += size_t{1} + wire[at]) {
    labels[count++] = static_cast<uint8_t>(at);
  }
  Key key;
  while (count > 0) {
    const size_t at = labels[--count];
    for (const uint8_t sent : wire.subspan(at + 1, wire[at])) {
      const uint8_t octet = dnswire::LowerOctet(sent);
      if (octet <= kEscape) {
        key.octets[key.size++] = kEscape;
        key.octets[key.size++] = static_cast<uint8_t>(octet + 1);
      } else {
        key.octets[key.size++] = octet;
      }
    }
    key.octets[key.size++] = kLabelEnd;
  }
  return key;
}

Name ZoneImage::OwnerOf(KeyView key) const {
  Name owner = apex_;
  std::string label;
  for (size_t i = 0; i < key.size(); ++i) {
    if (key[i] == kLabelEnd) {
      owner.PrependLabel(label);
      label.clear();
    } else {
      label += static_cast<char>(key[i] == kEscape ? key[++i] - 1 : key[i]);
    }
  }
  return owner;
}

ZoneImage::Entry ZoneImage::EntryAt(uint32_t place) const {
  const uint8_t* const at =
      slabs_[place / kSlabOctets].get() + place % kSlabOctets;
  const auto key_octets = Load<uint16_t>(at);
  const auto rdata_octets = Load<uint16_t>(at + 8);
  const uint8_t* const key = at + kEntryHeadOctets;
  return {.key = {key, key_octets},
          .type = Load<uint16_t>(at + 2),
          .ttl_s = Load<uint32_t>(at + 4),
          .rdata = {key + key_octets, rdata_octets}};
}

absl::Status ZoneImage::Add(const io::TransferRecord& record) {
  if (SaysNothing(record.type)) return absl::OkStatus();
  const Key key = KeyOf(record.owner);
  const bool keeps_rdata = KeepsRdata(record.type);
  if (!keeps_rdata && !index_.empty() &&
      Compare(EntryAt(index_.back()).key, key.view()) == 0) {
    return absl::OkStatus();  // known to exist
  }
  const auto rdata = keeps_rdata ? record.rdata : std::span<const uint8_t>();
  const size_t size = kEntryHeadOctets + key.size + rdata.size();
  assert(size <= kSlabOctets);
  if (used_ + size > kSlabOctets) {
    if (octets() + kSlabOctets > max_octets_) {
      return absl::ResourceExhaustedError(
          absl::StrCat("more than ", max_octets_, " octets"));
    }
    slabs_.push_back(std::make_unique_for_overwrite<uint8_t[]>(kSlabOctets));
    used_ = 0;
  }
  index_.push_back(
      static_cast<uint32_t>((slabs_.size() - 1) * kSlabOctets + used_));
  uint8_t* at = slabs_.back().get() + used_;
  at = Store(static_cast<uint16_t>(key.size), at);
  at = Store(record.type, at);
  at = Store(record.ttl_s, at);
  at = Store(static_cast<uint16_t>(rdata.size()), at);
  at = std::copy_n(key.octets, key.size, at);
  std::copy(rdata.begin(), rdata.end(), at);
  used_ += size;
  return absl::OkStatus();
}

void ZoneImage::Finish() {
  std::sort(index_.begin(), index_.end(),
            [this](uint32_t a, uint32_t b) { return EntryIsLess(a, b); });
  index_.shrink_to_fit();
  for (const uint32_t place : index_) {
    const Entry entry = EntryAt(place);
    if (entry.type == dnswire::kTypeDname ||
        (entry.type == dnswire::kTypeNs && !entry.key.empty())) {
      delegating_.push_back(place);
    }
  }
  TakeSoa();
  FitLastSlab();
}

// Thousands of small zones may be held.
void ZoneImage::FitLastSlab() {
  Slab fitting = std::make_unique_for_overwrite<uint8_t[]>(used_);
  std::copy_n(slabs_.back().get(), used_, fitting.get());
  slabs_.back() = std::move(fitting);
  delegating_.shrink_to_fit();
  finished_ = true;
}

bool ZoneImage::EntryIsLess(uint32_t a, uint32_t b) const {
  const Entry first = EntryAt(a);
  const Entry second = EntryAt(b);
  const int order = Compare(first.key, second.key);
  if (order != 0) return order < 0;
  return first.type != second.type ? first.type < second.type : a < b;
}

void ZoneImage::TakeSoa() {
  const Range soas = OfType(NodeOf(KeyOf(apex_).view()), dnswire::kTypeSoa);
  assert(!soas.empty());
  const Entry soa = EntryAt(index_[soas.first]);
  dnswire::Reader reader(soa.rdata);
  reader.ReadLowerName(&soa_.mname);
  reader.ReadLowerName(&soa_.rname);
  soa_.serial = reader.ReadU32();
  reader.Skip(12);  // refresh, retry, expire
  soa_.negative_ttl_s =
      std::min(soa.ttl_s, dnswire::EffectiveTtl(reader.ReadU32()));
}

// ---- finding

size_t ZoneImage::LowerBound(KeyView key) const {
  const auto at = std::lower_bound(index_.begin(), index_.end(), key,
                                   [this](uint32_t place, KeyView k) {
                                     return Compare(EntryAt(place).key, k) < 0;
                                   });
  return static_cast<size_t>(at - index_.begin());
}

ZoneImage::Range ZoneImage::NodeOf(KeyView key) const {
  Range node;
  node.first = node.last = LowerBound(key);
  while (node.last < index_.size() &&
         Compare(EntryAt(index_[node.last]).key, key) == 0) {
    ++node.last;
  }
  return node;
}

ZoneImage::Range ZoneImage::OfType(Range node, uint16_t type) const {
  while (!node.empty() && EntryAt(index_[node.first]).type < type) ++node.first;
  Range found = {node.first, node.first};
  while (found.last < node.last && EntryAt(index_[found.last]).type == type) {
    ++found.last;
  }
  return found;
}

bool ZoneImage::IsAtOrAboveEntry(KeyView key, size_t at) const {
  return at < index_.size() && StartsWith(EntryAt(index_[at]).key, key);
}

uint32_t ZoneImage::SmallestTtl(Range records) const {
  uint32_t ttl_s = UINT32_MAX;
  for (size_t at = records.first; at < records.last; ++at) {
    ttl_s = std::min(ttl_s, EntryAt(index_[at]).ttl_s);
  }
  return ttl_s;
}

// The topmost cut at or above the name, or DNAME above it; kAbsent: none.
ZoneImage::Found ZoneImage::FindAbove(KeyView key) const {
  if (delegating_.empty()) return {};
  for (size_t size = 0; size <= key.size(); ++size) {
    if (size > 0 && key[size - 1] != kLabelEnd) continue;
    const KeyView owner = key.first(size);
    const auto at =
        std::lower_bound(delegating_.begin(), delegating_.end(), owner,
                         [this](uint32_t place, KeyView k) {
                           return Compare(EntryAt(place).key, k) < 0;
                         });
    if (at == delegating_.end()) return {};  // all names below sort later still
    const Entry entry = EntryAt(*at);
    if (Compare(entry.key, owner) != 0) continue;
    if (entry.type == dnswire::kTypeNs) {
      return {.kind = Found::Kind::kCut, .records = {}, .cut_octets = size};
    }
    if (size == key.size()) return {};  // a DNAME is for the names below it
    return {.kind = Found::Kind::kDname,
            .records = OfType(NodeOf(owner), dnswire::kTypeDname),
            .cut_octets = {}};
  }
  return {};
}

ZoneImage::Found ZoneImage::Find(KeyView key) const {
  const Found above = FindAbove(key);
  if (above.kind != Found::Kind::kAbsent) return above;
  const Range node = NodeOf(key);
  if (!node.empty() || IsAtOrAboveEntry(key, node.first)) {
    return {.kind = Found::Kind::kNode, .records = node, .cut_octets = {}};
  }
  return FindWildcard(key, node.first);
}

// RFC 4592 section 3.3. `at`: where the absent name would stand in the index.
ZoneImage::Found ZoneImage::FindWildcard(KeyView key, size_t at) const {
  size_t encloser = 0;
  if (at > 0) encloser = SharedLabels(key, EntryAt(index_[at - 1]).key);
  if (at < index_.size()) {
    encloser = std::max(encloser, SharedLabels(key, EntryAt(index_[at]).key));
  }
  Key source;
  uint8_t* const end = std::copy_n(key.begin(), encloser, source.octets);
  std::copy(std::begin(kWildcard), std::end(kWildcard), end);
  source.size = encloser + sizeof kWildcard;
  const Range node = NodeOf(source.view());
  // What these mean below a wildcard is left open (RFC 4592 sections 4.2, 4.4).
  if (!OfType(node, dnswire::kTypeNs).empty() ||
      !OfType(node, dnswire::kTypeDname).empty()) {
    return {.kind = Found::Kind::kCut, .records = {}, .cut_octets = {}};
  }
  if (node.empty() && !IsAtOrAboveEntry(source.view(), node.first)) return {};
  return {.kind = Found::Kind::kNode, .records = node, .cut_octets = {}};
}

ZoneImage::Range ZoneImage::FindData(NameView name, uint16_t type) const {
  const Found found = Find(KeyOf(name).view());
  if (found.kind != Found::Kind::kNode) return {};
  return OfType(found.records, type);
}

// The first record from `at` on that is the zone's to tell.
size_t ZoneImage::NextOwn(size_t at) const {
  for (; at < index_.size(); ++at) {
    const Entry entry = EntryAt(index_[at]);
    const Found above = FindAbove(entry.key);
    if (above.kind == Found::Kind::kAbsent) break;
    if (above.kind == Found::Kind::kCut &&
        above.cut_octets == entry.key.size() &&
        entry.type == dnswire::kTypeNs) {
      break;
    }
  }
  return at;
}

// ---- answering

void ZoneImage::Resolve(const dnswire::Question& question,
                        dnswire::NameListView previous, Answer* answer) const {
  ClearAnswer(question.name, answer);
  std::optional<Outcome> outcome;
  while (!outcome) outcome = Step(question, previous, answer);
  answer->outcome = *outcome;
}

std::optional<Outcome> ZoneImage::Step(const dnswire::Question& question,
                                       dnswire::NameListView previous,
                                       Answer* answer) const {
  const Key key = KeyOf(answer->last_name);
  const Found found = Find(key.view());
  switch (found.kind) {
    case Found::Kind::kAbsent:
      answer->rcode = dnswire::kRcodeNxdomain;
      return Deny(Outcome::kNxdomain, answer);
    case Found::Kind::kCut:
      return StopAtCut(key.view(), found, answer);
    case Found::Kind::kDname:
      if (!FollowDname(found.records, answer)) return Outcome::kMalformed;
      return TakeHop(question, previous, apex_, answer);
    case Found::Kind::kNode:
      break;
  }
  const Range data = OfType(found.records, question.type);
  const Range cnames = OfType(found.records, dnswire::kTypeCname);
  if (data.empty() && cnames.empty()) return Deny(Outcome::kNodata, answer);
  if (!cnames.empty()) {
    if (!data.empty() || !FollowCname(cnames, answer)) {
      return Outcome::kMalformed;
    }
    return TakeHop(question, previous, apex_, answer);
  }
  UseTtl(SmallestTtl(data), answer);
  answer->has_ns_owner = true;
  answer->ns_owner = apex_;
  return Outcome::kData;
}

Outcome ZoneImage::StopAtCut(KeyView key, const Found& found,
                             Answer* answer) const {
  if (found.cut_octets) {
    answer->has_ns_owner = true;
    answer->ns_owner = OwnerOf(key.first(*found.cut_octets));
  }
  if (!answer->chain.empty()) return Outcome::kFollow;
  answer->authoritative = false;
  return Outcome::kReferral;
}

bool ZoneImage::FollowCname(Range cnames, Answer* answer) const {
  const auto target =
      NameView::FromValidWire(EntryAt(index_[cnames.first]).rdata);
  for (size_t at = cnames.first + 1; at < cnames.last; ++at) {
    if (!NameView::FromValidWire(EntryAt(index_[at]).rdata).Equals(target)) {
      return false;
    }
  }
  UseTtl(SmallestTtl(cnames), answer);
  answer->last_name.Assign(target);
  return true;
}

bool ZoneImage::FollowDname(Range dnames, Answer* answer) const {
  const Entry dname = EntryAt(index_[dnames.first]);
  const std::optional<Name> name =
      Name::Substitute(answer->last_name, OwnerOf(dname.key),
                       NameView::FromValidWire(dname.rdata));
  if (dnames.last - dnames.first > 1 || !name) return false;
  UseTtl(dname.ttl_s, answer);
  answer->dname = true;
  answer->last_name = *name;
  return true;
}

// A negative lasts as its SOA says, whatever its aliases do.
Outcome ZoneImage::Deny(Outcome outcome, Answer* answer) const {
  answer->has_ttl = true;
  answer->ttl_s = soa_.negative_ttl_s;
  answer->has_soa = true;
  answer->soa_owner = apex_;
  answer->soa_mname = soa_.mname;
  answer->soa_rname = soa_.rname;
  return outcome;
}

}  // namespace scanner
