// What the themes are written with: scripts made of scripts, and parts of
// answers.
#ifndef PTRSWEEP_TESTS_SUPPORT_MISBEHAVIOURS_TOOLS_H_
#define PTRSWEEP_TESTS_SUPPORT_MISBEHAVIOURS_TOOLS_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "tests/support/misbehaviours.h"
#include "tests/support/packet_builder.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"

namespace testing_support {

using Make = std::function<Octets(const Asked&)>;

// The themes: one list of classes each.
std::vector<Misbehaviour> TimingMisbehaviours();
std::vector<Misbehaviour> AcceptanceMisbehaviours();
std::vector<Misbehaviour> CountMisbehaviours();
std::vector<Misbehaviour> PointerMisbehaviours();
std::vector<Misbehaviour> NameMisbehaviours();
std::vector<Misbehaviour> RecordMisbehaviours();
std::vector<Misbehaviour> AliasMisbehaviours();
std::vector<Misbehaviour> RcodeMisbehaviours();
std::vector<Misbehaviour> DenialMisbehaviours();
std::vector<Misbehaviour> TcpMisbehaviours();
std::vector<Misbehaviour> EdnsMisbehaviours();

// Number of the class that a question is about, from 1; 0 for none.
size_t ClassNumberOf(const Asked& asked);
std::string HostOf(const Asked& asked);      // c007.example.com
std::string AddressFor(const Asked& asked);  // 192.0.2.N
// 7.2.0.192.in-addr.arpa, and its zone. Wherever the class is asked for.
std::string ReverseNameOf(const Asked& asked);
std::string ReverseZoneOf(const Asked& asked);
uint16_t IdOf(const Asked& asked);

// The question's name in a reply.
Octets QuestionName();
// In a reply to the reverse name, the zone of that.
Octets ZoneIn(const PacketBuilder& reply);
// A reply with RA and the question, its next record an answer.
PacketBuilder Answering(const Asked& asked);
// Answers: the host; its address; whichever of them is asked.
Octets HostReply(const Asked& asked);
Octets LeadsBack(const Asked& asked);
// A denial with a SOA of this zone.
Octets Denial(const Asked& asked, uint8_t rcode, absl::string_view zone);

// Scripts.
Replies Nothing(const Asked& asked);
Replies Good(const Asked& asked);
Script Each(Make make, int delay_ms = 0);
Script Names(std::vector<std::string> names);  // PTR, "%" is the host
Script ByTransport(Script udp, Script tcp);
// All replies of both, those of `first` before those of `then`.
Script Both(Script first, Script then);
// `first` for the tries before the n-th, `then` from there on.
Script Until(int n, Script first, Script then);
// By the name asked: `start` for the reverse name, `then` for others.
Script ByStart(Script start, Script then);
// The octets with the reply's own question asked, in the answer of `make`,
// altered.
Script Altered(Make make, std::function<void(Octets*)> change);
Script AlwaysRcode(uint8_t rcode, std::optional<uint16_t> ede = std::nullopt);

// Rows.
ExpectedRow Pass(std::string counter = "data");
ExpectedRow NoPtr(std::string cause, std::string counter = "");
ExpectedRow BadName(std::vector<std::string> names,
                    std::vector<std::string> flags);
ExpectedRow ReverseError(std::string cause, std::string counter = "");
ExpectedRow ReverseTimeout(std::string cause, std::string counter);
ExpectedRow ForwardError(std::string cause, std::string counter = "");

// The classes with these put in.
std::vector<Misbehaviour> InGroup(const std::string& group,
                                  std::vector<Misbehaviour> classes);
// Each class in a group of its own, named after it.
std::vector<Misbehaviour> Alone(std::vector<Misbehaviour> classes);
std::vector<Misbehaviour> Needing(Needs needs,
                                  std::vector<Misbehaviour> classes);
void Append(std::vector<Misbehaviour> more, std::vector<Misbehaviour>* all);

// The options of a query's OPT; nullopt if it has none.
std::optional<Octets> EdnsOptionsOf(const Asked& asked);
bool HasOpt(const Asked& asked);

// Text of a plain wire name as output shows it (WIRE.md section 9), by an
// escaper of its own.
std::string ShownName(const Octets& wire);
// A name of these labels, of any octets, below the host.
Octets BelowHost(const std::vector<std::string>& labels,
                 absl::string_view host);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_MISBEHAVIOURS_TOOLS_H_
