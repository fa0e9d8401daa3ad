// The economy of WIRE.md section 12: what an address costs in packets, canaries
// apart, if nothing is lost.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/accuracy/truth_scan.h"
#include "tests/hostile/output_reader.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/scripted_server.h"
#include "tests/support/truth_server.h"

namespace testing_support {
namespace {

constexpr uint64_t kTargets = 256;
constexpr char kTargetRange[] = "10.0.0.0/24";

// What stands behind "key": in a row, up to the next comma.
std::string_view Value(std::string_view row, const std::string& key) {
  const size_t at = row.find("\"" + key + "\":");
  if (at == row.npos) return {};
  const std::string_view rest = row.substr(at + key.size() + 3);
  return rest.substr(0, rest.find_first_of(",}"));
}

// Column `queries` by address.
std::map<std::string, uint64_t> QueriesOf(std::string_view rows) {
  std::map<std::string, uint64_t> queries;
  while (!rows.empty()) {
    const std::string_view row = rows.substr(0, rows.find('\n'));
    rows.remove_prefix(row.size() + 1);
    std::string ip(Value(row, "ip"));
    std::erase(ip, '"');
    queries[ip] = std::stoull("0" + std::string(Value(row, "queries")));
  }
  return queries;
}

// Packets of a scan for its targets.
uint64_t TargetPackets(const std::map<std::string, uint64_t>& counters) {
  return counters.at("udp_tries") + counters.at("tcp_queries") -
         counters.at("canary_packets");
}

std::vector<std::string> ScanOf(std::vector<std::string> resolvers) {
  std::vector<std::string> command = {
      PTRSWEEP_BINARY, "scan", "--verbose",    "--format", "ndjson",
      "--max-unknown", "100",  "--late-pause", "250ms",    "--include-special",
      kTargetRange};
  for (std::string& resolver : resolvers) {
    command.insert(command.end(), {"--resolver", std::move(resolver)});
  }
  return command;
}

std::string Resolver(const ScriptedServer& server) {
  return SocketAddress::Loopback(server.port()).ToString();
}

// No PTR record: 1. A name that leads back: 2. In general one more a name.
TEST(EconomyTest, AnAddressCostsOnePacketAndEachOfItsNamesOneMore) {
  constexpr uint32_t kFirst = 0x0a000000;
  constexpr uint32_t kAddresses = 8192;
  const Truth truth(12);
  const auto server = TruthServer::Start(truth);
  const TruthScan scan =
      ScanTruth(truth, server->address(), {.addresses = kAddresses});
  EXPECT_EQ(scan.counts.wrong + scan.counts.unknown, 0u) << scan.examples;
  const auto queries = QueriesOf(scan.result.out);
  uint64_t packets = 0;
  for (uint32_t address = kFirst; address < kFirst + kAddresses; ++address) {
    const uint64_t expected = 1 + truth.NamesOf(address);
    const std::string ip = FormatIpv4(address);
    ASSERT_EQ(queries.at(ip), expected) << ip;
    packets += expected;
  }
  EXPECT_EQ(TargetPackets(scan.counters), packets);
}

// SERVFAIL to all, over one server or two; the question whether it is the
// validator's (CD=1) is counted apart.
class FailingServers {
 public:
  explicit FailingServers(size_t count) {
    while (servers_.size() < count) {
      servers_.push_back(
          std::make_unique<ScriptedServer>([this](const Asked& asked) {
            const bool cd = (asked.query[3] & 0x10) != 0;
            ++(cd ? unvalidated_ : plain_);
            return Once(RcodeReply(asked, rcode::kServfail));
          }));
    }
  }
  std::vector<std::string> addresses() const {
    std::vector<std::string> addresses;
    for (const auto& server : servers_) addresses.push_back(Resolver(*server));
    return addresses;
  }
  uint64_t plain() const { return plain_; }
  uint64_t unvalidated() const { return unvalidated_; }

 private:
  std::atomic<uint64_t> plain_{0};
  std::atomic<uint64_t> unvalidated_{0};
  std::vector<std::unique_ptr<ScriptedServer>> servers_;
};

TEST(EconomyTest, ServfailCostsThreePacketsHoweverManyServersSayIt) {
  for (const size_t count : {size_t{1}, size_t{2}}) {
    SCOPED_TRACE(count);
    const FailingServers servers(count);
    const ProgramResult result = RunProgram(ScanOf(servers.addresses()));
    const auto counters = hostile::ReadCounters(result.err);
    std::printf("%zu servers: %llu packets and %llu with CD for %llu targets\n",
                count, static_cast<unsigned long long>(servers.plain()),
                static_cast<unsigned long long>(servers.unvalidated()),
                static_cast<unsigned long long>(kTargets));
    EXPECT_EQ(result.exit_code, kExitComplete) << result.err;
    EXPECT_GE(servers.plain(), 2 * kTargets);
    EXPECT_LE(servers.plain(), 3 * kTargets + counters.at("canary_packets"));
    // Once an address, until the result of its block is known.
    EXPECT_LT(servers.unvalidated(), kTargets);
    EXPECT_EQ(TargetPackets(counters) + counters.at("canary_packets"),
              servers.plain() + servers.unvalidated());
    uint64_t over = 0;
    for (const auto& [ip, queries] : QueriesOf(result.out)) {
      EXPECT_LE(queries, 4u) << ip;
      if (queries > 3) ++over;
    }
    EXPECT_LE(over, servers.unvalidated());
  }
}

// While the question is open, and once it is answered.
TEST(EconomyTest, ANameOfManyAddressesIsAskedOnce) {
  const ScriptedServer server([](const Asked& asked) -> Replies {
    if (asked.type == rr::kPtr) {
      return Once(PtrReply(asked, {"mail.example.com"}));
    }
    if (asked.type != rr::kA) return Once(RcodeReply(asked, rcode::kNoerror));
    return Once(AReply(asked, {"10.0.0.7"}), 20);
  });
  const ProgramResult result = RunProgram(ScanOf({Resolver(server)}));
  const auto counters = hostile::ReadCounters(result.err);
  EXPECT_EQ(result.exit_code, kExitComplete) << result.err;
  EXPECT_EQ(server.asked("mail.example.com", rr::kA), 1);
  EXPECT_EQ(TargetPackets(counters), kTargets + 1);
}

}  // namespace
}  // namespace testing_support
