// UdpSocket::Flush against a kernel that takes less than it is given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/udp.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "io/net/udp_socket.h"
#include "tests/io/udp_socket_fixture.h"

namespace {

// What the next calls of sendmmsg do: take at most so many messages, or fail.
struct KernelStep {
  unsigned takes;
  int error = 0;
};
std::deque<KernelStep> kernel_script;
unsigned messages_sent = 0;

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
  const auto sent = static_cast<int>(
      syscall(SYS_sendmmsg, fd, messages, std::min(count, step.takes), flags));
  if (sent > 0) messages_sent += static_cast<unsigned>(sent);
  return sent;
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

// Half fills a batch, lets the kernel act by `script`, which ends in
// back-pressure after `gone` datagrams, fills it up and sends the rest.
void ExpectOrderKept(const std::deque<KernelStep>& script, size_t gone) {
  const auto sender = Open();
  const auto receiver = Open();
  std::vector<std::string> all;
  const auto fill_to = [&](size_t count) {
    while (all.size() < count) {
      all.push_back(absl::StrCat(all.size()));
      Add(sender.get(), all.back(), LoopbackOf(*receiver));
    }
  };
  fill_to(kBatch / 2);
  kernel_script = script;
  EXPECT_THAT(FlushAll(sender.get(), false), IsEmpty());
  EXPECT_EQ(sender->pending(), kBatch / 2 - gone);
  fill_to(kBatch);
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
  ExpectOrderKept({{kBatch / 2 - 1}, {0, EAGAIN}}, kBatch / 2 - 1);
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

constexpr UdpOffload kSegment = {.segment = true};

// "0-..." to "9-...", ten times as many of each size as sizes; whichever size
// comes first goes first.
TEST(UdpSegmentTest, OneMessageSendsTheRunOfADestinationAndSize) {
  const auto sender = Open({.offload = kSegment});
  ASSERT_TRUE(sender->offload().segment) << "this kernel has no UDP_SEGMENT";
  const std::unique_ptr<UdpSocket> receivers[] = {Open(), Open()};
  std::vector<std::string> expected[2][3];
  for (size_t i = 0; i < 60; ++i) {
    const std::string octets = absl::StrCat(i + 10, std::string(i % 3, 'x'));
    expected[i % 2][i % 3].push_back(octets);
    Add(sender.get(), octets, LoopbackOf(*receivers[i % 2]));
  }
  messages_sent = 0;
  EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
  EXPECT_EQ(messages_sent, 6U);
  for (size_t r = 0; r < 2; ++r) {
    std::vector<std::string> sorted = ReceiveAll(receivers[r].get());
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const std::string& a, const std::string& b) {
                       return a.size() < b.size();
                     });
    std::vector<std::string> all;
    for (const auto& of_size : expected[r]) {
      all.insert(all.end(), of_size.begin(), of_size.end());
    }
    EXPECT_EQ(sorted, all);
  }
}

TEST(UdpSegmentTest, ARunEndsWhereTheKernelsLimitIs) {
  const auto sender = Open({.offload = kSegment});
  const auto receiver = Open();
  std::vector<std::string> sent;
  for (size_t i = 0; i < kBatch; ++i) {
    sent.push_back(absl::StrCat(i + 1000));
    Add(sender.get(), sent.back(), LoopbackOf(*receiver));
  }
  messages_sent = 0;
  EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
  EXPECT_EQ(messages_sent, kBatch / SendBatch::kRun);
  EXPECT_EQ(ReceiveAll(receiver.get()), sent);
}

// More kinds than runs that are kept open: what is lost is a longer run.
TEST(UdpSegmentTest, CarriesEveryMixtureOfSizes) {
  const auto sender = Open({.offload = kSegment});
  const auto receiver = Open();
  std::vector<std::string> sent;
  for (size_t i = 0; i < kBatch; ++i) {
    sent.emplace_back(i * 7 % SendBatch::kSlotOctets + 1, 'x');
    Add(sender.get(), sent.back(), LoopbackOf(*receiver));
  }
  EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
  EXPECT_THAT(ReceiveAll(receiver.get()),
              ::testing::UnorderedElementsAreArray(sent));
}

TEST(UdpSegmentTest, APathThatCannotSegmentGetsThemOneByOne) {
  const auto sender = Open({.offload = kSegment});
  const auto receiver = Open();
  for (const auto* const text : {"a", "b", "c"}) {
    Add(sender.get(), text, LoopbackOf(*receiver));
  }
  Add(sender.get(), "longer", LoopbackOf(*receiver));
  kernel_script = {{0, EIO}};
  messages_sent = 0;
  EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
  EXPECT_EQ(messages_sent, 4U);
  EXPECT_FALSE(sender->offload().segment);
  EXPECT_THAT(ReceiveAll(receiver.get()), ElementsAre("a", "b", "c", "longer"));
  for (const auto* const text : {"d", "e"}) {
    Add(sender.get(), text, LoopbackOf(*receiver));
  }
  FlushAll(sender.get());
  EXPECT_EQ(messages_sent, 6U);
}

