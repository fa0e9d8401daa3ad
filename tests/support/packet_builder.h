// PacketBuilder: DNS messages made octet by octet, good and bad. It shares no
// code with dnswire, so what it builds is an independent expectation, and it
// checks nothing: whatever is asked for is written.
//
//   const Octets packet = PacketBuilder()
//                             .Id(7)
//                             .Response()
//                             .Question("10.2.0.192.in-addr.arpa", rr::kPtr)
//                             .Answer()
//                             .Ptr(Pointer(12), "mail.example.com")
//                             .Additional()
//                             .Opt({.options = ExtendedError(3)})
//                             .Build();
//
// Records go to the section named last and are counted there; a count can be
// set to anything else (Counts), RDLENGTH too (RecordOptions::rdlength).
// Names are texts, or octets composed from Label, Pointer and Compressed.
#ifndef PTRSWEEP_TESTS_SUPPORT_PACKET_BUILDER_H_
#define PTRSWEEP_TESTS_SUPPORT_PACKET_BUILDER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace testing_support {

using Octets = std::vector<uint8_t>;

// Record types by name.
namespace rr {
inline constexpr uint16_t kA = 1;
inline constexpr uint16_t kNs = 2;
inline constexpr uint16_t kCname = 5;
inline constexpr uint16_t kSoa = 6;
inline constexpr uint16_t kPtr = 12;
inline constexpr uint16_t kTxt = 16;
inline constexpr uint16_t kAaaa = 28;
inline constexpr uint16_t kDname = 39;
inline constexpr uint16_t kOpt = 41;
inline constexpr uint16_t kRrsig = 46;
inline constexpr uint16_t kDnskey = 48;
}  // namespace rr

inline constexpr uint16_t kIn = 1;
inline constexpr uint16_t kChaos = 3;

Octets Concat(std::initializer_list<Octets> parts);
Octets FromText(absl::string_view text);
// Pairs of hex digits, blanks between them ignored.
Octets FromHex(absl::string_view hex);
std::string ToHex(std::span<const uint8_t> octets);

// One label of any octets: a length octet, which is not checked, and the text.
Octets Label(absl::string_view octets);
// A compression pointer (RFC 1035 section 4.1.4).
Octets Pointer(size_t target);
// The labels of `text` and then a pointer instead of the root.
Octets Compressed(absl::string_view text, size_t target);
// A name of exactly `size` octets, root included: labels of 63 octets, the
// last ones shorter. REQUIRES: 3 <= size <= 255.
Octets NameOfSize(size_t size);

// Octets that stand for a name: a text ("www.example.com", "" or "." for the
// root, no escapes) or what the functions above give.
struct WireName {
  WireName(const char* text);         // NOLINT(google-explicit-constructor)
  WireName(absl::string_view text);   // NOLINT(google-explicit-constructor)
  WireName(const std::string& text);  // NOLINT(google-explicit-constructor)
  WireName(Octets name)               // NOLINT(google-explicit-constructor)
      : octets(std::move(name)) {}

  Octets octets;
};

struct RecordOptions {
  uint32_t ttl = 3600;
  uint16_t record_class = kIn;
  std::optional<uint16_t> rdlength =
      std::nullopt;  // else the size of the rdata
};

// The five numbers of a SOA.
struct SoaNumbers {
  uint32_t serial = 1;
  uint32_t refresh = 7200;
  uint32_t retry = 900;
  uint32_t expire = 1209600;
  uint32_t minimum = 600;
};

struct OptFields {
  uint16_t payload = 1232;
  uint8_t extended_rcode = 0;
  uint8_t version = 0;
  bool dnssec_ok = false;
  Octets options = {};
  Octets owner = {0};
  std::optional<uint16_t> rdlength = std::nullopt;
};

// One EDNS option; an Extended DNS Error option (RFC 8914 section 2).
Octets EdnsOption(uint16_t code, const Octets& octets);
Octets ExtendedError(uint16_t code, absl::string_view text = "");

class PacketBuilder {
 public:
  PacketBuilder() : octets_(12) {}
  // A response to `query`: its id, opcode, RD bit and question, QR set. An
  // empty response with QDCOUNT 0 if the query has no uncompressed question.
  static PacketBuilder ReplyTo(std::span<const uint8_t> query);

