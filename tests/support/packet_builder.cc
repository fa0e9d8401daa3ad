#include "tests/support/packet_builder.h"

#include <algorithm>
#include <charconv>

#include "absl/strings/str_split.h"

namespace testing_support {
namespace {

constexpr size_t kFlagsAt = 2;
constexpr size_t kQuestionCountAt = 4;
constexpr size_t kHeaderSize = 12;
constexpr size_t kLongestLabel = 63;

uint8_t High(size_t value) { return static_cast<uint8_t>(value >> 8); }
uint8_t Low(size_t value) { return static_cast<uint8_t>(value); }

Octets U16(size_t value) { return {High(value), Low(value)}; }
Octets U32(uint32_t value) {
  return Concat({U16(value >> 16), U16(value & 0xffff)});
}

Octets Labels(absl::string_view text) {
  Octets octets;
  for (absl::string_view label : absl::StrSplit(text, '.', absl::SkipEmpty())) {
    octets = Concat({octets, Label(label)});
  }
  return octets;
}

Octets NameOf(absl::string_view text) { return Concat({Labels(text), {0}}); }

uint16_t CountAt(const Octets& octets, size_t at) {
  return static_cast<uint16_t>(octets[at] << 8 | octets[at + 1]);
}

// Size of the plain name and the four octets behind it; 0 if there is none.
size_t PlainQuestionSize(std::span<const uint8_t> octets) {
  size_t at = 0;
  while (at < octets.size() && octets[at] != 0) {
    if (octets[at] > kLongestLabel) return 0;
    at += size_t{1} + octets[at];
  }
  const size_t size = at + 1 + 4;
  return size <= octets.size() ? size : 0;
}

}  // namespace

Octets Concat(std::initializer_list<Octets> parts) {
  Octets all;
  for (const Octets& part : parts) {
    all.insert(all.end(), part.begin(), part.end());
  }
  return all;
}

Octets FromText(absl::string_view text) {
  return Octets(text.begin(), text.end());
}

Octets FromHex(absl::string_view hex) {
  Octets octets;
  while (!hex.empty()) {
    if (hex.front() == ' ') {
      hex.remove_prefix(1);
      continue;
    }
    uint8_t octet = 0;
    std::from_chars(hex.data(), hex.data() + 2, octet, 16);
    octets.push_back(octet);
    hex.remove_prefix(2);
  }
  return octets;
}

std::string ToHex(std::span<const uint8_t> octets) {
  constexpr char kDigits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * octets.size());
  for (const uint8_t octet : octets) {
    hex += kDigits[octet >> 4];
    hex += kDigits[octet & 0xf];
  }
  return hex;
}

Octets Label(absl::string_view octets) {
  return Concat({{Low(octets.size())}, FromText(octets)});
}

Octets Pointer(size_t target) {
  return {static_cast<uint8_t>(0xc0 | High(target)), Low(target)};
}

Octets Compressed(absl::string_view text, size_t target) {
  return Concat({Labels(text), Pointer(target)});
}

Octets NameOfSize(size_t size) {
  Octets name;
  while (size - name.size() > 1) {
    const size_t room = size - name.size() - 1;
    size_t label = std::min(kLongestLabel, room - 1);
    if (room - 1 - label == 1) --label;  // one octet alone is no label
    name = Concat({name, Label(std::string(label, 'n'))});
  }
  return Concat({name, {0}});
}

WireName::WireName(const char* text) : octets(NameOf(text)) {}
WireName::WireName(absl::string_view text) : octets(NameOf(text)) {}
WireName::WireName(const std::string& text) : octets(NameOf(text)) {}

Octets EdnsOption(uint16_t code, const Octets& octets) {
  return Concat({U16(code), U16(octets.size()), octets});
}

Octets ExtendedError(uint16_t code, absl::string_view text) {
  constexpr uint16_t kExtendedErrorOption = 15;
  return EdnsOption(kExtendedErrorOption, Concat({U16(code), FromText(text)}));
}

PacketBuilder PacketBuilder::ReplyTo(std::span<const uint8_t> query) {
  PacketBuilder reply;
  if (query.size() < kHeaderSize) return reply.Response();
  std::copy_n(query.begin(), kQuestionCountAt, reply.octets_.begin());
  reply.octets_[kFlagsAt] &= 0x79;  // opcode and RD stay
  reply.octets_[kFlagsAt + 1] = 0;
  const auto body = query.subspan(kHeaderSize);
  const size_t size = PlainQuestionSize(body);
  if (size > 0) {
    const auto question = body.first(size);
    reply.Raw(Octets(question.begin(), question.end()));
    reply.QuestionCount(1);
  }
  return reply.Response();
}

PacketBuilder& PacketBuilder::Id(uint16_t id) {
  octets_[0] = High(id);
  octets_[1] = Low(id);
  return *this;
}

