// Zone transfers from nsd, knot and bind, in a namespace of their own: every
// record that was written comes back, with and without a key, and the image of
// the zone answers as the server does.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "dnswire/query.h"
#include "io/net/event_loop.h"
#include "io/net/random.h"
#include "io/net/zone_transfer.h"
#include "scanner/transfer/zone_image.h"
#include "tests/io/temp_folder.h"
#include "tests/support/packet_builder.h"
#include "tests/transfer/transfer_server.h"
#include "tests/transfer/written_zones.h"
#include "tests/world/sandbox.h"
#include "tools/tsig/tsig_signer.h"

namespace transfer {
namespace {

using dnswire::Answer;
using dnswire::Name;
using dnswire::Outcome;
using scanner::ZoneImage;

constexpr char kOpen[] = "18.198.in-addr.arpa";
constexpr char kKeyed[] = "19.198.in-addr.arpa";
constexpr char kOdd[] = "20.198.in-addr.arpa";
constexpr uint64_t kRoom = 64 << 20;

// Keeps all records of a transfer, and their image.
class Transfer : public io::ZoneTransfer::Delegate {
 public:
  Transfer(const std::string& address, const std::string& zone,
           std::unique_ptr<io::TransferSigner> signer = nullptr)
      : image_(*Name::Parse(zone), kRoom) {
    auto loop = io::EventLoop::Create();
    loop_ = loop->get();
    const io::TimeNs begun = io::EventLoop::Now();
    io::SecureRandom random;
    io::ZoneTransfer transfer(loop_,
                              {.server = *io::Endpoint::Parse(address),
                               .zone = *Name::Parse(zone),
                               .id = random.U16(),
                               .signer = std::move(signer)},
                              {}, this);
    loop_->Run();
    if (ok()) image_.Finish();
    const io::TimeNs took = io::EventLoop::Now() - begun;
    std::printf(
        "%s %s: %zu records, %llu messages, %llu octets, %.1f ms, "
        "image %llu octets\n",
        address.c_str(), zone.c_str(), records_.size(),
        static_cast<unsigned long long>(transfer.progress().messages()),
        static_cast<unsigned long long>(transfer.progress().octets()),
        static_cast<double>(took) / io::kMillisecond,
        static_cast<unsigned long long>(image_.octets()));
  }

  absl::Status OnTransferRecord(const io::TransferRecord& record) override {
    records_.push_back(WireOf(record));
    return image_.Add(record);
  }
  void OnTransferEnd(io::TransferFailure failure,
                     const absl::Status& status) override {
    failure_ = failure;
    status_ = status;
    loop_->Stop();
  }

  bool ok() const { return failure_ == io::TransferFailure::kNone; }
  io::TransferFailure failure() const { return failure_; }
  const absl::Status& status() const { return status_; }
  const ZoneImage& image() const { return image_; }
  std::vector<Octets> SortedRecords() {
    std::sort(records_.begin(), records_.end());
    return records_;
  }

 private:
  // As ldns writes a record.
  static Octets WireOf(const io::TransferRecord& record) {
    Octets wire;
    for (const uint8_t octet : record.owner.wire()) {
      wire.push_back(dnswire::LowerOctet(octet));
    }
    const auto append = [&wire](uint32_t number, int octets) {
      for (int i = octets - 1; i >= 0; --i) {
        wire.push_back(static_cast<uint8_t>(number >> (8 * i)));
      }
    };
    append(record.type, 2);
    append(dnswire::kClassIn, 2);
    append(record.ttl_s, 4);
    append(static_cast<uint32_t>(record.rdata.size()), 2);
    wire.insert(wire.end(), record.rdata.begin(), record.rdata.end());
    return wire;
  }

