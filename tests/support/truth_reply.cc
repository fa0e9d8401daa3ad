#include "tests/support/truth_reply.h"

#include <array>
#include <cctype>
#include <charconv>
#include <cstring>
#include <optional>
#include <string_view>

namespace testing_support {
namespace {

constexpr size_t kHeaderSize = 12;
constexpr size_t kMaxNameSize = 255;
constexpr size_t kMaxLabels = 127;
constexpr size_t kOptSize = 11;
constexpr uint32_t kTtl = 3600;

constexpr uint16_t kTypeA = 1;
constexpr uint16_t kTypeNs = 2;
constexpr uint16_t kTypeSoa = 6;
constexpr uint16_t kTypePtr = 12;
constexpr uint16_t kTypeOpt = 41;
constexpr uint16_t kClassIn = 1;

constexpr uint8_t kNoerror = 0;
constexpr uint8_t kFormerr = 1;
constexpr uint8_t kNxdomain = 3;
constexpr uint8_t kNotimp = 4;
constexpr uint8_t kRefused = 5;
constexpr uint8_t kBadvers = 16;

// "ns1.example.net", "hostmaster.example.net" and the five numbers.
constexpr char kNameServer[] = "\3ns1\7example\3net";
constexpr char kMailbox[] = "\12hostmaster\7example\3net";
constexpr std::array<uint32_t, 5> kSoaNumbers = {1, 7200, 900, 1209600, 600};
// Behind the first label of every host.
constexpr char kHostSuffix[] = "\5hosts\7example\3net";

uint16_t U16At(std::span<const uint8_t> octets, size_t at) {
  return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

struct Query {
  std::span<const uint8_t> octets;
  size_t question_end = 0;
  uint16_t type = 0;
  uint16_t question_class = 0;
  bool edns = false;
  uint8_t edns_version = 0;
  // Where the labels of the name begin.
  size_t labels = 0;
  std::array<size_t, kMaxLabels + 1> label_at{};

  std::string_view Label(size_t i) const {
    const size_t at = label_at[i];
    return {reinterpret_cast<const char*>(octets.data()) + at + 1, octets[at]};
  }
};

// The plain name at the front of the question section.
bool ReadName(Query* query) {
  size_t at = kHeaderSize;
  for (;;) {
    if (at >= query->octets.size()) return false;
    query->label_at[query->labels] = at;
    const size_t size = query->octets[at];
    if (size == 0) break;
    if (size > 63) return false;
    at += 1 + size;
    if (at - kHeaderSize >= kMaxNameSize) return false;
    ++query->labels;
  }
  query->question_end = at + 1;
  return true;
}

// One question and at most an OPT record, and nothing behind them.
bool ReadQuery(Query* query) {
  const auto octets = query->octets;
  if (U16At(octets, 4) != 1 || U16At(octets, 6) != 0 || U16At(octets, 8) != 0) {
    return false;
  }
  if (!ReadName(query) || octets.size() - query->question_end < 4) return false;
  query->type = U16At(octets, query->question_end);
  query->question_class = U16At(octets, query->question_end + 2);
  query->question_end += 4;
  const auto rest = octets.subspan(query->question_end);
  const uint16_t additional = U16At(octets, 10);
  if (additional == 0) return rest.empty();
  query->edns = additional == 1 && rest.size() >= kOptSize && rest[0] == 0 &&
                U16At(rest, 1) == kTypeOpt &&
                U16At(rest, 9) == rest.size() - kOptSize;
  if (query->edns) query->edns_version = rest[6];
  return query->edns;
}

// Labels `from` on are exactly these, without case.
bool EndsWith(const Query& query, size_t from,
              std::initializer_list<std::string_view> labels) {
  if (from + labels.size() != query.labels) return false;
  for (const std::string_view wanted : labels) {
    const std::string_view label = query.Label(from++);
    if (label.size() != wanted.size()) return false;
    for (size_t i = 0; i < label.size(); ++i) {
      const auto octet = static_cast<unsigned char>(label[i]);
      if (std::tolower(octet) != wanted[i]) return false;
    }
  }
  return true;
}

class Writer {
 public:
  Writer(const Query& query, std::span<uint8_t> out)
      : query_(query), out_(out) {}

  // `question`: echoes it; else the reply has none.
  void Begin(bool question) {
    at_ = question ? query_.question_end : kHeaderSize;
    std::memset(out_.data(), 0, kHeaderSize);
    std::memcpy(out_.data(), query_.octets.data(), 2);
    if (question) {
      std::memcpy(out_.data() + kHeaderSize, query_.octets.data() + kHeaderSize,
                  at_ - kHeaderSize);
      out_[5] = 1;
    }
    // QR, AA, RA; opcode and RD as asked.
    out_[2] = static_cast<uint8_t>(0x84 | (query_.octets[2] & 0x79));
    out_[3] = 0x80;
  }
  void Rcode(uint8_t rcode) { out_[3] |= rcode & 0xf; }

  void Ptr(const TruthName& name) {
    const std::string label = Truth::LabelOf(name);
    RecordHead(kTypePtr, kHeaderSize, 1 + label.size() + sizeof kHostSuffix);
    U8(static_cast<uint8_t>(label.size()));
    Octets(label.data(), label.size());
    Octets(kHostSuffix, sizeof kHostSuffix);
    ++out_[7];
  }
  void A(uint32_t address) {
    RecordHead(kTypeA, kHeaderSize, 4);
    U32(address);
    ++out_[7];
  }
  void Ns() {
    RecordHead(kTypeNs, kHeaderSize, sizeof kNameServer);
    Octets(kNameServer, sizeof kNameServer);
    ++out_[7];
  }
  // Of the zone at the label; in the answer or the authority section.
  void Soa(size_t zone_label, bool answer) {
    RecordHead(kTypeSoa, query_.label_at[zone_label],
               sizeof kNameServer + sizeof kMailbox + 4 * kSoaNumbers.size());
    Octets(kNameServer, sizeof kNameServer);
    Octets(kMailbox, sizeof kMailbox);
    for (const uint32_t number : kSoaNumbers) U32(number);
    ++out_[answer ? 7 : 9];
  }
  void Opt(uint8_t extended_rcode) {
    U8(0);
    U16(kTypeOpt);
    U16(1232);
    U8(extended_rcode);
    U8(0);
    U32(0);
    ++out_[11];
  }
  size_t size() const { return at_; }

 private:
  void U8(uint8_t value) { out_[at_++] = value; }
  void U16(size_t value) {
    U8(static_cast<uint8_t>(value >> 8));
    U8(static_cast<uint8_t>(value));
  }
  void U32(uint32_t value) {
    U16(value >> 16);
    U16(value & 0xffff);
  }
  void Octets(const char* octets, size_t size) {
    std::memcpy(out_.data() + at_, octets, size);
    at_ += size;
  }
  void RecordHead(uint16_t type, size_t owner_at, size_t rdata_size) {
    U16(0xc000 | owner_at);
    U16(type);
    U16(kClassIn);
    U32(kTtl);
    U16(rdata_size);
  }

  const Query& query_;
  std::span<uint8_t> out_;
  size_t at_ = 0;
};

// Answers one question of class IN.
class Answerer {
 public:
  Answerer(const Truth& truth, const Query& query, Writer* writer)
      : truth_(truth), query_(query), writer_(writer) {}

  void Answer() {
    const size_t labels = query_.labels;
    if (labels >= 2 && EndsWith(query_, labels - 2, {"in-addr", "arpa"})) {
      return Reverse(labels - 2);
    }
    if (labels >= 2 && EndsWith(query_, labels - 2, {"example", "net"})) {
      return Forward(labels - 2);
    }
    if (labels == 0 && query_.type == kTypeNs) return writer_->Ns();
    if (labels == 0) return Apex(0);
    Negative(kNxdomain, labels);
  }

 private:
  void Negative(uint8_t rcode, size_t zone_label) {
    writer_->Rcode(rcode);
    writer_->Soa(zone_label, /*answer=*/false);
  }
  void Apex(size_t zone_label) {
    writer_->Soa(zone_label, query_.type == kTypeSoa);
  }

  // The octet that label `i` stands for, as it is written.
  std::optional<uint32_t> Octet(size_t i) const {
    const std::string_view label = query_.Label(i);
    uint8_t octet = 0;
    const char* const end = label.data() + label.size();
    const auto read = std::from_chars(label.data(), end, octet);
    if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
    if (label.size() > 1 && label.front() == '0') return std::nullopt;
    return octet;
  }

  // `parts` labels stand before in-addr.arpa.
  void Reverse(size_t parts) {
    if (parts == 0) return Apex(0);
    uint32_t address = 0;
    for (size_t i = parts; i-- > 0;) {
      const auto octet = Octet(i);
      if (!octet || parts > 4) return Negative(kNxdomain, parts);
      address = address << 8 | *octet;
    }
    if (parts == 3) return Apex(0);
    if (parts < 3) return Negative(kNoerror, parts);
    const size_t zone = 1;
    if (truth_.KindOf(address) == TruthKind::kNxdomain) {
      return Negative(kNxdomain, zone);
    }
    const uint32_t names = truth_.NamesOf(address);
    if (query_.type != kTypePtr || names == 0) return Negative(kNoerror, zone);
    for (uint32_t i = 0; i < names; ++i) writer_->Ptr({address, i});
  }

  // `parts` labels stand before example.net.
  void Forward(size_t parts) {
    using Outcome = TruthForward::Outcome;
    if (parts == 0) return Apex(0);
    if (!EndsWith(query_, parts - 1, {"hosts", "example", "net"}) ||
        parts > 2) {
      return Negative(kNxdomain, parts);
    }
    if (parts == 1) return Negative(kNoerror, parts);
    const auto name = Truth::ParseLabel(query_.Label(0));
    const TruthForward forward =
        name ? truth_.ForwardOf(*name) : TruthForward();
    if (forward.outcome == Outcome::kNxdomain) {
      return Negative(kNxdomain, parts);
    }
    if (query_.type != kTypeA || !forward.exists()) {
      return Negative(kNoerror, parts);
    }
    writer_->A(forward.address);
  }

  const Truth& truth_;
  const Query& query_;
  Writer* writer_;
};

}  // namespace

size_t MakeTruthReply(const Truth& truth, std::span<const uint8_t> octets,
                      std::span<uint8_t> out) {
  if (octets.size() < kHeaderSize || (octets[2] & 0x80) != 0) return 0;
  Query query{.octets = octets};
  Writer writer(query, out);
  const bool is_query = (octets[2] & 0x78) == 0;
  if (!is_query || !ReadQuery(&query)) {
    writer.Begin(/*question=*/false);
    writer.Rcode(is_query ? kFormerr : kNotimp);
    return writer.size();
  }
  writer.Begin(/*question=*/true);
  uint8_t extended_rcode = 0;
  if (query.edns_version != 0) {
    extended_rcode = kBadvers >> 4;
  } else if (query.question_class != kClassIn) {
    writer.Rcode(kRefused);
  } else {
    Answerer(truth, query, &writer).Answer();
  }
  if (query.edns) writer.Opt(extended_rcode);
  return writer.size();
}

}  // namespace testing_support