PacketBuilder& PacketBuilder::Opcode(uint8_t opcode) {
  octets_[kFlagsAt] =
      static_cast<uint8_t>((octets_[kFlagsAt] & 0x87) | (opcode & 0xf) << 3);
  return *this;
}

PacketBuilder& PacketBuilder::Rcode(uint8_t rcode) {
  octets_[kFlagsAt + 1] =
      static_cast<uint8_t>((octets_[kFlagsAt + 1] & 0xf0) | (rcode & 0xf));
  return *this;
}

PacketBuilder& PacketBuilder::Flag(uint16_t bit, bool on) {
  const size_t flags = CountAt(octets_, kFlagsAt);
  return SetCount(
      kFlagsAt, static_cast<uint16_t>(on ? flags | bit : flags & ~size_t{bit}));
}

PacketBuilder& PacketBuilder::Question(const WireName& name, uint16_t type,
                                       uint16_t question_class) {
  Raw(name.octets).Raw(U16(type)).Raw(U16(question_class));
  AddToCount(kQuestionCountAt);
  return *this;
}

PacketBuilder& PacketBuilder::Section(size_t count_at) {
  count_at_ = count_at;
  return *this;
}

PacketBuilder& PacketBuilder::Record(const WireName& owner, uint16_t type,
                                     const Octets& rdata,
                                     const RecordOptions& options) {
  Raw(owner.octets).Raw(U16(type)).Raw(U16(options.record_class));
  Raw(U32(options.ttl)).Raw(U16(options.rdlength.value_or(rdata.size())));
  AddToCount(count_at_);
  return Raw(rdata);
}

PacketBuilder& PacketBuilder::Ptr(const WireName& owner, const WireName& target,
                                  const RecordOptions& options) {
  return Record(owner, rr::kPtr, target.octets, options);
}

PacketBuilder& PacketBuilder::Cname(const WireName& owner,
                                    const WireName& target,
                                    const RecordOptions& options) {
  return Record(owner, rr::kCname, target.octets, options);
}

PacketBuilder& PacketBuilder::Dname(const WireName& owner,
                                    const WireName& target,
                                    const RecordOptions& options) {
  return Record(owner, rr::kDname, target.octets, options);
}

PacketBuilder& PacketBuilder::Ns(const WireName& owner, const WireName& target,
                                 const RecordOptions& options) {
  return Record(owner, rr::kNs, target.octets, options);
}

PacketBuilder& PacketBuilder::A(const WireName& owner,
                                absl::string_view address,
                                const RecordOptions& options) {
  Octets rdata;
  for (absl::string_view part : absl::StrSplit(address, '.')) {
    uint8_t octet = 0;
    std::from_chars(part.data(), part.data() + part.size(), octet);
    rdata.push_back(octet);
  }
  return Record(owner, rr::kA, rdata, options);
}

PacketBuilder& PacketBuilder::Aaaa(const WireName& owner,
                                   const std::array<uint8_t, 16>& address,
                                   const RecordOptions& options) {
  return Record(owner, rr::kAaaa, Octets(address.begin(), address.end()),
                options);
}

PacketBuilder& PacketBuilder::Soa(const WireName& owner, const WireName& mname,
                                  const WireName& rname,
                                  const SoaNumbers& numbers,
                                  const RecordOptions& options) {
  const Octets rdata = Concat({mname.octets, rname.octets, U32(numbers.serial),
                               U32(numbers.refresh), U32(numbers.retry),
                               U32(numbers.expire), U32(numbers.minimum)});
  return Record(owner, rr::kSoa, rdata, options);
}

PacketBuilder& PacketBuilder::Rrsig(const WireName& owner,
                                    uint16_t covered_type) {
  // Algorithm 13, three labels, TTL, expiration, inception, key tag, signer.
  const Octets rdata = Concat({U16(covered_type),
                               {13, 3},
                               U32(3600),
                               U32(1),
                               U32(0),
                               U16(4711),
                               NameOf("example.com"),
                               Octets(64, 0x55)});
  return Record(owner, rr::kRrsig, rdata);
}

PacketBuilder& PacketBuilder::Opt(const OptFields& fields) {
  const uint32_t ttl = uint32_t{fields.extended_rcode} << 24 |
                       uint32_t{fields.version} << 16 |
                       (fields.dnssec_ok ? uint32_t{0x8000} : 0);
  return Record(fields.owner, rr::kOpt, fields.options,
                {.ttl = ttl,
                 .record_class = fields.payload,
                 .rdlength = fields.rdlength});
}

PacketBuilder& PacketBuilder::Raw(const Octets& octets) {
  octets_.insert(octets_.end(), octets.begin(), octets.end());
  return *this;
}

PacketBuilder& PacketBuilder::SetCount(size_t count_at, uint16_t count) {
  octets_[count_at] = High(count);
  octets_[count_at + 1] = Low(count);
  return *this;
}

void PacketBuilder::AddToCount(size_t count_at) {
  SetCount(count_at, static_cast<uint16_t>(CountAt(octets_, count_at) + 1));
}

}  // namespace testing_support
