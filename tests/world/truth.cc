#include "tests/world/truth.h"

#include "tests/world/zone_truth.h"

namespace world {
namespace {

// The fields of `row` that differ from `base`.
Json Difference(const Json& base, const Json& row) {
  Json difference = Json::object();
  for (const auto& [key, value] : row.items()) {
    if (base[key] != value) difference[key] = value;
  }
  return difference;
}

// The pattern with {a} to {d} replaced by the address's octets.
std::string FillOctets(const std::string& pattern, const Address& ip) {
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    if (pattern[i] != '{') {
      text.push_back(pattern[i]);
      continue;
    }
    text += std::to_string(ip.octet(static_cast<size_t>(pattern[i + 1] - 'a')));
    i += 2;
  }
  return text;
}

Json ServersTruth(const Model& model) {
  Json list = Json::array();
  for (const Server& server : model.servers()) {
    Json zones = Json::array();
    for (const Zone& zone : model.zones()) {
      for (const std::string& name : zone.served_by) {
        if (name == server.name) zones.push_back(zone.apex);
      }
    }
    list.push_back({{"name", server.name},
                    {"software", SoftwareName(server.software)},
                    {"addresses", server.addresses},
                    {"zones", zones}});
  }
  return list;
}

Json RowsTruth(const Model& model, const std::string& prefix,
               const TruthOptions& options) {
  Json rows = Json::array();
  for (const Address& ip : Prefix::Of(prefix).Addresses()) {
    Case subject{.model = model, .ip = ip, .asked = options.asked};
    subject.with_labels = options.with_labels;
    subject.with_families = options.with_families;
    if (options.with_labels) subject.expected = ExpectedOf(model, ip);
    rows.push_back(TruthRow(subject));
  }
  return rows;
}

}  // namespace

Json TruthRow(const Case& subject) {
  Choices choices;
  Json row = Judge(subject, &choices);
  Json allowed = Json::array();
  while (choices.Next()) {
    allowed.push_back(Difference(row, Judge(subject, &choices)));
  }
  if (!allowed.empty()) row["allowed"] = allowed;
  return row;
}

Expected ExpectedOf(const Model& model, const Address& ip) {
  Expected expected;
  int label_length = -1;
  int name_length = -1;
  for (const Label& label : model.labels()) {
    const bool single = label.target.find('/') == std::string::npos;
    const Prefix prefix = Prefix::Of(label.target + (!single      ? ""
                                                     : ip.is_v4() ? "/32"
                                                                  : "/128"));
    if (!prefix.Contains(ip)) continue;
    if (!label.label.empty() && prefix.length > label_length) {
      label_length = prefix.length;
      expected.label = label.label;
    }
    if (!label.expected.empty() && prefix.length > name_length) {
      name_length = prefix.length;
      expected.name = FillOctets(label.expected, ip);
    }
  }
  return expected;
}

Json TruthOf(const Model& model, const TruthOptions& options) {
  Json truth;
  truth["version"] = 1;
  truth["seed"] = model.seed();
  truth["bench"] = model.targets().contains("bench");
  truth["iterate"] = model.targets().contains("iterate");
  truth["walk"] = model.walked();
  truth["servers"] = ServersTruth(model);
  truth["zones"] = ZonesTruth(model);
  truth["limits"] = Json::array();
  truth["targets"] = Json::array();
  for (const std::string& list : options.lists) {
    if (options.asked == Asked::kIterative) {
      for (Json& limit : LimitsTruth(model, model.targets().at(list))) {
        truth["limits"].push_back(std::move(limit));
      }
    }
    for (const Target& target : model.targets().at(list)) {
      truth["targets"].push_back(
          {{"prefix", target.prefix},
           {"prunable", target.prunable},
           {"rows", RowsTruth(model, target.prefix, options)}});
    }
  }
  return truth;
}

}  // namespace world
