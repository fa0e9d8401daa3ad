#include "tests/world/check_zones.h"

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "tests/world/address.h"
#include "tests/world/names.h"

namespace world {
namespace {

// Labels of `apex` below `root`, the lowest first; nullopt if it is not there.
std::optional<std::vector<std::string>> LabelsBelow(std::string_view apex,
                                                    std::string_view root) {
  if (!IsAtOrBelow(apex, root)) return std::nullopt;
  std::vector<std::string> labels;
  while (apex != root) {
    labels.emplace_back(FirstLabel(apex));
    apex = Parent(apex);
  }
  return labels;
}

bool IsDigits(const std::string& label, const char* digits, size_t most) {
  return label.size() <= most &&
         label.find_first_not_of(digits) == std::string::npos;
}

// The prefix whose reverse name is visited: /8, /16, /24, or whole nibbles.
std::optional<Prefix> PrefixOf(std::string_view apex) {
  std::array<uint8_t, 16> octets{};
  if (auto labels = LabelsBelow(apex, "in-addr.arpa")) {
    std::reverse(labels->begin(), labels->end());
    if (labels->size() > 3) return std::nullopt;
    for (size_t i = 0; i < labels->size(); ++i) {
      if (!IsDigits((*labels)[i], "0123456789", 3)) return std::nullopt;
      octets[i] = static_cast<uint8_t>(std::stoul((*labels)[i]));
    }
    return Prefix{Address::FromOctets(true, octets.data()),
                  static_cast<int>(8 * labels->size())};
  }
  auto labels = LabelsBelow(apex, "ip6.arpa");
  if (!labels) return std::nullopt;
  std::reverse(labels->begin(), labels->end());
  for (size_t i = 0; i < labels->size(); ++i) {
    if (!IsDigits((*labels)[i], "0123456789abcdef", 1)) return std::nullopt;
    const auto nibble = std::stoul((*labels)[i], nullptr, 16);
    octets[i / 2] |= static_cast<uint8_t>(i % 2 == 0 ? nibble << 4 : nibble);
  }
  return Prefix{Address::FromOctets(false, octets.data()),
                static_cast<int>(4 * labels->size())};
}

bool IsWithin(const Prefix& inner, const std::vector<Prefix>& outer) {
  return std::any_of(outer.begin(), outer.end(), [&](const Prefix& prefix) {
    return inner.length >= prefix.length && prefix.Contains(inner.first);
  });
}

// IPv6 zones below a target are left to `walk`.
bool IsVisited(const Prefix& zone, const std::vector<Prefix>& targets) {
  return zone.first.is_v4() ||
         std::none_of(targets.begin(), targets.end(),
                      [&](const Prefix& target) {
                        return zone.length > target.length &&
                               target.Contains(zone.first);
                      });
}

// The truth's servers as column ns has them, in any order.
std::set<std::string> ServersOf(const RowJson& zone) {
  std::set<std::string> servers;
  for (const RowJson& server : zone["servers"]) {
    std::string text = server["name"];
    if (server["addr"].is_string()) {
      text += "/" + server["addr"].get<std::string>();
    }
    servers.insert(text + "=" + server["result"].get<std::string>());
  }
  return servers;
}

std::set<std::string> SetOf(const RowJson& list) {
  return {list.begin(), list.end()};
}

class ZonesChecker {
 public:
  ZonesChecker(const RowJson& truth, const std::vector<std::string>& targets)
      : truth_(truth) {
    for (const std::string& target : targets) {
      targets_.push_back(Prefix::Of(target));
    }
    for (const RowJson& zone : truth["zones"]) {
      if (zone["verdict"] != "local") zones_[zone["apex"]] = &zone;
    }
  }

