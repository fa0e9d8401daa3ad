#include "tools/since/zone_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "io/files/csv_reader.h"
#include "io/files/file_calls.h"
#include "io/files/input_file.h"
#include "io/files/output_file.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_text.h"

namespace tools {
namespace {

using scanner::SeenZone;
using State = scanner::Honesty::State;

constexpr absl::string_view kHeader =
    "apex,serial,mname,rname,flags,servers,rows,reused";
constexpr size_t kFields = 8;

struct ZoneFlag {
  absl::string_view name;
  bool SeenZone::*value;
};
constexpr ZoneFlag kFlags[] = {
    {"ent_broken", &SeenZone::ent_broken},
    {"serial_lies", &SeenZone::serial_lies},
    {"serial_moved", &SeenZone::serial_moved},
};

std::string NameText(const std::string& wire) {
  return wire.empty() ? "" : scanner::NameOfWire(wire).ToText();
}

std::string ServerText(const scanner::SeenServer& server) {
  const bool honest = server.honesty == State::kHonest;
  return absl::StrCat(server.server.ToString(), "=",
                      server.since_us == 0 ? "" : io::TimeText(server.since_us),
                      honest                             ? "=honest"
                      : server.honesty == State::kSigned ? "=signed"
                                                         : "");
}

void AppendZone(const SeenZone& zone, std::string* out) {
  std::vector<absl::string_view> flags;
  for (const ZoneFlag& flag : kFlags) {
    if (zone.*flag.value) flags.push_back(flag.name);
  }
  std::vector<std::string> servers;
  for (const scanner::SeenServer& server : zone.servers) {
    servers.push_back(ServerText(server));
  }
  absl::StrAppend(out, NameText(zone.apex), ",");
  if (zone.serial) absl::StrAppend(out, *zone.serial);
  absl::StrAppend(out, ",", NameText(zone.mname), ",", NameText(zone.rname),
                  ",", absl::StrJoin(flags, " "), ",",
                  absl::StrJoin(servers, " "), ",", zone.rows, ",", zone.reused,
                  "\n");
}

// False: not a name, or an empty one that must not be.
bool SetName(absl::string_view text, bool may_be_empty, std::string* wire) {
  if (text.empty()) return may_be_empty;
  auto name = dnswire::Name::Parse(text);
  if (!name) return false;
  name->Lower();
  *wire = std::string(scanner::WireText(*name));
  return true;
}

bool SetSerial(absl::string_view text, SeenZone* zone) {
  uint32_t serial = 0;
  if (text.empty()) return true;
  if (!absl::SimpleAtoi(text, &serial)) return false;
  zone->serial = serial;
  return true;
}

bool SetFlags(absl::string_view text, SeenZone* zone) {
  for (const absl::string_view name :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    bool known = false;
    for (const ZoneFlag& flag : kFlags) {
      if (flag.name != name) continue;
      zone->*flag.value = true;
      known = true;
    }
    if (!known) return false;
  }
  return true;
}

bool SetServer(absl::string_view text, SeenZone* zone) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, '=');
  if (parts.size() < 2 || parts.size() > 3) return false;
  const auto endpoint = io::Endpoint::Parse(parts[0]);
  if (!endpoint) return false;
  scanner::SeenServer& server = zone->servers.emplace_back();
  server.server = *endpoint;
  if (!parts[1].empty()) {
    const auto since_us = io::ParseTimestamp(parts[1]);
    if (!since_us) return false;
    server.since_us = *since_us;
  }
  if (parts.size() == 2) return true;
  server.honesty = parts[2] == "honest" ? State::kHonest : State::kSigned;
  return parts[2] == "honest" || parts[2] == "signed";
}

bool SetServers(absl::string_view text, SeenZone* zone) {
  for (const absl::string_view each :
       absl::StrSplit(text, ' ', absl::SkipEmpty())) {
    if (!SetServer(each, zone)) return false;
  }
  return true;
}

