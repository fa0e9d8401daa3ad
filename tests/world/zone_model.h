// The model of the world: name servers, zones, records, targets and what is
// expected of them. Everything else is derived from it: zone files, server
// configurations, truth.json. Names are texts as in names.h.
#ifndef PTRSWEEP_TESTS_WORLD_ZONE_MODEL_H_
#define PTRSWEEP_TESTS_WORLD_ZONE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "tests/world/address.h"

namespace world {

// kOwn: this program (odd_server.h).
enum class Software {
  kNsd,
  kUnbound,
  kKnot,
  kBind,
  kPdns,
  kTinydns,
  kOwn,
  kSilent
};
const char* SoftwareName(Software software);

// What a server does besides answering for the zones it is told of.
enum class Habit {
  kNone,
  kCatchAll,   // has an empty in-addr.arpa of its own and denies everything
  kRecursive,  // recurses for others, and has no zone
  kNoEdns,     // FORMERR to OPT
  kPoison,     // adds records that nobody asked for
  kForger,     // where they lead to: has an answer to everything
};

// One process, or one socket that never answers.
struct Server {
  std::string name;
  Software software = Software::kNsd;
  Habit habit = Habit::kNone;
  std::vector<std::string> addresses;
  std::string healthy_zone;  // its SOA is asked to see whether it is ready
  // Gives its zones whole to loopback, nsd also by the key "transfer-key" of
  // its configuration; PowerDNS and tinydns cannot. Others refuse.
  bool transfers = false;
  // PowerDNS: has been told of its empty non-terminals, and computes LUA
  // records.
  bool rectified = false;
  // nsd, bind: 200 answers of a kind a second and no more, as they come.
  bool rate_limited = false;
};

// kLua: PowerDNS computes what is asked for.
enum class Type { kA, kAaaa, kPtr, kCname, kDname, kNs, kTxt, kDs, kLua };
const char* TypeName(Type type);

inline constexpr uint32_t kDefaultTtl = 3600;

// `data` as the zone file has it: names without final dot, in the letter case
// they were given.
struct Record {
  std::string owner;
  Type type = Type::kA;
  uint32_t ttl = kDefaultTtl;
  std::string data;
};

struct Soa {
  std::string mname;
  std::string rname;
  uint32_t serial = 1;
  uint32_t minimum = 600;
};

// Where a server has a zone from. kMissingFile: its configuration names a file
// that is not there. kBuiltIn: it knows the zone unasked.
enum class Source { kFile, kMissingFile, kBuiltIn };

// kOnline: denials are made up as they are asked for (RFC 4470), and with DO=1
// no name is absent (RFC 9824). kNarrow: NSEC3 made up as it is asked for.
// kOptOut: NSEC3 that says nothing of unsigned delegations (RFC 5155).
enum class Signing { kNone, kNsec, kNsec3, kOnline, kNarrow, kOptOut };

// One server of a zone is behind the others: it has another serial, and at
// `owner` another PTR.
struct Lag {
  std::string server;
  uint32_t serial = 0;
  std::string owner;
  std::string ptr;
};

class Zone {
 public:
  std::string apex;
  Soa soa;
  // NS names at the apex and in the parent's delegation. Empty: not delegated,
  // the resolver serves the zone itself (RFC 6303).
  std::vector<std::string> name_servers;
  // At the apex, if they are not those of the delegation; else empty.
  std::vector<std::string> apex_name_servers;
  std::vector<std::string> served_by;  // names of Servers that are told of it
  Source source = Source::kFile;
  Signing signing = Signing::kNone;
  std::optional<Lag> lag;
  // Its server makes up a PTR for each address of this prefix; "" for none.
  std::string synthesized;
  // Owners whose records came when the server had been rectified already: it
  // knows of no empty non-terminal above them.
  std::set<std::string> late;

  // A record given twice is one record.
  void Add(Record record);
  const std::deque<Record>& records() const { return records_; }
  // Records of one type at a name.
  std::vector<const Record*> Find(std::string_view owner, Type type) const;
  // The name or a name below it has a record.
  bool Exists(std::string_view name) const;
  // The name itself, or the wildcard that stands for it (RFC 4592); "" if the
  // zone denies it.
  std::string SourceOf(std::string_view name) const;
  // Only late records make the name exist.
  bool ExistsLate(std::string_view name) const;

