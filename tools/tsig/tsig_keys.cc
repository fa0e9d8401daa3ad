#include "tools/tsig/tsig_keys.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "io/files/input_file.h"
#include "io/files/target_text.h"

namespace tools {
namespace {

constexpr absl::string_view kAlgorithms[] = {"hmac-sha1", "hmac-sha256",
                                             "hmac-sha512"};

absl::StatusOr<TsigKey> ParseLine(absl::string_view line) {
  const std::vector<absl::string_view> parts =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (parts.size() != 3) {
    return absl::InvalidArgumentError("a line is NAME ALGORITHM SECRET");
  }
  std::optional<dnswire::Name> name = dnswire::Name::Parse(parts[0]);
  if (!name || name->view().is_root()) {
    return absl::InvalidArgumentError("the first part is not a key's name");
  }
  name->Lower();
  TsigKey key = {.name = *name,
                 .algorithm = absl::AsciiStrToLower(parts[1]),
                 .secret = ""};
  if (std::find(std::begin(kAlgorithms), std::end(kAlgorithms),
                key.algorithm) == std::end(kAlgorithms)) {
    return absl::InvalidArgumentError(
        "the algorithm is none of hmac-sha1, hmac-sha256, hmac-sha512");
  }
  std::string octets;
  if (!absl::Base64Unescape(parts[2], &octets)) {
    return absl::InvalidArgumentError("the secret is not base64");
  }
  key.secret = absl::Base64Escape(octets);
  return key;
}

}  // namespace

absl::StatusOr<std::vector<TsigKey>> ParseTsigKeys(absl::string_view text,
                                                   absl::string_view source) {
  std::vector<TsigKey> keys;
  const absl::Status status = io::ForEachListLine(
      text, source, [&keys](const io::ListLine& line) -> absl::Status {
        auto key = ParseLine(line.text);
        if (!key.ok()) return key.status();
        if (FindTsigKey(keys, key->name) != nullptr) {
          return absl::InvalidArgumentError("a key of this name was given");
        }
        keys.push_back(*std::move(key));
        return absl::OkStatus();
      });
  if (!status.ok()) return status;
  return keys;
}

absl::StatusOr<std::vector<TsigKey>> ReadTsigKeyFile(absl::string_view path) {
  const auto file = io::InputFile::Open(path);
  if (!file.ok()) return file.status();
  const absl::Status is_private = (*file)->CheckPrivate();
  if (!is_private.ok()) return is_private;
  std::string text;
  const absl::Status read = (*file)->Read(0, (*file)->size(), &text);
  if (!read.ok()) return read;
  return ParseTsigKeys(text, path);
}

const TsigKey* FindTsigKey(const std::vector<TsigKey>& keys,
                           dnswire::NameView name) {
  const auto found = std::find_if(
      keys.begin(), keys.end(),
      [name](const TsigKey& key) { return key.name.view().Equals(name); });
  return found == keys.end() ? nullptr : &*found;
}

}  // namespace tools
