#include "tests/transfer/written_zones.h"

#include <ldns/ldns.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "absl/strings/str_cat.h"

namespace transfer {
namespace {

std::string Soa(const std::string& apex) {
  return absl::StrCat(apex, ". 3600 IN SOA ns.example.net. root.example.net. ",
                      "2026112600 7200 900 1209600 600");
}

Octets WireOf(const std::string& line) {
  ldns_rr* rr = nullptr;
  uint8_t* wire = nullptr;
  size_t size = 0;
  if (ldns_rr_new_frm_str(&rr, line.c_str(), 0, nullptr, nullptr) !=
          LDNS_STATUS_OK ||
      ldns_rr2wire(&wire, rr, LDNS_SECTION_ANSWER, &size) != LDNS_STATUS_OK) {
    std::fprintf(stderr, "not a record: %s\n", line.c_str());
    std::abort();
  }
  Octets octets(wire, wire + size);
  LDNS_FREE(wire);
  ldns_rr_free(rr);
  return octets;
}

// Owners below the apex, and the rest of the line.
struct OddLine {
  const char* owner;
  const char* rest;
};
// In lower case: nsd and knot send names in rdata so.
constexpr OddLine kOddLines[] = {
    {"1", "3600 IN PTR host1.example.net."},
    {"2", "60 IN PTR two-a.example.net."},
    {"2", "60 IN PTR two-b.example.net."},
    {"3", "3600 IN PTR host3.example.net."},
    {"4", "0 IN PTR host4.example.net."},
    {"5", "3600 IN TXT \"no name\" \"a second text\""},
    {"a.b.6", "3600 IN PTR deep.example.net."},
    {"7", "120 IN CNAME 7.0-25"},
    {"7.0-25", "3600 IN PTR host7.example.net."},
    {"8", "120 IN CNAME 8.rev.example.net."},
    {"9", "120 IN CNAME 10"},
    {"10", "60 IN CNAME 1"},
    {"11", "120 IN CNAME absent"},
    {"12", "120 IN CNAME 5"},
    {"13", "120 IN CNAME 1.sub"},
    {"sub", "3600 IN NS ns.sub"},
    {"sub", "3600 IN NS ns.example.net."},
    {"ns.sub", "3600 IN A 192.0.2.53"},
    {"ns.sub", "3600 IN AAAA 2001:db8::53"},
    {"d", "300 IN DNAME rev.example.net."},
    {"in", "300 IN DNAME target"},
    {"1.target", "3600 IN PTR through-dname.example.net."},
    {"*.w", "600 IN PTR wild.example.net."},
    {"x.w", "3600 IN PTR not-wild.example.net."},
    {"y.z.w", "3600 IN TXT \"a hole\""},
    {"*.c", "600 IN CNAME 1"},
    {"14", "3600 IN MX 10 mail.w"},
    {"_sip._tcp.15", "3600 IN SRV 1 2 5060 sip.example.net."},
    {"16", "3600 IN RP admin.example.net. text.w"},
    {"17", "3600 IN AFSDB 1 afs.w"},
    {"18", "3600 IN A 192.0.2.18"},
    {"a\\000b", "3600 IN PTR octet0.example.net."},
    {"a\\.b", "3600 IN PTR a\\.dot.example.net."},
    {"\\255", "3600 IN PTR octet255.example.net."},
};

bool IsRelative(const std::string& text) { return !text.ends_with('.'); }

// The line with its last word, a name, made absolute where it has to be.
std::string Absolute(const OddLine& line, const std::string& apex) {
  std::string rest = line.rest;
  for (const char* type : {"CNAME", "NS", "DNAME", "MX", "RP", "AFSDB"}) {
    if (rest.find(absl::StrCat(" IN ", type, " ")) != std::string::npos &&
        IsRelative(rest)) {
      absl::StrAppend(&rest, ".", apex, ".");
    }
  }
  return absl::StrCat(line.owner, ".", apex, ". ", rest);
}

}  // namespace

std::string WrittenZone::Text() const {
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  return text;
}

std::vector<Octets> WrittenZone::Records() const {
  std::vector<Octets> records;
  records.reserve(lines.size());
  for (const std::string& line : lines) records.push_back(WireOf(line));
  std::sort(records.begin(), records.end());
  return records;
}

WrittenZone LargeZone(const std::string& apex) {
  WrittenZone zone = {.apex = apex, .lines = {Soa(apex)}};
  zone.lines.push_back(absl::StrCat(apex, ". 3600 IN NS ns.example.net."));
  for (int host = 0; host < 65536; ++host) {
    zone.lines.push_back(absl::StrCat(host % 256, ".", host / 256, ".", apex,
                                      ". 3600 IN PTR host-", host / 256, "-",
                                      host % 256, ".customer.example.net."));
  }
  return zone;
}

WrittenZone OddZone(const std::string& apex) {
  WrittenZone zone = {.apex = apex, .lines = {Soa(apex)}};
  zone.lines.push_back(absl::StrCat(apex, ". 3600 IN NS ns.example.net."));
  for (const OddLine& line : kOddLines) {
    zone.lines.push_back(Absolute(line, apex));
  }
  return zone;
}

std::vector<std::string> OddNames(const std::string& apex) {
  std::vector<std::string> names = {apex};
  const auto add = [&names, &apex](const std::string& name) {
    names.push_back(absl::StrCat(name, ".", apex));
  };
  for (const OddLine& line : kOddLines) {
    add(line.owner);
    add(absl::StrCat("below.", line.owner));
  }
  for (const char* name :
       {"6",     "b.6",     "0-25", "absent", "target", "w",    "z.w",   "v.w",
        "u.v.w", "v.z.w",   "1.d",  "1.2.d",  "1.in",   "2.in", "1.sub", "v.c",
        "c",     "_tcp.15", "15",   "0",      "99",     "a",    "~"}) {
    add(name);
  }
  return names;
}

}  // namespace transfer
