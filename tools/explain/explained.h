// Explained: all that was found out about one address, and how it is found out:
// by a scan of that address alone, each packet of which is watched.
#ifndef PTRSWEEP_TOOLS_EXPLAIN_EXPLAINED_H_
#define PTRSWEEP_TOOLS_EXPLAIN_EXPLAINED_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "dnswire/ip_address.h"
#include "dnswire/name_list.h"
#include "io/formats/row_batch.h"
#include "scanner/advice/row_reading.h"
#include "scanner/audit/zone_row.h"
#include "scanner/run/scan_report.h"
#include "tools/explain/explain_config.h"
#include "tools/explain/trace.h"

namespace tools {

// What one resolver says of the PTR.
struct ResolverAnswer {
  io::Endpoint server;
  std::string text;  // "mail.example.com", "NXDOMAIN", "no response"
};

class Explained {
 public:
  // REQUIRES: `batch` holds the address's row.
  Explained(const ExplainConfig& config, std::unique_ptr<io::RowBatch> batch,
            std::vector<Step> steps, std::optional<scanner::ZoneSoa> soa,
            std::vector<scanner::ZoneRow> zones);

  const io::Row& row() const { return batch_->rows()[0]; }
  scanner::RowReading reading() const { return {row(), facts_}; }
  bool iterative() const { return iterative_; }
  const std::vector<Step>& steps() const { return steps_; }
  // The SOA of the reverse zone, from the row or asked for.
  std::optional<scanner::ZoneSoa> soa() const;
  const std::vector<scanner::ZoneRow>& zones() const { return zones_; }
  // With --compare-resolvers: of those that were asked, in the caller's order,
  // if they are several.
  std::vector<ResolverAnswer> ResolverAnswers() const;

 private:
  bool IsOwnPtr(const Step& step) const;
  void FindChain();
  void TakeZones();

  const bool iterative_;
  const std::vector<io::Endpoint> resolvers_;
  const bool compares_;
  std::unique_ptr<io::RowBatch> batch_;
  std::vector<Step> steps_;
  std::vector<scanner::ZoneRow> zones_;
  dnswire::NameList chain_;
  std::vector<std::string> name_servers_;
  std::vector<std::string> failing_servers_;
  scanner::RowFacts facts_;  // borrows from the above, and from the config
};

// Looks the address up. Null: the scan was stopped, or gave up; *report says
// why. Errors: what keeps it from starting.
absl::StatusOr<std::unique_ptr<Explained>> Explain(
    const ExplainConfig& config, const dnswire::IpAddress& address,
    scanner::ScanReport* report);

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_EXPLAIN_EXPLAINED_H_
