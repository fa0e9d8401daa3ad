#include "scanner/delegation/referral.h"

#include <algorithm>

#include "dnswire/address_record.h"
#include "dnswire/wire.h"

namespace scanner {
namespace {

using dnswire::Record;

void ReadHosts(const dnswire::Message& message,
               const dnswire::RecordRange& records, Referral* referral) {
  for (const Record& record : records) {
    if (record.type != dnswire::kTypeNs ||
        record.record_class != dnswire::kClassIn ||
        !message.NameEquals(record.owner_at, referral->apex)) {
      continue;
    }
    const uint32_t ttl_s = dnswire::EffectiveTtl(record.ttl);
    referral->ttl_s =
        referral->hosts.empty() ? ttl_s : std::min(referral->ttl_s, ttl_s);
    if (referral->hosts.size() == Referral::kMaxNames) continue;
    dnswire::Name host;
    message.ReadLowerName(record.rdata_at, &host);
    if (!referral->hosts.view().Contains(host)) referral->hosts.Add(host);
  }
}

bool HasRoomFor(const Referral& referral, uint8_t host,
                const dnswire::IpAddress& address) {
  size_t of_family = 0;
  for (const Referral::Glue& glue : referral.glue) {
    if (glue.host != host || glue.address.is_v4() != address.is_v4()) continue;
    if (glue.address == address) return false;
    ++of_family;
  }
  return of_family < Referral::kMaxAddresses;
}

void ReadGlue(const dnswire::Message& message, dnswire::NameView parent,
              Referral* referral) {
  for (const Record& record : message.additionals()) {
    const auto address = dnswire::AddressOf(message, record);
    if (!address) continue;
    uint8_t host = 0;
    for (const dnswire::NameView name : referral->hosts.view()) {
      if (message.NameEquals(record.owner_at, name)) {
        if (name.IsAtOrBelow(parent) && HasRoomFor(*referral, host, *address)) {
          referral->glue.push_back({.host = host, .address = *address});
        }
        break;
      }
      ++host;
    }
  }
}

}  // namespace

Referral ReadReferral(const dnswire::Message& message,
                      const dnswire::RecordRange& records,
                      dnswire::NameView apex, dnswire::NameView parent) {
  Referral referral;
  referral.apex.AssignLower(apex);
  ReadHosts(message, records, &referral);
  ReadGlue(message, parent, &referral);
  return referral;
}

}  // namespace scanner
