#include "dnswire/dnssec/denial.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include "dnswire/wire.h"

namespace dnswire {
namespace {

constexpr ptrdiff_t kMaxNsec3 = 8;
constexpr uint8_t kSmallestGap = 3;

bool IsOrdinaryOctet(uint8_t octet) {
  const uint8_t c = LowerOctet(octet);
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
         c == '_' || c == '*' || c == '/';
}

bool IsOrdinaryName(NameView name) {
  for (; !name.is_root(); name = name.parent()) {
    const auto label = name.first_label();
    if (!std::all_of(label.begin(), label.end(), [](char c) {
          return IsOrdinaryOctet(static_cast<uint8_t>(c));
        })) {
      return false;
    }
  }
  return true;
}

// Types whose owner says nothing of what is below it (RFC 6840 section 4.1).
bool HidesWhatIsBelow(const TypeBitmap& types) {
  return types.IsCut() || types.Has(kTypeDname);
}

Denial JudgeNsec(const Message& response, NameView name, NameView zone) {
  Denial denial = Denial::kNone;
  Nsec nsec;
  for (const Record& record : response.authorities()) {
    if (!ReadNsec(response, record, &nsec) || !Denies(nsec, name, zone)) {
      continue;
    }
    if (IsReal(nsec)) return Denial::kNsec;
    denial = Denial::kNotReal;
  }
  return denial;
}

// NSEC3 records of one zone with equal parameters, those of the first.
class Nsec3Proof {
 public:
  void Read(const Message& response, NameView zone) {
    for (const Record& record : response.authorities()) {
      if (count_ == kMaxNsec3) return;
      Nsec3& nsec3 = records_[static_cast<size_t>(count_)];
      if (ReadNsec3(response, record, &nsec3) &&
          nsec3.zone.view().Equals(zone) && nsec3.SameParameters(records_[0])) {
        ++count_;
      }
    }
  }

  // The closest encloser proof (RFC 5155 section 8.3): the first ancestor that
  // a record matches, and below it the name that a record covers.
  Denial Judge(NameView name, NameView zone) const {
    if (count_ == 0 || records_[0].iterations > kMaxIterations) {
      return Denial::kNone;
    }
    const Nsec3* covering = nullptr;  // the name one label longer than `at`
    for (NameView at = name; at.IsAtOrBelow(zone); at = at.parent()) {
      const NameHash hash =
          HashName(at, records_[0].salt, records_[0].iterations);
      const Nsec3* encloser =
          Find([&hash](const Nsec3& nsec3) { return nsec3.hash == hash; });
      if (encloser != nullptr) return Weigh(*encloser, covering);
      covering =
          Find([&hash](const Nsec3& nsec3) { return Covers(nsec3, hash); });
      if (at.is_root()) break;
    }
    return Denial::kNone;
  }

 private:
  template <typename Predicate>
  const Nsec3* Find(Predicate predicate) const {
    const auto end = records_.begin() + count_;
    const auto found = std::find_if(records_.begin(), end, predicate);
    return found == end ? nullptr : &*found;
  }

  static Denial Weigh(const Nsec3& encloser, const Nsec3* covering) {
    if (covering == nullptr || HidesWhatIsBelow(encloser.types)) {
      return Denial::kNone;
    }
    return IsReal(encloser) && IsReal(*covering) ? Denial::kNsec3
                                                 : Denial::kNotReal;
  }

  std::array<Nsec3, kMaxNsec3> records_;
  ptrdiff_t count_ = 0;
};

}  // namespace

Denial JudgeDenial(const Message& response, NameView name, NameView zone) {
  if (response.fault() != Fault::kNone || response.rcode() != kRcodeNxdomain) {
    return Denial::kNone;
  }
  const Denial by_nsec = JudgeNsec(response, name, zone);
  if (by_nsec != Denial::kNone) return by_nsec;
  Nsec3Proof proof;
  proof.Read(response, zone);
  return proof.Judge(name, zone);
}

bool Denies(const Nsec& nsec, NameView name, NameView zone) {
  const NameView owner = nsec.owner;
  const bool last = owner.CompareCanonical(nsec.next) >= 0;
  return name.IsBelow(zone) && owner.IsAtOrBelow(zone) &&
         nsec.next.IsAtOrBelow(zone) && (!last || nsec.next.Equals(zone)) &&
         Covers(nsec, name) && !nsec.next.IsBelow(name) &&
         !(name.IsBelow(owner) && HidesWhatIsBelow(nsec.types));
}

bool IsReal(const Nsec& nsec) {
  return IsOrdinaryName(nsec.owner) && IsOrdinaryName(nsec.next);
}

// Distances are counted around the circle; a link to itself goes all around.
bool IsReal(const Nsec3& nsec3) {
  if (nsec3.opt_out() || nsec3.iterations > kMaxIterations) return false;
  NameHash gap;
  int borrow = 0;
  for (size_t i = gap.size(); i-- > 0;) {
    const int difference = nsec3.next[i] - nsec3.hash[i] - borrow;
    gap[i] = static_cast<uint8_t>(difference);
    borrow = difference < 0 ? 1 : 0;
  }
  const bool small =
      std::all_of(gap.begin(), gap.end() - 1, [](uint8_t o) { return o == 0; });
  return !small || gap.back() >= kSmallestGap || gap.back() == 0;
}

}  // namespace dnswire
