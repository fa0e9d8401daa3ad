#include "tests/fuzz/slow_denial.h"

// clang-format off
#include <stdbool.h>
#include <ldns/ldns.h>
// clang-format on

#include <algorithm>
#include <cstdint>

#include "tests/fuzz/slow_names.h"

namespace fuzz {
namespace {

constexpr int kNs = 2;
constexpr int kSoa = 6;
constexpr int kDname = 39;

size_t OctetAt(const std::string& octets, size_t at) {
  return static_cast<uint8_t>(octets.at(at));
}

std::optional<std::set<int>> ReadTypes(const std::string& bitmap) {
  std::set<int> types;
  int last = -1;
  for (size_t at = 0; at < bitmap.size();) {
    if (at + 2 > bitmap.size()) return std::nullopt;
    const int window = static_cast<int>(OctetAt(bitmap, at));
    const size_t size = OctetAt(bitmap, at + 1);
    at += 2;
    if (window <= last || size < 1 || size > 32 || at + size > bitmap.size()) {
      return std::nullopt;
    }
    for (size_t bit = 0; bit < size * 8; ++bit) {
      if ((OctetAt(bitmap, at + bit / 8) << bit % 8 & 128) != 0) {
        types.insert(window * 256 + static_cast<int>(bit));
      }
    }
    last = window;
    at += size;
  }
  return types;
}

// Octets of the name that starts `rdata`; 0 if there is none.
size_t PlainNameSize(const std::string& rdata) {
  for (size_t at = 0; at < rdata.size() && at < 255;) {
    const size_t length = OctetAt(rdata, at);
    if (length == 0) return at + 1;
    if (length > 63) return 0;
    at += 1 + length;
  }
  return 0;
}

bool IsAtOrBelow(const SlowLabels& name, const SlowLabels& ancestor) {
  return name.size() >= ancestor.size() &&
         std::equal(ancestor.begin(), ancestor.end(), name.begin());
}

bool Hides(const std::set<int>& types) {
  return types.count(kDname) > 0 ||
         (types.count(kNs) > 0 && types.count(kSoa) == 0);
}

bool IsOrdinary(const SlowLabels& name) {
  for (const std::string& label : name) {
    if (label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_*/") !=
        std::string::npos) {
      return false;
    }
  }
  return true;
}

bool Denies(const SlowNsec& nsec, const SlowLabels& name,
            const SlowLabels& zone) {
  if (!IsAtOrBelow(nsec.owner, zone) || !IsAtOrBelow(nsec.next, zone)) {
    return false;
  }
  if (IsAtOrBelow(nsec.next, name)) return false;  // the name itself, too
  if (IsAtOrBelow(name, nsec.owner) && Hides(nsec.types)) return false;
  if (name <= nsec.owner) return false;
  return nsec.next == zone || (nsec.owner < nsec.next && name < nsec.next);
}

std::string PlusOne(std::string hash) {
  for (size_t i = hash.size(); i-- > 0;) {
    hash[i] = static_cast<char>(hash[i] + 1);
    if (hash[i] != 0) break;
  }
  return hash;
}

bool IsReal(const SlowNsec3& nsec3) {
  const std::string one = PlusOne(nsec3.hash);
  return nsec3.flags == 0 && nsec3.next != one && nsec3.next != PlusOne(one);
}

std::string Sha1(std::string input) {
  std::string digest(20, '\0');
  ldns_sha1(reinterpret_cast<unsigned char*>(input.data()),
            static_cast<unsigned>(input.size()),
            reinterpret_cast<unsigned char*>(digest.data()));
  return digest;
}

std::string HashOf(const SlowLabels& name, const SlowNsec3& parameters) {
  std::string wire;
  for (auto label = name.rbegin(); label != name.rend(); ++label) {
    wire += static_cast<char>(label->size()) + *label;
  }
  std::string hash = Sha1(wire + '\0' + parameters.salt);
  for (int i = 0; i < parameters.iterations; ++i) {
    hash = Sha1(hash + parameters.salt);
  }
  return hash;
}

bool Covers(const SlowNsec3& link, const std::string& hash) {
  if (link.hash < link.next) return link.hash < hash && hash < link.next;
  return hash > link.hash || hash < link.next;
}

std::string SlowNsec3Denial(const std::vector<SlowNsec3>& links,
                            SlowLabels name, const SlowLabels& zone) {
  const SlowNsec3* covering = nullptr;
  for (; name.size() >= zone.size(); name.pop_back()) {
    const std::string hash = HashOf(name, links[0]);
    const SlowNsec3* above = nullptr;
    for (const SlowNsec3& link : links) {
      if (link.hash != hash) continue;
      if (covering == nullptr || Hides(link.types)) return "none";
      return IsReal(link) && IsReal(*covering) ? "nsec3" : "not real";
    }
    for (auto link = links.rbegin(); link != links.rend(); ++link) {
      if (Covers(*link, hash)) above = &*link;
    }
    covering = above;
    if (name.empty()) break;
  }
  return "none";
}

std::vector<SlowNsec3> LinksOf(const SlowMessage& message,
                               const SlowLabels& zone) {
  std::vector<SlowNsec3> links;
  for (const SlowRecord& record : message.sections[1]) {
    const auto nsec3 = SlowReadNsec3(record);
    if (!nsec3 || nsec3->zone != zone) continue;
    if (!links.empty() && (nsec3->salt != links[0].salt ||
                           nsec3->iterations != links[0].iterations)) {
      continue;
    }
    if (links.size() < 8) links.push_back(*nsec3);
  }
  return links;
}

int RcodeOf(const SlowMessage& message) {
  const int low = message.header[1] & 15;
  return message.opt == nullptr
             ? low
             : static_cast<int>(message.opt->ttl >> 24 << 4) + low;
}

}  // namespace

SlowLabels SlowLabelsOf(const std::string& wire) {
  SlowLabels labels;
  for (size_t at = 0; OctetAt(wire, at) != 0; at += 1 + OctetAt(wire, at)) {
    labels.insert(labels.begin(),
                  SlowLower(wire.substr(at + 1, OctetAt(wire, at))));
  }
  return labels;
}

std::optional<SlowNsec> SlowReadNsec(const SlowRecord& record) {
  if (!record.Is(47)) return std::nullopt;
  const size_t size = PlainNameSize(record.rdata);
  if (size == 0) return std::nullopt;
  const auto types = ReadTypes(record.rdata.substr(size));
  if (!types) return std::nullopt;
  return SlowNsec{SlowLabelsOf(record.owner),
                  SlowLabelsOf(record.rdata.substr(0, size)), *types};
}

std::optional<SlowNsec3> SlowReadNsec3(const SlowRecord& record) {
  const std::string& rdata = record.rdata;
  if (!record.Is(50) || rdata.size() < 5) return std::nullopt;
  const size_t salt_size = OctetAt(rdata, 4);
  const size_t next_at = 5 + salt_size + 1;
  if (rdata.size() < next_at + 20 || OctetAt(rdata, next_at - 1) != 20 ||
      OctetAt(rdata, 0) != 1 || OctetAt(rdata, 1) > 1) {
    return std::nullopt;
  }
  SlowNsec3 nsec3;
  nsec3.flags = static_cast<int>(OctetAt(rdata, 1));
  nsec3.iterations =
      static_cast<int>(OctetAt(rdata, 2) * 256 + OctetAt(rdata, 3));
  nsec3.salt = rdata.substr(5, salt_size);
  nsec3.next = rdata.substr(next_at, 20);
  const auto types = ReadTypes(rdata.substr(next_at + 20));
  nsec3.zone = SlowLabelsOf(record.owner);
  if (!types || nsec3.zone.empty() || nsec3.zone.back().size() != 32) {
    return std::nullopt;
  }
  nsec3.types = *types;
  nsec3.hash = std::string(20, '\0');
  for (size_t bit = 0; bit < 160; ++bit) {
    const std::string digits = "0123456789abcdefghijklmnopqrstuv";
    const size_t digit = digits.find(nsec3.zone.back()[bit / 5]);
    if (digit == std::string::npos) return std::nullopt;
    const auto octet =
        static_cast<char>((digit >> (4 - bit % 5) & 1) << (7 - bit % 8));
    nsec3.hash[bit / 8] = static_cast<char>(nsec3.hash[bit / 8] | octet);
  }
  nsec3.zone.pop_back();
  return nsec3;
}

std::string SlowDenial(const SlowMessage& message, const SlowLabels& name,
                       const SlowLabels& zone) {
  if (message.fault != "ok" || RcodeOf(message) != 3 || name == zone ||
      !IsAtOrBelow(name, zone)) {
    return "none";
  }
  std::string denial = "none";
  for (const SlowRecord& record : message.sections[1]) {
    const auto nsec = SlowReadNsec(record);
    if (!nsec || !Denies(*nsec, name, zone)) continue;
    if (IsOrdinary(nsec->owner) && IsOrdinary(nsec->next)) return "nsec";
    denial = "not real";
  }
  if (denial != "none") return denial;
  const std::vector<SlowNsec3> links = LinksOf(message, zone);
  if (links.empty() || links[0].iterations > 150) return "none";
  return SlowNsec3Denial(links, name, zone);
}

}  // namespace fuzz
