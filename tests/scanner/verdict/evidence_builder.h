// Builds Evidence from text and owns what it points to; prints verdicts.
#ifndef PTRSWEEP_TESTS_SCANNER_VERDICT_EVIDENCE_BUILDER_H_
#define PTRSWEEP_TESTS_SCANNER_VERDICT_EVIDENCE_BUILDER_H_

#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/status.h"
#include "scanner/verdict/evidence.h"
#include "scanner/verdict/judge.h"

namespace scanner {

// Text to value; ends the test program if the text is wrong.
dnswire::Name NameOf(absl::string_view text);
dnswire::IpAddress AddressOf(absl::string_view text);

// Flag names in the order of the enum, separated by blanks; "-" for none.
std::string FlagText(io::FlagSet flags);

class EvidenceBuilder {
 public:
  explicit EvidenceBuilder(absl::string_view target);

  // How the reverse lookup ended.
  EvidenceBuilder& Skipped(io::Cause cause);
  EvidenceBuilder& Timeout(io::Cause cause);
  EvidenceBuilder& Error(io::Cause cause);
  EvidenceBuilder& Nxdomain();
  EvidenceBuilder& Nodata();
  // N, in any order and case, with repetitions.
  EvidenceBuilder& Ptr(std::initializer_list<absl::string_view> names);
  EvidenceBuilder& PtrCut();
  EvidenceBuilder& Chain(std::initializer_list<absl::string_view> targets);
  EvidenceBuilder& Dname();
  EvidenceBuilder& Stale();
  EvidenceBuilder& Pruned();
  EvidenceBuilder& Reused();
  EvidenceBuilder& Ttl(uint32_t seconds, bool authoritative);
  EvidenceBuilder& Soa(absl::string_view owner, absl::string_view mname,
                       absl::string_view rname);

  // The lookup of one name of K; put in order by Build(). `addresses`:
  // ascending.
  EvidenceBuilder& Forward(absl::string_view name,
                           std::initializer_list<absl::string_view> addresses);
  EvidenceBuilder& Forward(absl::string_view name, ForwardResult result,
                           io::Cause cause = io::Cause::kNone);
  // Of the last Forward().
  EvidenceBuilder& ThroughCname();
  EvidenceBuilder& AddressCount(uint32_t count);

  EvidenceBuilder& PtrOnly();
  EvidenceBuilder& Expect(absl::string_view pattern);
  EvidenceBuilder& ExpectedLookup(absl::string_view name, ForwardResult result,
                                  bool has_target);

  // What the next resolver of those that are compared says: names, or none.
  EvidenceBuilder& Resolver(std::initializer_list<absl::string_view> names);
  EvidenceBuilder& Resolver(ReverseResult result);
  // The lookup of the last Forward()'s name for the other family.
  EvidenceBuilder& OtherFamily(ForwardResult result);
  // The PTR lookup of the next IPv6 address of the judged name.
  EvidenceBuilder& AaaaPtr(ReverseResult result, bool has_name);

  // Valid until the builder changes or ends.
  Evidence Build();
  Verdict Judged() { return Judge(Build()); }

 private:
  struct Lookup {
    dnswire::Name name;
    ForwardEvidence evidence;
    std::vector<dnswire::IpAddress> addresses;
  };
  struct SoaNames {
    dnswire::Name owner;
    dnswire::Name mname;
    dnswire::Name rname;
  };

  Evidence evidence_;
  dnswire::NameList names_;
  dnswire::NameList chain_;
  std::optional<SoaNames> soa_;
  std::deque<Lookup> lookups_;
  std::optional<Lookup> extra_;
  struct ResolverSaid {
    ReverseResult result;
    dnswire::NameList names;
  };
  std::deque<ResolverSaid> said_;
  CheckEvidence checks_;
  std::vector<ResolverEvidence> resolvers_;
  std::vector<ForwardEvidence> other_family_;
  std::vector<AaaaEvidence> aaaa_;
  std::vector<ForwardEvidence> forward_;
  std::string expected_;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_VERDICT_EVIDENCE_BUILDER_H_
