// Walk: every name of IPv6 prefixes, by going down the reverse tree
// (ITERATION.md section 3). An honest server says NXDOMAIN where nothing lies
// below, so only the branches that exist are looked into. Fed with answers;
// gives questions and findings. No sockets, no clock.
//
//   prefix --> zone: SOA, how it denies, whether it makes names up
//                |
//                v                  of 16 children
//         stack of nodes --expand--> denied: gone
//            ^                       exists, empty: onto the stack
//            |                       a name at depth 32: a host, asked as in a
//            +-----------------------  scan; its row is not our business
//                                    delegated: a zone of its own
//                                    DNAME: a zone in another tree
//                                    a name above depth 32: wildcard or not?
//                                    no answer: late list, then unknown
//
// Signed zones whose chain is real are read along it (NSEC), or asked only what
// the chain has not told yet (NSEC3). A zone is done when it has no question
// open and nothing left, late passes included; then what speaks against its
// denials is looked for: addresses known to have names, and a few that often
// have (3.6).
//
// Memory: 64 zones at a time with a stack, deepest first, of some thousand
// nodes at most. A zone that waits takes an Entry, a node put off a Late; of
// every zone its start, its apex and, behind a DNAME, its tree stay known.
//
// Its parts: walk (zones, questions in turn), walk_enter (what a zone is asked
// first), walk_expand (children), walk_ladders (wildcards, made-up names),
// walk_chain (NSEC and NSEC3), walk_rest (what the tree did not show),
// walk_late (what had no answer, or is left for the budget), walk_servers (who
// serves a zone), walk_state (for a resumed walk).
#ifndef PTRSWEEP_SCANNER_WALK_WALK_H_
#define PTRSWEEP_SCANNER_WALK_WALK_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "scanner/asking/slab.h"
#include "scanner/walk/dictionary.h"
#include "scanner/walk/finding.h"
#include "scanner/walk/nsec3_store.h"
#include "scanner/walk/nsec_chain.h"
#include "scanner/walk/reverse_tree.h"
#include "scanner/walk/walk_summary.h"
#include "scanner/walk/walk_targets.h"
#include "scanner/walk/walk_work.h"

namespace io {
class OctetPacker;
class OctetTaker;
}  // namespace io

namespace scanner {

class Walk {
 public:
  // `targets` outlives this. Nobody else can guess `seed`.
  Walk(const WalkTargets* targets, uint64_t seed);

  // NextWork() may have something. Each work is answered once, by OnAnswer() or
  // OnServers().
  bool HasWork() const {
    return !to_survey_.empty() || !ready_.empty() || MayEnter();
  }
  std::optional<WalkWork> NextWork();
  // The answer to a question. Of a host what its first PTR answer says: kData
  // and kAlias make it a host, whatever becomes of it.
  void OnAnswer(uint32_t tag, const WalkAnswer& answer);
  // "ns.example.net/192.0.2.1=refused", for the finding that waits for it.
  void OnServers(uint32_t tag, std::vector<std::string> servers);
  // What had no answer is asked again. REQUIRES: !HasWork(), none is open.
  void BeginLatePass();
  size_t late() const {
    return late_.size() + (pass_ == 0 ? rests_.size() : 0);
  }
  // No question is open.
  bool idle() const {
    return asks_.in_use() == waiting_asks_ && surveys_.in_use() == 0;
  }
  bool done() const {
    return active_ == 0 && !MayEnter() && late() == 0 && surveys_.in_use() == 0;
  }
  // The run's budget is spent: what is left becomes findings.
  void EndForBudget();
  // Beside WalkTargets::excluded, and instead of what was excluded so before:
  // nothing of it is asked from now on.
  void Exclude(TargetSet excluded);

  // All that is not finished once the rows of the hosts told so far, and the
  // findings taken, are written. What a host told so far comes to is for the
  // caller to remember.
  std::string State() const;
  // Takes up an earlier walk of the same targets where it was. False: it is no
  // state of one; then this is of no use any more. REQUIRES: nothing was asked.
  bool TakeUp(absl::string_view state);

  std::vector<Finding> TakeFindings() { return std::move(findings_); }
  const WalkSummary& summary() const { return summary_; }

