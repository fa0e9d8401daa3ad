#include "tools/iteration/root_hints_file.h"

#include <ldns/ldns.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "io/formats/carried_text.h"

namespace tools {
namespace {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;
using LdnsRecord = std::unique_ptr<ldns_rr, void (*)(ldns_rr*)>;
using LdnsName = std::unique_ptr<ldns_rdf, void (*)(ldns_rdf*)>;

std::span<const uint8_t> OctetsOf(const ldns_rdf* data) {
  return {ldns_rdf_data(data), ldns_rdf_size(data)};
}

dnswire::Name NameOf(const ldns_rdf* data) {
  dnswire::Name name(dnswire::NameView::FromValidWire(OctetsOf(data)));
  name.Lower();
  return name;
}

scanner::RootServer& ServerOf(const dnswire::Name& name,
                              std::vector<scanner::RootServer>* servers) {
  for (scanner::RootServer& server : *servers) {
    if (server.name.view().Equals(name)) return server;
  }
  return servers->emplace_back(scanner::RootServer{.name = name});
}

std::optional<dnswire::IpAddress> AddressOf(const ldns_rr* record) {
  const ldns_rdf* const data = ldns_rr_rdf(record, 0);
  if (ldns_rr_get_type(record) == LDNS_RR_TYPE_A) {
    return dnswire::IpAddress::FromV4Octets(OctetsOf(data).first<4>());
  }
  if (ldns_rr_get_type(record) == LDNS_RR_TYPE_AAAA) {
    return dnswire::IpAddress::FromV6Octets(OctetsOf(data).first<16>());
  }
  return std::nullopt;
}

// Reads record by record; an owner and an origin carry over to the next one.
class Reader {
 public:
  absl::Status ReadAll(std::FILE* file, const std::string& path) {
    int line = 0;
    while (!std::feof(file)) {
      ldns_rr* read = nullptr;
      ldns_rdf* origin = origin_.release();
      ldns_rdf* previous = previous_.release();
      const ldns_status status = ldns_rr_new_frm_fp_l(
          &read, file, &default_ttl_, &origin, &previous, &line);
      origin_.reset(origin);
      previous_.reset(previous);
      const LdnsRecord record(read, ldns_rr_free);
      if (status == LDNS_STATUS_OK) {
        Take(*record);
      } else if (status != LDNS_STATUS_SYNTAX_EMPTY &&
                 status != LDNS_STATUS_SYNTAX_TTL &&
                 status != LDNS_STATUS_SYNTAX_ORIGIN) {
        return absl::InvalidArgumentError(
            absl::StrCat(io::CarriedText(path), ":", line, ": ",
                         ldns_get_errorstr_by_id(status)));
      }
    }
    return absl::OkStatus();
  }

  // The root's servers with an address.
  std::vector<scanner::RootServer> Servers() const {
    std::vector<scanner::RootServer> servers;
    for (const dnswire::Name& name : root_) {
      for (const scanner::RootServer& host : hosts_) {
        if (host.name.view().Equals(name)) servers.push_back(host);
      }
    }
    return servers;
  }

 private:
  void Take(const ldns_rr& record) {
    if (ldns_rr_get_type(&record) == LDNS_RR_TYPE_NS &&
        ldns_rdf_size(ldns_rr_owner(&record)) == 1) {
      root_.push_back(NameOf(ldns_rr_rdf(&record, 0)));
    } else if (const auto address = AddressOf(&record)) {
      ServerOf(NameOf(ldns_rr_owner(&record)), &hosts_)
          .addresses.push_back(*address);
    }
  }

  uint32_t default_ttl_ = 0;
  LdnsName origin_{nullptr, ldns_rdf_deep_free};
  LdnsName previous_{nullptr, ldns_rdf_deep_free};
  std::vector<dnswire::Name> root_;
  std::vector<scanner::RootServer> hosts_;
};

}  // namespace

absl::StatusOr<std::vector<scanner::RootServer>> ReadRootHints(
    const std::string& path) {
  const File file(std::fopen(path.c_str(), "re"), std::fclose);
  if (file == nullptr) {
    return absl::NotFoundError(
        absl::StrCat(io::CarriedText(path), ": ", std::strerror(errno)));
  }
  Reader reader;
  const absl::Status status = reader.ReadAll(file.get(), path);
  if (!status.ok()) return status;
  auto servers = reader.Servers();
  if (servers.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(
        io::CarriedText(path), ": no name server of the root with an address"));
  }
  return servers;
}

}  // namespace tools
