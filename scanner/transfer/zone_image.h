// ZoneImage: a zone as a complete transfer left it. It answers a question as
// an authoritative server of that zone would (RFC 1034 section 4.3.2, RFC
// 4592, RFC 6672), into the same Answer that ResolveAnswer makes of a response.
//
// One entry a record, in slabs, and one sorted index over them:
//
//     entry   key octets 2, type 2, TTL 4, rdata octets 2, key, rdata
//     key     the labels between apex and owner, top one first, lower case;
//             each ends in a 0 octet, octets 0 and 1 of a label are escaped
//
// So the octets of keys sort as names do (RFC 4034 section 6.1), all names
// below a name start with its key, and what an absent name has in common with
// its neighbours in the index is its closest encloser: no tree is kept, and
// none for empty non-terminals. A reverse record takes about 60 octets, a
// question a binary search a step.
//
// Example, zone 2.0.192.in-addr.arpa: "25\0" NS; "7\0" PTR; "8.sub" becomes
// "sub\0" "8\0". A question for 7.25 finds the cut; for 9 the neighbours "7\0"
// and "sub\08\0", encloser the apex; for sub the successor that starts with
// "sub\0": an empty non-terminal.
#ifndef PTRSWEEP_SCANNER_TRANSFER_ZONE_IMAGE_H_
#define PTRSWEEP_SCANNER_TRANSFER_ZONE_IMAGE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "dnswire/answer.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/net/transfer_decoder.h"

namespace scanner {

class ZoneImage {
 public:
  // The rdata of PTR, CNAME, DNAME, NS, SOA, A and AAAA is kept; of other types
  // only that the name exists; of NSEC, NSEC3 and RRSIG nothing.
  // `max_octets` is the most that octets() may come to (--axfr-max); at most
  // 4 GiB. Needs a slab, 64 KiB, at least.
  ZoneImage(dnswire::NameView apex, uint64_t max_octets);
  ZoneImage(const ZoneImage&) = delete;
  ZoneImage& operator=(const ZoneImage&) = delete;

  // Takes one record. ResourceExhausted, and nothing more may be added, if that
  // would exceed `max_octets`. REQUIRES: at or below the apex; Finish() was not
  // called.
  absl::Status Add(const io::TransferRecord& record);
  // All records are there: from here on the image answers and never changes.
  // REQUIRES: the apex's SOA is among them.
  void Finish();

  dnswire::NameView apex() const { return apex_; }  // lower case
  // Of the apex's SOA; valid after Finish(), names in lower case.
  uint32_t serial() const { return soa_.serial; }
  dnswire::NameView mname() const { return soa_.mname; }
  dnswire::NameView rname() const { return soa_.rname; }

  size_t records() const { return index_.size(); }  // kept
  // Memory for records and index; once finished, no more than these need.
  uint64_t octets() const;

  // Answers as ResolveAnswer() in iterative mode, asked of a server of this
  // zone that answers with AA. `previous` likewise. Outcomes:
  //   kData       ForEachData() has the records
  //   kNodata, kNxdomain    with SOA and TTL of a negative
  //   kReferral   the name is at or below a cut, below a wildcard that is a cut
  //               or a DNAME: its servers, whose zone is ns_owner, must be
  //               asked
  //   kFollow     aliases led out of this zone, or below a cut of it: last_name
  //               must be asked
  //   kMalformed  two CNAMEs at a name, or one beside the asked type; a DNAME
  //               that makes a name too long
  //   kLoop, kChainTooLong
  // has_ns_owner is set with kData too: the apex. REQUIRES: Finish() was
  // called; the name is at or below the apex; the type is one that is kept.
  void Resolve(const dnswire::Question& question,
               dnswire::NameListView previous, dnswire::Answer* answer) const;

  // Calls `visit(std::span<const uint8_t> rdata)` for each record of an answer
  // that came to kData, duplicates too.
  template <typename Visit>
  void ForEachData(const dnswire::Question& question,
                   const dnswire::Answer& answer, Visit visit) const {
    const Range found = FindData(answer.last_name, question.type);
    for (size_t at = found.first; at < found.last; ++at) {
      visit(EntryAt(index_[at]).rdata);
    }
  }

