#include "io/net/zone_transfer.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/event_loop_fixture.h"
#include "tests/io/tcp_test_server.h"
#include "tests/support/packet_builder.h"

namespace io {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::PacketBuilder;
using testing_support::ToHex;

constexpr uint16_t kId = 4711;
constexpr uint16_t kAxfr = 252;
constexpr const char* kZone = "2.0.192.in-addr.arpa";
constexpr TimeNs kPatience = 10 * kSecond;

PacketBuilder First() {
  return PacketBuilder().Id(kId).Response().Aa().Question(kZone, kAxfr);
}
Octets Soa(PacketBuilder message = First()) {
  return message.Answer().Soa(kZone, "ns.example", "root.example").Build();
}
Octets Ptr(int host) {
  return PacketBuilder()
      .Id(kId)
      .Response()
      .Answer()
      .Ptr(absl::StrCat(host, ".", kZone), absl::StrCat("h", host, ".example"))
      .Build();
}

class ZoneTransferTest : public ::testing::Test, public ZoneTransfer::Delegate {
 protected:
  ZoneTransferTest() : loop_(NewLoop()) { std::signal(SIGPIPE, SIG_IGN); }

  void Start(uint16_t port, std::unique_ptr<TransferSigner> signer = nullptr) {
    server_ = {.address = dnswire::IpAddress::V4(0x7f000001), .port = port};
    transfer_ = std::make_unique<ZoneTransfer>(
        loop_.get(),
        ZoneTransfer::Request{.server = server_,
                              .zone = *dnswire::Name::Parse(kZone),
                              .id = kId,
                              .signer = std::move(signer)},
        limits_, this);
  }

  // Runs the loop until the transfer has ended; returns how.
  std::string Run() {
    const TimeNs give_up = EventLoop::Now() + kPatience;
    loop_->OnTurn([this, give_up] {
      if (EventLoop::Now() > give_up) ADD_FAILURE() << "waited in vain";
      if (!end_.empty() || EventLoop::Now() > give_up) loop_->Stop();
    });
    loop_->WakeAt(give_up + kMillisecond);
    loop_->Run();
    return end_;
  }

  void RunFor(TimeNs duration) {
    const TimeNs end = EventLoop::Now() + duration;
    loop_->OnTurn([this, end] {
      loop_->WakeAt(end);
      if (EventLoop::Now() >= end) loop_->Stop();
    });
    loop_->Wake();
    loop_->Run();
  }

  absl::Status OnTransferRecord(const TransferRecord& record) override {
    taken_.push_back(record.owner.ToText());
    return taken_.size() > max_taken_ ? absl::ResourceExhaustedError("full")
                                      : absl::OkStatus();
  }
  void OnTransferEnd(TransferFailure failure,
                     const absl::Status& status) override {
    EXPECT_EQ(end_, "");
    end_ = std::string(TransferFailureName(failure));
    EXPECT_EQ(status.ok(), failure == TransferFailure::kNone);
    if (!status.ok()) absl::StrAppend(&end_, ": ", status.message());
    if (destroys_) transfer_.reset();
  }

  // "FAILURE: transfer of ZONE from SERVER: REASON".
  std::string Failed(absl::string_view failure, absl::string_view reason) {
    return absl::StrCat(failure, ": transfer of ", kZone, " from ",
                        server_.ToString(), ": ", reason);
  }