 private:
  using ZoneSlot = uint32_t;  // in zones_
  static constexpr uint32_t kMaxActive = 64;
  static constexpr uint16_t kAllChildren = 0xffff;
  static constexpr int kMaxExpanding = 16;
  // Of a zone whose chain tells more than the question was for.
  static constexpr int kMaxExpandingNsec3 = 2;
  static constexpr size_t kMaxOpenNsec3 = 8;
  static constexpr size_t kMaxLate = 1000000;
  static constexpr int kMaxNestedTrees = 11;
  static constexpr size_t kMaxHosts = 16384;  // of a zone, kept
  static constexpr size_t kSuspects = 64;     // asked at a time
  static constexpr size_t kMaxEnclosers = 65536;
  static constexpr uint8_t kMaxReferrals = 16;

  // Names of nodes, below ip6.arpa or what a DNAME leads to.
  struct Tree {
    ReverseTree names;
    uint32_t parent = kNil;  // the one the DNAME is in
    int nested = 0;
  };

  struct StackNode {
    NibbleNode node;
    uint8_t full_levels = 0;  // right above it: all 16 children existed
    // Depth of the topmost empty name beside a wildcard above it; 0: none.
    uint8_t hole = 0;
    bool wild_told = false;            // its own wildcard is a finding already
    uint16_t children = kAllChildren;  // that are asked for, a bit each
  };

  // A zone that has not been entered.
  struct Entry {
    NibbleNode start;
    uint32_t tree = 0;
    uint8_t pass = 0;
  };

  // What had no answer.
  struct Late {
    enum class What : uint8_t {
      kZone,   // entering it
      kChild,  // a name
      kNode,   // not expanded yet
    };
    What what = What::kChild;
    uint8_t pass = 0;  // in which it is to be asked
    uint8_t hole = 0;
    bool wild_told = false;  // of kNode; of kChild its parent's
    io::Cause cause = io::Cause::kNone;
    uint16_t children = kAllChildren;  // of kNode
    uint32_t tree = 0;
    uint32_t apex = 0;     // in apexes_
    uint32_t rest = kNil;  // in rests_
    NibbleNode node;
  };

  // What is kept of a zone that has ended, as long as some of it is put off.
  struct Facts {
    NibbleNode start;
    uint32_t tree = 0;
    uint32_t apex = kNil;    // in apexes_
    bool spent = false;      // it ended for its budget
    bool honest = false;     // a host was reached through an empty name
    bool fruitful = false;   // anything existed below START
    bool broken = false;     // a name was found that had been denied
    bool is_signed = false;  // its denials were real
    bool by_nsec3 = false;   // and tell of names around the one asked for
    bool gaps = false;       // some of it had no answer to the end
    bool left_out = false;   // or was not to be asked
    bool made_up = false;    // a wildcard, or its server, made names
    bool too_many_hosts = false;
    uint64_t questions = 0;
    uint64_t found = 0;                     // hosts that had been denied
    std::string example;                    // of them
    absl::flat_hash_set<NibbleNode> dense;  // skipped
    // Hosts met, for the dictionary not to find them again; of too many none
    // is used.
    absl::flat_hash_set<dnswire::IpAddress> hosts;
    // Canaries and known addresses that had been denied: what is beside them is
    // likely too.
    std::vector<dnswire::IpAddress> hits;
  };

  enum class Stage : uint8_t {
    kEnter,       // SOA
    kDenial,      // a random name with DO=1
    kDynamic,     // two random names, and the ladder if they exist
    kChain,       // along NSEC
    kTree,        // nodes of the stack
    kCanary,      // addresses that often have names
    kKnown,       // addresses that had
    kDictionary,  // many that often have
    kEnd,
  };
  enum class Mode : uint8_t { kPlain, kNsec, kNsec3 };

  struct Zone : Facts {
    uint32_t rest = kNil;  // in rests_, if something was put off
    uint8_t pass = 0;
    Stage stage = Stage::kEnter;
    Mode mode = Mode::kPlain;
    bool retry = false;     // of late nodes: a part of a zone only
    bool resting = false;   // was one of rests_
    bool active = false;    // in use
    bool denied = false;    // START itself
    bool walked = false;    // nothing is to be expanded: the chain told all, or
                            // every name is made up
    bool ended = false;     // for budget or silence
    bool doubtful = false;  // a canary had no answer to the end
    bool ready = false;     // in ready_
    uint32_t open = 0;      // asks given out
    int expanding = 0;
    uint32_t failures = 0;               // in a row
    io::Cause cause = io::Cause::kNone;  // of the last one
    uint8_t denials = 0;                 // random names that told nothing
    uint32_t random_hits = 0;            // of kDynamic
    dnswire::IpAddress random_hit;       // one of them
    uint64_t questions_before = 0;       // of `questions`, of parts that ended
    std::vector<StackNode> stack;
    std::deque<uint32_t> to_ask;
    size_t next_known = 0;  // in WalkTargets::known
    std::optional<BrokenDictionary> dictionary;
    std::unique_ptr<Nsec3Store> nsec3;
    // Names that exist; where a wildcard of theirs would be is not known yet.
    std::vector<NibbleNode> enclosers;
    dnswire::Name chain_at;  // the owner whose record is asked for
    ChainSide chain_side = ChainSide::kBelow;
    bool chain_first = false;  // the record that covers START is
    // Wildcards match their children; each is below the one before it, and the
    // chain is in the last one.
    std::vector<NibbleNode> chain_wilds;
    absl::flat_hash_set<NibbleNode> dense_tried;
  };

