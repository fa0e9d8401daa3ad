#include "tests/world/prove.h"

#include <algorithm>
#include <map>
#include <random>
#include <set>
#include <utility>

#include "tests/world/address.h"
#include "tests/world/dns_client.h"
#include "tests/world/names.h"
#include "tests/world/oracle.h"
#include "tests/world/step_resolver.h"

namespace world {
namespace {

constexpr int kAuthorityPatienceMs = 2000;
constexpr int kSilencePatienceMs = 150;
constexpr int kResolverPatienceMs = 12000;

std::string Listed(const std::set<std::string>& items) {
  std::string text;
  for (const std::string& item : items) text += " " + item;
  return text.empty() ? " nothing" : text;
}

void Expect(const std::string& question, const std::string& want,
            const std::string& got, Proof* proof) {
  if (want == got) return;
  proof->contradictions.push_back(question + ": want" + want + ", got" + got);
}

// Data of the records of one owner and type, with their TTL.
std::set<std::string> DataWithTtl(const Reply& reply, const std::string& owner,
                                  const std::string& type) {
  std::set<std::string> data;
  for (const ReplyRecord& record : reply.answer) {
    if (record.owner == owner && record.type == type) {
      data.insert(record.data + "/" + std::to_string(record.ttl));
    }
  }
  return data;
}

std::string AddressOf(const Model& model, const std::string& server_name) {
  for (const Server& server : model.servers()) {
    if (server.name == server_name) return server.addresses.front();
  }
  return "";
}

using RecordSets =
    std::map<std::pair<std::string, std::string>, std::set<std::string>>;

RecordSets RecordSetsOf(const Zone& zone, const std::string& server) {
  RecordSets sets;
  for (const Record& record : zone.records()) {
    if (record.type == Type::kLua) continue;  // not to be asked for
    const bool behind = zone.lag && zone.lag->server == server &&
                        zone.lag->owner == record.owner;
    sets[{record.owner, TypeName(record.type)}].insert(
        Lower(behind ? zone.lag->ptr : record.data) + "/" +
        std::to_string(record.ttl));
  }
  return sets;
}

void ProveRecordSet(const std::string& owner, const std::string& type,
                    const std::set<std::string>& data, DnsClient* client,
                    Proof* proof) {
  const Reply reply = client->Ask(owner, type);
  const std::string question = owner + " " + type + " at its authority";
  ++proof->asked;
  Expect(question, Listed(data), Listed(DataWithTtl(reply, owner, type)),
         proof);
  Expect(question, " AA", reply.authoritative ? " AA" : " no AA", proof);
}

void ProveRecords(const Zone& zone, const std::string& server,
                  DnsClient* client, Proof* proof) {
  for (const auto& [key, data] : RecordSetsOf(zone, server)) {
    ProveRecordSet(key.first, key.second, data, client, proof);
  }
}

std::string SoaResult(const Reply& reply, const std::string& apex) {
  if (!reply.received) return "timeout";
  if (reply.rcode == "SERVFAIL") return "servfail";
  if (reply.rcode == "REFUSED") return "refused";
  if (!reply.authoritative) return "not_auth";
  if (reply.rcode == "NXDOMAIN") return "nxdomain";
  const bool has_soa = std::any_of(
      reply.answer.begin(), reply.answer.end(), [&](const ReplyRecord& record) {
        return record.type == "SOA" && record.owner == apex;
      });
  return has_soa ? "ok" : "no_soa";
}

// The serial that a server tells is its own.
void ProveSerial(const Model& model, const Zone& zone,
                 const std::string& address, const Reply& reply, Proof* proof) {
  const std::string& soa = reply.answer.front().data;
  Expect(zone.apex + " serial at " + address,
         " " + std::to_string(SerialAt(model, zone, address)),
         soa.substr(soa.rfind(' ')), proof);
}

void ProveDelegation(const Model& model, const Zone& zone, Proof* proof) {
  for (const std::string& ns_name : zone.name_servers) {
    for (const std::string& address : model.AddressesOf(ns_name)) {
      const ServerResult want = AskForSoa(model, zone, address);
      const bool silent = want == ServerResult::kTimeout;
      DnsClient client(address, false,
                       silent ? kSilencePatienceMs : kAuthorityPatienceMs, 1);
      const Reply reply = client.Ask(zone.apex, "SOA");
      ++proof->asked;
      Expect(zone.apex + " SOA at " + address,
             std::string(" ") + ServerResultName(want),
             " " + SoaResult(reply, zone.apex), proof);
      if (SoaResult(reply, zone.apex) == "ok") {
        ProveSerial(model, zone, address, reply, proof);
      }
    }
  }
}

// Owners of the SOA records of an authority section.
std::set<std::string> SoaOwners(const Reply& reply) {
  std::set<std::string> owners;
  for (const ReplyRecord& record : reply.authority) {
    if (record.type == "SOA") owners.insert(record.owner);
  }
  return owners;
}

// Zones that a server has and can answer for, of those that deny something.
std::vector<const Zone*> ZonesOf(const Model& model, const Server& server) {
  std::vector<const Zone*> zones;
  for (const Zone& zone : model.zones()) {
    const bool has_wildcard = zone.Exists(Join(kWildcardLabel, zone.apex));
    if (zone.source == Source::kFile && !has_wildcard &&
        std::count(zone.served_by.begin(), zone.served_by.end(), server.name)) {
      zones.push_back(&zone);
    }
  }
  return zones;
}

const Server* FindServer(const Model& model, const std::string& name) {
  for (const Server& server : model.servers()) {
    if (server.name == name) return &server;
  }
  return nullptr;
}

bool AnswersForZones(const Server& server) {
  return server.habit == Habit::kNone && server.software != Software::kSilent &&
         server.software != Software::kUnbound;
}

// At most so many empty names of a zone are asked for.
constexpr size_t kEmptyNames = 300;

// Names without records above names with some. Some servers deny them
// (ITERATION.md 2.3).
void ProveEmptyNames(const Model& model, const Zone& zone,
                     const std::string& server, DnsClient* client,
                     Proof* proof) {
  const Server* at = FindServer(model, server);
  if (at == nullptr || !AnswersForZones(*at)) return;
  std::set<std::string> owners;
  for (const Record& record : zone.records()) owners.insert(record.owner);
  std::set<std::string> empty;
  for (const std::string& owner : owners) {
    if (owner == zone.apex) continue;
    const std::string above(Parent(owner));
    if (above != zone.apex && !owners.contains(above)) empty.insert(above);
    if (empty.size() == kEmptyNames) break;
  }
  for (const std::string& name : empty) {
    const Reply reply = client->Ask(name, "PTR");
    ++proof->asked;
    const bool denies =
        DeniesEmptyNames(*at) || (!zone.late.empty() && zone.ExistsLate(name));
    std::string question = name;
    question.append(", empty, at ").append(server);
    Expect(question, denies ? " NXDOMAIN" : " NOERROR", " " + reply.rcode,
           proof);
  }
}

// What a zone proves of an absent name when asked with DO=1.
void ProveSignedAbsence(const Zone& zone, DnsClient* client, Proof* proof) {
  if (zone.signing == Signing::kNone) return;
  const Reply reply = client->AskSigned(Join("absentname", zone.apex), "PTR");
  std::set<std::string> proofs;
  for (const ReplyRecord& record : reply.authority) {
    if (record.type.starts_with("NSEC")) proofs.insert(record.type);
  }
  ++proof->asked;
  const bool online = zone.signing == Signing::kOnline;
  const bool by_name = online || zone.signing == Signing::kNsec;
  const std::string want = by_name ? " NSEC" : " NSEC3";
  Expect("absent name of " + zone.apex + ", signed",
         (online ? " NOERROR" : " NXDOMAIN") + want,
         " " + reply.rcode + Listed(proofs), proof);
}

void ProveAbsence(const Model& model, const Server& server, size_t names,
                  Proof* proof) {
  const std::vector<const Zone*> zones = ZonesOf(model, server);
  DnsClient client(server.addresses.front(), false, kAuthorityPatienceMs, 1);
  if (server.rate_limited) client.PreferTcp();
  std::mt19937_64 random(model.seed());
  for (size_t i = 0; i < names; ++i) {
    const Zone& zone = *zones[i % zones.size()];
    std::string label;
    for (int letter = 0; letter < 12; ++letter) {
      label.push_back(static_cast<char>('a' + random() % 26));
    }
    const std::string name = Join(label, zone.apex);
    const Reply reply = client.Ask(name, "PTR");
    ++proof->asked;
    Expect(name + " at " + server.name, " NXDOMAIN by " + zone.apex,
           " " + reply.rcode + " by" + Listed(SoaOwners(reply)), proof);
  }
}

// The rows that a truth row stands for: itself and its alternatives.
std::vector<Json> Alternatives(const Json& row) {
  std::vector<Json> all = {row};
  if (!row.contains("allowed")) return all;
  for (const Json& allowed : row["allowed"]) {
    all.push_back(row);
    all.back().update(allowed);
  }
  return all;
}

std::set<std::string> DataOf(const Reply& reply, const std::string& type) {
  std::set<std::string> data;
  for (const ReplyRecord& record : reply.answer) {
    if (record.type == type) data.insert(record.data);
  }
  return data;
}

// Column zone by the rule for resolvers (VERDICTS.md 1).
std::string ZoneSeen(const Reply& reply, const std::string& qname) {
  for (const ReplyRecord& record : reply.authority) {
    if (record.type == "SOA" || record.type == "NS") return record.owner;
  }
  for (const ReplyRecord& record : reply.answer) {
    if (record.type == "PTR" && record.owner != qname) {
      return std::string(Parent(record.owner));
    }
  }
  return "null";
}

std::string TextOrNull(const Json& value) {
  return value.is_null() ? "null" : value.get<std::string>();
}

bool HasFlag(const Json& row, const std::string& flag) {
  const Json& flags = row["flags"];
  return std::find(flags.begin(), flags.end(), flag) != flags.end();
}

std::set<std::string> SetOf(const Json& list) {
  std::set<std::string> set;
  for (const Json& item : list) set.insert(item.get<std::string>());
  return set;
}

// What a reply to the PTR question shows of a row, and what the row says.
std::string ReverseSeen(const Reply& reply, const std::string& qname) {
  if (reply.rcode != "NOERROR" && reply.rcode != "NXDOMAIN") {
    return " " + (reply.received ? reply.rcode : "null");
  }
  return " " + reply.rcode + Listed(DataOf(reply, "PTR")) + ", zone " +
         ZoneSeen(reply, qname) +
         (DataOf(reply, "CNAME").empty() ? "" : ", alias") +
         (DataOf(reply, "DNAME").empty() ? "" : ", dname");
}

std::string ReverseTold(const Json& row) {
  if (row["ptr"].is_null()) return " " + TextOrNull(row["rcode"]);
  return " " + TextOrNull(row["rcode"]) + Listed(SetOf(row["ptr"])) +
         ", zone " + TextOrNull(row["zone"]) +
         (HasFlag(row, "cname_chain") ? ", alias" : "") +
         (HasFlag(row, "dname") ? ", dname" : "");
}

// The same of one name of column forward. A cut list of addresses is compared
// by its members only.
std::string ForwardSeen(const Reply& reply, const std::string& type,
                        const Json& item) {
  if (reply.rcode != "NOERROR") return " " + reply.rcode;
  std::set<std::string> data = DataOf(reply, type);
  const std::set<std::string> kept = SetOf(item["addresses"]);
  if (kept.size() == 50 && data.size() > 50 &&
      std::includes(data.begin(), data.end(), kept.begin(), kept.end())) {
    data = kept;
  }
  return " NOERROR" + Listed(data);
}

std::string ForwardTold(const Json& item) {
  const std::string outcome = item["outcome"];
  if (outcome == "nxdomain") return " NXDOMAIN";
  if (outcome == "confirmed" || outcome == "differs" || outcome == "nodata") {
    return " NOERROR" + Listed(SetOf(item["addresses"]));
  }
  return " SERVFAIL";
}

void ProveForward(const Address& ip, const Json& item, DnsClient* client,
                  Proof* proof) {
  const std::string name = item["name"];
  const std::string type = ip.is_v4() ? "A" : "AAAA";
  const Reply reply = client->Ask(name, type);
  ++proof->asked;
  Expect(ip.ToText() + ": " + name + " " + type, ForwardTold(item),
         ForwardSeen(reply, type, item), proof);
}

// A lookup at the authorities, and what a row and an item of its column forward
// say of it.
std::string StepsSeen(const Steps& steps) {
  if (!steps.failure.empty()) {
    return " " + steps.failure + " " + steps.rcode + ", zone " + steps.zone;
  }
  return " " + steps.rcode + Listed(steps.data) + ", zone " + steps.zone +
         (steps.alias ? ", alias" : "") + (steps.dname ? ", dname" : "");
}

std::string StepsTold(const Json& row) {
  if (!row["ptr"].is_null()) return ReverseTold(row);
  return " " + TextOrNull(row["cause"]) + " " + TextOrNull(row["rcode"]) +
         ", zone " + TextOrNull(row["zone"]);
}

std::string ForwardStepsSeen(const Steps& steps, const Json& item) {
  if (!steps.failure.empty()) return " " + steps.failure;
  Reply reply{.received = true, .rcode = steps.rcode};
  for (const std::string& data : steps.data) {
    reply.answer.push_back({.type = "A", .data = data});
  }
  return ForwardSeen(reply, "A", item);
}

std::string ForwardStepsTold(const Json& item) {
  const std::string told = ForwardTold(item);
  return told == " SERVFAIL" ? " " + item["outcome"].get<std::string>() : told;
}

void ProveSteps(const Json& row, StepResolver* resolver, Proof* proof) {
  const Address ip = Address::Of(row["ip"].get<std::string>());
  const std::string seen =
      StepsSeen(resolver->Resolve(ip.ReverseName(), "PTR"));
  std::set<std::string> told;
  for (const Json& alternative : Alternatives(row)) {
    told.insert(StepsTold(alternative));
  }
  if (!told.contains(seen)) {
    Expect(ip.ToText() + " PTR step by step", StepsTold(row), seen, proof);
  }
  if (row["forward"].is_null()) return;
  for (const Json& item : row["forward"]) {
    const std::string name = item["name"];
    const Steps steps = resolver->Resolve(name, ip.is_v4() ? "A" : "AAAA");
    Expect(ip.ToText() + ": " + name + " step by step", ForwardStepsTold(item),
           ForwardStepsSeen(steps, item), proof);
  }
}

void ProveRow(const Json& row, DnsClient* client, Proof* proof) {
  const Address ip = Address::Of(row["ip"].get<std::string>());
  const std::string qname = ip.ReverseName();
  const std::string seen = ReverseSeen(client->Ask(qname, "PTR"), qname);
  ++proof->asked;
  std::set<std::string> told;
  for (const Json& alternative : Alternatives(row)) {
    told.insert(ReverseTold(alternative));
  }
  if (!told.contains(seen)) {
    Expect(ip.ToText() + " PTR", *told.begin(), seen, proof);
  }
  if (row["forward"].is_null()) return;
  for (const Json& item : row["forward"]) {
    ProveForward(ip, item, client, proof);
  }
}

// Addresses of name servers at which nobody answers.
std::set<std::string> SilentAddresses(const Model& model) {
  std::set<std::string> silent;
  for (const Zone& zone : model.zones()) {
    for (const std::string& ns_name : zone.name_servers) {
      for (const std::string& address : model.AddressesOf(ns_name)) {
        if (AskForSoa(model, zone, address) == ServerResult::kTimeout) {
          silent.insert(address);
        }
      }
    }
  }
  return silent;
}

}  // namespace

void ProveAuthorities(const Model& model, size_t absent_names, Proof* proof) {
  for (const Zone& zone : model.zones()) {
    ProveDelegation(model, zone, proof);
    if (zone.name_servers.empty() || zone.source != Source::kFile) continue;
    for (const std::string& server : zone.served_by) {
      DnsClient client(AddressOf(model, server), false, kAuthorityPatienceMs,
                       1);
      const Server* at = FindServer(model, server);
      if (at != nullptr && at->rate_limited) client.PreferTcp();
      ProveRecords(zone, server, &client, proof);
      ProveEmptyNames(model, zone, server, &client, proof);
      ProveSignedAbsence(zone, &client, proof);
    }
  }
  for (const Server& server : model.servers()) {
    if (AnswersForZones(server) && !ZonesOf(model, server).empty()) {
      ProveAbsence(model, server, absent_names, proof);
    }
  }
}

void ProveRows(const Json& truth, const std::string& server, size_t stride,
               Proof* proof) {
  DnsClient client(server, true, kResolverPatienceMs, 1);
  for (const Json& target : truth["targets"]) {
    const Json& rows = target["rows"];
    for (size_t i = 0; i < rows.size(); i += stride) {
      ProveRow(rows[i], &client, proof);
    }
  }
}

void ProveIteration(const Model& model, const Json& truth,
                    const std::string& root, size_t stride, Proof* proof) {
  StepResolver resolver(root, SilentAddresses(model));
  for (const Json& target : truth["targets"]) {
    const Json& rows = target["rows"];
    for (size_t i = 0; i < rows.size(); i += stride) {
      ProveSteps(rows[i], &resolver, proof);
    }
  }
  proof->asked += resolver.asked();
}

}  // namespace world
