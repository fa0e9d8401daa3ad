// Random small zones, and a slow second reader of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_join.h"
#include "scanner/transfer/zone_image.h"
#include "tests/scanner/transfer/zone_lines.h"

namespace scanner {
namespace {

namespace rr = testing_support::rr;

// A map of names, and RFC 1034 section 4.3.2 by the letter.
class SlowZone {
 public:
  void Add(const std::string& owner, uint16_t type) {
    types_[owner].push_back(type);
  }
  // What one step from `name`, labels joined by dots, bottom first, comes to.
  std::string Ask(const std::string& name) const {
    for (const std::string& above : FromTop(name)) {
      if (Has(above, rr::kNs)) return "referral";
      if (above != name && Has(above, rr::kDname)) return "dname";
    }
    if (Exists(name)) return Of(name);
    std::string encloser = Parent(name);
    while (!encloser.empty() && !Exists(encloser)) encloser = Parent(encloser);
    const std::string wild = encloser.empty() ? "*" : "*." + encloser;
    if (!Exists(wild)) return "nxdomain";
    if (Has(wild, rr::kNs) || Has(wild, rr::kDname)) return "referral";
    return Of(wild);
  }

 private:
  static std::string Parent(const std::string& name) {
    const size_t dot = name.find('.');
    return dot == std::string::npos ? "" : name.substr(dot + 1);
  }
  static std::vector<std::string> FromTop(const std::string& name) {
    std::vector<std::string> names;
    for (std::string at = name; !at.empty(); at = Parent(at)) {
      names.insert(names.begin(), at);
    }
    return names;
  }
  bool Has(const std::string& name, uint16_t type) const {
    const auto at = types_.find(name);
    return at != types_.end() &&
           std::count(at->second.begin(), at->second.end(), type) > 0;
  }
  bool Exists(const std::string& name) const {
    return std::any_of(types_.begin(), types_.end(), [&](const auto& entry) {
      return entry.first == name || entry.first.ends_with("." + name);
    });
  }
  std::string Of(const std::string& name) const {
    return Has(name, rr::kPtr) ? "data" : "nodata";
  }

  std::map<std::string, std::vector<uint16_t>> types_;
};

std::string RandomName(uint32_t* random) {
  const char* const labels[] = {"a", "b", "*", "aa"};
  std::vector<std::string> name;
  *random = *random * 1664525 + 1013904223;
  const uint32_t bits = *random >> 12;
  for (uint32_t i = 0; i <= bits % 4; ++i) {
    name.push_back(labels[bits >> (2 + 2 * i) & 3]);
  }
  return absl::StrJoin(name, ".");
}

TEST(ZoneImageTest, SaysWhatASlowReaderSays) {
  uint32_t random = 1;
  for (int zone = 0; zone < 3000; ++zone) {
    SlowZone slow;
    ZoneImage image(Parsed(kApex), kRoom);
    Add({"@", rr::kSoa}, &image);
    for (int i = 0; i < 6; ++i) {
      const std::string owner = RandomName(&random);
      const uint32_t kind = random >> 8 & 15;
      const uint16_t type = kind == 0   ? rr::kNs
                            : kind == 1 ? rr::kDname
                            : kind < 5  ? rr::kTxt
                                        : rr::kPtr;
      slow.Add(owner, type);
      Add({owner, type, type == rr::kTxt ? "" : "elsewhere.example."}, &image);
    }
    image.Finish();
    for (int i = 0; i < 20; ++i) {
      const std::string name = RandomName(&random);
      const std::string got = Ask(image, name);
      const std::string expected = slow.Ask(name);
      if (expected == "dname") {
        EXPECT_TRUE(got.find("dname") != std::string::npos ||
                    got == "malformed")  // given twice
            << name;
      } else {
        ASSERT_EQ(got.substr(0, got.find(' ')), expected) << name;
      }
    }
  }
}

}  // namespace
}  // namespace scanner
