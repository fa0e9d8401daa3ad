// The builder against octets written by hand: all later expectations rest on
// it.
#include "tests/support/packet_builder.h"

#include <gmock/gmock.h>

namespace testing_support {
namespace {

TEST(PacketBuilderTest, BuildsAResponseOctetByOctet) {
  const Octets packet = PacketBuilder()
                            .Id(0x1234)
                            .Response()
                            .Rd()
                            .Ra()
                            .Rcode(3)
                            .Question("a.bc", rr::kPtr)
                            .Answer()
                            .Ptr(Pointer(12), Compressed("x", 14), {.ttl = 258})
                            .Authority()
                            .Ns("", "d", {.record_class = kChaos})
                            .Additional()
                            .Opt({.extended_rcode = 1, .dnssec_ok = true})
                            .Build();
  EXPECT_EQ(packet, FromHex("1234 8183 0001 0001 0001 0001"
                            "01 61 02 6263 00 000c 0001"
                            "c00c 000c 0001 00000102 0004 01 78 c00e"
                            "00 0002 0003 00000e10 0003 01 64 00"
                            "00 0029 04d0 01008000 0000"));
}

TEST(PacketBuilderTest, WritesEveryHeaderBitInItsPlace) {
  const auto flags = [](const PacketBuilder& packet) {
    return ToHex(packet.Build()).substr(4, 4);
  };
  EXPECT_EQ(flags(PacketBuilder().Response()), "8000");
  EXPECT_EQ(flags(PacketBuilder().Opcode(15)), "7800");
  EXPECT_EQ(flags(PacketBuilder().Aa()), "0400");
  EXPECT_EQ(flags(PacketBuilder().Tc()), "0200");
  EXPECT_EQ(flags(PacketBuilder().Rd()), "0100");
  EXPECT_EQ(flags(PacketBuilder().Ra()), "0080");
  EXPECT_EQ(flags(PacketBuilder().Z()), "0040");
  EXPECT_EQ(flags(PacketBuilder().Ad()), "0020");
  EXPECT_EQ(flags(PacketBuilder().Cd()), "0010");
  EXPECT_EQ(flags(PacketBuilder().Rcode(15)), "000f");
  EXPECT_EQ(flags(PacketBuilder().Ra().Ra(false).Opcode(4).Opcode(1)), "0800");
}

TEST(PacketBuilderTest, TellsAnyLieAboutCountsAndRdlength) {
  const Octets packet = PacketBuilder()
                            .Answer()
                            .A("", "192.0.2.1", {.rdlength = 5})
                            .QuestionCount(1)
                            .AnswerCount(2)
                            .AuthorityCount(3)
                            .AdditionalCount(0xffff)
                            .Build();
  EXPECT_EQ(packet, FromHex("0000 0000 0001 0002 0003 ffff"
                            "00 0001 0001 00000e10 0005 c0000201"));
}

TEST(PacketBuilderTest, BuildsSoaAndOptions) {
  const Octets soa = PacketBuilder()
                         .Authority()
                         .Soa("", "m", "r", {1, 2, 3, 4, 5}, {.ttl = 6})
                         .Build();
  EXPECT_EQ(ToHex(soa).substr(24),
            ToHex(FromHex("00 0006 0001 00000006 001a 01 6d 00 01 72 00"
                          "00000001 00000002 00000003 00000004 00000005")));
  EXPECT_EQ(ExtendedError(22, "no"), FromHex("000f 0004 0016 6e6f"));
  EXPECT_EQ(EdnsOption(10, {1, 2}), FromHex("000a 0002 0102"));
}

TEST(PacketBuilderTest, RepliesToAQuery) {
  const Octets query = FromHex(
      "abcd 2910 0001 0000 0000 0001 01 61 00 000c 0001"
      "00 0029 04d0 00000000 0000");
  EXPECT_EQ(PacketBuilder::ReplyTo(query).Build(),
            FromHex("abcd a900 0001 0000 0000 0000 01 61 00 000c 0001"));
  const Octets cut(query.begin(), query.begin() + 17);
  EXPECT_EQ(PacketBuilder::ReplyTo(cut).Build(),
            FromHex("abcd a900 0000 0000 0000 0000"));
}

TEST(PacketBuilderTest, MakesNamesOfEverySize) {
  for (size_t size = 3; size <= 255; ++size) {
    const Octets name = NameOfSize(size);
    ASSERT_EQ(name.size(), size);
    size_t at = 0;
    while (name[at] != 0) {
      ASSERT_LE(name[at], 63);
      at += size_t{1} + name[at];
    }
    ASSERT_EQ(at, size - 1);
  }
}

}  // namespace
}  // namespace testing_support