  io::EventLoop* loop_;
  ZoneImage image_;
  std::vector<Octets> records_;
  io::TransferFailure failure_ = io::TransferFailure::kNone;
  absl::Status status_;
};

std::unique_ptr<io::TransferSigner> Signer(const std::string& name,
                                           const std::string& secret) {
  return std::make_unique<tools::TsigSigner>(
      tools::TsigKey{.name = *Name::Parse(name),
                     .algorithm = "hmac-sha256",
                     .secret = secret});
}

// One UDP question; empty if nothing comes.
Octets AskUdp(const std::string& address, dnswire::NameView name) {
  uint8_t query[dnswire::kMaxQueryOctets];
  const size_t size =
      dnswire::EncodeQuery(7, name, dnswire::kTypePtr,
                           {.recursion_desired = false, .edns = false}, query);
  sockaddr_storage server{};
  const socklen_t server_size =
      io::Endpoint::Parse(address)->ToSockaddr(&server);
  const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  Octets reply(65535);
  ssize_t got = 0;
  if (connect(fd, reinterpret_cast<sockaddr*>(&server), server_size) == 0 &&
      send(fd, query, size, 0) > 0) {
    pollfd waited = {.fd = fd, .events = POLLIN, .revents = 0};
    if (poll(&waited, 1, 5000) == 1) got = recv(fd, reply.data(), 65535, 0);
  }
  close(fd);
  reply.resize(static_cast<size_t>(std::max<ssize_t>(got, 0)));
  return reply;
}

// All of an answer that the engine uses.
std::string TextOf(const Answer& answer, std::vector<std::string> data) {
  std::string text = absl::StrCat(
      static_cast<int>(answer.outcome), " rcode ", answer.rcode, " last ",
      answer.last_name.ToText(), answer.dname ? " dname" : "",
      answer.authoritative ? " aa" : "");
  for (const dnswire::NameView hop : answer.chain.view()) {
    absl::StrAppend(&text, " > ", hop.ToText());
  }
  if (answer.has_ttl) absl::StrAppend(&text, " ttl ", answer.ttl_s);
  if (answer.has_soa) {
    absl::StrAppend(&text, " soa ", answer.soa_owner.ToText(), " ",
                    answer.soa_mname.ToText(), " ", answer.soa_rname.ToText());
  }
  if (answer.outcome == Outcome::kReferral) {
    absl::StrAppend(&text, " at ", answer.ns_owner.ToText());
  }
  std::sort(data.begin(), data.end());
  for (const std::string& name : data) absl::StrAppend(&text, " = ", name);
  return text;
}

std::string AskServer(const std::string& address, const Name& name) {
  const Octets reply = AskUdp(address, name);
  const dnswire::Message message = dnswire::Message::Parse(reply);
  if (!message.has_question()) return "no reply";
  const dnswire::Question question = {name, dnswire::kTypePtr};
  const Name zone = *Name::Parse(kOdd);
  Answer answer;
  dnswire::ResolveAnswer(message, question, {.iterative = true, .zone = zone},
                         {}, &answer);
  std::vector<std::string> data;
  if (answer.outcome == Outcome::kData) {
    ForEachDataRecord(message, question, answer,
                      [&](const dnswire::Record& record) {
                        Name target;
                        message.ReadName(record.rdata_at, &target);
                        data.push_back(target.ToText());
                      });
  }
  return TextOf(answer, data);
}

std::string AskImage(const ZoneImage& image, const Name& name) {
  const dnswire::Question question = {name, dnswire::kTypePtr};
  Answer answer;
  image.Resolve(question, {}, &answer);
  std::vector<std::string> data;
  if (answer.outcome == Outcome::kData) {
    image.ForEachData(question, answer, [&](std::span<const uint8_t> rdata) {
      data.push_back(dnswire::NameView::FromValidWire(rdata).ToText());
    });
  }
  return TextOf(answer, data);
}

class TransferTest : public ::testing::TestWithParam<Software> {
 protected:
  void SetUp() override {
    const std::string missing = MissingPackage(GetParam());
    if (!missing.empty()) {
      const char* required = std::getenv("PTRSWEEP_REQUIRE_WORLD");
      if (required != nullptr && std::string(required) == "1") {
        FAIL() << "apt-get install " << missing;
      }
      GTEST_SKIP() << "SERVER SKIPPED: apt-get install " << missing;
    }
    server_.emplace(GetParam(), address_,
                    std::vector<ServedZone>{{LargeZone(kOpen), false},
                                            {LargeZone(kKeyed), true},
                                            {OddZone(kOdd), false}},
                    folder_.Path("server"));
    for (const char* zone : {kOpen, kKeyed, kOdd}) {
      ASSERT_EQ(server_->WaitReady(zone), "");
    }
  }