  enum class ChildIs : uint8_t {
    kUnasked,
    kAbsent,
    kEmpty,  // exists, below it are others
    kNamed,  // has a PTR or an alias, which a wildcard may have made
    kWild,
    kCut,
    kRedirected,
    kFailed,
  };
  // A node whose children are being asked for.
  struct Expansion {
    enum class Step : uint8_t {
      kChildren,
      kBelow,    // a named child: is there a wildcard?
      kTwo,      // full: are two random names made up?
      kEmpty,    // are its children made up, without names?
      kSearch,   // from which depth on?
      kSixteen,  // below each child?
      kDense,    // are there wildcards everywhere?
    };
    bool active = false;  // in use
    StackNode at;
    ZoneSlot zone = 0;
    Step step = Step::kChildren;
    bool of_start = false;  // a ladder for the zone's start; no children
    uint8_t open = 0;
    bool failed = false;  // a ladder had no answer, because of `cause`
    io::Cause cause = io::Cause::kNone;
    std::array<ChildIs, 16> children{};
    std::array<io::Cause, 16> causes{};  // of failed ones
    std::array<uint64_t, 16> targets{};  // of named ones, hashed
    uint8_t below = 0;                   // the child that is looked into
    bool computed = false;               // names differ: made for each question
    std::vector<uint64_t> wild_targets;
    std::string example;      // of a wildcard's target, or of made-up names
    uint8_t hits = 0;         // random names that exist
    uint8_t empty_hits = 0;   // and have no PTR
    dnswire::IpAddress path;  // one of them
    uint8_t low = 0;          // kSearch: the depth lies here
    uint8_t high = 0;
    std::vector<std::pair<NibbleNode, dnswire::Name>> redirects;
  };

  struct Ask {
    enum class For : uint8_t {
      kSoa,
      kDenial,
      kDynamic,
      kChild,  // of an expansion
      kLadder,
      kLeaf,  // a host by the chain, or that an answer has shown to exist
      kCanary,
      kKnown,
      kDictionary,
      kLink,  // of the NSEC chain
      kDname,
    };
    For what = For::kChild;
    uint8_t child = 0;
    bool host = false;      // to be asked as a host
    bool open = false;      // in use
    uint8_t referrals = 0;  // on the way to its own zone
    // Of a child in a zone with NSEC3: below which name the question is, or
    // that it is for the child itself.
    enum class Below : uint8_t { kAnother, kChild, kNone };
    Below below = Below::kNone;
    bool was_below = false;  // kChild has told nothing
    ZoneSlot zone = 0;
    uint32_t expansion = kNil;
    uint8_t hole = 0;
    NibbleNode node;
  };

  // A finding that waits to hear who serves the zone at `apex`.
  struct Survey {
    Finding finding;
    dnswire::Name apex;
    bool open = false;  // in use
  };