  void CheckLine(const std::string& line) {
    const RowJson row =
        RowJson::parse(line, nullptr, /*allow_exceptions=*/false);
    if (!row.is_object() || !row.contains("verdict")) {
      return Differ(line, "is no row");
    }
    if (row["verdict"] == "undelegated") {
      undelegated_.push_back(Prefix::Of(row["prefix"].get<std::string>()));
    } else if (row["verdict"] == "unknown" && row["cause"] == "nodata") {
      unvisited_.push_back(Prefix::Of(row["prefix"].get<std::string>()));
    } else {
      CheckZone(row);
    }
  }

  ZonesCheckResult Finish() {
    for (const auto& [apex, zone] : zones_) {
      const auto prefix = PrefixOf(apex);
      if (prefix && IsWithin(*prefix, targets_)) Want(*prefix, apex);
    }
    for (const RowJson& target : truth_["targets"]) {
      for (const RowJson& row : target["rows"]) CheckAddress(row);
    }
    return std::move(result_);
  }

 private:
  void Differ(const std::string& what, const std::string& why) {
    result_.differences.push_back(what + ": " + why);
  }

  void Want(const Prefix& prefix, const std::string& apex) {
    if (!IsVisited(prefix, targets_)) return;
    if (!seen_.contains(apex)) Differ(apex, "no row");
    seen_.insert(apex);  // said once
  }

  void CheckZone(const RowJson& row) {
    const std::string apex =
        row["zone"].is_string() ? row["zone"].get<std::string>() : "?";
    if (!zones_.contains(apex)) return Differ(apex, "not in the truth");
    if (!seen_.insert(apex).second) return Differ(apex, "second row");
    const RowJson& zone = *zones_[apex];
    const size_t before = result_.differences.size();
    for (const char* key : {"verdict", "parent", "serial_min", "serial_max"}) {
      if (row[key] != zone[key]) {
        Differ(apex, std::string(key) + ": truth " + zone[key].dump() +
                         ", row " + row[key].dump());
      }
    }
    if (SetOf(row["ns"]) != ServersOf(zone)) {
      Differ(apex, "ns: truth " + zone["servers"].dump() + ", row " +
                       row["ns"].dump());
    }
    std::set<std::string> flags = SetOf(row["flags"]);
    std::set<std::string> wanted = SetOf(zone["flags"]);
    flags.erase("ns_special_use");
    if (!flags.contains("ent_broken")) wanted.erase("ent_broken");
    if (flags != wanted) {
      Differ(apex, "flags: truth " + zone["flags"].dump() + ", row " +
                       row["flags"].dump());
    }
    ++result_.compared;
    if (result_.differences.size() == before) ++result_.equal;
  }

  void CheckAddress(const RowJson& row) {
    const Address ip = Address::Of(row["ip"].get<std::string>());
    const Prefix host = {ip, ip.is_v4() ? 32 : 128};
    if (!IsWithin(host, targets_) || IsWithin(host, unvisited_)) return;
    const bool undelegated = row["status"] == "undelegated";
    if (undelegated != IsWithin(host, undelegated_)) {
      return Differ(ip.ToText(), undelegated ? "no row says undelegated"
                                             : "a row says undelegated");
    }
    if (undelegated) {
      ++result_.undelegated;
    } else if (row["zone"].is_string()) {
      const auto prefix = PrefixOf(row["zone"].get<std::string>());
      if (prefix) Want(*prefix, row["zone"]);
    }
  }

  const RowJson& truth_;
  std::vector<Prefix> targets_;
  std::map<std::string, const RowJson*> zones_;
  std::vector<Prefix> undelegated_;
  std::vector<Prefix> unvisited_;  // "delegations lie deeper"
  std::set<std::string> seen_;
  ZonesCheckResult result_;
};

}  // namespace

ZonesCheckResult CheckZones(std::istream& rows, const RowJson& truth,
                            const std::vector<std::string>& targets) {
  ZonesChecker checker(truth, targets);
  for (std::string line; std::getline(rows, line);) checker.CheckLine(line);
  return checker.Finish();
}

}  // namespace world
