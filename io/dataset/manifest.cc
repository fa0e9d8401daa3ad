#include "io/dataset/manifest.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "io/dataset/layout.h"
#include "io/files/input_file.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/number.h"

namespace io {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr char kFormat[] = "ptrsweep shard manifest";
constexpr uint64_t kVersion = 1;
constexpr uint64_t kMaxOctets = 256 << 20;  // a million parts
constexpr uint64_t kMaxTextOctets = 100;
constexpr uint64_t kMaxRows = uint64_t{1} << 62;

absl::Status BadField(absl::string_view name) {
  return absl::DataLossError(
      absl::StrCat("is damaged: ", name, " is missing or impossible"));
}

// Fields of an object; remembers the first that is wrong.
class Fields {
 public:
  explicit Fields(const json& object) : object_(object) {}

  uint64_t Number(const char* name, uint64_t max) {
    const json* const value = Find(name);
    const auto* const number =
        value == nullptr ? nullptr
                         : value->get_ptr<const json::number_unsigned_t*>();
    if (number != nullptr && *number <= max) return *number;
    Fail(name);
    return 0;
  }
  std::string Text(const char* name) {
    const json* const value = Find(name);
    const auto* const text =
        value == nullptr ? nullptr : value->get_ptr<const json::string_t*>();
    if (text != nullptr && text->size() <= kMaxTextOctets) return *text;
    Fail(name);
    return "";
  }
  uint64_t NumberInText(const char* name) {
    const auto number = ParseUnsigned(Text(name), UINT64_MAX);
    if (!number) Fail(name);
    return number.value_or(0);
  }
  // 64 hexadecimal digits.
  std::string Hex(const char* name) {
    std::string text = Text(name);
    const bool is_hex =
        text.size() == 2 * Digest().size() &&
        text.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!is_hex) Fail(name);
    return text;
  }
  void Fail(absl::string_view name) {
    if (wrong_.empty()) wrong_ = std::string(name);
  }

  bool ok() const { return wrong_.empty(); }
  absl::Status status() const {
    return ok() ? absl::OkStatus() : BadField(wrong_);
  }

 private:
  const json* Find(const char* name) const {
    const auto found = object_.find(name);
    return found == object_.end() ? nullptr : &*found;
  }

  const json& object_;
  std::string wrong_;
};

std::optional<DatasetPart> ParsePart(const json& object, size_t number) {
  if (!object.is_object()) return std::nullopt;
  Fields fields(object);
  DatasetPart part = {.rows = fields.Number("rows", kMaxRows),
                      .octets = fields.Number("octets", kMaxRows)};
  const std::string hex = fields.Hex("sha256");
  if (fields.Text("name") != PartName(number) || part.rows == 0 ||
      !fields.ok()) {
    return std::nullopt;
  }
  const std::string octets = absl::HexStringToBytes(hex);
  std::transform(octets.begin(), octets.end(), part.sha256.begin(),
                 [](char c) { return static_cast<uint8_t>(c); });
  return part;
}

absl::Status ParseParts(const json& object, ShardManifest* manifest) {
  const auto parts = object.find("parts");
  if (parts == object.end() || !parts->is_array()) return BadField("parts");
  uint64_t rows = 0;
  for (const json& value : *parts) {
    const size_t number = manifest->parts.size();
    const auto part = ParsePart(value, number);
    if (!part || part->rows > kMaxRows - rows) {
      return BadField(absl::StrCat("part ", number));
    }
    rows += part->rows;
    manifest->parts.push_back(*part);
  }
  return absl::OkStatus();
}

