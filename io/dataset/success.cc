#include "io/dataset/success.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/files/output_file.h"

namespace io {

void AddShard(const ShardManifest& manifest, DatasetSummary* summary) {
  summary->rows += manifest.rows();
  summary->parts += manifest.parts.size();
  for (const DatasetPart& part : manifest.parts) {
    summary->octets += part.octets;
  }
  if (summary->start.empty() || manifest.start < summary->start) {
    summary->start = manifest.start;
  }
  summary->end = std::max(summary->end, manifest.end);
}

absl::Status WriteSuccess(const std::string& path,
                          const DatasetSummary& summary,
                          const std::string& tool_version) {
  nlohmann::ordered_json object = {{"format", "ptrsweep dataset"},
                                   {"version", 1},
                                   {"tool_version", tool_version}};
  AddRun(summary.run, &object);
  object.update({{"rows", summary.rows},
                 {"parts", summary.parts},
                 {"octets", summary.octets},
                 {"start", summary.start},
                 {"end", summary.end}});
  auto file = OutputFile::Open(path);
  if (!file.ok()) return file.status();
  absl::Status status = (*file)->Write(
      object.dump(2, ' ', false,
                  nlohmann::ordered_json::error_handler_t::replace) +
      "\n");
  return status.ok() ? (*file)->Finish() : status;
}

}  // namespace io
