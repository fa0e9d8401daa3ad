#include "scanner/overview/classless_audit.h"

#include <gmock/gmock.h>

#include <string>

#include "io/formats/row_batch.h"

namespace scanner {
namespace {

using io::Flag;
using io::Status;
using testing::ElementsAre;
using testing::IsEmpty;

class ClasslessAuditTest : public testing::Test {
 protected:
  // An alias into `zone`; the parent's denial if that is "".
  void Add(const std::string& ip, const std::string& zone,
           io::Cause cause = io::Cause::kNone) {
    io::Row row;
    row.ip = *dnswire::IpAddress::Parse(ip);
    row.status = cause == io::Cause::kNone && !zone.empty() ? Status::kPass
                                                            : Status::kNoPtr;
    row.cause = cause;
    const dnswire::Name name =
        *dnswire::Name::Parse(zone.empty() ? "2.0.192.in-addr.arpa" : zone);
    row.zone = name;
    if (!zone.empty()) row.flags.Add(Flag::kClassless);
    if (!zone.empty()) row.flags.Add(Flag::kCnameChain);
    rows_.Append(row);
  }

  std::vector<ClasslessGroup> Groups() const {
    ClasslessAudit audit;
    for (const io::Row& row : rows_.rows()) audit.Survey(row);
    for (const io::Row& row : rows_.rows()) audit.Add(row);
    return audit.Groups();
  }

  io::RowBatch rows_;
};

TEST_F(ClasslessAuditTest, ShowsHolesAndDanglingAliasesOfEachZone) {
  Add("192.0.2.20", "b.example");
  Add("192.0.2.3", "a.example");
  Add("192.0.2.9", "a.example");
  Add("192.0.2.5", "a.example", io::Cause::kDanglingCname);
  // Between the first and the last of a group, before it, behind it.
  for (const char* ip : {"192.0.2.4", "192.0.2.8", "192.0.2.2", "192.0.2.10"}) {
    Add(ip, "");
  }
  // Denied behind an alias of another kind: no hole.
  io::Row chained;
  chained.ip = *dnswire::IpAddress::Parse("192.0.2.6");
  chained.status = Status::kNoPtr;
  chained.flags.Add(Flag::kCnameChain);
  rows_.Append(chained);
  const auto groups = Groups();
  ASSERT_EQ(groups.size(), 2u);
  EXPECT_EQ(groups[0].zone, "a.example");
  EXPECT_EQ(groups[0].rows, 3u);
  EXPECT_EQ(groups[0].first, 3);
  EXPECT_EQ(groups[0].last, 9);
  EXPECT_THAT(groups[0].holes, ElementsAre(4, 8));
  EXPECT_THAT(groups[0].dangling, ElementsAre(5));
  EXPECT_EQ(groups[1].zone, "b.example");
  EXPECT_THAT(groups[1].holes, IsEmpty());
}

TEST_F(ClasslessAuditTest, ABlockWithoutAliasesIsNoGroup) {
  Add("192.0.2.4", "");
  Add("198.51.100.4", "4.example");
  ASSERT_EQ(Groups().size(), 1u);
  EXPECT_EQ(Groups()[0].block.ToString(), "198.51.100.0/24");
}

}  // namespace
}  // namespace scanner
