#include "tools/report/summary.h"

#include <algorithm>
#include <array>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "dnswire/answer.h"
#include "io/formats/status.h"
#include "scanner/verdict/actor.h"
#include "tools/report/progress.h"

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
  if (stats.reused_rows > 0) {
    absl::StrAppend(out, "reused    PTR sets of ",
                    WithCommas(stats.reused_rows),
                    " addresses, of zones that have not changed\n");
  }
  const size_t lies = report.zones.lying();
  if (lies > 0) {
    absl::StrAppend(out, "warning   ", lies,
                    " zones change without a new serial (serial_lies in the "
                    "zone table): asked in full\n");
  }
  if (stats.deferred > 0) {
    absl::StrAppend(out, "late      ", WithCommas(stats.deferred),
                    " addresses asked again at the end, ",
                    WithCommas(stats.rescued), " of them answered\n");
  }
  if (stats.rtt.total() > 0) {
    const auto ms = [&stats](double percent) {
      return stats.rtt.Percentile(percent) / 1000.0;
    };
    absl::StrAppendFormat(out,
                          "rtt       p50 %.2f ms, p90 %.2f ms, p99 %.2f ms\n",
                          ms(50), ms(90), ms(99));
  }
  if (stats.local_drops > 0) {
    absl::StrAppend(out, "warning   ", WithCommas(stats.local_drops),
                    " answers lost here: the receive buffer (",
                    report.granted_buffer,
                    " octets) was full; raise "
                    "net.core.rmem_max or lower --resolver-window\n");
  }
}

// What a resolver was found to do, as a list; empty if nothing unusual.
std::string MarksOf(const scanner::ServerReport& server) {
  std::string marks;
  const auto mark = [&marks](bool on, absl::string_view text) {
    if (on) absl::StrAppend(&marks, marks.empty() ? "" : ", ", text);
  };
  mark(server.cookies, "cookies");
  mark(server.no_edns, "no_edns");
  mark(server.no_0x20, "no_0x20");
  mark(server.tcp_refused, "tcp_refused");
  mark(server.lying, "lying");
  mark(server.rewriting, "rewriting");
  return marks;
}

void AppendPace(const scanner::ServerReport& server, std::string* out) {
  absl::StrAppendFormat(out, "          loss %.1f %%, ", 100 * server.loss);
  if (server.rate_qps > 0) {
    absl::StrAppendFormat(out, "rate %.0f/s, ", server.rate_qps);
  }
  absl::StrAppend(out, "window ", server.window, ", cuts ", server.cuts,
                  ", suspensions ", server.suspensions, ", late answers ",
                  WithCommas(server.late), ", near misses ",
                  WithCommas(server.near_misses));
  const std::string marks = MarksOf(server);
  if (!marks.empty()) absl::StrAppend(out, ", ", marks);
  absl::StrAppend(out, "\n");
}

// Nothing to say about a server in good health.
bool IsRemarkable(const scanner::ServerReport& server) {
  return server.cuts + server.suspensions + server.near_misses > 0 ||
         !MarksOf(server).empty();
}

void AppendServerWarnings(const scanner::ServerReport& server,
                          std::string* out) {
  const std::string warning =
      absl::StrCat("warning   ", server.endpoint.ToString());
  if (server.sent > 0 && server.accepted == 0) {
    absl::StrAppend(out, warning,
                    " never answered: does it serve this host?\n");
  }
  if (server.rewriting) {
    absl::StrAppend(out, warning,
                    " answers names that cannot exist: its negatives are "
                    "rewritten; use another resolver\n");
  }
  if (server.lying) {
    absl::StrAppend(out, warning,
                    " denies names that exist: what it denied was not "
                    "believed\n");
  }
}

void AppendServer(absl::string_view what, const scanner::ServerReport& server,
                  bool verbose, std::string* out) {
  absl::StrAppend(out, what, server.endpoint.ToString(), ": ",
                  WithCommas(server.sent), " sent, ",
                  WithCommas(server.accepted), " answered, ",
                  WithCommas(server.expired), " timed out");
  if (server.round_trip > absl::ZeroDuration()) {
    absl::StrAppendFormat(out, ", round trip %.1f ms",
                          absl::ToDoubleMilliseconds(server.round_trip));
  }
  absl::StrAppend(out, "\n");
  if (verbose || IsRemarkable(server)) AppendPace(server, out);
}

