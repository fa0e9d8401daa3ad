// The program udp_relay: its arguments, what it prints, how it ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/program.h"
#include "tools/udp_relay/relay_arguments.h"

namespace udp_relay {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;
using testing_support::Impairment;
using testing_support::RunProgram;
using testing_support::Weather;

TEST(UdpRelayTest, PlainOptionsHoldInBothDirectionsOthersInOne) {
  RelayArguments arguments;
  ASSERT_TRUE(ParseArguments(
      {"--to", "127.0.0.1:53", "--loss", "5", "--corrupt-to", "1",
       "--delay-from", "2.5", "--rate", "1000", "--seed", "9", "--tcp"},
      &arguments));
  EXPECT_TRUE(arguments.has_to);
  EXPECT_EQ(arguments.relay.to.ToString(), "127.0.0.1:53");
  EXPECT_EQ(arguments.relay.seed, 9u);
  EXPECT_TRUE(arguments.relay.tcp);
  EXPECT_EQ(arguments.relay.weather.rate_qps, 1000);
  EXPECT_EQ(arguments.relay.weather.to_server,
            (Impairment{.loss = 5, .corrupt = 1}));
  EXPECT_EQ(arguments.relay.weather.from_server,
            (Impairment{.loss = 5, .delay_ms = 2.5}));
}

TEST(UdpRelayTest, RefusesWhatItDoesNotUnderstand) {
  const std::vector<std::vector<std::string>> refused = {
      {"--loss", "101"},
      {"--loss", "-1"},
      {"--loss", "x"},
      {"--loss", "nan"},
      {"--loss"},
      {"--lossy", "1"},
      {"--to", "localhost:1"},
      {"--to", "127.0.0.1"},
      {"--seed", "1.5"},
      {"--to", "1.2.3.4:99999"}};
  for (const auto& words : refused) {
    RelayArguments arguments;
    EXPECT_FALSE(ParseArguments(words, &arguments)) << words[0];
  }
}

TEST(UdpRelayTest, LineReplacesAllImpairments) {
  Weather weather = {.to_server = {.loss = 50}, .rate_qps = 7};
  ASSERT_TRUE(ParseWeather("--jitter 3", &weather));
  EXPECT_EQ(weather.to_server, (Impairment{.jitter_ms = 3}));
  EXPECT_EQ(weather.rate_qps, 0);
  EXPECT_FALSE(ParseWeather("--seed 3", &weather));
  EXPECT_FALSE(ParseWeather("--loss", &weather));
}

TEST(UdpRelayTest, PrintsItsAddressFirstAndItsCountersAtTheEnd) {
  const auto result =
      RunProgram({UDP_RELAY_BINARY, "--to", "127.0.0.1:9", "--seconds", "1"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out,
              MatchesRegex("127.0.0.1:[0-9]+\nto-server received 0 lost 0 "
                           ".*; from-server received 0 .*\n"));
}

TEST(UdpRelayTest, EndsOnTerminateWithItsCounters) {
  const auto result = RunProgram(
      {"/bin/bash", "-c",
       "exec 3< <(exec " UDP_RELAY_BINARY " --to 127.0.0.1:9); relay=$!;"
       "read -r -u 3 address; kill $relay; cat <&3; wait $relay"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("to-server received 0 "));
}

TEST(UdpRelayTest, SaysWhichLineItDidNotUnderstand) {
  const auto result =
      RunProgram({UDP_RELAY_BINARY, "--to", "127.0.0.1:9", "--seconds", "1"},
                 {.in = "--loss 5\n--loss much\n"});
  EXPECT_EQ(result.err, "udp_relay: not understood: --loss much\n");
}

TEST(UdpRelayTest, UsageExitsWithTwo) {
  const auto result = RunProgram({UDP_RELAY_BINARY});
  EXPECT_EQ(result.exit_code, 2);
  EXPECT_THAT(result.err, HasSubstr("--to ADDR:PORT"));
}

}  // namespace
}  // namespace udp_relay
