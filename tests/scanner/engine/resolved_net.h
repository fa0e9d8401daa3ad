// A resolver before the reverse zone 10.in-addr.arpa, for scans that prune
// through it: blocks full, sparse or empty, denials with and without proof.
#ifndef PTRSWEEP_TESTS_SCANNER_ENGINE_RESOLVED_NET_H_
#define PTRSWEEP_TESTS_SCANNER_ENGINE_RESOLVED_NET_H_

#include <functional>
#include <optional>
#include <set>
#include <string>

#include "tests/support/collecting_sink.h"
#include "tests/support/scripted_server.h"

namespace scanner {

class ResolvedNet {
 public:
  // 10.SECOND.THIRD.0/24: how many of its addresses have a PTR, spread.
  using Ptrs = std::function<int(int second, int third)>;

  struct Options {
    bool is_signed = false;  // NSEC with DO=1
    bool ad_only = false;    // of the names of blocks: AD instead of NSEC
    // NXDOMAIN for blocks with hosts in them.
    bool denies_empty = false;
    // Whatever is below a name that was denied is denied too, but for what was
    // asked before.
    bool cuts_below = false;
    // Instead of NXDOMAIN at the name of a block, or at a leaf; if it gives
    // something.
    std::function<std::optional<testing_support::Replies>(
        const testing_support::Asked&)>
        at_block = nullptr;
    std::function<std::optional<testing_support::Replies>(
        const testing_support::Asked&)>
        at_leaf = nullptr;
  };

  explicit ResolvedNet(Ptrs ptrs) : ResolvedNet(std::move(ptrs), Options()) {}
  ResolvedNet(Ptrs ptrs, Options options)
      : ptrs_(std::move(ptrs)), options_(std::move(options)) {}

  testing_support::Replies operator()(const testing_support::Asked& asked);

  bool HasPtr(const std::string& address) const;
  // Rows that do not say so, those of failed questions left out.
  size_t CountWrong(const testing_support::CollectingSink& sink) const;

 private:
  bool Exists(const std::string& name, int labels) const;
  bool IsBelowDenied(std::string name) const;
  testing_support::Replies Deny(const testing_support::Asked& asked,
                                bool block);

  Ptrs ptrs_;
  Options options_;
  std::set<std::string> denied_;
  std::set<std::string> asked_;
};

// How many rows say that they were pruned.
size_t CountPruned(const testing_support::CollectingSink& sink);
// NXDOMAIN with the SOA of `zone` and an Extended DNS Error.
testing_support::Octets DeniedReply(const testing_support::Asked& asked,
                                    const std::string& zone, uint16_t ede);

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_ENGINE_RESOLVED_NET_H_
