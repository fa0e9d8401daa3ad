// OPT records in a message: what is taken, what they say.
#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "dnswire/message.h"
#include "tests/support/packet_builder.h"

namespace dnswire {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing_support::Concat;
using testing_support::EdnsOption;
using testing_support::ExtendedError;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
namespace rr = testing_support::rr;

PacketBuilder Asked() {
  return PacketBuilder().Response().Question("10.2.0.192.in-addr.arpa",
                                             rr::kPtr);
}

struct OptCase {
  std::string label;
  PacketBuilder packet;
  Fault fault;
  bool has_opt;
};

std::vector<OptCase> OptCases() {
  const Octets three_octets = EdnsOption(3, {1, 2, 3});
  const Octets cut = {0, 3, 0, 4, 1, 2, 3};
  return {
      {"none", Asked(), Fault::kNone, false},
      {"empty", Asked().Additional().Opt(), Fault::kNone, true},
      {"with an option", Asked().Additional().Opt({.options = three_octets}),
       Fault::kNone, true},
      {"option of no octets",
       Asked().Additional().Opt({.options = EdnsOption(3, {})}), Fault::kNone,
       true},
      {"option one octet longer than the rdata",
       Asked().Additional().Opt({.options = cut}), Fault::kAdditional, false},
      {"three octets are no option",
       Asked().Additional().Opt({.options = {0, 3, 0}}), Fault::kAdditional,
       false},
      {"twice", Asked().Additional().Opt().Opt(), Fault::kAdditional, false},
      {"not at the root",
       Asked().Additional().Opt(
           {.owner = testing_support::WireName("a").octets}),
       Fault::kAdditional, false},
      {"at the root by a pointer",
       Asked().Additional().Opt({.owner = Pointer(12 + 24)}), Fault::kNone,
       true},
      {"before a faulty record",
       Asked().Additional().Opt().A("", "192.0.2.1", {.rdlength = 3}),
       Fault::kAdditional, false},
      {"in authority", Asked().Authority().Opt(), Fault::kNone, false},
      {"in authority and additional",
       Asked().Authority().Opt().Additional().Opt(), Fault::kNone, true},
  };
}

TEST(MessageOptTest, TakesOneSoundOptOfTheRoot) {
  for (const OptCase& test : OptCases()) {
    SCOPED_TRACE(test.label);
    const Message message = Message::Parse(test.packet.Build());
    EXPECT_EQ(message.fault(), test.fault);
    EXPECT_EQ(message.has_opt(), test.has_opt);
  }
}

TEST(MessageOptTest, ReadsOptFieldsAndTheExtendedRcode) {
  const Octets options = EdnsOption(10, {9, 9});
  const Octets octets = Asked()
                            .Rcode(7)
                            .Additional()
                            .Opt({.payload = 1400,
                                  .extended_rcode = 0xab,
                                  .version = 2,
                                  .dnssec_ok = true,
                                  .options = options})
                            .Build();
  const Message message = Message::Parse(octets);
  EXPECT_EQ(message.opt().payload, 1400);
  EXPECT_EQ(message.opt().extended_rcode, 0xab);
  EXPECT_EQ(message.opt().version, 2);
  EXPECT_TRUE(message.opt().dnssec_ok);
  EXPECT_THAT(message.opt().options, ElementsAreArray(options));
  EXPECT_EQ(message.rcode(), 0xab7);
}

TEST(MessageOptTest, UsesTheHeaderRcodeWithoutASoundOpt) {
  const PacketBuilder refused = Asked().Rcode(5);
  EXPECT_EQ(Message::Parse(refused.Build()).rcode(), 5);
  const Octets doubled = PacketBuilder(refused)
                             .Additional()
                             .Opt({.extended_rcode = 1})
                             .Opt({.extended_rcode = 1})
                             .Build();
  EXPECT_EQ(Message::Parse(doubled).rcode(), 5);
}

TEST(MessageOptTest, GivesEveryExtendedError) {
  const Octets options =
      Concat({ExtendedError(3), EdnsOption(10, {0, 7}), EdnsOption(15, {1}),
              ExtendedError(0xfffe, "text")});
  const Octets octets = Asked().Additional().Opt({.options = options}).Build();
  std::vector<uint16_t> codes;
  Message::Parse(octets).ForEachExtendedError(
      [&codes](uint16_t code) { codes.push_back(code); });
  EXPECT_THAT(codes, ElementsAre(3, 0xfffe));
}

}  // namespace
}  // namespace dnswire