  ZoneTransfer::Limits limits_;
  size_t max_taken_ = 1000;
  bool destroys_ = true;
  Endpoint server_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<ZoneTransfer> transfer_;
  std::vector<std::string> taken_;
  std::string end_;
};

TEST_F(ZoneTransferTest, AsksAndTakesWhatComes) {
  Octets query;
  TcpTestServer server({[&query](ServedConnection& connection) {
    query = connection.Read();
    connection.Send(Soa());
    connection.Send(Ptr(1));
    connection.Send(Ptr(2));
    connection.Send(Soa(PacketBuilder().Id(kId).Response()));
    EXPECT_TRUE(connection.ClientCloses());
  }});
  Start(server.port());
  EXPECT_EQ(Run(), "none");
  EXPECT_THAT(taken_, ElementsAre(kZone, absl::StrCat("1.", kZone),
                                  absl::StrCat("2.", kZone)));
  EXPECT_EQ(ToHex(query),
            ToHex(PacketBuilder().Id(kId).Question(kZone, kAxfr).Build()));
}

TEST_F(ZoneTransferTest, TakesAStreamThatComesOctetByOctet) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    for (const Octets& message :
         {Soa(), Ptr(1), Soa(PacketBuilder().Id(kId).Response())}) {
      connection.SendRaw(WithLength(message), true);
    }
    EXPECT_TRUE(connection.ClientCloses());
  }});
  Start(server.port());
  EXPECT_EQ(Run(), "none");
  EXPECT_EQ(taken_.size(), 2u);
}

TEST_F(ZoneTransferTest, TellsWhatHasComeAfterItsEnd) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    connection.Send(Soa());
    EXPECT_TRUE(connection.ClientCloses());
  }});
  destroys_ = false;
  limits_.progress = absl::Milliseconds(100);
  Start(server.port());
  EXPECT_EQ(Run(), "none");
  RunFor(200 * kMillisecond);  // nothing is told of a clock that ran on
  EXPECT_EQ(transfer_->progress().messages(), 2u);
  EXPECT_EQ(transfer_->progress().octets(), 2 * Soa().size());
}

TEST_F(ZoneTransferTest, NamesZoneServerAndReasonOfARefusal) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(First().Rcode(5).Build());
    EXPECT_TRUE(connection.ClientCloses());
  }});
  Start(server.port());
  EXPECT_EQ(Run(), Failed("rcode", "REFUSED"));
}

TEST_F(ZoneTransferTest, RefusesAnEarlyEnd) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    connection.Send(Ptr(1));
  }});
  Start(server.port());
  EXPECT_EQ(Run(), Failed("closed",
                          "the connection ended after 2 messages, before the "
                          "last SOA"));
}

TEST_F(ZoneTransferTest, RefusesAnEndInsideAMessage) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    Octets last = WithLength(Soa());
    last.pop_back();
    connection.SendRaw(last);
  }});
  Start(server.port());
  EXPECT_EQ(Run(), Failed("closed",
                          "the connection ended after 0 messages, before the "
                          "last SOA"));
}

TEST_F(ZoneTransferTest, RefusesALengthThatNoMessageHas) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    connection.SendRaw(Octets{0, 11});
    EXPECT_TRUE(connection.ClientCloses());
  }});
  Start(server.port());
  EXPECT_EQ(Run(),
            Failed("closed", "a length that no message has, after 1 messages"));
}

TEST_F(ZoneTransferTest, EndsWithoutAnotherMessageInTime) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    // Half a message is none, however often a bit of it comes.
    connection.SendRaw(Octets{1, 0, 0});
    EXPECT_TRUE(connection.ClientCloses());
  }});
  limits_.progress = absl::Milliseconds(200);
  const TimeNs begun = EventLoop::Now();
  Start(server.port());
  EXPECT_EQ(Run(), Failed("stalled", "no message within 200ms"));
  EXPECT_GE(EventLoop::Now() - begun, 190 * kMillisecond);
}

TEST_F(ZoneTransferTest, EachMessageStartsTheClockAnew) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    for (int i = 1; i <= 4; ++i) {
      usleep(150000);
      connection.Send(Ptr(i));
    }
    connection.Send(Soa());
    EXPECT_TRUE(connection.ClientCloses());
  }});
  limits_.progress = absl::Milliseconds(450);
  Start(server.port());
  EXPECT_EQ(Run(), "none");
}

