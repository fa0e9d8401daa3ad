#include "tools/tsig/transfer_config.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/reverse.h"
#include "io/files/target_reader.h"
#include "io/files/transfer_list.h"
#include "io/formats/carried_text.h"
#include "io/number.h"
#include "tools/options/option_value.h"
#include "tools/tsig/tsig_keys.h"
#include "tools/tsig/tsig_signer.h"

namespace tools {
namespace {

constexpr uint64_t kLeastOctets = uint64_t{64} << 10;  // of a ZoneImage
constexpr uint64_t kMostOctets = uint64_t{4} << 30;

absl::Status NeedsAxfr(const OptionText& option) {
  if (option.origin.empty()) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(option.origin, ": needs --axfr"));
}

absl::Status SetMaxOctets(const OptionText& text, uint64_t* out) {
  const auto octets = io::ParseOctets(text.text, kMostOctets);
  if (!octets || *octets < kLeastOctets) {
    return BadValue(text, "a size from 64KiB to 4GiB (65536, 64MiB)");
  }
  *out = *octets;
  return absl::OkStatus();
}

absl::StatusOr<std::vector<TsigKey>> ReadKeys(const OptionText& file) {
  if (file.empty()) return std::vector<TsigKey>();
  auto keys = ReadTsigKeyFile(file.text);
  if (!keys.ok()) return At(file, keys.status());
  return keys;
}

absl::StatusOr<scanner::ListedZone> MakeZone(const io::ListedTransfer& listed,
                                             const std::vector<TsigKey>& keys,
                                             const OptionText& key_file) {
  const std::string apex = listed.apex.ToText();
  const auto prefix = dnswire::ParseReverseZoneName(listed.apex);
  if (!prefix) {
    return absl::InvalidArgumentError(
        absl::StrCat(apex, " is no prefix's reverse zone"));
  }
  scanner::ListedZone zone = {
      .prefix = *prefix, .apex = listed.apex, .servers = listed.servers};
  if (!listed.key) return zone;
  const TsigKey* const key = FindTsigKey(keys, *listed.key);
  if (key == nullptr) {
    return absl::InvalidArgumentError(absl::StrCat(
        "key ", listed.key->ToText(),
        key_file.empty()
            ? " needs --tsig-keys"
            : absl::StrCat(" is not in ", io::CarriedText(key_file.text))));
  }
  zone.make_signer = [key = *key] { return std::make_unique<TsigSigner>(key); };
  return zone;
}

}  // namespace

absl::StatusOr<scanner::TransferPlan> MakeTransferPlan(
    const ScanArguments& arguments) {
  scanner::TransferPlan plan;
  absl::Status status = SetMaxOctets(arguments.axfr_max, &plan.max_octets);
  if (arguments.axfr.empty()) {
    status.Update(NeedsAxfr(arguments.tsig_keys));
    status.Update(NeedsAxfr(arguments.axfr_max));
    if (!status.ok()) return status;
    return plan;
  }
  if (!status.ok()) return status;
  const auto text = io::ReadWholeFile(arguments.axfr.text);
  if (!text.ok()) return At(arguments.axfr, text.status());
  const auto list = io::ParseTransferList(*text, arguments.axfr.text);
  if (!list.ok()) return list.status();
  const auto keys = ReadKeys(arguments.tsig_keys);
  if (!keys.ok()) return keys.status();
  for (const io::ListedTransfer& listed : *list) {
    auto zone = MakeZone(listed, *keys, arguments.tsig_keys);
    if (!zone.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(io::CarriedText(arguments.axfr.text), ":", listed.line,
                       ": ", zone.status().message()));
    }
    plan.zones.push_back(*std::move(zone));
  }
  return plan;
}

}  // namespace tools
