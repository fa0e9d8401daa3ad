#include "scanner/verdict/soa_rules.h"

#include <algorithm>
#include <iterator>

#include "dnswire/reverse.h"
#include "scanner/verdict/const_name.h"
#include "scanner/verdict/registries.h"

namespace scanner {
namespace {

using dnswire::NameView;

constexpr ConstName kLocalhost("localhost");
constexpr ConstName kNobodyInvalid("nobody.invalid");
constexpr ConstName kPrisoner("prisoner.iana.org");
constexpr ConstName kAs112("as112.arpa");

// How deep below the reverse roots registries have zones of their own.
constexpr int kRegistryLabelsV4 = 1;
constexpr int kRegistryLabelsV6 = 6;

bool LiesAtMostBelow(NameView owner, NameView root, int labels) {
  return owner.IsAtOrBelow(root) &&
         owner.label_count() - root.label_count() <= labels;
}

bool IsRegistryName(NameView name) {
  return std::any_of(std::begin(kRegistrySuffixes), std::end(kRegistrySuffixes),
                     [name](const ConstName& suffix) {
                       return name.IsAtOrBelow(suffix.view());
                     });
}

}  // namespace

bool IsLocalZone(const NegativeSoa& soa) {
  return (soa.mname.Equals(kLocalhost.view()) &&
          soa.rname.Equals(kNobodyInvalid.view())) ||
         (soa.mname.Equals(soa.owner) && soa.rname.is_root()) ||
         soa.mname.Equals(kPrisoner.view()) ||
         soa.owner.IsAtOrBelow(kAs112.view());
}

bool IsRegistrySoa(const NegativeSoa& soa) {
  const NameView v4 = dnswire::InAddrArpa();
  const NameView v6 = dnswire::Ip6Arpa();
  if (soa.owner.Equals(v4) || soa.owner.Equals(v6)) return true;
  return (LiesAtMostBelow(soa.owner, v4, kRegistryLabelsV4) ||
          LiesAtMostBelow(soa.owner, v6, kRegistryLabelsV6)) &&
         (IsRegistryName(soa.mname) || IsRegistryName(soa.rname));
}

}  // namespace scanner
