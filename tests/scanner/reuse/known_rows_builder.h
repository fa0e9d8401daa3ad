// KnownRows of a few words, for tests.
#ifndef PTRSWEEP_TESTS_SCANNER_REUSE_KNOWN_ROWS_BUILDER_H_
#define PTRSWEEP_TESTS_SCANNER_REUSE_KNOWN_ROWS_BUILDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "absl/time/time.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"
#include "scanner/reuse/known_rows.h"

namespace scanner {

class KnownRowsBuilder {
 public:
  static constexpr int64_t kAsked = 1'000'000'000;  // rows; their zones before

  explicit KnownRowsBuilder(int64_t oldest_us = 0)
      : rows_(std::make_unique<KnownRows>(absl::FromUnixMicros(oldest_us))) {}

  static std::string Wire(const std::string& text) {
    return std::string(WireText(*dnswire::Name::Parse(text)));
  }
  static SeenZone ZoneOf(const std::string& apex, uint32_t serial) {
    return {.apex = Wire(apex),
            .mname = Wire("ns.example"),
            .rname = Wire("root.example"),
            .serial = serial,
            .servers = {{.server = *io::Endpoint::Parse("192.0.2.53"),
                         .since_us = kAsked},
                        {.server = *io::Endpoint::Parse("192.0.2.54")}}};
  }
  KnownRowsBuilder& Zone(const std::string& apex, uint32_t serial) {
    rows_->AddZone(ZoneOf(apex, serial));
    return *this;
  }
  // `ptr` "": there is none, NODATA. `change` makes another row of it.
  KnownRowsBuilder& Row(const std::string& ip, const std::string& apex,
                        const std::string& ptr,
                        const std::function<void(io::Row*)>& change = nullptr) {
    const dnswire::Name zone = *dnswire::Name::Parse(apex);
    const dnswire::Name mname = *dnswire::Name::Parse("ns.example");
    const dnswire::Name rname = *dnswire::Name::Parse("root.example");
    dnswire::NameList names;
    if (!ptr.empty()) names.Add(*dnswire::Name::Parse(ptr));
    io::Row row = {
        .ip = *dnswire::IpAddress::Parse(ip),
        .status = ptr.empty() ? io::Status::kNoPtr : io::Status::kUnconfirmed,
        .ptr_known = true,
        .ptr = names,
        .ttl_s = 3600,
        .rcode = dnswire::kRcodeNoerror,
        .zone = zone,
        .server = io::Endpoint::Parse("192.0.2.53"),
        .time_us = kAsked};
    if (ptr.empty()) {
      row.cause = io::Cause::kNodata;
      row.zone_mname = mname;
      row.zone_rname = rname;
    }
    if (change) change(&row);
    rows_->AddRow(row);
    return *this;
  }
  std::unique_ptr<const KnownRows> Build() {
    rows_->Finish();
    return std::move(rows_);
  }

 private:
  std::unique_ptr<KnownRows> rows_;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_REUSE_KNOWN_ROWS_BUILDER_H_