TEST_F(ZoneTransferTest, EndsWithoutAConnectionInTime) {
  // A full backlog: the kernel takes no further connection and says nothing.
  uint16_t port = 0;
  const int full = LoopbackTcpSocket(0, &port);
  std::vector<int> clients;
  for (int i = 0; i < 3; ++i) {
    const int client = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_storage address{};
    const Endpoint endpoint{.address = dnswire::IpAddress::V4(0x7f000001),
                            .port = port};
    const socklen_t size = endpoint.ToSockaddr(&address);
    static_cast<void>(
        connect(client, reinterpret_cast<sockaddr*>(&address), size));
    clients.push_back(client);
  }
  limits_.connect = absl::Milliseconds(200);
  Start(port);
  EXPECT_EQ(Run(), Failed("connect", "no connection within 200ms"));
  for (const int client : clients) close(client);
  close(full);
}

TEST_F(ZoneTransferTest, SaysThatNobodyListens) {
  uint16_t port = 0;
  const int bound = LoopbackTcpSocket(-1, &port);
  Start(port);
  EXPECT_EQ(Run(), Failed("connect", "cannot connect: Connection refused"));
  close(bound);
}

TEST_F(ZoneTransferTest, EndsWhenTheKeeperHasEnough) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    connection.Send(Ptr(1));
    connection.Send(Ptr(2));
    EXPECT_TRUE(connection.ClientCloses());
  }});
  max_taken_ = 1;
  Start(server.port());
  EXPECT_EQ(Run(), Failed("too_large", "full"));
  EXPECT_EQ(taken_.size(), 2u);
}

TEST_F(ZoneTransferTest, ReadsNoMoreThanItsLimit) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    connection.Send(Ptr(1));
    EXPECT_TRUE(connection.ClientCloses());
  }});
  limits_.max_octets = Soa().size();
  Start(server.port());
  EXPECT_EQ(Run(), Failed("too_large",
                          absl::StrCat("more than ", Soa().size(), " octets")));
  EXPECT_EQ(taken_.size(), 1u);
}

TEST_F(ZoneTransferTest, TellsNothingAfterItWasGivenUp) {
  TcpTestServer server({[](ServedConnection& connection) {
    connection.Read();
    connection.Send(Soa());
    EXPECT_TRUE(connection.ClientCloses());
  }});
  Start(server.port());
  loop_->OnTurn([this] {
    if (taken_.empty()) return;
    transfer_.reset();
    loop_->Stop();
  });
  loop_->Run();
  EXPECT_EQ(end_, "");
}

// Appends four octets to the query, and accepts nothing.
class SomeSigner : public TransferSigner {
 public:
  explicit SomeSigner(bool can_sign) : can_sign_(can_sign) {}
  absl::StatusOr<Octets> Sign(std::span<const uint8_t> query) override {
    if (!can_sign_) return absl::InternalError("the key cannot sign");
    Octets with(query.begin(), query.end());
    with.insert(with.end(), {1, 2, 3, 4});
    return with;
  }
  absl::Status Verify(std::span<const uint8_t>, size_t) override {
    return absl::UnauthenticatedError("the MAC is wrong");
  }

 private:
  const bool can_sign_;
};

TEST_F(ZoneTransferTest, SendsTheSignedQueryAndWantsSignedMessages) {
  Octets query;
  TcpTestServer server({[&query](ServedConnection& connection) {
    query = connection.Read();
    connection.Send(Soa());
    EXPECT_TRUE(connection.ClientCloses());
  }});
  Start(server.port(), std::make_unique<SomeSigner>(true));
  EXPECT_EQ(Run(), Failed("tsig_unsigned", "message 1 is not signed"));
  EXPECT_THAT(ToHex(query), HasSubstr("01020304"));
}

TEST_F(ZoneTransferTest, SendsNothingThatItCannotSign) {
  uint16_t port = 0;
  const int listener = LoopbackTcpSocket(4, &port);
  destroys_ = false;  // what is closed would wake the loop
  Start(port, std::make_unique<SomeSigner>(false));
  EXPECT_EQ(Run(), Failed("tsig", "the key cannot sign"));
  close(listener);
}

}  // namespace
}  // namespace io