// The name of the first field that is wrong; empty: none.
absl::string_view SetFields(const std::vector<std::string>& fields,
                            SeenZone* zone) {
  if (!SetName(fields[0], false, &zone->apex)) return "apex";
  if (!SetSerial(fields[1], zone)) return "serial";
  const bool known = zone->serial.has_value();
  if (!SetName(fields[2], !known, &zone->mname)) return "mname";
  if (!SetName(fields[3], !known, &zone->rname)) return "rname";
  if (!SetFlags(fields[4], zone)) return "flags";
  if (!SetServers(fields[5], zone)) return "servers";
  if (!absl::SimpleAtoi(fields[6], &zone->rows)) return "rows";
  if (!absl::SimpleAtoi(fields[7], &zone->reused)) return "reused";
  return "";
}

// A table may have a hundred thousand lines: one at a time.
void PutZones(const scanner::ZoneSerials& zones,
              const std::function<void(absl::string_view)>& put) {
  std::string line = absl::StrCat(kHeader, "\n");
  put(line);
  zones.ForEach([&](const SeenZone& zone) {
    line.clear();
    AppendZone(zone, &line);
    put(line);
  });
}

}  // namespace

std::string ZonesPathOf(absl::string_view output) {
  return absl::StrCat(output, ".zones.csv");
}

std::string FormatZones(const scanner::ZoneSerials& zones) {
  std::string text;
  PutZones(zones,
           [&text](absl::string_view part) { absl::StrAppend(&text, part); });
  return text;
}

absl::StatusOr<std::vector<SeenZone>> ParseZones(absl::string_view text,
                                                 absl::string_view source) {
  io::CsvReader reader(text);
  const auto fault = [&](absl::string_view what) {
    return absl::InvalidArgumentError(
        absl::StrCat(source, ":", reader.line(), ": ", what));
  };
  std::vector<std::string> fields;
  std::vector<SeenZone> zones;
  for (bool header = true;; header = false) {
    const auto any = reader.Next(&fields);
    if (!any.ok()) return fault(any.status().message());
    if (header) {
      if (!*any || absl::StrJoin(fields, ",") != kHeader) {
        return fault("not a zone table of ptrsweep");
      }
      continue;
    }
    if (!*any) return zones;
    if (fields.size() != kFields) {
      return fault(absl::StrCat(fields.size(), " fields, not ", kFields));
    }
    const absl::string_view wrong = SetFields(fields, &zones.emplace_back());
    if (!wrong.empty()) return fault(absl::StrCat("bad ", wrong));
  }
}

absl::Status WriteZones(const std::string& path,
                        const scanner::ZoneSerials& zones) {
  auto file = io::OutputFile::Open(path);
  if (!file.ok()) return file.status();
  const std::string temporary = (*file)->temporary_path();
  absl::Status status;
  PutZones(zones, [&](absl::string_view part) {
    if (status.ok()) status = (*file)->Write(part);
  });
  if (status.ok()) status = (*file)->Finish();
  if (!status.ok()) std::remove(temporary.c_str());
  return status;
}

absl::StatusOr<std::vector<SeenZone>> ReadZones(const std::string& path) {
  const auto file = io::InputFile::Open(path);
  if (!file.ok()) return file.status();
  std::string text;
  const absl::Status read = (*file)->Read(0, (*file)->size(), &text);
  if (!read.ok()) return read;
  return ParseZones(text, (*file)->name());
}

absl::Status CheckZonesPath(const std::string& path) {
  struct stat info;
  if (lstat(path.c_str(), &info) != 0 && errno == ENOENT) {
    return absl::OkStatus();
  }
  const auto zones = ReadZones(path);
  if (zones.ok()) return absl::OkStatus();
  return absl::FailedPreconditionError(
      absl::StrCat(zones.status().message(),
                   "; the zone table of this output would replace it"));
}

absl::Status RemoveZones(const std::string& path) {
  const absl::Status ours = CheckZonesPath(path);
  if (!ours.ok()) return absl::OkStatus();  // not ours to remove
  if (std::remove(path.c_str()) == 0 || errno == ENOENT) {
    return absl::OkStatus();
  }
  return io::FileError("remove", io::CarriedText(path), errno);
}

}  // namespace tools
