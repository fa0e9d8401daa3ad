#include "scanner/walk/reverse_tree.h"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "dnswire/reverse.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using dnswire::IpPrefix;
using dnswire::Name;

NibbleNode Node(const std::string& prefix) {
  return NibbleNode::Of(*IpPrefix::Parse(prefix));
}

std::string NameText(const ReverseTree& tree, const NibbleNode& node) {
  const auto name = tree.NameOf(node);
  return name ? name->ToText() : "none";
}

std::string NodeText(const ReverseTree& tree, const std::string& name) {
  const auto node = tree.NodeOf(*Name::Parse(name));
  return node ? node->prefix().ToString() : "none";
}

// A name in arpa's place that has `octets`.
Name LongBase(size_t octets) {
  Name name;
  while (octets - name.size() > 64) name.PrependLabel(std::string(49, 'x'));
  name.PrependLabel(std::string(octets - name.size() - 1, 'y'));
  return name;
}

// A DNAME at 2001:db8:a00c::/48 to v6.example.net.
ReverseTree Redirected() {
  return ReverseTree(Node("2001:db8:a00c::/48"),
                     *Name::Parse("v6.example.net"));
}

TEST(NibbleNodeTest, StandsForItsPrefix) {
  for (const char* text : {"::/0", "2000::/4", "2001:db8::/32",
                           "2001:db8:a::/48", "2001:db8::7/128"}) {
    EXPECT_EQ(Node(text).prefix().ToString(), text);
  }
  EXPECT_EQ(Node("2001:db8::/32").depth, 8);
  EXPECT_EQ(NibbleNode::OfAddress(*IpAddress::Parse("2001:db8::7")),
            Node("2001:db8::7/128"));
}

TEST(NibbleNodeTest, ChildrenAreOneNibbleLonger) {
  EXPECT_EQ(Node("::/0").Child(2), Node("2000::/4"));
  EXPECT_EQ(Node("2001:db8::/32").Child(0), Node("2001:db8::/36"));
  EXPECT_EQ(Node("2001:db8::/32").Child(15), Node("2001:db8:f000::/36"));
  EXPECT_EQ(Node("2001:db8::70/124").Child(9), Node("2001:db8::79/128"));
}

TEST(NibbleNodeTest, AboveDropsNibbles) {
  EXPECT_EQ(Node("2001:db8:f000::/36").Above(), Node("2001:db8::/32"));
  EXPECT_EQ(Node("2001:db8:f000::/36").Above(0), Node("2001:db8:f000::/36"));
  EXPECT_EQ(Node("2001:db8::79/128").Above(24), Node("2001:db8::/32"));
  EXPECT_EQ(Node("2001:db8::79/128").Above(32), Node("::/0"));
}

TEST(NibbleNodeTest, NibblesCountFromTheFirst) {
  const NibbleNode node = Node("2001:db8::/32");
  const int expected[] = {2, 0, 0, 1, 0, 0xd, 0xb, 8};
  for (int at = 0; at < node.depth; ++at) {
    EXPECT_EQ(node.NibbleAt(at), expected[at]) << at;
  }
}

TEST(NibbleNodeTest, LiesAtOrBelowItselfAndThoseAbove) {
  const NibbleNode node = Node("2001:db8::/32");
  EXPECT_TRUE(node.IsAtOrBelow(node));
  EXPECT_TRUE(node.IsAtOrBelow(Node("::/0")));
  EXPECT_TRUE(node.IsAtOrBelow(Node("2001:d00::/24")));
  EXPECT_TRUE(Node("2001:db8::9/128").IsAtOrBelow(node));
  EXPECT_FALSE(node.IsAtOrBelow(Node("2001:db8::/36")));
  EXPECT_FALSE(node.IsAtOrBelow(Node("2001:db9::/32")));
  EXPECT_FALSE(Node("2001:db9::/48").IsAtOrBelow(node));
}