  // Zones, questions in turn.
  bool MayEnter() const {
    return active_ < kMaxActive &&
           (!entries_.empty() || !retries_.empty() || MayRest());
  }
  // Nothing of any zone is put off any more.
  bool MayRest() const {
    return !rests_.empty() && active_ == resting_ && late() == 0;
  }
  void EnterNext();
  ZoneSlot NewZone(const NibbleNode& start, uint32_t tree, uint8_t pass);
  void EnterRetries();
  uint16_t TakeSiblings(const Late& first);
  void AddZone(const NibbleNode& start, uint32_t tree);
  bool IsActive(ZoneSlot slot) const { return zones_[slot].active; }
  bool ZoneHasWork(const Zone& zone) const;
  void MakeReady(ZoneSlot slot);
  std::optional<WalkWork> NextOf(ZoneSlot slot);
  bool IsExcluded(const NibbleNode& node) const;
  bool LeftOut(ZoneSlot slot, uint32_t tag);
  void TellExcluded(const NibbleNode& node, uint32_t apex);
  void LeaveForBudget(const Entry& entry);
  void LeaveForBudget(const Late& late);
  void LeaveRests();
  WalkWork WorkOf(Zone* zone, uint32_t tag);
  bool AnsweredByChain(ZoneSlot slot, uint32_t tag);
  bool LearnFromChain(const Ask& ask, WalkAnswer* answer);
  std::optional<WalkAnswer> KnownByChain(const Zone& zone,
                                         const NibbleNode& node) const;
  bool IsDnameByChain(const Zone& zone, const NibbleNode& node) const;
  dnswire::Name NameForChain(Zone* zone, Ask* ask);
  std::optional<dnswire::Name> OpenNameBelow(const Zone& zone,
                                             const NibbleNode& node) const;
  uint32_t NewAsk(ZoneSlot slot, const Ask& ask);
  bool LeadsToItsZone(const Ask& ask, const WalkAnswer& answer);
  void Route(const Ask& ask, const WalkAnswer& answer);
  void Proceed(ZoneSlot slot);
  bool NextStage(ZoneSlot slot);
  void EndZone(ZoneSlot slot);
  uint32_t ApexIndex(dnswire::NameView apex);
  Finding& AddFinding(const Facts& zone, const NibbleNode& at,
                      FindingKind kind);
  static uint64_t HashOfName(dnswire::NameView name);
  uint64_t Random();
  dnswire::IpAddress RandomBelow(const NibbleNode& node);
  bool IsMine(const NibbleNode& node) const;

  // Entering.
  void OnSoa(ZoneSlot slot, const WalkAnswer& answer);
  void OnDenial(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer);
  void OnDynamic(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer);
  void BeginDynamic(ZoneSlot slot);
  void BeginTree(ZoneSlot slot);
  void BeginDenial(ZoneSlot slot);
  void FailToEnter(ZoneSlot slot, const WalkAnswer& answer);

  // Children.
  void Expand(ZoneSlot slot, const StackNode& at);
  bool IsSkipped(const Zone& zone, const NibbleNode& node) const;
  static void NoteEncloser(Zone* zone, const NibbleNode& node);
  uint32_t NewExpansion(ZoneSlot slot, const StackNode& at);
  void AskChild(uint32_t expansion, int child);
  void OnChild(const Ask& ask, const WalkAnswer& answer);
  ChildIs Read(const Zone& zone, const Ask& ask, const WalkAnswer& answer);
  bool EntersAnother(const Zone& zone, const NibbleNode& node,
                     const WalkAnswer& answer) const;
  void OnLeaf(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer);
  void AskHost(ZoneSlot slot, const NibbleNode& node, uint8_t hole);
  std::optional<size_t> KnownIndex(const dnswire::IpAddress& address) const;
  void NoteHost(Zone* zone, const Ask& ask);
  void Redirect(ZoneSlot slot, const NibbleNode& owner,
                dnswire::NameView target);
  bool IsLoop(uint32_t tree, dnswire::NameView target) const;
  uint32_t TreeOf(uint32_t parent, const NibbleNode& owner) const;
  bool MayPutOff(const Zone& zone) const;
  void PutOff(Zone* zone, Late::What what, const StackNode& at,
              io::Cause cause);
  void TellUnknown(const Facts& zone, const NibbleNode& node, io::Cause cause);
  void StepExpansion(uint32_t expansion);
  void EndExpansion(uint32_t expansion, bool push);
  void PutOffExpansion(uint32_t expansion);
  void Push(Zone* zone, const StackNode& at);

  // Ladders.
  bool AskBelow(uint32_t expansion);
  void OnLadder(const Ask& ask, const WalkAnswer& answer);
  void OnBelow(Expansion* expansion, const WalkAnswer& answer);
  static bool IsFull(const Expansion& expansion);
  static bool IsCrowded(const Expansion& expansion);
  void AskEmpty(uint32_t expansion);
  void AskLadder(uint32_t expansion, const NibbleNode& node);
  void AskTwo(uint32_t expansion);
  void FinishTwo(uint32_t expansion);
  void Search(uint32_t expansion);
  void AskSixteen(uint32_t expansion);
  bool AskDense(uint32_t expansion);
  void FinishSixteen(uint32_t expansion);
  void FinishDense(uint32_t expansion);

