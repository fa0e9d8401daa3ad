// Walks of zones that are transferred whole before they begin: nobody is asked
// anything else, whatever is in them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "dnswire/reverse.h"
#include "scanner/walk/walk_targets.h"
#include "tests/scanner/engine/scan_rig.h"
#include "tests/scanner/transfer/served_zones.h"
#include "tests/support/scripted_replies.h"

namespace scanner {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_support::Asked;
using testing_support::CollectingSink;
using testing_support::PacketBuilder;
using testing_support::RcodeReply;
using testing_support::Replies;
using testing_support::ScriptedServer;
namespace rcode = testing_support::rcode;
namespace rr = testing_support::rr;

constexpr char kSite[] = "2001:db8:a000::/48";
constexpr char kChild[] = "2001:db8:a000:c000::/52";

std::string ZoneName(absl::string_view prefix) {
  return dnswire::ReverseZoneName(*dnswire::IpPrefix::Parse(prefix)).ToText();
}

class KeptFindings : public FindingSink {
 public:
  absl::Status Write(std::span<const Finding> findings) override {
    for (const Finding& finding : findings) {
      texts_.push_back(absl::StrCat(
          finding.prefix.ToString(), " ", FindingKindName(finding.kind), " ",
          finding.example, absl::StrJoin(finding.servers, " "), " ",
          finding.queries));
    }
    return absl::OkStatus();
  }
  absl::StatusOr<uint64_t> Sync() override { return texts_.size(); }
  absl::Status Finish() override { return absl::OkStatus(); }
  // Of one kind, "PREFIX KIND EXAMPLE|SERVERS QUERIES", sorted.
  std::vector<std::string> Of(absl::string_view kind) const {
    std::vector<std::string> texts;
    for (const std::string& text : texts_) {
      if (text.find(absl::StrCat(" ", kind, " ")) != std::string::npos) {
        texts.push_back(text);
      }
    }
    std::sort(texts.begin(), texts.end());
    return texts;
  }
  size_t size() const { return texts_.size(); }

 private:
  std::vector<std::string> texts_;
};

class TransferredWalkTest : public testing::Test {
 protected:
  using AddRecords = std::function<void(PacketBuilder*)>;

  TransferredWalkTest() {
    walk_.prefixes = {*dnswire::IpPrefix::Parse(kSite)};
    targets_.walk = &walk_;
    options_.iterative = true;
    options_.allow_special_servers = true;
    options_.ptr_only = true;
    // Nobody is there: a question that were asked would end the walk.
    options_.root_servers = {
        {.name = *dnswire::Name::Parse("a.root.example"),
         .addresses = {dnswire::IpAddress::V4(0x7f350035)}}};
  }

  void Serve(absl::string_view prefix, AddRecords add) {
    zones_[ZoneName(prefix)] = std::move(add);
    plan_.zones.push_back(Listed(prefix, {&server_}));
  }
  ScanReport Run() {
    ScanReport report =
        RunScan(options_, targets_, &rows_, {}, nullptr, &plan_, &findings_)
            .value();
    EXPECT_EQ(report.stop_reason, StopReason::kNone);
    EXPECT_EQ(report.stats.packets(), 0u);
    EXPECT_THAT(report.broken_identities, IsEmpty());
    return report;
  }
  std::string PtrOf(const std::string& address) const {
    const auto row = rows_.rows().find(address);
    return row == rows_.rows().end() ? "no row" : row->second.ptr;
  }

