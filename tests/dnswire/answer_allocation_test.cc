// The packet path allocates nothing once an Answer has been used: every
// operator new of this program is counted.
#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <new>

#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "tests/dnswire/decode_text.h"
#include "tests/support/packet_builder.h"

namespace {

std::atomic<int> allocations{0};

void* CountedAllocation(size_t size) {
  ++allocations;
  void* block = std::malloc(size == 0 ? 1 : size);
  if (block == nullptr) std::abort();
  return block;
}

}  // namespace

void* operator new(size_t size) { return CountedAllocation(size); }
void* operator new[](size_t size) { return CountedAllocation(size); }
void operator delete(void* block) noexcept { std::free(block); }
void operator delete[](void* block) noexcept { std::free(block); }
void operator delete(void* block, size_t) noexcept { std::free(block); }
void operator delete[](void* block, size_t) noexcept { std::free(block); }

namespace dnswire {
namespace {

using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
namespace rr = testing_support::rr;

PacketBuilder Asked() {
  return PacketBuilder().Response().Ra().Question("10.2.0.192.in-addr.arpa",
                                                  rr::kPtr);
}

void Decode(const Octets& octets, Answer* answer) {
  Message message = Message::ParseHead(octets);
  message.ParseSections();
  ResolveAnswer(message, QuestionOf(message), {}, {}, answer);
}

TEST(AnswerAllocationTest, AReusedAnswerAllocatesNothing) {
  const Octets data =
      Asked().Answer().Ptr(Pointer(12), "mail.example.com").Build();
  const Octets denied = Asked()
                            .Rcode(3)
                            .Authority()
                            .Soa(Pointer(15), "ns.example", "root.example")
                            .Additional()
                            .Opt()
                            .Build();
  const Octets aliased = Asked()
                             .Answer()
                             .Cname(Pointer(12), "a.example")
                             .Dname("example", "test")
                             .Ptr("a.test", "b.test")
                             .Build();
  Answer answer;
  const int unused = allocations;
  Decode(aliased, &answer);
  EXPECT_GT(allocations, unused);  // the chain's first room: counting works
  const int before = allocations;
  for (const Octets* octets : {&data, &denied, &aliased}) {
    Decode(*octets, &answer);
  }
  EXPECT_EQ(allocations, before);
}

}  // namespace
}  // namespace dnswire