// There may be thousands: those that were asked most, and those that never
// answered.
void AppendAuthorities(std::vector<scanner::ServerReport> servers, bool verbose,
                       std::string* out) {
  constexpr size_t kShown = 10;
  std::erase_if(servers, [](const auto& server) { return server.sent == 0; });
  std::stable_sort(
      servers.begin(), servers.end(),
      [](const auto& a, const auto& b) { return a.sent > b.sent; });
  const auto silent = std::stable_partition(
      servers.begin(), servers.end(),
      [](const auto& server) { return server.accepted > 0; });
  const auto answered = static_cast<size_t>(silent - servers.begin());
  absl::StrAppend(out, "servers   ", WithCommas(servers.size()),
                  " authorities asked, ", WithCommas(servers.size() - answered),
                  " of them never answered\n");
  for (size_t i = 0; i < answered; ++i) {
    if (i < kShown || verbose) {
      AppendServer("server    ", servers[i], verbose, out);
    }
  }
  for (size_t i = answered; i < servers.size(); ++i) {
    if (i < answered + kShown || verbose) {
      AppendServer("silent    ", servers[i], verbose, out);
    }
  }
}

void AppendServers(const scanner::ScanReport& report, bool verbose,
                   std::string* out) {
  if (report.iterative) return AppendAuthorities(report.servers, verbose, out);
  for (const scanner::ServerReport& server : report.servers) {
    AppendServer("resolver  ", server, verbose, out);
    AppendServerWarnings(server, out);
  }
}

// How far the denials of this run are vouched for, and what was forged.
void AppendTrust(const scanner::Stats& stats, std::string* out) {
  if (stats.negatives_doubted > 0) {
    absl::StrAppend(out, "denials   ", WithCommas(stats.negatives_doubted),
                    " not believed, because a name known to exist was denied "
                    "too, or not answered; asked again\n");
  }
  if (stats.negatives_unverified > 0) {
    absl::StrAppend(out, "warning   ", WithCommas(stats.negatives_unverified),
                    " denials are unverified: no name was known, or none had "
                    "an answer, by which to test the resolver (--canary)\n");
  }
  if (stats.spoof_alarms > 0) {
    absl::StrAppend(out, "warning   somebody forged replies: ",
                    WithCommas(stats.spoof_alarms),
                    " alarms, questions went to TCP meanwhile\n");
  }
  if (stats.outages > 0) {
    absl::StrAppend(out, "warning   all resolvers fell silent ",
                    WithCommas(stats.outages), " times\n");
  }
}

absl::string_view OffloadText(const io::UdpOffload& offload) {
  if (offload.segment) {
    return offload.coalesce ? "datagrams sent and taken in runs"
                            : "datagrams sent in runs, taken one by one";
  }
  return offload.coalesce ? "datagrams sent one by one, taken in runs"
                          : "none: datagrams sent and taken one by one";
}

void AppendCounters(const scanner::Stats& stats, std::string* out) {
  for (const scanner::NamedCounter& counter : scanner::Counters()) {
    absl::StrAppendFormat(out, "  %-20s %14s\n", counter.name,
                          WithCommas(stats.*counter.value));
  }
  for (size_t i = 0; i < kOutcomeNames.size(); ++i) {
    absl::StrAppendFormat(out, "  %-20s %14s\n", kOutcomeNames[i],
                          WithCommas(stats.outcomes[i]));
  }
}

}  // namespace

absl::string_view OutcomeName(size_t outcome) { return kOutcomeNames[outcome]; }

std::string TransfersText(const scanner::ScanReport& report) {
  std::string text;
  if (report.transfers.empty()) return text;
  size_t zones = 0;
  uint64_t records = 0;
  uint64_t octets = 0;
  for (const scanner::TransferReport& transfer : report.transfers) {
    zones += transfer.transferred ? 1 : 0;
    records += transfer.records;
    octets += transfer.octets;
  }
  absl::StrAppend(&text, "transfers ", WithCommas(zones), " zones, ",
                  WithCommas(records), " records, ", WithCommas(octets),
                  " octets; ", WithCommas(report.stats.transferred),
                  " rows answered from them\n");
  const size_t failed = report.transfers.size() - zones;
  if (failed == 0) return text;
  absl::StrAppend(&text, "warning   ", WithCommas(failed), " of ",
                  WithCommas(report.transfers.size()),
                  " zones could not be transferred, and were asked\n");
  return text;
}

std::string FormatSummary(const scanner::ScanReport& report, const Shard& shard,
                          bool verbose) {
  const scanner::Stats& stats = report.stats;
  const double seconds = std::max(absl::ToDoubleSeconds(report.elapsed), 1e-3);
  std::string text = absl::StrCat(
      ShardText(shard), WithCommas(stats.rows), " of ",
      WithCommas(stats.targets), " addresses judged in ",
      FormatElapsed(report.elapsed), " (",
      WithCommas(
          static_cast<uint64_t>(static_cast<double>(stats.rows) / seconds)),
      " rows/s)\n");
  AppendStatuses(stats, &text);
  text += TransfersText(report);
  AppendPackets(report, &text);
  AppendServers(report, verbose, &text);
  AppendTrust(stats, &text);
  if (verbose) {
    absl::StrAppend(&text, "threads   ", report.engines, "\noffload   ",
                    OffloadText(report.offload), "\n");
    AppendCounters(stats, &text);
  }
  return text;
}

}  // namespace tools
