#include "tests/scanner/verdict/evidence_builder.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

template <typename T>
T Checked(std::optional<T> value, absl::string_view text) {
  if (value.has_value()) return *value;
  std::fputs(absl::StrCat("bad text in a test: ", text, "\n").c_str(), stderr);
  std::abort();
}

// Lower case, sorted, each once.
void AddNames(std::initializer_list<absl::string_view> names,
              dnswire::NameList* list) {
  for (const absl::string_view text : names) {
    dnswire::Name name = NameOf(text);
    name.Lower();
    list->Add(name);
  }
  dnswire::NameList::Sorter sorter;
  list->SortUnique(&sorter);
}

}  // namespace

dnswire::Name NameOf(absl::string_view text) {
  return Checked(dnswire::Name::Parse(text), text);
}

dnswire::IpAddress AddressOf(absl::string_view text) {
  return Checked(dnswire::IpAddress::Parse(text), text);
}

std::string FlagText(io::FlagSet flags) {
  std::string text;
  for (size_t i = 0; i < io::kFlagCount; ++i) {
    const auto flag = static_cast<io::Flag>(i);
    if (!flags.Has(flag)) continue;
    absl::StrAppend(&text, text.empty() ? "" : " ", io::FlagName(flag));
  }
  return text.empty() ? "-" : text;
}

EvidenceBuilder::EvidenceBuilder(absl::string_view target) {
  evidence_.target = AddressOf(target);
}

EvidenceBuilder& EvidenceBuilder::Skipped(io::Cause cause) {
  evidence_.reverse = ReverseResult::kSkipped;
  evidence_.reverse_cause = cause;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Timeout(io::Cause cause) {
  evidence_.reverse = ReverseResult::kTimeout;
  evidence_.reverse_cause = cause;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Error(io::Cause cause) {
  evidence_.reverse = ReverseResult::kError;
  evidence_.reverse_cause = cause;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Nxdomain() {
  evidence_.reverse = ReverseResult::kNxdomain;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Nodata() {
  evidence_.reverse = ReverseResult::kNodata;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Ptr(
    std::initializer_list<absl::string_view> names) {
  evidence_.reverse = ReverseResult::kData;
  AddNames(names, &names_);
  return *this;
}

EvidenceBuilder& EvidenceBuilder::PtrCut() {
  evidence_.ptr_cut = true;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Chain(
    std::initializer_list<absl::string_view> targets) {
  for (const absl::string_view text : targets) chain_.Add(NameOf(text));
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Dname() {
  evidence_.dname = true;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Stale() {
  evidence_.stale = true;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Pruned() {
  evidence_.pruned = true;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Reused() {
  evidence_.reused = true;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Ttl(uint32_t seconds, bool authoritative) {
  evidence_.ttl_s = seconds;
  evidence_.authoritative = authoritative;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Soa(absl::string_view owner,
                                      absl::string_view mname,
                                      absl::string_view rname) {
  soa_ = SoaNames{NameOf(owner), NameOf(mname), NameOf(rname)};
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Forward(
    absl::string_view name,
    std::initializer_list<absl::string_view> addresses) {
  Lookup& lookup = lookups_.emplace_back();
  lookup.name = NameOf(name);
  lookup.evidence.result = ForwardResult::kData;
  for (const absl::string_view text : addresses) {
    lookup.addresses.push_back(AddressOf(text));
  }
  lookup.evidence.address_count =
      static_cast<uint32_t>(lookup.addresses.size());
  lookup.evidence.has_target =
      std::count(lookup.addresses.begin(), lookup.addresses.end(),
                 evidence_.target) > 0;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Forward(absl::string_view name,
                                          ForwardResult result,
                                          io::Cause cause) {
  Lookup& lookup = lookups_.emplace_back();
  lookup.name = NameOf(name);
  lookup.evidence.result = result;
  lookup.evidence.cause = cause;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::ThroughCname() {
  lookups_.back().evidence.cname = true;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::AddressCount(uint32_t count) {
  lookups_.back().evidence.address_count = count;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::PtrOnly() {
  evidence_.ptr_only = true;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Expect(absl::string_view pattern) {
  expected_.assign(pattern.data(), pattern.size());
  return *this;
}

EvidenceBuilder& EvidenceBuilder::ExpectedLookup(absl::string_view name,
                                                 ForwardResult result,
                                                 bool has_target) {
  extra_.emplace();
  extra_->name = NameOf(name);
  extra_->evidence.result = result;
  extra_->evidence.has_target = has_target;
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Resolver(
    std::initializer_list<absl::string_view> names) {
  AddNames(names,
           &said_.emplace_back(ResolverSaid{ReverseResult::kData, {}}).names);
  return *this;
}

EvidenceBuilder& EvidenceBuilder::Resolver(ReverseResult result) {
  said_.push_back({result, {}});
  return *this;
}

EvidenceBuilder& EvidenceBuilder::OtherFamily(ForwardResult result) {
  other_family_.push_back({.name = {}, .result = result});
  return *this;
}

EvidenceBuilder& EvidenceBuilder::AaaaPtr(ReverseResult result, bool has_name) {
  aaaa_.push_back({.result = result, .has_name = has_name});
  return *this;
}

Evidence EvidenceBuilder::Build() {
  const auto text_less = [](const Lookup& a, const Lookup& b) {
    return a.name.view().CompareText(b.name) < 0;
  };
  std::sort(lookups_.begin(), lookups_.end(), text_less);
  forward_.clear();
  for (Lookup& lookup : lookups_) {
    lookup.evidence.name = lookup.name;
    lookup.evidence.addresses = lookup.addresses;
    forward_.push_back(lookup.evidence);
  }
  Evidence evidence = evidence_;
  evidence.names = names_;
  evidence.chain = chain_;
  evidence.forward = forward_;
  evidence.expected = expected_;
  if (soa_) {
    evidence.soa = NegativeSoa{soa_->owner, soa_->mname, soa_->rname};
  }
  if (extra_) {
    extra_->evidence.name = extra_->name;
    evidence.expected_extra = &extra_->evidence;
  }
  resolvers_.clear();
  for (const ResolverSaid& said : said_) {
    resolvers_.push_back({.result = said.result, .names = said.names});
  }
  checks_ = {
      .resolvers = resolvers_, .other_family = other_family_, .aaaa = aaaa_};
  evidence.checks = &checks_;
  return evidence;
}

}  // namespace scanner
