// Who acts (VERDICTS.md section 2, last column).
#include "scanner/verdict/actor.h"

#include <gtest/gtest.h>

namespace scanner {
namespace {

using io::Cause;
using io::Status;

TEST(ActorTest, EachStatusIsSomebodysToMend) {
  const struct {
    Status status;
    Cause cause;
    const char* actor;
  } cases[] = {
      {Status::kSkipped, Cause::kBudget, "operator"},
      {Status::kReverseTimeout, Cause::kTimeout, "reverse_dns"},
      {Status::kReverseError, Cause::kServfail, "reverse_dns"},
      {Status::kReverseError, Cause::kResolverRefused, "resolver"},
      {Status::kReverseError, Cause::kBlocked, "resolver"},
      {Status::kUndelegated, Cause::kNxdomain, "registry"},
      {Status::kNoPtr, Cause::kNodata, "reverse_owner"},
      {Status::kBadName, Cause::kNone, "reverse_owner"},
      {Status::kUnconfirmed, Cause::kNone, "nobody"},
      {Status::kPass, Cause::kNone, "nobody"},
      {Status::kForwardError, Cause::kTimeout, "forward_dns"},
      {Status::kForwardError, Cause::kResolverRefused, "resolver"},
      {Status::kForwardError, Cause::kBlocked, "resolver"},
      {Status::kMismatch, Cause::kNone, "forward_owner or reverse_owner"},
      {Status::kNoForward, Cause::kNone, "forward_owner or reverse_owner"},
  };
  for (const auto& c : cases) {
    EXPECT_EQ(ActorName(ActorOf(io::Row{.status = c.status, .cause = c.cause})),
              c.actor)
        << io::StatusName(c.status);
  }
}

TEST(ActorTest, ANameThatIsNotTheExpectedOneIsForTheReverseOwner) {
  io::Row row = {.status = Status::kPass, .expected = "a.example.com"};
  row.flags.Add(io::Flag::kUnexpectedName);
  EXPECT_EQ(ActorOf(row), Actor::kReverseOwner);
  row.status = Status::kMismatch;
  EXPECT_EQ(ActorOf(row), Actor::kForwardOrReverseOwner);
  row.expected = "-";  // then no forward record helps
  EXPECT_EQ(ActorOf(row), Actor::kReverseOwner);
}

TEST(ActorTest, NobodyActsWhereNoPtrIsWanted) {
  for (const Status status : {Status::kNoPtr, Status::kUndelegated}) {
    EXPECT_EQ(ActorOf(io::Row{.status = status, .expected = "-"}),
              Actor::kNobody);
  }
}

}  // namespace
}  // namespace scanner