TEST(ReverseTreeTest, NamesThoseOfIp6Arpa) {
  const ReverseTree tree;
  EXPECT_EQ(NameText(tree, Node("::/0")), "ip6.arpa");
  EXPECT_EQ(NameText(tree, Node("2000::/4")), "2.ip6.arpa");
  EXPECT_EQ(NameText(tree, Node("2001:db8:f000::/36")),
            "f.8.b.d.0.1.0.0.2.ip6.arpa");
  EXPECT_EQ(NodeText(tree, "ip6.arpa"), "::/0");
  EXPECT_EQ(NodeText(tree, "F.8.B.D.0.1.0.0.2.IP6.arpa"), "2001:db8:f000::/36");
}

TEST(ReverseTreeTest, AgreesWithReverseNamesAtEveryDepth) {
  const ReverseTree tree;
  std::mt19937_64 random(7);
  for (int round = 0; round < 2000; ++round) {
    const auto address = IpAddress::V6(absl::MakeUint128(random(), random()));
    const auto prefix =
        IpPrefix::Covering(address, static_cast<int>(random() % 33) * 4);
    const Name expected = dnswire::ReverseZoneName(prefix);
    const auto name = tree.NameOf(NibbleNode::Of(prefix));
    ASSERT_TRUE(name.has_value());
    ASSERT_EQ(name->ToText(), expected.ToText());
    ASSERT_EQ(tree.NodeOf(expected), NibbleNode::Of(prefix));
  }
}

TEST(ReverseTreeTest, NamesThoseBehindADname) {
  const ReverseTree tree = Redirected();
  EXPECT_EQ(NameText(tree, Node("2001:db8:a00c::/48")), "v6.example.net");
  EXPECT_EQ(NameText(tree, Node("2001:db8:a00c:10::/60")),
            "1.0.0.v6.example.net");
  EXPECT_EQ(NodeText(tree, "v6.example.net"), "2001:db8:a00c::/48");
  EXPECT_EQ(NodeText(tree, "F.0.v6.EXAMPLE.net"), "2001:db8:a00c:f00::/56");
}

TEST(ReverseTreeTest, OtherNamesAreOfNoNode) {
  for (const char* name :
       {"arpa", ".", "in-addr.arpa", "g.ip6.arpa", "10.ip6.arpa",
        "*.8.b.d.0.1.0.0.2.ip6.arpa", "1.www.ip6.arpa", "1.xip6.arpa"}) {
    EXPECT_EQ(NodeText(ReverseTree(), name), "none") << name;
  }
  std::string with_33_nibbles = "ip6.arpa";
  for (int i = 0; i < 33; ++i) with_33_nibbles.insert(0, "0.");
  EXPECT_EQ(NodeText(ReverseTree(), with_33_nibbles), "none");
  EXPECT_EQ(NodeText(ReverseTree(), with_33_nibbles.substr(2)), "::/128");
  EXPECT_EQ(NodeText(Redirected(), "example.net"), "none");
  EXPECT_EQ(NodeText(Redirected(), "2.ip6.arpa"), "none");
  // 20 nibbles are left below a /48.
  EXPECT_EQ(NodeText(Redirected(),
                     "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.v6.example.net"),
            "2001:db8:a00c:1000::/128");
  EXPECT_EQ(NodeText(Redirected(),
                     "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.v6.example."
                     "net"),
            "none");
}

TEST(ReverseTreeTest, ANameOver255OctetsIsNone) {
  const NibbleNode top = Node("2001:db8:a00c::/48");  // 20 nibbles are left
  const NibbleNode leaf = Node("2001:db8:a00c::1/128");
  const ReverseTree fits(top, LongBase(215));
  ASSERT_TRUE(fits.NameOf(leaf).has_value());
  EXPECT_EQ(fits.NameOf(leaf)->size(), 255u);
  EXPECT_EQ(fits.NodeOf(*fits.NameOf(leaf)), leaf);
  const ReverseTree longer(top, LongBase(216));
  EXPECT_FALSE(longer.NameOf(leaf).has_value());
  EXPECT_TRUE(longer.NameOf(leaf.Above()).has_value());
}

}  // namespace
}  // namespace scanner
