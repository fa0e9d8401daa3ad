#include "tools/summary.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dnswire/answer.h"
#include "io/formats/status.h"
#include "scanner/verdict/actor.h"
#include "tools/progress.h"

namespace tools {
namespace {

using io::Status;

// The order of reports: what to mend first (VERDICTS.md section 2).
constexpr std::array<Status, io::kStatusCount> kReportOrder = {
    Status::kMismatch,     Status::kNoForward,    Status::kBadName,
    Status::kUndelegated,  Status::kNoPtr,        Status::kReverseTimeout,
    Status::kReverseError, Status::kForwardError, Status::kPass,
    Status::kUnconfirmed,  Status::kSkipped,
};

constexpr std::array<absl::string_view, scanner::kOutcomeCount> kOutcomeNames =
    {
        "data",     "nxdomain", "nodata",         "follow",
        "referral", "lame",     "malformed",      "truncated",
        "blocked",  "loop",     "chain_too_long", "rcode",
};

std::string Share(uint64_t part, uint64_t whole) {
  if (whole == 0) return "";
  return absl::StrFormat(
      "%.1f %%", 100 * static_cast<double>(part) / static_cast<double>(whole));
}

void AppendStatuses(const scanner::Stats& stats, std::string* out) {
  absl::StrAppendFormat(out, "  %-16s %14s %9s  %s\n", "status", "rows",
                        "share", "who acts");
  const auto line = [&](absl::string_view name, uint64_t count,
                        absl::string_view note) {
    if (count == 0) return;
    absl::StrAppendFormat(out, "  %-16s %14s %9s  %s\n", name,
                          WithCommas(count), Share(count, stats.targets), note);
  };
  for (const Status status : kReportOrder) {
    line(io::StatusName(status),
         stats.rows_by_status[static_cast<size_t>(status)],
         scanner::WhoActs(status));
  }
  line("(no row yet)", stats.abandoned + stats.not_started(),
       "the scan was stopped");
  absl::StrAppendFormat(out, "  %-16s %14s\n", "targets",
                        WithCommas(stats.targets));
}

void AppendPackets(const scanner::ScanReport& report, std::string* out) {
  const scanner::Stats& stats = report.stats;
  absl::StrAppend(out, "packets   ", WithCommas(stats.packets()), " sent (",
                  WithCommas(stats.udp_tries), " UDP, ",
                  WithCommas(stats.tcp_queries), " TCP)");
  const uint64_t asked = stats.started;
  if (asked > 0) {
    absl::StrAppendFormat(
        out, ", %.2f per address",
        static_cast<double>(stats.packets()) / static_cast<double>(asked));
  }
  absl::StrAppend(out, "; names asked ", WithCommas(stats.forward_asked),
                  ", shared ", WithCommas(stats.forward_shared), "\n");
  if (stats.deferred > 0) {
    absl::StrAppend(out, "late      ", WithCommas(stats.deferred),
                    " addresses asked again at the end, ",
                    WithCommas(stats.rescued), " of them answered\n");
  }
  if (stats.local_drops > 0) {
    absl::StrAppend(out, "warning   ", WithCommas(stats.local_drops),
                    " answers lost here: the receive buffer (",
                    report.granted_buffer,
                    " octets) was full; raise "
                    "net.core.rmem_max or lower --resolver-window\n");
  }
}

void AppendServers(const scanner::ScanReport& report, std::string* out) {
  for (const scanner::ServerReport& server : report.servers) {
    absl::StrAppend(out, "resolver  ", server.endpoint.ToString(), ": ",
                    WithCommas(server.sent), " sent, ",
                    WithCommas(server.accepted), " answered, ",
                    WithCommas(server.expired), " timed out");
    if (server.round_trip > absl::ZeroDuration()) {
      absl::StrAppendFormat(out, ", round trip %.1f ms",
                            absl::ToDoubleMilliseconds(server.round_trip));
    }
    absl::StrAppend(out, "\n");
    if (server.sent > 0 && server.accepted == 0) {
      absl::StrAppend(out, "warning   ", server.endpoint.ToString(),
                      " never answered: does it serve this host?\n");
    }
  }
}

void AppendCounters(const scanner::Stats& stats, std::string* out) {
  const std::pair<absl::string_view, uint64_t> counters[] = {
      {"udp_tries", stats.udp_tries},
      {"udp_answered", stats.udp_answered},
      {"udp_expired", stats.udp_expired},
      {"udp_superseded", stats.udp_superseded},
      {"send_failed", stats.send_failed},
      {"send_blocked", stats.send_blocked},
      {"id_starved", stats.id_starved},
      {"tcp_queries", stats.tcp_queries},
      {"udp_received", stats.udp_received},
      {"udp_accepted", stats.udp_accepted},
      {"stray", stats.stray},
      {"drop_size", stats.drop_size},
      {"drop_source", stats.drop_source},
      {"drop_header", stats.drop_header},
      {"drop_question", stats.drop_question},
      {"local_drops", stats.local_drops},
      {"tcp_received", stats.tcp_received},
      {"tcp_accepted", stats.tcp_accepted},
      {"tcp_drop", stats.tcp_drop},
      {"lax", stats.lax},
      {"trailing", stats.trailing},
  };
  for (const auto& [name, value] : counters) {
    absl::StrAppendFormat(out, "  %-16s %14s\n", name, WithCommas(value));
  }
  for (size_t i = 0; i < kOutcomeNames.size(); ++i) {
    absl::StrAppendFormat(out, "  %-16s %14s\n", kOutcomeNames[i],
                          WithCommas(stats.outcomes[i]));
  }
}

}  // namespace

std::string FormatSummary(const scanner::ScanReport& report, bool verbose) {
  const scanner::Stats& stats = report.stats;
  const double seconds = std::max(absl::ToDoubleSeconds(report.elapsed), 1e-3);
  std::string text = absl::StrCat(
      WithCommas(stats.rows), " of ", WithCommas(stats.targets),
      " addresses judged in ", FormatElapsed(report.elapsed), " (",
      WithCommas(
          static_cast<uint64_t>(static_cast<double>(stats.rows) / seconds)),
      " rows/s)\n");
  AppendStatuses(stats, &text);
  AppendPackets(report, &text);
  AppendServers(report, &text);
  if (verbose) AppendCounters(stats, &text);
  return text;
}

}  // namespace tools
