#include "scanner/engine/area_denials.h"

#include <string>
#include <utility>

namespace scanner {

AreaDenial DenialOf(const dnswire::Answer& answer, const Responder& responder) {
  AreaDenial denial;
  denial.soa.Add(answer.soa_owner);
  denial.soa.Add(answer.soa_mname);
  denial.soa.Add(answer.soa_rname);
  denial.responder = responder;
  denial.authoritative = answer.authoritative;
  denial.has_ttl = answer.has_ttl;
  denial.ttl_s = answer.ttl_s;
  return denial;
}

uint32_t AreaDenials::NumberOf(dnswire::NameView apex) {
  const auto wire = apex.wire();
  const std::string key(wire.begin(), wire.end());
  const auto known = zones_.find(key);
  if (known != zones_.end()) return known->second;
  if (zones_.size() == kMaxZones) return 0;
  const auto number = static_cast<uint32_t>(zones_.size() + 1);
  zones_.emplace(key, number);
  return number;
}

void AreaDenials::Keep(ZoneServer who, AreaDenial denial) {
  denials_[KeyOf(who)] = std::move(denial);
}

const AreaDenial* AreaDenials::Find(ZoneServer who) const {
  const auto found = denials_.find(KeyOf(who));
  return found == denials_.end() ? nullptr : &found->second;
}

}  // namespace scanner
