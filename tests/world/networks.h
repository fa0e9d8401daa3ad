// The networks of the world, each put into the model by one call. Order
// matters: a zone needs its parent.
#ifndef PTRSWEEP_TESTS_WORLD_NETWORKS_H_
#define PTRSWEEP_TESTS_WORLD_NETWORKS_H_

#include <memory>
#include <string>
#include <vector>

#include "tests/world/zone_model.h"

namespace world {

// Addresses of the servers (ITERATION.md 4.2; the table is in README.md).
inline constexpr char kRootAddress[] = "198.41.0.4";
inline constexpr char kDirectAddress[] = "127.0.53.5";
inline constexpr char kResolverAddress[] = "127.0.53.11";

// NS names of the operator's zones, at 127.0.53.4 and fd53::4.
std::vector<std::string> OperatorNameServers();

// A zone of the operator on server "authority".
Zone OperatorZone(const std::string& apex);
// The same zone with other name servers, told to the servers named.
Zone ZoneAt(const std::string& apex,
            const std::vector<std::string>& name_servers,
            const std::vector<std::string>& served_by);

// How much of the world there is: 198.18.0.0/16 has hosts; the networks and
// servers of iterate_networks.cc; those of walk/.
struct Extent {
  bool bench = false;
  bool iterate = false;
  bool walk = false;
};

// The servers; the root, the TLDs and arpa; example.com, .net and .org; the
// registries' zones and the blocks that nobody is delegated. With iterate or
// walk the registries have a server of their own and two of them sign.
void AddServersAndRegistries(Model* model, const Extent& extent);
// 192.0.2.0/24 and 2001:db8:53::/120: an operator's network as one finds it,
// most of it right, one or more of each interesting problem.
void AddDemoNetwork(Model* model);
// 198.51.100.0/24 and small blocks elsewhere: every verdict a resolver can
// show.
void AddFaultNetworks(Model* model);
// 198.18.0.0/16: 65,536 addresses, four fifths of them right. Without
// `populated` its zones are there, its hosts are not.
void AddBenchNetwork(Model* model, bool populated);

// The servers that only the next needs.
void AddIterateServers(Model* model);
// Blocks of 10.0.0.0/8 and two that a signed registry denies: what there is to
// save, to find out and to get wrong when the authorities are asked
// (ITERATION.md 4.3).
void AddIterateNetworks(Model* model);

// All of the above that `extent` has.
std::unique_ptr<Model> BuildWorld(uint64_t seed, const Extent& extent);

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_NETWORKS_H_
