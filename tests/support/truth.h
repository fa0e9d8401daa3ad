// Truth: a world as large as IPv4 that is a function of a seed: what each
// address's reverse DNS is, and what `ptrsweep scan` must say of it. Shares no
// code with the scanner.
//
// Of 100 addresses about 50 pass, 10 have several names, 10 mismatch, 10 have
// a name without address, 12 get NXDOMAIN and 8 NODATA. 10.0.0.1 has the names
// h0a000001.hosts.example.net, i0a000001... and so on.
#ifndef PTRSWEEP_TESTS_SUPPORT_TRUTH_H_
#define PTRSWEEP_TESTS_SUPPORT_TRUTH_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace testing_support {

enum class TruthKind : uint8_t {
  kPass,
  kSeveral,  // 2 to 4 names, each of which may lead anywhere
  kMismatch,
  kNoForward,
  kNxdomain,
  kNodata,
};

// What the A record of a name is.
struct TruthForward {
  enum class Outcome : uint8_t { kConfirmed, kDiffers, kNxdomain, kNodata };
  Outcome outcome = Outcome::kNxdomain;
  uint32_t address = 0;  // of the first two

  bool exists() const { return outcome <= Outcome::kDiffers; }
};

// Columns of a row, as NDJSON writes them.
struct TruthRow {
  std::string status;
  std::string cause;    // null, "nxdomain" or "nodata"
  std::string ptr;      // ["a","b"]
  std::string forward;  // [{"name":"a","outcome":"confirmed",...},...]
};

// A name of this world taken apart: the index-th name of the address.
struct TruthName {
  uint32_t address = 0;
  uint32_t index = 0;
};

class Truth {
 public:
  static constexpr uint32_t kMaxNames = 4;
  static constexpr char kDomain[] = "hosts.example.net";

  explicit Truth(uint64_t seed) : seed_(seed) {}

  TruthKind KindOf(uint32_t address) const;
  // PTR names: 0 to kMaxNames.
  uint32_t NamesOf(uint32_t address) const;
  TruthForward ForwardOf(const TruthName& name) const;
  TruthRow RowOf(uint32_t address) const;

  // The first label of a name: "h0a000001"; and back, case ignored.
  static std::string LabelOf(const TruthName& name);
  static std::optional<TruthName> ParseLabel(std::string_view label);
  // The whole name.
  static std::string TextOf(const TruthName& name);
  static std::optional<TruthName> ParseText(std::string_view text);

 private:
  uint64_t Draw(uint32_t address, uint32_t what) const;

  uint64_t seed_;
};

// "10.0.0.1", and back.
std::string FormatIpv4(uint32_t address);
std::optional<uint32_t> ParseIpv4(std::string_view text);

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_TRUTH_H_
