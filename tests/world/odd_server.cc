#include "tests/world/odd_server.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <memory>

// Last: it makes macros of true and false.
#include <ldns/ldns.h>

namespace world {
namespace {

constexpr Habit kHabits[] = {Habit::kNoEdns, Habit::kPoison, Habit::kForger};

struct FreePacket {
  void operator()(ldns_pkt* packet) const { ldns_pkt_free(packet); }
};
using Packet = std::unique_ptr<ldns_pkt, FreePacket>;

struct FreeZone {
  void operator()(ldns_zone* zone) const { ldns_zone_deep_free(zone); }
};
using LoadedZone = std::unique_ptr<ldns_zone, FreeZone>;

int BoundAt(const std::string& address) {
  sockaddr_in at = {};
  at.sin_family = AF_INET;
  at.sin_port = htons(53);
  inet_pton(AF_INET, address.c_str(), &at.sin_addr);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const sockaddr* where = reinterpret_cast<const sockaddr*>(&at);
  return fd >= 0 && bind(fd, where, sizeof(at)) == 0 ? fd : -1;
}

LoadedZone Load(const std::string& path) {
  ldns_zone* zone = nullptr;
  FILE* file = std::fopen(path.c_str(), "r");
  if (file == nullptr) return nullptr;
  int line = 0;
  ldns_zone_new_frm_fp_l(&zone, file, nullptr, 0, LDNS_RR_CLASS_IN, &line);
  std::fclose(file);
  return LoadedZone(zone);
}

void Push(ldns_pkt* reply, ldns_pkt_section section, const char* text) {
  ldns_rr* rr = nullptr;
  ldns_rr_new_frm_str(&rr, text, 0, nullptr, nullptr);
  if (rr != nullptr) ldns_pkt_push_rr(reply, section, rr);
}

// Answers one question after the other from one zone.
class Answerer {
 public:
  Answerer(Habit habit, LoadedZone zone)
      : habit_(habit), zone_(std::move(zone)) {}

  Packet Answer(const ldns_pkt* query) const {
    const ldns_rr* question = ldns_rr_list_rr(ldns_pkt_question(query), 0);
    Packet reply(ldns_pkt_new());
    ldns_pkt_set_id(reply.get(), ldns_pkt_id(query));
    ldns_pkt_set_qr(reply.get(), true);
    ldns_pkt_push_rr(reply.get(), LDNS_SECTION_QUESTION,
                     ldns_rr_clone(question));
    if (habit_ == Habit::kNoEdns && ldns_pkt_edns(query)) {
      ldns_pkt_set_rcode(reply.get(), LDNS_RCODE_FORMERR);
      return reply;
    }
    ldns_pkt_set_aa(reply.get(), true);
    if (habit_ == Habit::kForger) {
      Forge(question, reply.get());
    } else {
      AnswerFromZone(question, reply.get());
    }
    return reply;
  }

 private:
  void AnswerFromZone(const ldns_rr* question, ldns_pkt* reply) const {
    const ldns_rdf* name = ldns_rr_owner(question);
    ldns_rr* soa = ldns_zone_soa(zone_.get());
    if (!ldns_dname_is_subdomain(name, ldns_rr_owner(soa)) &&
        ldns_dname_compare(name, ldns_rr_owner(soa)) != 0) {
      ldns_pkt_set_aa(reply, false);
      ldns_pkt_set_rcode(reply, LDNS_RCODE_REFUSED);
      return;
    }
    if (!PushRecords(question, reply)) {
      ldns_pkt_push_rr(reply, LDNS_SECTION_AUTHORITY, ldns_rr_clone(soa));
      if (!Exists(name)) ldns_pkt_set_rcode(reply, LDNS_RCODE_NXDOMAIN);
    }
    if (habit_ == Habit::kPoison) Poison(reply);
  }

  // False if there are none.
  bool PushRecords(const ldns_rr* question, ldns_pkt* reply) const {
    bool found = false;
    const auto push = [&](const ldns_rr* rr) {
      if (ldns_rr_get_type(rr) == ldns_rr_get_type(question) &&
          ldns_dname_compare(ldns_rr_owner(rr), ldns_rr_owner(question)) == 0) {
        ldns_pkt_push_rr(reply, LDNS_SECTION_ANSWER, ldns_rr_clone(rr));
        found = true;
      }
    };
    push(ldns_zone_soa(zone_.get()));
    const ldns_rr_list* records = ldns_zone_rrs(zone_.get());
    for (size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
      push(ldns_rr_list_rr(records, i));
    }
    return found;
  }