TEST(UdpSegmentTest, ARefusedRunIsToldDatagramByDatagram) {
  const auto sender = Open({.offload = kSegment});
  const auto receiver = Open();
  const Endpoint port_zero = {.address = kLoopbackV4, .port = 0};
  const Endpoint other_family = {.address = kLoopbackV6, .port = 53};
  for (uint32_t tag = 0; tag < 6; ++tag) {
    Add(sender.get(), absl::StrCat(tag),
        tag % 3 == 0   ? port_zero
        : tag % 3 == 1 ? other_family
                       : LoopbackOf(*receiver),
        tag);
  }
  EXPECT_THAT(FlushAll(sender.get()),
              ::testing::UnorderedElementsAre(
                  std::pair(0U, EINVAL), std::pair(3U, EINVAL),
                  std::pair(1U, EAFNOSUPPORT), std::pair(4U, EAFNOSUPPORT)));
  EXPECT_THAT(ReceiveAll(receiver.get()), ElementsAre("2", "5"));
  EXPECT_TRUE(sender->offload().segment);
}

TEST(UdpSegmentTest, BackPressureAndMoreDatagramsLoseNone) {
  const auto sender = Open({.offload = kSegment});
  const auto receiver = Open();
  std::vector<std::string> sent;
  const auto add = [&](size_t count, size_t size) {
    for (size_t i = 0; i < count; ++i) {
      sent.emplace_back(size, static_cast<char>('a' + sent.size() % 26));
      Add(sender.get(), sent.back(), LoopbackOf(*receiver));
    }
  };
  add(100, 10);
  add(20, 20);
  kernel_script = {{1}, {0, EAGAIN}};
  EXPECT_THAT(FlushAll(sender.get(), false), IsEmpty());
  EXPECT_EQ(sender->pending(), 120 - SendBatch::kRun);
  add(30, 10);
  EXPECT_THAT(FlushAll(sender.get()), IsEmpty());
  EXPECT_EQ(sender->pending(), 0U);
  EXPECT_EQ(ReceiveAll(receiver.get()), sent);
}

constexpr UdpOffload kBoth = {.segment = true, .coalesce = true};

TEST(UdpCoalesceTest, OneMessageBringsTheRunOfASender) {
  const auto sender = Open({.offload = kBoth});
  const auto receiver = Open({.offload = kBoth});
  ASSERT_TRUE(receiver->offload().coalesce) << "this kernel has no UDP_GRO";
  std::vector<std::string> sent;
  for (size_t i = 0; i < 40; ++i) {
    sent.push_back(absl::StrCat(i + 10));
    Add(sender.get(), sent.back(), LoopbackOf(*receiver));
  }
  FlushAll(sender.get());
  ReceiveBatch batch(true);
  EXPECT_EQ(receiver->Receive(&batch), 1U);
  std::vector<std::string> received;
  batch.ForEach([&](const Datagram& datagram) {
    received.emplace_back(datagram.octets.begin(), datagram.octets.end());
    EXPECT_EQ(datagram.from, LoopbackOf(*sender));
    EXPECT_FALSE(datagram.truncated);
  });
  EXPECT_EQ(received, sent);
}

// The last datagram of a run may be shorter, and a datagram may be longer than
// any we want.
TEST(UdpCoalesceTest, TellsDatagramsOfARunApart) {
  const auto sender = Open();
  const auto receiver = Open({.offload = kBoth});
  sockaddr_storage address{};
  const socklen_t size = LoopbackOf(*receiver).ToSockaddr(&address);
  ASSERT_EQ(connect(sender->fd(), reinterpret_cast<sockaddr*>(&address), size),
            0);
  const int segment = 5000;
  ASSERT_EQ(
      setsockopt(sender->fd(), SOL_UDP, UDP_SEGMENT, &segment, sizeof segment),
      0);
  const std::string octets = std::string(5000, 'a') + std::string(70, 'b');
  ASSERT_EQ(send(sender->fd(), octets.data(), octets.size(), 0), 5070);
  const auto received = ReceiveOnce(receiver.get());
  ASSERT_EQ(received.size(), 2U);
  EXPECT_TRUE(received[0].truncated);
  EXPECT_EQ(received[0].octets,
            std::string(ReceiveBatch::kMaxDatagramOctets, 'a'));
  EXPECT_FALSE(received[1].truncated);
  EXPECT_EQ(received[1].octets, std::string(70, 'b'));
}

TEST(UdpOffloadTest, IsOnlyWhatWasAskedFor) {
  EXPECT_EQ(Open()->offload(), UdpOffload());
  EXPECT_EQ(Open({.offload = kSegment})->offload(), kSegment);
}

}  // namespace
}  // namespace io
