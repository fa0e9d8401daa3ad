#include "scanner/verdict/generic_name.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "scanner/verdict/name_words.h"
#include "scanner/verdict/provider_names.h"

namespace scanner {
namespace {

using io::Flag;

constexpr absl::string_view kCodeNames[] = {
    "",        "dec4f", "dec4r", "pad12", "hex8",  "hexdash", "int32",
    "dec4any", "dec3",  "pad9",  "dec2",  "pad6",  "nib32f",  "nib32r",
    "text6",   "hext7", "hext6", "hext5", "hext4", "iid16",   "mac",
};
static_assert(std::size(kCodeNames) ==
              static_cast<size_t>(GenericCode::kMac) + 1);

constexpr absl::string_view kClassNames[] = {"dynamic", "static", "access",
                                             "unknown"};
static_assert(std::size(kClassNames) ==
              static_cast<size_t>(GenericClass::kUnknown) + 1);

bool IsReverseDomain(absl::string_view domain) {
  return domain == "in-addr.arpa" || domain == "ip6.arpa";
}

// The domain part looks like an address: "ip-198-51-100.eu".
bool DomainHoldsNumbers(absl::string_view domain) {
  return absl::StartsWith(domain, "ip-") && domain.size() > 3 &&
         IsDecimalDigit(domain[3]);
}

GenericClass ClassOf(WordClasses words) {
  if (words.Has(WordClass::kDynamic)) return GenericClass::kDynamic;
  if (words.Has(WordClass::kStatic)) return GenericClass::kStatic;
  if (words.Has(WordClass::kAccess)) return GenericClass::kAccess;
  return GenericClass::kUnknown;
}

bool IsGeneric(GenericCode code, WordClasses words) {
  const bool mail = words.Has(WordClass::kMail);
  switch (StrengthOf(code)) {
    case CodeStrength::kStrong:
      return true;
    case CodeStrength::kMedium:
      return !mail;
    case CodeStrength::kWeak:
      return !mail && !words.empty();
    case CodeStrength::kNone:
      break;
  }
  return false;
}

bool IsAccessLine(absl::string_view host) {
  return host.find('.') != absl::string_view::npos &&
         std::any_of(host.begin(), host.end(), IsDecimalDigit);
}

// The flags of a name that is not generic.
void AddHints(absl::string_view host, WordClasses words, io::FlagSet* flags) {
  const bool mail = words.Has(WordClass::kMail);
  if (words.Has(WordClass::kDynamic) && !mail) {
    flags->Add(Flag::kDynamicName);
  } else if (words.Has(WordClass::kAccess) && !mail && IsAccessLine(host)) {
    flags->Add(Flag::kAccessName);
  }
  if (words.Has(WordClass::kStatic)) flags->Add(Flag::kStaticName);
}

// `text` is `suffix` or ends with it after a dot.
bool IsAtOrBelow(absl::string_view text, absl::string_view suffix) {
  if (!absl::EndsWith(text, suffix)) return false;
  return text.size() == suffix.size() ||
         text[text.size() - suffix.size() - 1] == '.';
}

bool IsProviderDefault(const NameText& text, GenericCode code,
                       bool with_domain) {
  const bool strong = StrengthOf(code) == CodeStrength::kStrong;
  if (with_domain && (strong || code == GenericCode::kDec3)) return true;
  const uint64_t tail = TailOf(text.all());
  return std::any_of(std::begin(kProviderNames), std::end(kProviderNames),
                     [&](const ProviderName& provider) {
                       return provider.tail == tail &&
                              (strong || provider.mode == ProviderMode::kAny) &&
                              IsAtOrBelow(text.all(), provider.suffix);
                     });
}

EmbeddedAddress FindAddress(const dnswire::IpAddress& address,
                            const NameText& text, bool with_domain) {
  const NameRuns runs(with_domain ? text.all() : text.host());
  return address.is_v4() ? FindV4(address, runs, with_domain)
                         : FindV6(address, text.host(), runs);
}

}  // namespace

CodeStrength StrengthOf(GenericCode code) {
  if (code == GenericCode::kNone) return CodeStrength::kNone;
  if (code == GenericCode::kDec3 || code == GenericCode::kPad9) {
    return CodeStrength::kMedium;
  }
  if (code == GenericCode::kDec2 || code == GenericCode::kPad6) {
    return CodeStrength::kWeak;
  }
  return CodeStrength::kStrong;
}

absl::string_view GenericCodeName(GenericCode code) {
  return kCodeNames[static_cast<size_t>(code)];
}

GenericVerdict ClassifyName(const dnswire::IpAddress& address,
                            dnswire::NameView name, dnswire::NameView domain) {
  GenericVerdict verdict;
  if (name.is_root()) return verdict;
  const NameText text(name, domain);
  if (text.host().empty() || IsReverseDomain(text.domain())) return verdict;
  const bool with_domain = address.is_v4() && DomainHoldsNumbers(text.domain());
  const WordClasses words = WordClassesOf(text.host());
  const EmbeddedAddress found = FindAddress(address, text, with_domain);
  verdict.code = found.code;
  verdict.name_class = ClassOf(words);
  if (IsGeneric(found.code, words)) {
    verdict.flags.Add(Flag::kGeneric);
  } else {
    AddHints(text.host(), words, &verdict.flags);
  }
  if (words.Has(WordClass::kMail)) verdict.flags.Add(Flag::kMailName);
  if (words.Has(WordClass::kUnassigned)) {
    verdict.flags.Add(Flag::kPlaceholderName);
  }
  if (found.mac) verdict.flags.Add(Flag::kMacInName);
  if (IsProviderDefault(text, found.code, with_domain)) {
    verdict.flags.Add(Flag::kProviderDefault);
  }
  return verdict;
}

std::string GenericReason(const GenericVerdict& verdict) {
  if (!verdict.flags.Has(Flag::kGeneric)) return "";
  return absl::StrCat(GenericCodeName(verdict.code), "/",
                      kClassNames[static_cast<size_t>(verdict.name_class)]);
}

}  // namespace scanner
