#include "io/parquet/parquet_encoder.h"

#include <bit>
#include <cstring>
#include <utility>

#include "absl/numeric/int128.h"
#include "dnswire/wire.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_text.h"
#include "io/parquet/parquet_order.h"

namespace io {
namespace {

// Definition levels of lists that may be null (ptr, confirmed, forward), and
// of those that may not (flags); below forward, those of addresses.
constexpr uint8_t kNull = 0;
constexpr uint8_t kEmpty = 1;
constexpr uint8_t kNoFlags = 0;
constexpr uint8_t kNoAddresses = 2;

// Repetition levels: which list goes on.
constexpr uint8_t kSameList = 1;
constexpr uint8_t kSameAddresses = 2;

// Columns that hardly ever have a value twice.
bool IsDistinct(size_t leaf) {
  return leaf == kIpKeyLeaf || leaf == kIpLeaf || leaf == kRttLeaf ||
         leaf == kTimeLeaf;
}

void PutBigEndian(uint64_t value, char* to) {
  static_assert(std::endian::native == std::endian::little);
  value = __builtin_bswap64(value);
  std::memcpy(to, &value, sizeof value);
}

}  // namespace

absl::string_view LastNameText::Of(dnswire::NameView name) {
  const auto last = name_.view().wire();
  const auto wire = name.wire();
  if (wire.size() != last.size() ||
      std::memcmp(wire.data(), last.data(), wire.size()) != 0) {
    name_.Assign(name);
    octets_ = name.FormatText(text_);
  }
  return {text_, octets_};
}

ParquetEncoder::ParquetEncoder(const ParquetSchema& schema) {
  columns_.reserve(schema.leaves.size());
  for (size_t leaf = 0; leaf < schema.leaves.size(); ++leaf) {
    columns_.emplace_back(schema.leaves[leaf], IsDistinct(leaf), &compressor_);
  }
}

void ParquetEncoder::Add(const Row& row) {
  ++rows_;
  AddAddress(row.ip);
  AddVerdict(row);
  AddEvidence(row);
  AddCarried(kLabelLeaf, row.label, PutLabel);
  AddCarried(kExpectedLeaf, row.expected, PutExpected);
}

void ParquetEncoder::AddAddress(const dnswire::IpAddress& address) {
  columns_[kIpKeyLeaf].PutText(kIpKeyOctets, [&address](char* to) {
    const absl::uint128 key = IpKey(address);
    PutBigEndian(absl::Uint128High64(key), to);
    PutBigEndian(absl::Uint128Low64(key), to + sizeof(uint64_t));
    return kIpKeyOctets;
  });
  columns_[kIpLeaf].PutText(
      dnswire::IpAddress::kMaxTextOctets,
      [&address](char* to) { return address.Format(to); });
}

// status to forward.
void ParquetEncoder::AddVerdict(const Row& row) {
  columns_[kStatusLeaf].AddText(StatusName(row.status));
  if (row.cause == Cause::kNone) {
    columns_[kCauseLeaf].AddMissing(kNull);
  } else {
    columns_[kCauseLeaf].AddText(CauseName(row.cause));
  }
  AddFlags(row.flags);
  if (row.ptr_known) {
    AddNames(kPtrLeaf, row.ptr);
    AddNames(kConfirmedLeaf, row.confirmed);
    AddForward(row.forward);
  } else {
    columns_[kPtrLeaf].AddMissing(kNull);
    columns_[kConfirmedLeaf].AddMissing(kNull);
    AddMissingForward(kNull);
  }
}

void ParquetEncoder::AddFlags(FlagSet flags) {
  ParquetColumn& column = columns_[kFlagsLeaf];
  if (flags.empty()) return column.AddMissing(kNoFlags);
  uint8_t repetition = 0;
  ForEachFlagByName(flags, [&](Flag flag) {
    column.AddText(FlagName(flag), std::exchange(repetition, kSameList));
  });
}

void ParquetEncoder::AddNames(ParquetLeafId leaf, dnswire::NameListView names) {
  ParquetColumn& column = columns_[leaf];
  if (names.empty()) return column.AddMissing(kEmpty);
  uint8_t repetition = 0;
  for (const dnswire::NameView name : names) {
    column.AddText(name_.Of(name), std::exchange(repetition, kSameList));
  }
}

void ParquetEncoder::AddMissingForward(uint8_t definition) {
  columns_[kForwardNameLeaf].AddMissing(definition);
  columns_[kForwardOutcomeLeaf].AddMissing(definition);
  columns_[kForwardAddressesLeaf].AddMissing(definition);
}

void ParquetEncoder::AddForward(std::span<const ForwardItem> items) {
  if (items.empty()) return AddMissingForward(kEmpty);
  uint8_t repetition = 0;
  for (const ForwardItem& item : items) {
    columns_[kForwardNameLeaf].AddText(name_.Of(item.name), repetition);
    columns_[kForwardOutcomeLeaf].AddText(
        item.outcome == ForwardOutcome::kError
            ? CauseName(item.cause)
            : ForwardOutcomeName(item.outcome),
        repetition);
    AddForwardAddresses(item, repetition);
    repetition = kSameList;
  }
}

void ParquetEncoder::AddForwardAddresses(const ForwardItem& item,
                                         uint8_t repetition) {
  ParquetColumn& column = columns_[kForwardAddressesLeaf];
  if (item.addresses.empty()) {
    return column.AddMissing(kNoAddresses, repetition);
  }
  char text[dnswire::IpAddress::kMaxTextOctets];
  for (const dnswire::IpAddress& address : item.addresses) {
    column.AddText({text, address.Format(text)},
                   std::exchange(repetition, kSameAddresses));
  }
}

// ttl_s to time.
void ParquetEncoder::AddEvidence(const Row& row) {
  AddNumber(kTtlLeaf, row.ttl_s);
  if (row.rcode) {
    char text[32];
    const char* const end = PutRcode(*row.rcode, text);
    columns_[kRcodeLeaf].AddText({text, static_cast<size_t>(end - text)});
  } else {
    columns_[kRcodeLeaf].AddMissing(kNull);
  }
  AddName(kZoneLeaf, row.zone, &zone_);
  AddName(kZoneMnameLeaf, row.zone_mname, &zone_mname_);
  AddName(kZoneRnameLeaf, row.zone_rname, &zone_rname_);
  AddServer(row.server);
  columns_[kQueriesLeaf].AddNumber(row.queries);
  AddNumber(kRttLeaf, row.rtt_us);
  columns_[kTimeLeaf].AddNumber(row.time_us);
}

void ParquetEncoder::AddName(ParquetLeafId leaf,
                             const std::optional<dnswire::NameView>& name,
                             LastNameText* last) {
  if (!name) return columns_[leaf].AddMissing(kNull);
  columns_[leaf].AddText(last->Of(*name));
}

void ParquetEncoder::AddNumber(ParquetLeafId leaf,
                               const std::optional<uint32_t>& number) {
  if (!number) return columns_[leaf].AddMissing(kNull);
  columns_[leaf].AddNumber(*number);
}

void ParquetEncoder::AddServer(const std::optional<Endpoint>& server) {
  if (!server) return columns_[kServerLeaf].AddMissing(kNull);
  if (server != server_) {
    server_ = server;
    server_text_ = CarriedText(server->ToString());
  }
  columns_[kServerLeaf].AddText(server_text_);
}

void ParquetEncoder::AddCarried(ParquetLeafId leaf, absl::string_view text,
                                char* (*put)(absl::string_view text,
                                             char* out)) {
  if (text.empty()) return columns_[leaf].AddMissing(kNull);
  carried_.resize(kCarriedTextGrowth * text.size());
  const char* const end = put(text, carried_.data());
  columns_[leaf].AddText(
      {carried_.data(), static_cast<size_t>(end - carried_.data())});
}

ParquetRowGroup ParquetEncoder::Finish(int64_t offset, std::string* out) {
  return FinishGroup(columns_, std::exchange(rows_, 0), offset, out);
}

}  // namespace io
