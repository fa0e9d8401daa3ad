// Options of a scan from text to values, where one depends on others.
#include "tools/scan_config.h"

#include <gtest/gtest.h>

#include <initializer_list>
#include <string>

#include "tools/run_digest.h"
#include "tools/walk_config.h"
#include "tools/zones_config.h"

namespace tools {
namespace {

ScanArguments With(std::initializer_list<const char*> resolvers) {
  ScanArguments arguments;
  for (const char* resolver : resolvers) {
    arguments.resolvers.emplace_back(resolver, "--resolver");
  }
  return arguments;
}

ScanConfig ConfigOf(const ScanArguments& arguments) {
  auto config = MakeScanConfig(arguments, TargetConfig(), "/dev/null");
  EXPECT_TRUE(config.ok()) << config.status();
  return *std::move(config);
}

uint32_t BudgetOf(const ScanArguments& arguments) {
  return ConfigOf(arguments).options.max_queries_per_target;
}

// WIRE.md 5: 48 packets an address, 4 x --max-names if that is more; 4 for each
// question that is asked beside.
TEST(ScanConfigTest, TheBudgetOfAnAddressGrowsWithWhatIsAsked) {
  const ScanArguments plain = With({"127.0.0.1", "127.0.0.2", "127.0.0.3"});
  EXPECT_EQ(BudgetOf(plain), 48u);
  ScanArguments many_names = plain;
  many_names.max_names = OptionText("20", "--max-names");
  EXPECT_EQ(BudgetOf(many_names), 80u);
  ScanArguments compared = plain;
  compared.compare_resolvers = true;
  EXPECT_EQ(BudgetOf(compared), 48u + 2 * 4);
  ScanArguments both = plain;
  both.both_families = true;
  EXPECT_EQ(BudgetOf(both), 48u + 10 * 4);
  ScanArguments dual = plain;
  dual.dual_stack = true;
  EXPECT_EQ(BudgetOf(dual), 48u + 11 * 4);
  dual.compare_resolvers = dual.both_families = true;
  EXPECT_EQ(BudgetOf(dual), 48u + (2 + 10 + 11) * 4);
  dual.max_queries_per_target = OptionText("5", "--max-queries-per-target");
  EXPECT_EQ(BudgetOf(dual), 5u);
}

// Without the option their order means nothing, so a run is the same run.
TEST(ScanConfigTest, TheOrderOfComparedResolversIsPartOfTheRun) {
  ScanArguments one = With({"127.0.0.1", "127.0.0.2"});
  ScanArguments other = With({"127.0.0.2", "127.0.0.1", "127.0.0.2"});
  EXPECT_EQ(DigestOf(ConfigOf(one)), DigestOf(ConfigOf(other)));
  const io::Digest plain = DigestOf(ConfigOf(one));
  one.compare_resolvers = other.compare_resolvers = true;
  EXPECT_NE(DigestOf(ConfigOf(one)), plain);
  EXPECT_NE(DigestOf(ConfigOf(one)), DigestOf(ConfigOf(other)));
  const std::vector<io::Endpoint> resolvers = ConfigOf(other).options.resolvers;
  ASSERT_EQ(resolvers.size(), 2u);
  EXPECT_EQ(resolvers[0].ToString(), "127.0.0.2");
}

// A nightly scan's options are in the configuration that other commands read
// too.
ScanArguments OfANightlyScan() {
  const auto from_file = [](const char* text) {
    return OptionText(text, "night.toml:1");
  };
  ScanArguments arguments;
  arguments.resolvers.push_back(from_file("127.0.0.1"));
  arguments.canaries.push_back(from_file("192.0.2.1=nowhere"));
  arguments.compare_resolvers = true;
  arguments.since = from_file("/nowhere");
  arguments.dataset = from_file("/nowhere");
  arguments.tsig_keys = from_file("/nowhere");
  arguments.threads = from_file("8");
  arguments.target.targets.push_back(from_file("2001:db8::/32"));
  return arguments;
}

TEST(ScanConfigTest, AWalkHeedsItsOwnOptionsOnly) {
  ScanArguments arguments = OfANightlyScan();
  arguments.tsig_keys = OptionText();  // it has that one
  const char* const environment[] = {nullptr};
  const auto config = MakeWalkConfig(arguments, environment);
  ASSERT_TRUE(config.ok()) << config.status();
  EXPECT_EQ(config->scan.options.threads, 1u);
  EXPECT_TRUE(config->scan.dataset.root.empty());
}

TEST(ScanConfigTest, ZonesHeedsItsOwnOptionsOnly) {
  const auto config = MakeZonesConfig(OfANightlyScan());
  ASSERT_TRUE(config.ok()) << config.status();
}

}  // namespace
}  // namespace tools
