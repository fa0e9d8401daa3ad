// UdpSocket::Flush against a kernel that takes less than it is given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/net/udp_socket.h"
#include "tests/io/udp_socket_fixture.h"

namespace {

// What the next calls of sendmmsg do: take at most so many datagrams, or fail.
struct KernelStep {
  unsigned takes;
  int error = 0;
};
std::deque<KernelStep> kernel_script;

}  // namespace

// Stands before libc's: by the script, without script the real one.
extern "C" int sendmmsg(int fd, mmsghdr* messages, unsigned count, int flags) {
  KernelStep step = {.takes = count};
  if (!kernel_script.empty()) {
    step = kernel_script.front();
    kernel_script.pop_front();
  }
  for (unsigned i = 0; i < count; ++i) {
    EXPECT_EQ(messages[i].msg_hdr.msg_iovlen, 1U) << "no message of the batch";
  }
  if (step.error != 0) {
    errno = step.error;
    return -1;
  }
  return static_cast<int>(
      syscall(SYS_sendmmsg, fd, messages, std::min(count, step.takes), flags));
}

namespace io {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// The kernel refuses port 0 (EINVAL) and IPv6 on an IPv4 socket
// (EAFNOSUPPORT).
TEST(UdpSocketTest, OneRefusedDatagramStopsNoOther) {
  const Endpoint port_zero = {.address = kLoopbackV4, .port = 0};
  const Endpoint other_family = {.address = kLoopbackV6, .port = 53};
  const struct {
    absl::string_view label;
    std::vector<uint32_t> bad;  // tags
  } cases[] = {
      {"first", {0}},        {"middle", {2}},
      {"last", {5}},         {"neighbours", {2, 3}},
      {"both ends", {0, 5}}, {"all", {0, 1, 2, 3, 4, 5}},
  };
  const auto sender = Open();
  const auto receiver = Open();
  for (const auto& c : cases) {
    std::vector<std::pair<uint32_t, int>> refused;
    std::vector<std::string> good;
    for (uint32_t tag = 0; tag < 6; ++tag) {
      if (std::count(c.bad.begin(), c.bad.end(), tag) == 0) {
        good.push_back(absl::StrCat(tag));
        Add(sender.get(), good.back(), LoopbackOf(*receiver), tag);
      } else {
        Add(sender.get(), "x", tag % 2 == 0 ? port_zero : other_family, tag);
        refused.emplace_back(tag, tag % 2 == 0 ? EINVAL : EAFNOSUPPORT);
      }
    }
    EXPECT_EQ(FlushAll(sender.get()), refused) << c.label;
    EXPECT_EQ(sender->pending(), 0U) << c.label;
    EXPECT_EQ(ReceiveAll(receiver.get()), good) << c.label;
  }
}

// Fills a batch, lets the kernel act by `script`, which ends in back-pressure
// after `gone` datagrams, fills up again and sends the rest.
void ExpectOrderKept(const std::deque<KernelStep>& script, size_t gone) {
  const auto sender = Open();
  const auto receiver = Open();
  std::vector<std::string> all;
  const auto fill = [&] {
    while (sender->pending() < kBatch) {
      all.push_back(absl::StrCat(all.size()));
      Add(sender.get(), all.back(), LoopbackOf(*receiver));
    }
  };
  fill();
  kernel_script = script;
  EXPECT_THAT(FlushAll(sender.get(), false), IsEmpty());
  EXPECT_EQ(sender->pending(), kBatch - gone);
  fill();
  EXPECT_EQ(sender->Append(), nullptr);
  EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
  EXPECT_TRUE(kernel_script.empty());
  EXPECT_EQ(ReceiveAll(receiver.get()), all);
}

TEST(UdpSocketTest, BackPressureLeavesTheRestPendingInOrder) {
  ExpectOrderKept({{0, EAGAIN}}, 0);
  ExpectOrderKept({{0, ENOBUFS}}, 0);
  ExpectOrderKept({{10}, {0, EAGAIN}}, 10);
  ExpectOrderKept({{3}, {0, EINTR}, {3}, {0, ENOBUFS}}, 6);
  ExpectOrderKept({{kBatch - 1}, {0, EAGAIN}}, kBatch - 1);
}

TEST(UdpSocketTest, RefusalsBeforeBackPressureAreTold) {
  const auto sender = Open();
  const auto receiver = Open();
  for (uint32_t tag = 0; tag < 3; ++tag) {
    Add(sender.get(), absl::StrCat(tag), LoopbackOf(*receiver), 70 + tag);
  }
  kernel_script = {{0, EPERM}, {0, EAGAIN}};
  EXPECT_THAT(FlushAll(sender.get(), false),
              ElementsAre(std::pair(70U, EPERM)));
  EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
  EXPECT_THAT(ReceiveAll(receiver.get()), ElementsAre("1", "2"));
}

}  // namespace
}  // namespace io
