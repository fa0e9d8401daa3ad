// Addresses that people give to hosts, for zones whose servers deny empty
// names: a walk from the top finds nothing in them (ITERATION.md 3.6). Numbers
// are meant as they are read: ::53 is 0x53, a host numbered by its port.
#ifndef PTRSWEEP_SCANNER_WALK_DICTIONARY_H_
#define PTRSWEEP_SCANNER_WALK_DICTIONARY_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "dnswire/ip_address.h"
#include "io/files/packed_octets.h"
#include "scanner/walk/reverse_tree.h"

namespace scanner {

// What shows that a zone in which the walk found nothing has names after all:
// ::1 ::2 ::3 ::53 ::80 of subnets 0 to 3, as far as these lie in `start`; of a
// start beyond /64 those of itself. At most 20, each once.
std::vector<dnswire::IpAddress> CanaryAddresses(const NibbleNode& start);

// What to ask for in a zone known to deny empty names, in this order:
//
//   1. of each hit: the 256 addresses that differ from it in the last octet
//      only, then its /64, then the 8 subnets before and the 8 behind it
//   2. the /64s of known hosts, ascending
//   3. subnets 0..ff, 100..f00 by 100, 1000..f000 by 1000
//
// where a /64 or subnet means its addresses ::1..::20 ::25 ::53 ::80 ::110
// ::143 ::443 ::465 ::587 ::993. A subnet is what is between `start` and /64; a
// start beyond /64 is the only one. What has been begun is finished before a
// hit's addresses come, and what is to come anyway keeps its place.
//
// Memory: 24 octets a known host; 140 a part that was opened, of which there
// are no more than the budget has questions, and 50 a hit.
class BrokenDictionary {
 public:
  // `hosts`: addresses known to have had names and those found by now, in any
  // order. All have been asked: they are not given. Those outside `start` are
  // left out. At most `budget` addresses are given.
  BrokenDictionary(const NibbleNode& start,
                   std::vector<dnswire::IpAddress> hosts, uint32_t budget);

  // The next address to ask for, each once; never one of the hosts or hits.
  // nullopt: there is none now; there may be after a hit, unless the budget is
  // spent.
  std::optional<dnswire::IpAddress> Next();

  // The address has a PTR: one that was given, or one of the hosts.
  void OnHit(const dnswire::IpAddress& address);

  // What was given and what is open, for one with the same start and budget,
  // and those hosts and hits, to go on from there: it gives none of it again.
  void Put(io::OctetPacker* packer) const;
  // False: it is no state of one; then this is of no use any more.
  // REQUIRES: nothing was given.
  bool TakeUp(io::OctetTaker* taker);

  uint32_t given() const { return given_; }
  bool is_spent() const { return given_ == budget_; }

 private:
  enum class PartKind : uint8_t { kSubnet, kOctet };
  // By its first address.
  using Part = std::pair<dnswire::IpAddress, PartKind>;

  Part PartOf(const dnswire::IpAddress& address, PartKind kind) const;
  void Open(const Part& part, bool in_front);
  void OpenNeighbours(const dnswire::IpAddress& address);
  bool BeginPart();
  // Number `at` of the current part; nullopt: it has no more.
  std::optional<dnswire::IpAddress> AddressAt(size_t at) const;
  bool IsNew(const dnswire::IpAddress& address) const;
  bool IsDone(const Part& part) const;
  static void PutPart(const Part& part, io::OctetPacker* packer);
  std::optional<Part> TakePart(io::OctetTaker* taker) const;

  NibbleNode start_;
  std::vector<dnswire::IpAddress> hosts_;  // ascending
  absl::flat_hash_set<dnswire::IpAddress> hits_;
  uint32_t budget_;
  uint32_t given_ = 0;

  std::deque<Part> waiting_;
  absl::flat_hash_map<Part, bool> parts_;  // all there ever were: is it done?
  std::optional<Part> current_;
  size_t at_ = 0;  // of current_
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_DICTIONARY_H_
