#include "scanner/verdict/name_rules.h"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <iterator>

#include "absl/strings/string_view.h"
#include "dnswire/reverse.h"
#include "scanner/verdict/const_name.h"
#include "scanner/verdict/short_word.h"

namespace scanner {
namespace {

using dnswire::NameListView;
using dnswire::NameView;
using io::Flag;

constexpr ShortWord kInternalTlds[] = {
    ShortWord("local"), ShortWord("lan"),     ShortWord("home"),
    ShortWord("intra"), ShortWord("corp"),    ShortWord("private"),
    ShortWord("priv"),  ShortWord("domain"),  ShortWord("invalid"),
    ShortWord("test"),  ShortWord("example"), ShortWord("onion"),
    ShortWord("alt"),
};
constexpr absl::string_view kLongInternalTlds[] = {"localdomain", "internal",
                                                   "intranet"};
constexpr ConstName kHomeArpa("home.arpa");

constexpr absl::string_view kLocalHosts[] = {"localhost", "localhost4",
                                             "localhost6"};
constexpr absl::string_view kLocalDomains[] = {"localdomain", "localdomain4",
                                               "localdomain6"};

template <size_t kSize>
bool IsOneOf(const absl::string_view (&words)[kSize], absl::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

bool AllDigits(absl::string_view label) {
  return std::all_of(label.begin(), label.end(), IsDigit);
}

bool IsLocalhost(NameView name, const NameShape& shape) {
  if (shape.last == "localhost") return true;
  if (shape.labels > 2 || !IsOneOf(kLocalHosts, name.first_label())) {
    return false;
  }
  return shape.labels == 1 || IsOneOf(kLocalDomains, shape.second);
}

bool IsArpaName(NameView name, const NameShape& shape) {
  if (shape.last != "arpa") return false;
  return name.IsAtOrBelow(dnswire::InAddrArpa()) ||
         name.IsAtOrBelow(dnswire::Ip6Arpa());
}

bool IsInternal(NameView name, const NameShape& shape) {
  if (shape.last == "arpa") return name.IsAtOrBelow(kHomeArpa.view());
  return shape.last.size() <= ShortWord::kMaxOctets
             ? ShortWord(shape.last).IsOneOf(kInternalTlds)
             : IsOneOf(kLongInternalTlds, shape.last);
}

// The labels of the longest proper ancestor of `owner`, 3 labels or more, that
// `name` ends with; 0 if there is none.
int LabelsShared(NameView owner, NameView name) {
  constexpr int kLeastLabels = 3;
  int labels = owner.label_count() - 1;
  for (; labels >= kLeastLabels; --labels) {
    owner = owner.parent();
    if (name.IsBelow(owner)) return labels;
  }
  return 0;
}

// The rest of a name to which the zone's own name was appended, because the
// final dot was missing, ends in what looks like a top-level domain. The labels
// of the zone's name; 0: the dot is there.
int LabelsAppended(NameView qname, NameListView chain, NameView name) {
  int shared = LabelsShared(qname, name);
  for (const NameView target : chain) {
    shared = std::max(shared, LabelsShared(target, name));
  }
  if (shared == 0) return 0;
  const absl::string_view left = name.Suffix(shared + 1).first_label();
  const bool is_domain =
      left.size() >= 2 && std::any_of(left.begin(), left.end(), IsLetter);
  return is_domain ? shared : 0;
}

void AddReverseFlags(const dnswire::IpAddress& target, NameListView chain,
                     NameView name, io::FlagSet* flags) {
  uint8_t wire[dnswire::kMaxReverseOctets];
  const NameView qname =
      NameView::FromValidWire({wire, dnswire::EncodeReverseName(target, wire)});
  flags->Add(Flag::kArpaName);
  if (name.Equals(qname)) flags->Add(Flag::kSelfPtr);
  if (LabelsAppended(qname, chain, name) > 0) flags->Add(Flag::kMissingDot);
}

void AddNumberFlags(const NameShape& shape, io::FlagSet* flags) {
  if (shape.labels == 4 && shape.decimal_octets) {
    flags->Add(Flag::kIpLiteral);
  } else if (AllDigits(shape.last)) {
    flags->Add(Flag::kNumericName);
  }
}

constexpr io::FlagSet SetOf(std::initializer_list<Flag> flags) {
  io::FlagSet set;
  for (const Flag flag : flags) set.Add(flag);
  return set;
}

}  // namespace

io::FlagSet UnusableFlags(const dnswire::IpAddress& target, NameListView chain,
                          NameView name, const NameShape& shape) {
  if (name.is_root()) return SetOf({Flag::kRootName});
  io::FlagSet flags;
  if (IsLocalhost(name, shape)) flags.Add(Flag::kLocalhost);
  if (IsArpaName(name, shape)) AddReverseFlags(target, chain, name, &flags);
  if (chain.Contains(name)) flags.Add(Flag::kSelfPtr);
  if (shape.labels == 1) flags.Add(Flag::kSingleLabel);
  AddNumberFlags(shape, &flags);
  if (!shape.host_labels) flags.Add(Flag::kIllegalChars);
  if (IsInternal(name, shape)) flags.Add(Flag::kInternalTld);
  return flags;
}

io::FlagSet AllUnusableFlags() {
  return SetOf({Flag::kRootName, Flag::kLocalhost, Flag::kMissingDot,
                Flag::kSelfPtr, Flag::kArpaName, Flag::kSingleLabel,
                Flag::kIpLiteral, Flag::kNumericName, Flag::kIllegalChars,
                Flag::kInternalTld});
}

int AppendedLabels(const dnswire::IpAddress& target, NameListView chain,
                   NameView name) {
  const NameShape shape(name);
  if (!IsArpaName(name, shape)) return 0;
  return LabelsAppended(dnswire::ReverseName(target), chain, name);
}

}  // namespace scanner