  bool Exists(const ldns_rdf* name) const {
    const ldns_rr_list* records = ldns_zone_rrs(zone_.get());
    for (size_t i = 0; i < ldns_rr_list_rr_count(records); ++i) {
      const ldns_rdf* owner = ldns_rr_owner(ldns_rr_list_rr(records, i));
      if (ldns_dname_compare(owner, name) == 0) return true;
    }
    return false;
  }

  // Names of the servers of nearly everything, and of neighbours, said to be
  // at the forger's.
  static void Poison(ldns_pkt* reply) {
    if (ldns_rr_list_rr_count(ldns_pkt_answer(reply)) > 0) {
      const std::string stray =
          std::string("99.20.10.in-addr.arpa. 3600 IN PTR ") + kForgedName;
      Push(reply, LDNS_SECTION_ANSWER, (stray + ".").c_str());
    }
    for (const char* zone : {"10.in-addr.arpa.", "net.", "example.net.", "."}) {
      const std::string ns = std::string(zone) + " 3600 IN NS ns4.example.net.";
      Push(reply, LDNS_SECTION_AUTHORITY, ns.c_str());
    }
    for (const char* host :
         {"ns4.example.net.", "ns14.example.net.", "one.poison.example.net.",
          "a.root-servers.net."}) {
      const std::string glue =
          std::string(host) + " 3600 IN A " + kForgerAddress;
      Push(reply, LDNS_SECTION_ADDITIONAL, glue.c_str());
    }
  }

  static void Forge(const ldns_rr* question, ldns_pkt* reply) {
    char* owner = ldns_rdf2str(ldns_rr_owner(question));
    char* type = ldns_rr_type2str(ldns_rr_get_type(question));
    std::string line = std::string(owner) + " 3600 IN " + type;
    if (ldns_rr_get_type(question) != LDNS_RR_TYPE_SOA) {
      std::printf("asked: %s\n", line.c_str());
      std::fflush(stdout);
    }
    switch (ldns_rr_get_type(question)) {
      case LDNS_RR_TYPE_A:
        line += std::string(" ") + kForgerAddress;
        break;
      case LDNS_RR_TYPE_SOA:
        line += std::string(" ") + kForgedName + ". . 1 1 1 1 1";
        break;
      default:
        line += std::string(" ") + kForgedName + ".";
    }
    Push(reply, LDNS_SECTION_ANSWER, line.c_str());
    std::free(owner);
    std::free(type);
  }

  Habit habit_;
  LoadedZone zone_;
};

void AnswerOne(int fd, const Answerer& answerer) {
  std::array<uint8_t, 4096> octets;
  sockaddr_in from = {};
  socklen_t size = sizeof(from);
  sockaddr* peer = reinterpret_cast<sockaddr*>(&from);
  const ssize_t n = recvfrom(fd, octets.data(), octets.size(), 0, peer, &size);
  ldns_pkt* raw = nullptr;
  if (n < 0 || ldns_wire2pkt(&raw, octets.data(), static_cast<size_t>(n)) !=
                   LDNS_STATUS_OK) {
    return;
  }
  const Packet query(raw);
  if (ldns_pkt_qdcount(raw) != 1) return;
  const Packet reply = answerer.Answer(raw);
  uint8_t* wire = nullptr;
  size_t length = 0;
  if (ldns_pkt2wire(&wire, reply.get(), &length) != LDNS_STATUS_OK) return;
  if (sendto(fd, wire, length, 0, peer, size) < 0) std::perror("sendto");
  std::free(wire);
}

}  // namespace

int ServeOddly(const OddServer& server) {
  LoadedZone zone;
  if (server.habit != Habit::kForger) {
    zone = Load(server.zone_file);
    if (zone == nullptr) {
      std::fprintf(stderr, "%s: no zone\n", server.zone_file.c_str());
      return 1;
    }
  }
  const int fd = BoundAt(server.address);
  if (fd < 0) {
    std::perror(server.address.c_str());
    return 1;
  }
  const Answerer answerer(server.habit, std::move(zone));
  for (;;) AnswerOne(fd, answerer);
}

const char* HabitName(Habit habit) {
  switch (habit) {
    case Habit::kNoEdns:
      return "no-edns";
    case Habit::kPoison:
      return "poison";
    case Habit::kForger:
      return "forger";
    default:
      return "";
  }
}

Habit HabitOf(const std::string& name) {
  for (const Habit habit : kHabits) {
    if (name == HabitName(habit)) return habit;
  }
  return Habit::kNone;
}

}  // namespace world
