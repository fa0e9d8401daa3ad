#include "scanner/verdict/generic_name.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "scanner/verdict/name_words.h"
#include "scanner/verdict/provider_names.h"

namespace scanner {
namespace {

using dnswire::NameView;
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

bool IsReverseDomain(NameView domain) {
  return domain.Equals(dnswire::InAddrArpa()) ||
         domain.Equals(dnswire::Ip6Arpa());
}

// The domain part looks like an address: "ip-198-51-100.eu".
bool DomainHoldsNumbers(NameView domain) {
  const absl::string_view label = domain.first_label();
  return absl::StartsWith(label, "ip-") && label.size() > 3 &&
         IsDecimalDigit(label[3]);
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

// One walk over the labels of H.
struct HostParts {
  explicit HostParts(const NameShape& shape) {
    for (NameView name = shape.name; name.size() > shape.domain.size();
         name = name.parent()) {
      const absl::string_view label = name.first_label();
      const LabelBits bits(shape.KindsIn(label));
      words.AddAll(WordClassesOf(label, bits));
      runs.Add(label, bits);
      ++labels;
      has_digits = has_digits || bits.digits != 0;
    }
  }
  bool IsAccessLine() const { return labels > 1 && has_digits; }

  int labels = 0;
  bool has_digits = false;
  WordClasses words;
  NameRuns runs;
};

// The runs of R stand behind those of H.
void AddRuns(NameView domain, NameRuns* runs) {
  for (; !domain.is_root(); domain = domain.parent()) {
    runs->Add(domain.first_label(), LabelBits(domain.first_label()));
  }
}

// The flags of a name that is not generic.
void AddHints(const HostParts& host, io::FlagSet* flags) {
  const WordClasses words = host.words;
  const bool mail = words.Has(WordClass::kMail);
  if (words.Has(WordClass::kDynamic) && !mail) {
    flags->Add(Flag::kDynamicName);
  } else if (words.Has(WordClass::kAccess) && !mail && host.IsAccessLine()) {
    flags->Add(Flag::kAccessName);
  }
  if (words.Has(WordClass::kStatic)) flags->Add(Flag::kStaticName);
}

bool IsProviderDefault(NameView name, GenericCode code, bool with_domain) {
  const bool strong = StrengthOf(code) == CodeStrength::kStrong;
  if (with_domain && (strong || code == GenericCode::kDec3)) return true;
  const uint64_t tail = TailOf(name.wire());
  return std::any_of(std::begin(kProviderNames), std::end(kProviderNames),
                     [&](const ProviderName& provider) {
                       return provider.tail == tail &&
                              (strong || provider.mode == ProviderMode::kAny) &&
                              name.IsAtOrBelow(provider.suffix.view());
                     });
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
                            const NameShape& shape) {
  GenericVerdict verdict;
  const NameView name = shape.name;
  const NameView domain = shape.domain;
  if (name.size() == domain.size() || IsReverseDomain(domain)) return verdict;
  const bool with_domain = address.is_v4() && DomainHoldsNumbers(domain);
  HostParts host(shape);
  const WordClasses words = host.words;
  if (with_domain) AddRuns(domain, &host.runs);
  const EmbeddedAddress found =
      address.is_v4()
          ? FindV4(address, host.runs, with_domain)
          : FindV6(address, HostText(name, domain).view(), host.runs);
  verdict.code = found.code;
  verdict.name_class = ClassOf(words);
  if (IsGeneric(found.code, words)) {
    verdict.flags.Add(Flag::kGeneric);
  } else {
    AddHints(host, &verdict.flags);
  }
  if (words.Has(WordClass::kMail)) verdict.flags.Add(Flag::kMailName);
  if (words.Has(WordClass::kUnassigned)) {
    verdict.flags.Add(Flag::kPlaceholderName);
  }
  if (found.mac) verdict.flags.Add(Flag::kMacInName);
  if (IsProviderDefault(name, found.code, with_domain)) {
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