absl::Status ParseFields(const json& object, ShardManifest* manifest) {
  Fields fields(object);
  RunIdentity& run = manifest->run;
  manifest->tool_version = fields.Text("tool_version");
  run.schema_version = fields.Number("schema_version", UINT32_MAX);
  run.targets_digest = fields.Hex("targets_digest");
  run.options_digest = fields.Hex("options_digest");
  run.seed = fields.NumberInText("seed");
  run.shards = fields.Number("shards", UINT32_MAX);
  run.all_targets = fields.Number("all_targets", kMaxRows);
  manifest->shard = fields.Number("shard", UINT32_MAX);
  manifest->targets = fields.Number("targets", kMaxRows);
  manifest->start = fields.Text("start");
  manifest->end = fields.Text("end");
  if (manifest->shard >= run.shards) fields.Fail("shard");
  const uint64_t rows = fields.Number("rows", kMaxRows);
  absl::Status status = fields.status();
  status.Update(ParseParts(object, manifest));
  if (!status.ok()) return status;
  if (rows == manifest->rows()) return absl::OkStatus();
  return absl::DataLossError(absl::StrCat("is damaged: it says ", rows,
                                          " rows, its parts have ",
                                          manifest->rows()));
}

ordered_json ToJson(const DatasetPart& part, size_t number) {
  return {{"name", PartName(number)},
          {"rows", part.rows},
          {"octets", part.octets},
          {"sha256", HexText(part.sha256)}};
}

}  // namespace

uint64_t ShardManifest::rows() const {
  uint64_t rows = 0;
  for (const DatasetPart& part : parts) rows += part.rows;
  return rows;
}

void AddRun(const RunIdentity& run, ordered_json* object) {
  object->update({{"schema_version", run.schema_version},
                  {"targets_digest", run.targets_digest},
                  {"options_digest", run.options_digest},
                  {"seed", absl::StrCat(run.seed)},
                  {"shards", run.shards},
                  {"all_targets", run.all_targets}});
}

std::string FormatManifest(const ShardManifest& manifest) {
  ordered_json object = {{"format", kFormat},
                         {"version", kVersion},
                         {"tool_version", manifest.tool_version}};
  AddRun(manifest.run, &object);
  object.update({{"shard", manifest.shard},
                 {"targets", manifest.targets},
                 {"rows", manifest.rows()},
                 {"start", manifest.start},
                 {"end", manifest.end},
                 {"parts", ordered_json::array()}});
  for (size_t i = 0; i < manifest.parts.size(); ++i) {
    object["parts"].push_back(ToJson(manifest.parts[i], i));
  }
  return object.dump(2, ' ', false, ordered_json::error_handler_t::replace) +
         "\n";
}

absl::StatusOr<ShardManifest> ParseManifest(absl::string_view text) {
  const json object = json::parse(text.begin(), text.end(), nullptr,
                                  /*allow_exceptions=*/false);
  if (!object.is_object()) {
    return absl::DataLossError("is damaged: it is no JSON object");
  }
  const auto format = object.find("format");
  if (format == object.end() || *format != kFormat) {
    return absl::DataLossError("is no manifest of ptrsweep");
  }
  Fields fields(object);
  const uint64_t version = fields.Number("version", UINT32_MAX);
  if (!fields.ok()) return fields.status();
  if (version != kVersion) {
    return absl::UnimplementedError(absl::StrCat(
        "is of version ", version, ", this program knows ", kVersion, " only"));
  }
  ShardManifest manifest;
  absl::Status status = ParseFields(object, &manifest);
  if (!status.ok()) return status;
  return manifest;
}

absl::StatusOr<ShardManifest> ReadManifest(const std::string& path) {
  const auto file = InputFile::Open(path);
  if (!file.ok()) return file.status();
  const std::string& name = (*file)->name();
  if ((*file)->size() > kMaxOctets) {
    return absl::DataLossError(absl::StrCat(name, " is too long"));
  }
  std::string text;
  absl::Status status = (*file)->Read(0, (*file)->size(), &text);
  if (!status.ok()) return status;
  auto manifest = ParseManifest(text);
  if (manifest.ok()) return manifest;
  return absl::Status(manifest.status().code(),
                      absl::StrCat(name, " ", manifest.status().message()));
}

absl::Status WriteManifest(const std::string& path,
                           const ShardManifest& manifest) {
  auto file = OutputFile::Open(path);
  if (!file.ok()) return file.status();
  absl::Status status = (*file)->Write(FormatManifest(manifest));
  return status.ok() ? (*file)->Finish() : status;
}

}  // namespace io
