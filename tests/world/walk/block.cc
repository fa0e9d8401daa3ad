#include "tests/world/walk/block.h"

#include <algorithm>
#include <array>
#include <set>

#include "tests/world/names.h"
#include "tests/world/networks.h"
#include "tests/world/walk/nibbles.h"

namespace world {
namespace {

constexpr char kForward[] = "six.example.net";
constexpr unsigned kWithoutForward = 17;
constexpr unsigned kWithOtherForward = 29;

Address AddressIn(unsigned block, unsigned subnet, uint64_t interface_id) {
  std::array<uint8_t, 16> octets{0x20, 0x01, 0x0d, 0xb8};
  octets[4] = static_cast<uint8_t>(block >> 8);
  octets[5] = static_cast<uint8_t>(block & 0xff);
  octets[6] = static_cast<uint8_t>(subnet >> 8);
  octets[7] = static_cast<uint8_t>(subnet & 0xff);
  for (size_t i = 0; i < 8; ++i) {
    octets[15 - i] = static_cast<uint8_t>(interface_id >> (8 * i) & 0xff);
  }
  return Address::FromOctets(false, octets.data());
}

}  // namespace

Block::Block(Model* model, unsigned number)
    : model_(model), number_(number), random_(model->seed() << 16 | number) {}

Prefix Block::PrefixOf(unsigned subnet, int length) const {
  return PrefixAt(AddressIn(number_, subnet, 0), length);
}

std::string Block::apex() const { return NameOf(prefix()); }

std::string Block::ForwardName(const std::string& label) const {
  const std::string own = Letters(number_) + "." + kForward;
  return label.empty() ? own : label + "." + own;
}

Zone& Block::AddZone(const std::vector<std::string>& name_servers,
                     const std::vector<std::string>& served_by) {
  return model_->AddZone(ZoneAt(apex(), name_servers, served_by));
}

std::vector<unsigned> Block::Subnets(size_t count, unsigned first,
                                     unsigned end) {
  std::set<unsigned> subnets;
  while (subnets.size() < count) {
    subnets.insert(first + static_cast<unsigned>(random_() % (end - first)));
  }
  return {subnets.begin(), subnets.end()};
}

std::vector<Address> Block::Populate(const std::vector<unsigned>& subnets,
                                     size_t total, size_t scattered) {
  std::vector<Address> hosts;
  for (size_t i = 0; i < total; ++i) {
    const unsigned subnet = subnets[i % subnets.size()];
    const uint64_t interface_id = i / subnets.size() + 1;
    hosts.push_back(i < scattered ? Scattered(subnet)
                                  : AddressIn(number_, subnet, interface_id));
    AddHost(hosts.back());
  }
  return hosts;
}

void Block::AddHost(const Address& ip, const std::string& owner) {
  const std::string name = ForwardName("unit-" + Letters(hosts_));
  model_->PtrAt(owner.empty() ? ip.ReverseName() : owner, ip.ToText(), name);
  ++hosts_;
  if (hosts_ % kWithoutForward == 0) return;
  const Address other = ip.Plus(hosts_ % kWithOtherForward == 0 ? 1 : 0);
  model_->Forward(name, other.ToText());
}

void Block::AddWildcard(const Prefix& prefix, Type type,
                        const std::string& data) {
  model_->Add(Join(kWildcardLabel, NameOf(prefix)), type, data);
}

// As privacy extensions make them (RFC 8981); never one that is counted up to.
Address Block::Scattered(unsigned subnet) {
  return AddressIn(number_, subnet, random_() | uint64_t{1} << 63);
}

}  // namespace world