  // Calls `visit(dnswire::NameView host)` for each name server that the zone
  // names for `cut`, which is delegated by it.
  template <typename Visit>
  void ForEachNs(dnswire::NameView cut, Visit visit) const {
    const Range found = OfType(NodeOf(KeyOf(cut).view()), dnswire::kTypeNs);
    for (size_t at = found.first; at < found.last; ++at) {
      visit(dnswire::NameView::FromValidWire(EntryAt(index_[at]).rdata));
    }
  }

  // Calls `visit(dnswire::NameView owner, uint16_t type, uint32_t ttl_s,
  // std::span<const uint8_t> rdata)` for each record that is this zone's to
  // tell, in the order of names: not what lies below a cut or a DNAME, and at a
  // cut its NS records only. Wildcards come as they are, "*.8.2.0...". For
  // types whose rdata is not kept it is empty, and one of several is enough.
  template <typename Visit>
  void ForEachRecord(Visit visit) const {
    for (size_t at = NextOwn(0); at < index_.size(); at = NextOwn(at + 1)) {
      const Entry entry = EntryAt(index_[at]);
      visit(OwnerOf(entry.key), entry.type, entry.ttl_s, entry.rdata);
    }
  }

 private:
  static constexpr size_t kSlabOctets = 64 << 10;
  using Slab = std::unique_ptr<uint8_t[]>;
  using KeyView = std::span<const uint8_t>;

  // A name's key with its own room: a label's octets may all be escaped.
  struct Key {
    uint8_t octets[2 * dnswire::kMaxNameOctets];
    size_t size = 0;

    KeyView view() const { return {octets, size}; }
  };
  struct Entry {
    KeyView key;
    uint16_t type = 0;
    uint32_t ttl_s = 0;
    std::span<const uint8_t> rdata;
  };
  struct Range {  // of the index
    size_t first = 0;
    size_t last = 0;

    bool empty() const { return first == last; }
  };
  struct ApexSoa {
    uint32_t serial = 0;
    uint32_t negative_ttl_s = 0;  // RFC 2308 section 5
    dnswire::Name mname;
    dnswire::Name rname;
  };
  // What the zone holds for one name.
  struct Found {
    enum class Kind : uint8_t { kNode, kAbsent, kCut, kDname };
    Kind kind = Kind::kAbsent;
    // kNode: all records, none for an empty non-terminal. kDname: the DNAMEs.
    Range records;
    // kCut: octets of its owner's key, which the name's begins with; none
    // where the cut is a wildcard's.
    std::optional<size_t> cut_octets;
  };

  Key KeyOf(dnswire::NameView name) const;
  dnswire::Name OwnerOf(KeyView key) const;
  Entry EntryAt(uint32_t place) const;
  bool EntryIsLess(uint32_t a, uint32_t b) const;

  size_t LowerBound(KeyView key) const;
  Range NodeOf(KeyView key) const;
  Range OfType(Range node, uint16_t type) const;
  bool IsAtOrAboveEntry(KeyView key, size_t at) const;
  uint32_t SmallestTtl(Range records) const;
  Found FindAbove(KeyView key) const;
  Found Find(KeyView key) const;
  Found FindWildcard(KeyView key, size_t at) const;
  Range FindData(dnswire::NameView name, uint16_t type) const;
  size_t NextOwn(size_t at) const;
  void TakeSoa();
  void FitLastSlab();

  // Parts of Resolve(). An outcome ends the chain; nullopt: another hop.
  std::optional<dnswire::Outcome> Step(const dnswire::Question& question,
                                       dnswire::NameListView previous,
                                       dnswire::Answer* answer) const;
  dnswire::Outcome StopAtCut(KeyView key, const Found& found,
                             dnswire::Answer* answer) const;
  // Sets last_name to where the CNAME or DNAME leads. False if nowhere.
  bool FollowCname(Range cnames, dnswire::Answer* answer) const;
  bool FollowDname(Range dnames, dnswire::Answer* answer) const;
  dnswire::Outcome Deny(dnswire::Outcome outcome,
                        dnswire::Answer* answer) const;

  dnswire::Name apex_;
  const uint64_t max_octets_;
  // Of kSlabOctets each; once finished, the last of `used_`.
  std::vector<Slab> slabs_;
  size_t used_ = kSlabOctets;         // of the last slab
  std::vector<uint32_t> index_;       // slab * kSlabOctets + offset
  std::vector<uint32_t> delegating_;  // entries: NS below the apex, DNAME
  ApexSoa soa_;
  bool finished_ = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_TRANSFER_ZONE_IMAGE_H_