  // The NSEC chain.
  void BeginChain(ZoneSlot slot);
  void BeginNsec3(Zone* zone);
  static void LeaveNsec3(Zone* zone);
  void AskLink(ZoneSlot slot, ChainSide side);
  void OnLink(ZoneSlot slot, const WalkAnswer& answer);
  void TakeOwner(ZoneSlot slot, const ChainLink& link);
  static uint8_t HoleOf(const Zone& zone, const NibbleNode& node);
  std::vector<StackNode> RestOfChain(const Zone& zone) const;
  void LeaveChain(ZoneSlot slot);

  // What the tree did not show.
  uint32_t RestOf(Zone* zone);
  void Remember(Zone* zone);
  bool HasKnown(const NibbleNode& start) const;
  void EnterRest();
  void TellBroken(const Facts& zone);
  void TellOfSuspects(const Zone& zone);
  bool BeginCanary(ZoneSlot slot);
  bool AskKnown(ZoneSlot slot);
  bool MayBeNew(const Zone& zone, const dnswire::IpAddress& address) const;
  bool IsOfDeeperZone(const Zone& zone,
                      const dnswire::IpAddress& address) const;
  bool AskDictionary(ZoneSlot slot);
  BrokenDictionary& DictionaryOf(Zone* zone);
  void OnSuspect(ZoneSlot slot, const Ask& ask, const WalkAnswer& answer);
  void OnSilentSuspect(Zone* zone, const Ask& ask, io::Cause cause);
  void GiveUpOn(ZoneSlot slot, FindingKind kind);

  // Who serves a zone.
  void AwaitServers(dnswire::NameView apex);
  void NewSurvey(Survey survey);
  WalkWork NextSurvey();

  // Its state.
  static bool IsBeingEntered(const Zone& zone);
  void PutTables(io::OctetPacker* packer) const;
  template <typename Lates>
  static void PutLate(const Lates& lates, io::OctetPacker* packer);
  static void PutFacts(const Facts& facts, io::OctetPacker* packer);
  void PutZone(ZoneSlot slot, io::OctetPacker* packer) const;
  std::vector<StackNode> ExpandedAgain(ZoneSlot slot) const;
  void PutOpen(ZoneSlot slot, io::OctetPacker* packer) const;
  void PutSurveys(io::OctetPacker* packer) const;
  bool IsNode(const NibbleNode& node, uint32_t tree) const;
  bool TakeTables(io::OctetTaker* taker);
  template <typename Lates>
  bool TakeLate(io::OctetTaker* taker, Lates* lates);
  bool TakeFacts(io::OctetTaker* taker, Facts* facts) const;
  bool TakeRests(io::OctetTaker* taker);
  bool TakeZone(io::OctetTaker* taker);
  bool TakeOpen(io::OctetTaker* taker, ZoneSlot slot);
  bool TakeSurveys(io::OctetTaker* taker);

  const WalkTargets* targets_;
  TargetSet excluded_;  // by Exclude()
  const WalkOptions& options_;
  const uint64_t seed_;
  uint64_t drawn_ = 0;
  std::vector<Tree> trees_;
  std::vector<dnswire::Name> apexes_;
  absl::flat_hash_map<std::string, uint32_t> apex_index_;
  Nsec3Room nsec3_room_;  // of all zones together
  Slab<Zone> zones_;
  uint32_t active_ = 0;
  std::deque<Entry> entries_;
  std::deque<ZoneSlot> ready_;
  Slab<Ask> asks_;
  size_t waiting_asks_ = 0;  // of them, not given out
  Slab<Expansion> expansions_;
  std::vector<Late> late_;    // for the next pass
  std::deque<Late> retries_;  // of this one
  // What speaks against their denials is looked for when nothing of any zone is
  // put off any more: an address that was put off is none that was denied.
  std::vector<Facts> rests_;
  uint32_t resting_ = 0;  // of the active zones
  uint8_t pass_ = 0;
  bool spent_ = false;            // the run's budget is
  std::vector<bool> known_done_;  // of WalkTargets::known: answered
  // Where zones begin: an address is of the deepest.
  absl::flat_hash_set<NibbleNode> zone_starts_;
  // Owners of DNAMEs, with the tree they are in.
  absl::flat_hash_set<std::pair<uint32_t, NibbleNode>> redirected_;
  absl::flat_hash_set<NibbleNode> holes_;  // in wildcards, that were told of
  absl::flat_hash_set<NibbleNode> told_excluded_;
  std::vector<Finding> findings_;
  Slab<Survey> surveys_;
  std::deque<uint32_t> to_survey_;  // not given out
  WalkSummary summary_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_WALK_WALK_H_