  // The header (RFC 1035 section 4.1.1). Flags are 0 until set.
  PacketBuilder& Id(uint16_t id);
  PacketBuilder& Opcode(uint8_t opcode);
  PacketBuilder& Rcode(uint8_t rcode);
  PacketBuilder& Response(bool on = true) { return Flag(0x8000, on); }
  PacketBuilder& Aa(bool on = true) { return Flag(0x0400, on); }
  PacketBuilder& Tc(bool on = true) { return Flag(0x0200, on); }
  PacketBuilder& Rd(bool on = true) { return Flag(0x0100, on); }
  PacketBuilder& Ra(bool on = true) { return Flag(0x0080, on); }
  PacketBuilder& Z(bool on = true) { return Flag(0x0040, on); }
  PacketBuilder& Ad(bool on = true) { return Flag(0x0020, on); }
  PacketBuilder& Cd(bool on = true) { return Flag(0x0010, on); }

  PacketBuilder& Question(const WireName& name, uint16_t type,
                          uint16_t question_class = kIn);

  // The section of the records that follow.
  PacketBuilder& Answer() { return Section(kAnswerCount); }
  PacketBuilder& Authority() { return Section(kAuthorityCount); }
  PacketBuilder& Additional() { return Section(kAdditionalCount); }

  PacketBuilder& Record(const WireName& owner, uint16_t type,
                        const Octets& rdata, const RecordOptions& options = {});
  PacketBuilder& Ptr(const WireName& owner, const WireName& target,
                     const RecordOptions& options = {});
  PacketBuilder& Cname(const WireName& owner, const WireName& target,
                       const RecordOptions& options = {});
  PacketBuilder& Dname(const WireName& owner, const WireName& target,
                       const RecordOptions& options = {});
  PacketBuilder& Ns(const WireName& owner, const WireName& target,
                    const RecordOptions& options = {});
  // Four decimal parts, as in "192.0.2.1".
  PacketBuilder& A(const WireName& owner, absl::string_view address,
                   const RecordOptions& options = {});
  PacketBuilder& Aaaa(const WireName& owner,
                      const std::array<uint8_t, 16>& address,
                      const RecordOptions& options = {});
  PacketBuilder& Soa(const WireName& owner, const WireName& mname,
                     const WireName& rname, const SoaNumbers& numbers = {},
                     const RecordOptions& options = {});
  // Of plausible shape, its contents meaningless.
  PacketBuilder& Rrsig(const WireName& owner, uint16_t covered_type);
  PacketBuilder& Opt(const OptFields& fields = {});

  // Octets that no count knows of.
  PacketBuilder& Raw(const Octets& octets);
  // Counts as written in the header, whatever is really there. A later record
  // of that section still adds one: set them last.
  PacketBuilder& QuestionCount(uint16_t n) { return SetCount(4, n); }
  PacketBuilder& AnswerCount(uint16_t n) { return SetCount(kAnswerCount, n); }
  PacketBuilder& AuthorityCount(uint16_t n) {
    return SetCount(kAuthorityCount, n);
  }
  PacketBuilder& AdditionalCount(uint16_t n) {
    return SetCount(kAdditionalCount, n);
  }

  // Where the next octet will stand: the target for a later Pointer.
  size_t size() const { return octets_.size(); }
  const Octets& Build() const { return octets_; }

 private:
  // Where the header keeps the counts of the record sections.
  static constexpr size_t kAnswerCount = 6;
  static constexpr size_t kAuthorityCount = 8;
  static constexpr size_t kAdditionalCount = 10;

  PacketBuilder& Flag(uint16_t bit, bool on);
  PacketBuilder& Section(size_t count_at);
  PacketBuilder& SetCount(size_t count_at, uint16_t count);
  void AddToCount(size_t count_at);

  Octets octets_;
  size_t count_at_ = kAnswerCount;
};

}  // namespace testing_support

#endif  // PTRSWEEP_TESTS_SUPPORT_PACKET_BUILDER_H_
