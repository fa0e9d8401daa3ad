#include "tests/world/findings.h"

#include <algorithm>
#include <set>

#include "tests/world/names.h"

namespace world {
namespace {

bool IsUsable(const Case& subject, const std::string& name) {
  const std::set<std::string>& traits =
      subject.model.TraitsOf(subject.ip, name);
  return std::none_of(traits.begin(), traits.end(),
                      [](const auto& trait) { return IsUnusableTrait(trait); });
}

}  // namespace

bool IsUnusableTrait(const std::string& trait) {
  static const std::set<std::string> traits = {
      "root_name",     "localhost",    "missing_dot", "self_ptr",
      "arpa_name",     "single_label", "ip_literal",  "numeric_name",
      "illegal_chars", "internal_tld"};
  return traits.contains(trait);
}

View ViewOf(Asked asked) {
  return asked == Asked::kIterative ? View::kAuthorities : View::kResolver;
}

Failure PickFailure(const Resolution& resolution, Choices* choices) {
  return resolution.failures[choices->Pick(resolution.failures.size())];
}

Looked LookUp(const Case& subject, const std::string& name, Choices* choices) {
  const Type type = subject.ip.is_v4() ? Type::kA : Type::kAaaa;
  const Resolution found =
      Resolve(subject.model, name, type, ViewOf(subject.asked));
  Looked looked;
  looked.name = name;
  if (found.outcome == Outcome::kFailed) {
    looked.error = true;
    looked.outcome = PickFailure(found, choices).cause;
    return looked;
  }
  looked.alias = !found.chain.empty();
  for (const std::string& text : found.data) {
    looked.addresses.push_back(Address::Of(text));
  }
  std::sort(looked.addresses.begin(), looked.addresses.end());
  const bool leads_back = std::binary_search(
      looked.addresses.begin(), looked.addresses.end(), subject.ip);
  looked.outcome = leads_back                            ? "confirmed"
                   : found.outcome == Outcome::kNodata   ? "nodata"
                   : found.outcome == Outcome::kNxdomain ? "nxdomain"
                                                         : "differs";
  return looked;
}

void LookUpNames(const Case& subject, Choices* choices, Findings* findings) {
  findings->names = findings->reverse.data;
  std::sort(findings->names.begin(), findings->names.end());
  for (const std::string& name : findings->names) {
    if (IsUsable(subject, name)) findings->usable.push_back(name);
  }
  for (const std::string& name : findings->usable) {
    if (findings->asked.size() == kMaxNames) break;
    findings->asked.push_back(LookUp(subject, name, choices));
  }
}

const Looked* FirstWith(const Findings& findings, std::string_view outcome) {
  for (const Looked& looked : findings.asked) {
    if (looked.outcome == outcome) return &looked;
  }
  return nullptr;
}

const Looked* FirstError(const Findings& findings) {
  for (const Looked& looked : findings.asked) {
    if (looked.error) return &looked;
  }
  return nullptr;
}

bool IsLocalZone(const Zone& zone) {
  return zone.soa.mname == "localhost" && zone.soa.rname == "nobody.invalid";
}

}  // namespace world