 private:
  std::deque<Record> records_;
  std::unordered_map<std::string, std::vector<const Record*>> by_owner_;
  std::unordered_set<std::string> existing_;
};

// The server denies all empty non-terminals of its zones, or some of this one.
bool DeniesEmptyNames(const Server& server);
bool DeniesEmptyNames(const Server& server, const Zone& zone);

// `prunable`: a scan may infer absence in it (ITERATION.md 2.3).
struct Target {
  std::string prefix;
  bool prunable = false;
};

// A line of the label file.
struct Label {
  std::string target;  // address or prefix
  std::string label;
  std::string expected;
};

class Model {
 public:
  explicit Model(uint64_t seed) : seed_(seed) {}
  Model(const Model&) = delete;
  Model& operator=(const Model&) = delete;

  uint64_t seed() const { return seed_; }
  // It has the zones that are walked (walk/).
  bool walked() const { return walked_; }
  void SetWalked() { walked_ = true; }

  // No effect if there is one of that name.
  void AddServer(Server server);
  // REQUIRES: its parent zone is there already.
  Zone& AddZone(Zone zone);

  // A host of the servers' own: an NS name and its addresses. The records go
  // to the zone of the name, if the world has one.
  void NameServer(const std::string& name,
                  const std::vector<std::string>& addresses);

  // Each puts a record into the deepest zone at or above its owner.
  void Add(const std::string& owner, Type type, const std::string& data,
           uint32_t ttl = kDefaultTtl);
  // `traits`: the flags of VERDICTS.md 4.2, 4.3 and 5 that the name deserves as
  // PTR of this address, stated by hand.
  void Ptr(const std::string& ip, const std::string& name,
           const std::set<std::string>& traits = {});
  void PtrAt(const std::string& owner, const std::string& ip,
             const std::string& name, const std::set<std::string>& traits = {});
  void Forward(const std::string& name, const std::string& ip);
  // PTR and the address record that confirms it.
  void Host(const std::string& ip, const std::string& name,
            const std::set<std::string>& traits = {});
  void Alias(const std::string& owner, const std::string& target);
  // A record that makes the name exist without giving it what is asked for.
  void Text(const std::string& owner);

  void AddTarget(const std::string& prefix, const std::string& list,
                 bool prunable = false);
  void AddLabel(Label label) { labels_.push_back(std::move(label)); }

  const std::vector<Server>& servers() const { return servers_; }
  const std::deque<Zone>& zones() const { return zones_; }
  const std::vector<Label>& labels() const { return labels_; }
  // By list: "v4", "v6"; "bench" and those of iterate_networks.cc if they are
  // there.
  const std::map<std::string, std::vector<Target>>& targets() const {
    return targets_;
  }

  // The zone of that apex, or null.
  const Zone* FindZone(std::string_view apex) const;
  // The deepest zone at or above the name.
  const Zone& ZoneOf(std::string_view name) const;
  // The deepest of those that are delegated: the public DNS's.
  const Zone& DelegatedZoneOf(std::string_view name) const;
  // The deepest zone above the apex. REQUIRES: it is not the root.
  const Zone& ParentOf(const Zone& zone) const;
  // Addresses of an NS name; empty if it has none.
  std::vector<std::string> AddressesOf(const std::string& ns_name) const;
  const Server* ServerAt(std::string_view address) const;
  const std::set<std::string>& TraitsOf(const Address& ip,
                                        const std::string& name) const;

 private:
  Zone& MutableZoneOf(std::string_view name);

  uint64_t seed_;
  bool walked_ = false;
  std::vector<Server> servers_;
  std::deque<Zone> zones_;
  std::unordered_map<std::string, size_t> zone_by_apex_;
  std::map<std::string, std::vector<std::string>> ns_addresses_;
  std::map<std::string, std::set<std::string>> traits_;
  std::map<std::string, std::vector<Target>> targets_;
  std::vector<Label> labels_;
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_ZONE_MODEL_H_