  void ExpectAllRecords(const WrittenZone& zone,
                        std::unique_ptr<io::TransferSigner> signer) {
    Transfer transfer(address_, zone.apex, std::move(signer));
    ASSERT_TRUE(transfer.ok()) << transfer.status();
    const std::vector<Octets> written = zone.Records();
    const std::vector<Octets> got = transfer.SortedRecords();
    ASSERT_EQ(got.size(), written.size());
    for (size_t i = 0; i < got.size(); ++i) {
      ASSERT_EQ(testing_support::ToHex(got[i]),
                testing_support::ToHex(written[i]));
    }
    EXPECT_EQ(transfer.image().serial(), 2026112600u);
  }

  // That the server says no, and what we say of it.
  void ExpectRefusal(const std::string& zone,
                     std::unique_ptr<io::TransferSigner> signer,
                     const std::string& expected) {
    Transfer transfer(address_, zone, std::move(signer));
    EXPECT_EQ(transfer.failure(), io::TransferFailure::kRcode);
    EXPECT_THAT(std::string(transfer.status().message()),
                ::testing::MatchesRegex(absl::StrCat(
                    "transfer of ", zone, " from ", address_, ": ", expected)));
  }

  // Before the server, which stops first.
  testing_support::TempFolder folder_;
  // One server at a time; bind listens only where an interface has the address.
  const std::string address_ = "127.0.0.1";
  std::optional<TransferServer> server_;
};

TEST_P(TransferTest, BringsEveryRecordThatWasWritten) {
  ExpectAllRecords(LargeZone(kOpen), nullptr);
  ExpectAllRecords(OddZone(kOdd), nullptr);
}

TEST_P(TransferTest, BringsEveryRecordUnderAKey) {
  ExpectAllRecords(LargeZone(kKeyed), Signer(kKeyName, kSecret));
}

TEST_P(TransferTest, NamesTheReasonOfARefusal) {
  ExpectRefusal(kKeyed, nullptr, "(REFUSED|NOTAUTH)");
  ExpectRefusal("21.198.in-addr.arpa", nullptr, "(REFUSED|NOTAUTH)");
  ExpectRefusal(kKeyed, Signer(kKeyName, "b3RoZXI="),
                "NOTAUTH, TSIG error BADSIG");
  ExpectRefusal(kKeyed, Signer("another-key", kSecret),
                "NOTAUTH, TSIG error BADKEY");
}

TEST_P(TransferTest, ItsImageAnswersAsTheServerDoes) {
  const Transfer transfer(address_, kOdd);
  ASSERT_TRUE(transfer.ok()) << transfer.status();
  for (const std::string& text : OddNames(kOdd)) {
    const Name name = *Name::Parse(text);
    EXPECT_EQ(AskImage(transfer.image(), name), AskServer(address_, name))
        << text;
  }
}

INSTANTIATE_TEST_SUITE_P(Servers, TransferTest,
                         ::testing::Values(Software::kNsd, Software::kKnot,
                                           Software::kBind),
                         [](const auto& instance) {
                           return SoftwareName(instance.param);
                         });

int RunTests() {
  const std::string error = world::SetUpLoopback({});
  if (!error.empty()) {
    std::fprintf(stderr, "%s\n", error.c_str());
    return 1;
  }
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace transfer

int main(int argc, char** argv) {
  ::testing::InitGoogleMock(&argc, argv);
  std::signal(SIGPIPE, SIG_IGN);
  world::HoldSignals();
  std::string why;
  const int code = world::RunInSandbox(transfer::RunTests, &why);
  if (code >= 0) return code;
  const char* required = std::getenv("PTRSWEEP_REQUIRE_WORLD");
  const bool must = required != nullptr && std::string(required) == "1";
  std::printf("WORLD %s: %s\n", must ? "REQUIRED" : "SKIPPED", why.c_str());
  return must ? 1 : 77;
}
