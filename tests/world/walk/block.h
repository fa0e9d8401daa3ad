// A /48 of 2001:db8::/32 and what is put into it.
#ifndef PTRSWEEP_TESTS_WORLD_WALK_BLOCK_H_
#define PTRSWEEP_TESTS_WORLD_WALK_BLOCK_H_

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "tests/world/address.h"
#include "tests/world/zone_model.h"

namespace world {

// 2001:db8:NUMBER::/48, by seed and number always the same. Where names below
// it go is decided by the zones that the model has when they are added.
class Block {
 public:
  Block(Model* model, unsigned number);

  // 2001:db8:NUMBER:SUBNET::/length; /64 without.
  Prefix PrefixOf(unsigned subnet, int length = 64) const;
  Prefix prefix() const { return PrefixOf(0, 48); }
  std::string apex() const;
  // A name in which no rule sees a number; "" or a label before it.
  std::string ForwardName(const std::string& label = "") const;

  // The /48 as a zone.
  Zone& AddZone(const std::vector<std::string>& name_servers,
                const std::vector<std::string>& served_by);

  // `count` different subnets from `first` to `end`, ascending.
  std::vector<unsigned> Subnets(size_t count, unsigned first, unsigned end);

  // `total` hosts, spread over the subnets: `scattered` of them with interface
  // identifiers from everywhere, the others counted up from ::1. Most are
  // right; 1 of 17 has no address, 1 of 29 its neighbour's. Returns their
  // addresses.
  std::vector<Address> Populate(const std::vector<unsigned>& subnets,
                                size_t total, size_t scattered = 0);
  // One of them. With an `owner` the PTR is there and not at its reverse name.
  void AddHost(const Address& ip, const std::string& owner = "");

  // Every name below the prefix that has nothing of its own.
  void AddWildcard(const Prefix& prefix, Type type, const std::string& data);

 private:
  Address Scattered(unsigned subnet);

  Model* model_;
  unsigned number_;
  unsigned hosts_ = 0;
  std::mt19937_64 random_;
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_WALK_BLOCK_H_