  std::map<std::string, AddRecords> zones_;
  ScriptedServer server_{[this](const Asked& asked) -> Replies {
    const auto zone = zones_.find(asked.name);
    if (asked.type != kAxfr || zone == zones_.end()) {
      return testing_support::Once(RcodeReply(asked, rcode::kRefused));
    }
    return WholeZone(asked, zone->second);
  }};
  ScanOptions options_ = OptionsFor({});
  WalkTargets walk_;
  ScanTargets targets_;
  TransferPlan plan_;
  CollectingSink rows_;
  KeptFindings findings_;
};

TEST_F(TransferredWalkTest, FindsHostsWithoutAPacket) {
  const auto host = [](int i) { return absl::StrCat("2001:db8:a000::", i); };
  Serve(kSite, [&](PacketBuilder* zone) {
    for (int i = 1; i < 50; ++i) {
      zone->Ptr(ReverseOf(host(i)), absl::StrCat("h", i, ".example.net"));
    }
    zone->Cname(ReverseOf("2001:db8:a000:1::1"), ReverseOf(host(7)));
    zone->Record(ReverseOf("2001:db8:a000:1::2"), rr::kTxt, {1, 'x'});
  });
  const ScanReport report = Run();
  EXPECT_EQ(rows_.rows().size(), 50u);
  EXPECT_EQ(PtrOf(host(49)), "h49.example.net");
  EXPECT_EQ(PtrOf("2001:db8:a000:1::1"), "h7.example.net");
  EXPECT_EQ(rows_.rows().at(host(1)).server, EndpointOf(server_).ToString());
  EXPECT_EQ(rows_.rows().at(host(1)).zone, ZoneName(kSite));
  EXPECT_EQ(report.stats.transferred, 50u);
  EXPECT_EQ(report.walk.hosts, 50u);
  EXPECT_EQ(report.walk.nameless, 1u);
  EXPECT_EQ(report.walk.questions, 0u) << "nobody was asked";
  EXPECT_EQ(findings_.size(), 0u);
  ASSERT_EQ(report.transfers.size(), 1u);
  EXPECT_TRUE(report.transfers[0].transferred);
}

// What costs nothing is not of a zone's budget.
TEST_F(TransferredWalkTest, SpendsNoBudget) {
  walk_.options.zone_budget = 10;
  Serve(kSite, [](PacketBuilder* zone) {
    zone->Ptr(ReverseOf("2001:db8:a000::1"), "h.example.net");
    zone->Ptr(ReverseOf("2001:db8:a000:ff::2"), "i.example.net");
  });
  Run();
  EXPECT_EQ(rows_.rows().size(), 2u);
  EXPECT_EQ(findings_.size(), 0u);
}

TEST_F(TransferredWalkTest, GoesOnInADeeperZoneThatIsHereToo) {
  Serve(kSite, [](PacketBuilder* zone) {
    zone->Ptr(ReverseOf("2001:db8:a000::1"), "above.example.net");
    zone->Ns(ZoneName(kChild), "ns.example.net");
    zone->Ptr(ReverseOf("2001:db8:a000:c001::1"), "hidden.example.net");
  });
  Serve(kChild, [](PacketBuilder* zone) {
    zone->Ptr(ReverseOf("2001:db8:a000:c002::1"), "below.example.net");
  });
  Run();
  EXPECT_EQ(rows_.rows().size(), 2u);
  EXPECT_EQ(PtrOf("2001:db8:a000::1"), "above.example.net");
  EXPECT_EQ(PtrOf("2001:db8:a000:c002::1"), "below.example.net");
  EXPECT_THAT(findings_.Of("cut"),
              ElementsAre(absl::StrCat(kChild, " cut ns.example.net 0")));
  EXPECT_EQ(findings_.size(), 1u);
}

TEST_F(TransferredWalkTest, FindsHostsBesideAWildcard) {
  Serve(kSite, [](PacketBuilder* zone) {
    zone->Ptr(absl::StrCat("*.", ZoneName(kSite)), "any.example.net");
    zone->Ptr(ReverseOf("2001:db8:a000:5::1"), "h.example.net");
  });
  Run();
  EXPECT_EQ(rows_.rows().size(), 1u);
  EXPECT_THAT(findings_.Of("wildcard"),
              ElementsAre(absl::StrCat(kSite, " wildcard any.example.net 0")));
  EXPECT_THAT(
      findings_.Of("wildcard_hole"),
      ElementsAre("2001:db8:a000::/52 wildcard_hole 2001:db8:a000:5::1 0"));
}

// To names that are in the zone too.
TEST_F(TransferredWalkTest, FollowsADname) {
  Serve(kSite, [](PacketBuilder* zone) {
    zone->Dname(ZoneName("2001:db8:a000:d000::/52"),
                absl::StrCat("tree.", ZoneName(kSite)));
    // ...d000::1, less the nibbles of the /52.
    const std::string host = ReverseOf("2001:db8:a000:d000::1");
    const size_t below =
        host.size() - ZoneName("2001:db8:a000:d000::/52").size();
    zone->Ptr(absl::StrCat(host.substr(0, below), "tree.", ZoneName(kSite)),
              "moved.example.net");
  });
  Run();
  EXPECT_EQ(rows_.rows().size(), 1u);
  EXPECT_EQ(PtrOf("2001:db8:a000:d000::1"), "moved.example.net");
  EXPECT_THAT(findings_.Of("redirect"),
              ElementsAre(absl::StrCat("2001:db8:a000:d000::/52 redirect tree.",
                                       ZoneName(kSite), " 0")));
}

TEST_F(TransferredWalkTest, DoesNotFetchWhatItDoesNotWalk) {
  Serve(kSite, [](PacketBuilder* zone) {
    zone->Ptr(ReverseOf("2001:db8:a000::1"), "h.example.net");
  });
  Serve("2001:db8:b000::/48", {});
  Serve("2001:db8:a000:e000::/52", {});
  walk_.excluded = TargetsOf({"2001:db8:a000:e000::/52"}).targets;
  const ScanReport report = Run();
  EXPECT_EQ(report.transfers.size(), 1u);
  EXPECT_EQ(PtrOf("2001:db8:a000::1"), "h.example.net");
}

}  // namespace
}  // namespace scanner
