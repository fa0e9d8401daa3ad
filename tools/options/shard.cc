#include "tools/options/shard.h"

#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "io/formats/carried_text.h"
#include "io/number.h"
#include "tools/options/environment.h"

namespace tools {
namespace {

constexpr absl::string_view kIndexVariables[] = {
    "SLURM_ARRAY_TASK_ID", "JOB_COMPLETION_INDEX", "AWS_BATCH_JOB_ARRAY_INDEX"};

// The one index that the environment has, with the variable as its origin.
absl::StatusOr<OptionText> FindIndex(const OptionText& shard,
                                     const char* const* environment) {
  std::optional<OptionText> found;
  for (const absl::string_view name : kIndexVariables) {
    const auto value = FindVariable(environment, name);
    if (!value) continue;
    if (found && found->text != *value) {
      return absl::InvalidArgumentError(absl::StrCat(
          shard.origin, ": ", found->origin, " is ",
          io::CarriedText(found->text), ", but ", name, " is ",
          io::CarriedText(*value), "; say a number instead of auto"));
    }
    if (!found) found.emplace(std::string(*value), std::string(name));
  }
  if (found) return *found;
  return absl::InvalidArgumentError(absl::StrCat(
      shard.origin, ": auto, but none of ", kIndexVariables[0], ", ",
      kIndexVariables[1], ", ", kIndexVariables[2], " is set"));
}

}  // namespace

absl::StatusOr<Shard> ChooseShard(const OptionText& shard,
                                  const OptionText& shards,
                                  const char* const* environment) {
  const auto count = io::ParseUnsigned(shards.text, kMaxShards);
  if (!count || *count == 0) {
    return absl::InvalidArgumentError(
        absl::StrCat(shards.origin, ": '", io::ShownText(shards.text),
                     "' is not a whole number from 1 to ", kMaxShards));
  }
  if (shard.empty()) {
    if (*count == 1) return Shard();
    return absl::InvalidArgumentError(
        absl::StrCat(shards.origin, ": which of the ", *count,
                     " is this? (--shard 0 to ", *count - 1, ", or auto)"));
  }
  if (shards.origin.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(shard.origin, ": one of how many? (--shards N)"));
  }
  const auto text = shard.text == "auto" ? FindIndex(shard, environment)
                                         : absl::StatusOr<OptionText>(shard);
  if (!text.ok()) return text.status();
  const auto index = io::ParseUnsigned(text->text, *count - 1);
  if (!index) {
    return absl::InvalidArgumentError(
        absl::StrCat(text->origin, ": '", io::ShownText(text->text),
                     "' is not a shard from 0 to ", *count - 1));
  }
  return Shard{.index = static_cast<uint32_t>(*index),
               .count = static_cast<uint32_t>(*count)};
}

std::string ShardText(const Shard& shard) {
  if (shard.count == 1) return "";
  return absl::StrCat("shard ", shard.index, " (of 0 to ", shard.count - 1,
                      "): ");
}

}  // namespace tools
