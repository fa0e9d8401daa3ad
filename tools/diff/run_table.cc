#include "tools/diff/run_table.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_batch.h"
#include "scanner/verdict/row_names.h"
#include "tools/row_files.h"

namespace tools {
namespace {

using dnswire::IpAddress;

constexpr size_t kBlockOctets = 1 << 20;

// Octets of the address behind its length, 4 or 16.
void AppendPacked(const IpAddress& address, std::vector<uint8_t>* out) {
  const int octets = address.bits() / 8;
  out->push_back(static_cast<uint8_t>(octets));
  for (int i = 0; i < octets; ++i) out->push_back(address.octet(i));
}

std::vector<IpAddress> Unpacked(std::span<const uint8_t> octets) {
  std::vector<IpAddress> addresses;
  while (!octets.empty()) {
    const size_t size = octets[0];
    const auto address = octets.subspan(1, size);
    addresses.push_back(size == 4
                            ? IpAddress::FromV4Octets(address.first<4>())
                            : IpAddress::FromV6Octets(address.first<16>()));
    octets = octets.subspan(1 + size);
  }
  std::sort(addresses.begin(), addresses.end());
  addresses.erase(std::unique(addresses.begin(), addresses.end()),
                  addresses.end());
  return addresses;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RunTable>> RunTable::Read(
    const std::string& path, scanner::Profile profile) {
  const auto files = RowFilesOf(path);
  if (!files.ok()) return files.status();
  std::unique_ptr<RunTable> table(new RunTable(profile));
  table->LabelNumber("");
  for (const std::string& file : *files) {
    absl::Status status = table->ReadFile(file);
    if (!status.ok()) return status;
  }
  absl::Status status = table->FinishReading(path);
  if (!status.ok()) return status;
  return table;
}

absl::Status RunTable::ReadFile(const std::string& path) {
  auto reader = OpenRows(path);
  if (!reader.ok()) return reader.status();
  io::RowBatch batch;
  while (true) {
    batch.Clear();
    const auto more = (*reader)->Next(&batch);
    if (!more.ok()) return more.status();
    if (!*more) return absl::OkStatus();
    for (const io::Row& row : batch.rows()) Add(row);
  }
}

absl::Status RunTable::FinishReading(const std::string& path) {
  if (const auto repeated = review_.Finish()) {
    return absl::InvalidArgumentError(
        absl::StrCat(io::CarriedText(path), ": ", repeated->ToString(),
                     " has two rows: this is not one run"));
  }
  for (const auto& entry : review_.entries()) {
    records_[entry.row].compared.review_flags = entry.reviewed.flags;
  }
  return absl::OkStatus();
}

void RunTable::Add(const io::Row& row) {
  review_.Add(row);
  scratch_.clear();
  scanner::ForEachAskedName(row, [this](const io::ForwardItem& item) {
    for (const IpAddress& address : item.addresses) {
      AppendPacked(address, &scratch_);
    }
  });
  const std::span<const uint8_t> names = row.ptr.packed();
  records_.push_back({.compared = scanner::CompareBy(row, profile_),
                      .flags = row.flags,
                      .octets = Keep(names, scratch_),
                      .name_octets = static_cast<uint32_t>(names.size()),
                      .name_count = static_cast<uint32_t>(row.ptr.size()),
                      .address_octets = static_cast<uint32_t>(scratch_.size()),
                      .label = LabelNumber(row.label),
                      .cause = row.cause});
}

const uint8_t* RunTable::Keep(std::span<const uint8_t> names,
                              std::span<const uint8_t> addresses) {
  const size_t size = names.size() + addresses.size();
  if (size == 0) return nullptr;
  if (size > block_left_) {
    block_left_ = std::max(size, kBlockOctets);
    blocks_.push_back(std::make_unique_for_overwrite<uint8_t[]>(block_left_));
    free_ = blocks_.back().get();
  }
  uint8_t* const start = free_;
  if (!names.empty()) std::memcpy(start, names.data(), names.size());
  if (!addresses.empty()) {
    std::memcpy(start + names.size(), addresses.data(), addresses.size());
  }
  free_ += size;
  block_left_ -= size;
  return start;
}

uint32_t RunTable::LabelNumber(absl::string_view label) {
  const auto known = label_numbers_.find(label);
  if (known != label_numbers_.end()) return known->second;
  const auto number = static_cast<uint32_t>(labels_.size());
  labels_.emplace_back(label);
  label_numbers_.emplace(labels_.back(), number);
  return number;
}

const scanner::ComparedRow& RunTable::compared(size_t i) const {
  return RecordOf(i).compared;
}

absl::string_view RunTable::label(size_t i) const {
  return labels_[RecordOf(i).label];
}

ComparedEntry RunTable::entry(size_t i) const {
  const Record& record = RecordOf(i);
  const std::span<const uint8_t> octets(
      record.octets, size_t{record.name_octets} + record.address_octets);
  return {.ip = ip(i),
          .compared = record.compared,
          .flags = record.flags,
          .reviewed = review_.entries()[i].reviewed,
          .cause = record.cause,
          .ptr = {octets.first(record.name_octets), record.name_count},
          .addresses = Unpacked(octets.subspan(record.name_octets)),
          .label = label(i)};
}

}  // namespace tools
