#include "scanner/transfer/server_finder.h"

#include <gmock/gmock.h>

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/scanner/transfer/served_zones.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;
using testing_support::AReply;
using testing_support::Asked;
using testing_support::Once;
using testing_support::PacketBuilder;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ReplyTo;
using testing_support::ScriptedServer;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

Replies NsReply(const Asked& asked, std::vector<std::string> names) {
  PacketBuilder reply = ReplyTo(asked);
  reply.Answer();
  for (const std::string& name : names) reply.Ns(asked.name, name);
  return Once(reply.Build());
}

// Zones 1.10 and 2.10 share a server; that of 3.10 is in 10.0.0.0/8, those of
// 4.10 have no address, and 5.10 nobody knows.
Replies World(const Asked& asked) {
  if (asked.type == rr::kNs) {
    if (asked.name == "1.10.in-addr.arpa") {
      return NsReply(asked, {"Shared.example", "alone.example"});
    }
    if (asked.name == "2.10.in-addr.arpa") {
      return NsReply(asked, {"shared.example"});
    }
    if (asked.name == "3.10.in-addr.arpa") {
      return NsReply(asked, {"private.example"});
    }
    if (asked.name == "4.10.in-addr.arpa") {
      return NsReply(asked, {"nowhere.example"});
    }
    return Once(RcodeReply(asked, rcode::kServfail));
  }
  if (asked.name == "nowhere.example") {
    return Once(RcodeReply(asked, rcode::kNxdomain));
  }
  if (asked.type == rr::kAaaa) {
    if (asked.name != "alone.example") return Once(ReplyTo(asked).Build());
    return Once(ReplyTo(asked)
                    .Answer()
                    .Aaaa(asked.name,
                          {0x2a, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1})
                    .Build());
  }
  if (asked.name == "private.example") {
    return Once(AReply(asked, {"10.0.0.53"}));
  }
  return Once(
      AReply(asked, {asked.name == "alone.example" ? "8.8.4.4" : "9.9.9.9"}));
}

class ServerFinderTest : public ::testing::Test {
 protected:
  // Servers by zone, or why there are none.
  using All = std::map<size_t, std::string>;

  ServerFinderTest() : server_(World), loop_(*io::EventLoop::Create()) {
    options_.resolvers = {EndpointOf(server_)};
  }

  // Zones N.10.in-addr.arpa.
  All Find(const std::vector<size_t>& zones) {
    All all;
    auto finder = ServerFinder::Create(
        options_, loop_.get(),
        [&all](size_t zone, std::vector<io::Endpoint> servers,
               absl::string_view why) {
          EXPECT_FALSE(all.contains(zone)) << "told twice";
          std::string text(why);
          for (const io::Endpoint& server : servers) {
            absl::StrAppend(&text, text.empty() ? "" : " ", server.ToString());
          }
          all[zone] = text;
        });
    EXPECT_TRUE(finder.ok()) << finder.status();
    for (const size_t zone : zones) {
      (*finder)->Find(
          zone, *dnswire::Name::Parse(absl::StrCat(zone, ".10.in-addr.arpa")));
    }
    loop_->OnTurn([&] {
      const io::TimeNs wake = (*finder)->Turn();
      if ((*finder)->done()) return loop_->Stop();
      loop_->WakeAt(wake);
    });
    loop_->Wake();
    loop_->Run();
    stats_ = (*finder)->Finish();
    EXPECT_THAT(stats_.BrokenIdentities(), IsEmpty());
    return all;
  }

  const ScriptedServer server_;
  std::unique_ptr<io::EventLoop> loop_;
  ScanOptions options_;
  Stats stats_;
};

TEST_F(ServerFinderTest, FindsTheAddressesOfTheNsSet) {
  EXPECT_THAT(Find({1, 2}), ElementsAre(Pair(1, "8.8.4.4 2a00::1 9.9.9.9"),
                                        Pair(2, "9.9.9.9")));
  EXPECT_EQ(server_.asked("shared.example", rr::kA), 1) << "once for both";
  EXPECT_EQ(stats_.zone_check_packets, 6u);
  EXPECT_EQ(stats_.packets(), 6u);
}

TEST_F(ServerFinderTest, SaysWhyThereAreNone) {
  EXPECT_THAT(Find({4, 5}),
              ElementsAre(Pair(4, "its name servers have no address"),
                          Pair(5, "its name servers could not be found out")));
}

TEST_F(ServerFinderTest, DoesNotAimAtSpecialUseSpaceUnlessToldTo) {
  EXPECT_THAT(Find({3}),
              ElementsAre(Pair(3,
                               "its name servers have special-use addresses "
                               "(--allow-special-servers)")));
  options_.allow_special_servers = true;
  EXPECT_THAT(Find({3}), ElementsAre(Pair(3, "10.0.0.53")));
}

TEST_F(ServerFinderTest, FindsMoreZonesThanItAsksAtATime) {
  std::vector<size_t> zones;
  for (size_t i = 0; i < 3 * ServerFinder::kMostAtOnce; ++i) {
    zones.push_back(1000 + i);
  }
  EXPECT_EQ(Find(zones).size(), zones.size());
}

}  // namespace
}  // namespace scanner
