#include "scanner/engine/warnings.h"

#include "absl/strings/str_cat.h"

namespace scanner {
namespace {

constexpr io::TimeNs kInterval = 100 * io::kMillisecond;

}  // namespace

void Warnings::Look(OutageWatch::State outage, std::span<const Server> servers,
                    const Stats& stats, io::TimeNs now) {
  if (!warn_ || now < next_) return;
  next_ = now + kInterval;
  LookAtOutage(outage);
  told_.resize(servers.size());
  for (size_t i = 0; i < servers.size(); ++i) {
    LookAtServer(servers[i], &told_[i]);
  }
  if (stats.negatives_unverified > 0 && !unverified_) {
    unverified_ = true;
    Say("no name is known by which to test the resolvers: denials are "
        "unverified (--canary)");
  }
}

void Warnings::LookAtOutage(OutageWatch::State outage) {
  if (outage == outage_) return;
  outage_ = outage;
  switch (outage) {
    case OutageWatch::State::kUnheard:
      return Say("no resolver has answered so far");
    case OutageWatch::State::kOut:
      out_ = true;
      return Say("no resolver answers any more; waiting for one");
    case OutageWatch::State::kUp:
      if (out_) Say("resolvers answer again");
      out_ = false;
      return;
    case OutageWatch::State::kProbing:
    case OutageWatch::State::kGivenUp:
      return;
  }
}

void Warnings::LookAtServer(const Server& server, Told* told) {
  const std::string name = server.endpoint.ToString();
  if (server.alarm.alarms() > told->alarms) {
    Say(absl::StrCat(name, ": somebody forges its replies; asking by ",
                     server.tcp_refused ? "UDP in random letter case" : "TCP"));
  }
  if (server.lying && !told->lying) {
    Say(absl::StrCat(name, " denies names that exist; not asked for a minute"));
  }
  if (server.rewriting && !told->rewriting) {
    Say(absl::StrCat(name,
                     " answers names that cannot exist; asked only if "
                     "no other is left"));
  }
  *told = {.alarms = server.alarm.alarms(),
           .lying = server.lying,
           .rewriting = server.rewriting};
}

void Warnings::Say(absl::string_view what) const { warn_(std::string(what)); }

bool WarningFilter::Passes(size_t engine, const std::string& line,
                           io::TimeNs now) {
  const auto [said, is_new] = said_.try_emplace(line);
  if (!is_new && said->second.engine != engine &&
      now - said->second.at < kMemory) {
    return false;
  }
  said->second = {.engine = engine, .at = now};
  return true;
}

}  // namespace scanner
