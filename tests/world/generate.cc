#include "tests/world/generate.h"

#include <filesystem>
#include <fstream>
#include <system_error>

#include "tests/world/server_config.h"
#include "tests/world/truth.h"
#include "tests/world/walk/walk_truth.h"
#include "tests/world/zone_writer.h"

namespace world {
namespace {

namespace fs = std::filesystem;

// A folder being filled; the first failure stays.
class Folder {
 public:
  explicit Folder(std::string path) : path_(std::move(path)) {
    std::error_code error;
    std::filesystem::create_directories(path_ + "/zones", error);
    if (error) error_ = path_ + ": " + error.message();
  }

  void Write(const std::string& name, const std::string& text) {
    if (!error_.empty()) return;
    std::ofstream file(path_ + "/" + name, std::ios::binary);
    file << text;
    file.close();
    if (!file) error_ = path_ + "/" + name + ": cannot be written";
  }

  const std::string& error() const { return error_; }

 private:
  std::string path_;
  std::string error_;
};

std::string LabelFileText(const Model& model) {
  std::string text = "target,label,expected\n";
  for (const Label& label : model.labels()) {
    text += label.target + "," + label.label + "," + label.expected + "\n";
  }
  return text;
}

void WriteZones(const Model& model, Folder* folder) {
  for (const Zone& zone : model.zones()) {
    const bool delegated = !zone.name_servers.empty();
    if (!delegated || zone.source != Source::kFile) continue;
    for (const std::string& server : zone.served_by) {
      folder->Write("zones/" + ZoneFileName(zone, server),
                    ZoneFileText(model, zone, server));
    }
  }
}

void WriteConfigs(const Model& model, const std::string& path, Folder* folder) {
  folder->Write("root.hints", RootHintsText());
  for (const Server& server : model.servers()) {
    if (server.software == Software::kSilent) continue;
    folder->Write(fs::path(ConfigPath(server, path)).filename(),
                  ConfigText(model, server, path));
    if (server.software == Software::kPdns) {
      folder->Write(fs::path(SqlPath(server, path)).filename(),
                    PdnsSqlText(model, server.name));
    }
    if (server.rectified) {
      folder->Write(fs::path(LateSqlPath(server, path)).filename(),
                    PdnsLateSqlText(model, server.name));
    }
    if (server.habit == Habit::kCatchAll) {
      folder->Write("zones/catch-all", CatchAllFileText());
    }
  }
}

void WriteTargets(const Model& model, Folder* folder) {
  for (const auto& [list, prefixes] : model.targets()) {
    std::string text;
    for (const Target& target : prefixes) text += target.prefix + "\n";
    folder->Write("targets-" + list + ".txt", text);
  }
  folder->Write("labels.csv", LabelFileText(model));
}

void WriteTruth(const Model& model, Folder* folder) {
  TruthOptions options{.lists = {"v4", "v6"}};
  folder->Write("truth.json", TruthOf(model, options).dump(1));
  options.with_labels = true;
  folder->Write("truth-labels.json", TruthOf(model, options).dump(1));
  options = {.lists = {"v4", "v6"}, .with_families = true};
  folder->Write("truth-families.json", TruthOf(model, options).dump(1));
  options = {.lists = {"v4", "v6"}, .asked = Asked::kIterative};
  folder->Write("truth-iterative.json", TruthOf(model, options).dump(1));
}

// Of each list that is there, as far as it is not in the above.
void WriteMoreTruth(const Model& model, Folder* folder) {
  for (const auto& [list, targets] : model.targets()) {
    if (list == "v4" || list == "v6") continue;
    TruthOptions options{.lists = {list}};
    if (list == "bench") {
      folder->Write("truth-bench.json", TruthOf(model, options).dump());
      options.asked = Asked::kDirect;
      folder->Write("truth-direct.json", TruthOf(model, options).dump());
      continue;
    }
    folder->Write("truth-" + list + "-resolver.json",
                  TruthOf(model, options).dump());
    options.asked = Asked::kIterative;
    folder->Write("truth-" + list + ".json", TruthOf(model, options).dump());
  }
}

void WriteWalk(const Model& model, Folder* folder) {
  folder->Write("truth-walk.json", WalkTruthOf(model).dump());
  folder->Write("walk-cases.txt", WalkCasesText());
  folder->Write("walk-known.txt", KnownAddressesText(model));
}

}  // namespace

std::string Generate(const Model& model, const std::string& path) {
  Folder folder(path);
  WriteZones(model, &folder);
  WriteConfigs(model, path, &folder);
  WriteTargets(model, &folder);
  WriteTruth(model, &folder);
  WriteMoreTruth(model, &folder);
  if (model.walked()) WriteWalk(model, &folder);
  return folder.error();
}

}  // namespace world
