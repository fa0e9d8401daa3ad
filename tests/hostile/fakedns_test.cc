// fakedns as a program: what it prints, and that it answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/socket.h>

#include <chrono>
#include <fstream>
#include <string>
#include <thread>

#include "tests/io/temp_folder.h"
#include "tests/support/packet_builder.h"
#include "tests/support/program.h"
#include "tests/support/scripted_replies.h"
#include "tests/support/sockets.h"

namespace testing_support {
namespace {

using testing::HasSubstr;
using testing::MatchesRegex;
using testing::StartsWith;

// Waits until the program has written its first line to the file.
std::string FirstLineOf(const std::string& path) {
  for (int i = 0; i < 5000; ++i) {
    const std::string text = ReadFileOctets(path);
    if (text.find('\n') != std::string::npos) {
      return text.substr(0, text.find('\n'));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return "";
}

// The answer to one datagram; empty if none comes.
Octets Exchange(const SocketAddress& server, const Octets& query) {
  const Descriptor socket = ConnectedUdpSocket(server);
  send(socket.get(), query.data(), query.size(), 0);
  for (int i = 0; i < 5000; ++i) {
    Octets reply(4096);
    const ssize_t size = recv(socket.get(), reply.data(), reply.size(), 0);
    if (size >= 0) {
      reply.resize(static_cast<size_t>(size));
      return reply;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return {};
}

TEST(FakednsTest, AnswersAndCountsAndEndsOnSigterm) {
  const TempFolder folder;
  const std::string path = folder.Path("out");
  std::ofstream(path).flush();
  Octets reply;
  const ProgramResult result = RunProgram(
      {FAKEDNS_BINARY, "--seed", "1"},
      {.stdout_path = path, .running = [&](int pid) {
         const auto server = SocketAddress::Parse(FirstLineOf(path));
         if (server) {
           reply = Exchange(*server,
                            PacketBuilder()
                                .Id(4711)
                                .Rd()
                                .Question("1.2.0.192.in-addr.arpa", rr::kPtr)
                                .Build());
         }
         kill(pid, SIGTERM);
       }});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(std::string(reply.begin(), reply.end()), HasSubstr("c001"));
  EXPECT_THAT(ReadFileOctets(path),
              MatchesRegex("127.0.0.1:[0-9]+\nqueries: 1 UDP, 0 TCP\n"));
}

TEST(FakednsTest, EndsByItself) {
  const ProgramResult result = RunProgram({FAKEDNS_BINARY, "--seconds", "0"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, HasSubstr("queries: 0 UDP, 0 TCP\n"));
}

TEST(FakednsTest, ListsItsClasses) {
  const ProgramResult result = RunProgram({FAKEDNS_BINARY, "--list"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_THAT(result.out, StartsWith("192.0.2.1 "));
}

TEST(FakednsTest, RefusesWhatItDoesNotUnderstand) {
  for (const char* argument : {"--colour", "--port", "--seed"}) {
    EXPECT_EQ(RunProgram({FAKEDNS_BINARY, argument}).exit_code, 2);
  }
  EXPECT_EQ(RunProgram({FAKEDNS_BINARY, "--port", "70000"}).exit_code, 2);
  EXPECT_EQ(RunProgram({FAKEDNS_BINARY, "--lie", "often"}).exit_code, 2);
  EXPECT_EQ(RunProgram({FAKEDNS_BINARY, "--limit", "-1"}).exit_code, 2);
}

TEST(FakednsTest, SaysThatAPortIsTaken) {
  const auto taken = BindPair(SocketAddress::Loopback(0));
  ASSERT_TRUE(taken.has_value());
  const ProgramResult result = RunProgram(
      {FAKEDNS_BINARY, "--port", std::to_string(taken->address.port())});
  EXPECT_EQ(result.exit_code, 4);
  EXPECT_THAT(result.err, HasSubstr("is taken"));
}

}  // namespace
}  // namespace testing_support
