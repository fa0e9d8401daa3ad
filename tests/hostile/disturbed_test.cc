// The real binary against a sound server that has a limit, pauses, or lies for
// a while: a row may become unknown, but never another one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "tests/hostile/output_reader.h"
#include "tests/support/disturbances.h"
#include "tests/support/misbehaviours.h"
#include "tests/support/ordinary_answers.h"
#include "tests/support/program.h"
#include "tests/support/scripted_server.h"

namespace hostile {
namespace {

using testing_support::Disturbances;
using testing_support::Disturber;
using testing_support::FateOf;
using testing_support::Lie;
using testing_support::LimitBy;
using testing_support::Octets;
using testing_support::ProgramResult;
using testing_support::ScriptedServer;
using testing_support::Transport;
using Seconds = Disturbances::Seconds;

constexpr uint64_t kSeed = 7;
constexpr size_t kAddresses = 512;
constexpr char kTargets[] = "10.1.0.0/23";

struct Case {
  std::string label;
  Disturbances disturbances;
  size_t unknown_at_most = 0;
  int rate = 500;
  ProgramResult result = {};
};

std::string TrueStatus(const std::string& ip) {
  uint32_t address = 0;
  for (const auto part : absl::StrSplit(ip, '.')) {
    uint32_t octet = 0;
    if (!absl::SimpleAtoi(part, &octet)) return "no address";
    address = address << 8 | octet;
  }
  return std::string(StatusOf(FateOf(address, kSeed)));
}

bool IsUnknown(const std::string& status) {
  return status == "reverse_timeout" || status == "reverse_error" ||
         status == "forward_error";
}

// About two seconds of packets, or four at rate 250, so that what happens
// meanwhile is met.
void Scan(Case* scanned) {
  Disturber disturber(scanned->disturbances);
  const auto front = [&disturber](std::span<const uint8_t> query,
                                  Transport transport, Octets* reply) {
    return disturber.Deal(query, transport, std::chrono::steady_clock::now(),
                          reply) ||
           testing_support::AnswerOrdinary(query, kSeed, reply);
  };
  const ScriptedServer server(testing_support::MisbehaviourScript({}),
                              {.front = front});
  scanned->result = testing_support::RunProgram(
      {PTRSWEEP_BINARY, "scan", "--quiet", "--max-unknown", "100", "--format",
       "ndjson", "--late-passes", "1", "--late-pause", "1s", "--rate",
       absl::StrCat(scanned->rate), "--resolver",
       absl::StrCat("127.0.0.1:", server.port()), kTargets});
}

void Check(const Case& scanned) {
  SCOPED_TRACE(scanned.label);
  EXPECT_EQ(scanned.result.exit_code, 0) << scanned.result.err;
  const auto rows = ReadNdjson(scanned.result.out);
  ASSERT_TRUE(rows.has_value());
  EXPECT_EQ(rows->size(), kAddresses);
  size_t unknown = 0;
  std::vector<std::string> wrong;
  for (const OutputRow& row : *rows) {
    if (IsUnknown(row.status)) {
      ++unknown;
    } else if (row.status != TrueStatus(row.ip)) {
      wrong.push_back(absl::StrCat(row.ip, " ", row.status));
    }
  }
  EXPECT_THAT(wrong, testing::IsEmpty());
  EXPECT_LE(unknown, scanned.unknown_at_most);
}

void CheckAll(std::vector<Case> cases) {
  std::vector<std::thread> threads;
  threads.reserve(cases.size());
  for (Case& each : cases) threads.emplace_back([&each] { Scan(&each); });
  for (std::thread& thread : threads) thread.join();
  for (const Case& each : cases) Check(each);
}

TEST(DisturbedTest, LimitsAndPausesMakeNoFalseRow) {
  CheckAll({
      {"sound", {}},
      {"limit by drop", {.limit_qps = 200}},
      {"limit by TC", {.limit_qps = 200, .limit_by = LimitBy::kTruncation}},
      {"limit by REFUSED",
       {.limit_qps = 200, .limit_by = LimitBy::kRefused},
       kAddresses / 2},
      {"silent for a second", {.silent = {Seconds(0.5), Seconds(1)}}},
      {"REFUSED for a second",
       {.refusing = {Seconds(0.5), Seconds(1)}},
       kAddresses},
  });
}

// Lies of under two seconds are out of reach (WIRE.md section 6).
TEST(DisturbedTest, ADenialForAWhileIsNotBelieved) {
  const Disturbances::Period period = {Seconds(0.7), Seconds(2.5)};
  CheckAll({
      {"NXDOMAIN", {.lying = period, .lie = Lie::kNxdomain}, kAddresses, 250},
      {"NODATA", {.lying = period, .lie = Lie::kNodata}, kAddresses, 250},
  });
}

}  // namespace
}  // namespace hostile
