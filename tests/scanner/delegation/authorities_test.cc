#include "scanner/delegation/authorities.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "scanner/upstream/route.h"

namespace scanner {
namespace {

dnswire::IpAddress A(absl::string_view text) {
  return *dnswire::IpAddress::Parse(text);
}

class AuthoritiesTest : public testing::Test {
 protected:
  io::SecureRandom random_;
  ScanOptions options_;
  Authorities authorities_{options_, 4, &random_, {}};
};

// WIRE.md section 6.
TEST_F(AuthoritiesTest, PaceByTheTable) {
  const auto far = authorities_.Get(A("192.0.2.1"), false);
  const auto root = authorities_.Get(A("192.0.2.2"), true);
  const auto near = authorities_.Get(A("127.0.0.1"), false);
  Server& server = authorities_.servers()[far->place];
  EXPECT_EQ(server.congestion.rate_qps(), 100);
  EXPECT_EQ(server.congestion.window(), 16U);
  EXPECT_TRUE(server.cookies.enabled());
  EXPECT_EQ(server.timer.RungOfTry(1), kRung1S);
  EXPECT_EQ(authorities_.servers()[root->place].congestion.rate_qps(), 100);
  EXPECT_EQ(authorities_.servers()[near->place].congestion.rate_qps(), 0);
  EXPECT_FALSE(authorities_.servers()[near->place].cookies.enabled());
}

TEST_F(AuthoritiesTest, AListedServerHasItsOwnRateAllTheTime) {
  const auto prefix = [](const char* text) {
    return *dnswire::IpPrefix::Parse(text);
  };
  options_.listed_rates = {{.prefix = prefix("192.0.2.0/24"), .qps = 700},
                           {.prefix = prefix("192.0.2.8/29"), .qps = 3},
                           {.prefix = prefix("192.0.0.0/16"), .qps = 1},
                           {.prefix = prefix("2001:db8::/32"), .qps = 0},
                           {.prefix = prefix("127.0.0.1/32"), .qps = 50}};
  const struct {
    const char* address;
    bool infrastructure;
    double qps;
  } cases[] = {
      {"192.0.2.1", false, 700}, {"192.0.2.2", true, 700},
      {"192.0.2.9", false, 3},   {"192.0.3.1", false, 1},
      {"192.1.0.1", false, 100}, {"2001:db8::1", false, 0},
      {"127.0.0.1", false, 50},  {"127.0.0.2", false, 0},
  };
  Authorities authorities(options_, 16, &random_, {});
  for (const auto& c : cases) {
    const auto ref = authorities.Get(A(c.address), c.infrastructure);
    Congestion& pace = authorities.servers()[ref->place].congestion;
    EXPECT_EQ(pace.rate_qps(), c.qps) << c.address;
    EXPECT_LE(pace.floor_qps(), std::max(c.qps, 5.0)) << c.address;
  }
  // Nothing lost and held back by the rate: it still does not grow.
  const auto ref = authorities.Get(A("192.0.2.1"), false);
  Congestion& pace = authorities.servers()[ref->place].congestion;
  for (io::TimeNs now = 0; now < 20'000'000'000; now += 10'000'000) {
    pace.OnSent(now);
    pace.OnRateHeldBack();
    pace.OnEnd(Congestion::End::kOk, now);
    pace.Advance(now, 1'000'000);
  }
  EXPECT_EQ(pace.rate_qps(), 700);
}

TEST_F(AuthoritiesTest, OneRecordAnAddress) {
  const auto first = authorities_.Get(A("192.0.2.1"), false);
  const auto again = authorities_.Get(A("192.0.2.1"), false);
  EXPECT_EQ(first->place, again->place);
  EXPECT_EQ(authorities_.Find({.address = A("192.0.2.1")}), first->place);
  EXPECT_EQ(authorities_.Find({.address = A("192.0.2.1"), .port = 5353}),
            kNoServer);
  EXPECT_EQ(authorities_.Find({.address = A("192.0.2.9")}), kNoServer);
}

TEST_F(AuthoritiesTest, AServerFoundBeforeIsNotFoundWhenItHasGone) {
  ASSERT_TRUE(authorities_.Get(A("192.0.2.100"), false));
  const auto gone = authorities_.Get(A("192.0.2.1"), false);
  ASSERT_EQ(authorities_.Find({.address = A("192.0.2.1")}), gone->place);
  for (int i = 2; i <= 9; ++i) {
    const dnswire::IpAddress address = A(absl::StrCat("192.0.2.", i));
    const auto added = authorities_.Get(address, false);
    EXPECT_EQ(authorities_.Find({.address = address}), added->place) << i;
  }
  EXPECT_EQ(authorities_.Find({.address = A("192.0.2.1")}), kNoServer);
}

TEST_F(AuthoritiesTest, AnIdleServerMakesRoomAndWhoRemembersItGetsItAnew) {
  AuthorityRef first = *authorities_.Get(A("192.0.2.1"), false);
  authorities_.servers()[first.place].open_tries = 1;
  for (int i = 2; i <= 9; ++i) {
    ASSERT_TRUE(authorities_.Get(A(absl::StrCat("192.0.2.", i)), false));
  }
  EXPECT_EQ(authorities_.servers().size(), 4U);
  // The one that is waited for has stayed, the first of the others has gone.
  EXPECT_EQ(authorities_.Find({.address = A("192.0.2.1")}), first.place);
  EXPECT_EQ(authorities_.Find({.address = A("192.0.2.2")}), kNoServer);
  AuthorityRef second = {.address = A("192.0.2.2"), .place = 1};
  const Server* const renewed = authorities_.Renew(&second, false);
  ASSERT_NE(renewed, nullptr);
  EXPECT_EQ(renewed->endpoint.address, A("192.0.2.2"));
  EXPECT_EQ(authorities_.Renew(&first, false)->open_tries, 1U);
}

TEST_F(AuthoritiesTest, NoRoomWhileAllAreWaitedFor) {
  for (int i = 1; i <= 4; ++i) {
    const auto server = authorities_.Get(A(absl::StrCat("192.0.2.", i)), false);
    authorities_.servers()[server->place].open_tries = 1;
  }
  EXPECT_EQ(authorities_.Get(A("192.0.2.5"), false), std::nullopt);
}

}  // namespace
}  // namespace scanner
