// Judging allocates nothing: it runs once per row on the packet path.
#include "gtest/gtest.h"
#include "scanner/verdict/generic_name.h"
#include "scanner/verdict/judge.h"
#include "scanner/verdict/name_rules.h"
#include "tests/scanner/verdict/evidence_builder.h"
#include "tests/support/thread_allocations.h"

namespace scanner {
namespace {

template <typename Work>
uint64_t AllocationsIn(Work work) {
  const uint64_t before = testing_support::ThreadAllocations();
  work();
  return testing_support::ThreadAllocations() - before;
}

TEST(AllocationTest, CounterSeesAllocations) {
  EXPECT_GT(
      AllocationsIn([] { (void)EvidenceBuilder("192.0.3.10").Ptr({"a"}); }),
      0u);
}

TEST(AllocationTest, JudgeAllocatesNothing) {
  auto builder =
      EvidenceBuilder("198.51.100.23")
          .Ptr({"198-51-100-23.pool.example.net", "localhost",
                "mail.example.com.100.51.198.in-addr.arpa"})
          .Chain({"23.0\\04725.100.51.198.in-addr.arpa"})
          .Forward("198-51-100-23.pool.example.net", {"198.51.100.24"})
          .Expect("h{d}.example.com")
          .ExpectedLookup("h23.example.com", ForwardResult::kData, true);
  const Evidence evidence = builder.Build();
  Verdict verdict;
  EXPECT_EQ(AllocationsIn([&] { verdict = Judge(evidence); }), 0u);
  EXPECT_EQ(verdict.status, io::Status::kMismatch);
  EXPECT_EQ(AllocationsIn([&] { (void)WantsExpectedLookup(evidence); }), 0u);
}

TEST(AllocationTest, ClassifyingANameAllocatesNothing) {
  const auto name = NameOf("c-a1b2-c3d4-e5f6-718.static.example.net");
  for (const char* text :
       {"198.51.100.23", "2001:db8:10:20:a1b2:c3d4:e5f6:718"}) {
    const auto address = AddressOf(text);
    EXPECT_EQ(AllocationsIn([&] { (void)ClassifyName(address, name); }), 0u);
    EXPECT_EQ(AllocationsIn([&] { (void)UnusableFlags(address, {}, name); }),
              0u);
  }
}

}  // namespace
}  // namespace scanner
