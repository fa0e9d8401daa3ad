// Input: whether messages are signed, then the messages of a zone transfer,
// each behind its length. The records taken, the state and the failure equal
// those of a slow reader of RFC 5936; the image of a complete zone holds every
// owner.
#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/answer.h"
#include "dnswire/name.h"
#include "io/net/transfer_decoder.h"
#include "scanner/transfer/zone_image.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slow_message.h"
#include "tests/fuzz/slow_names.h"

namespace {

using fuzz::Require;
using fuzz::SlowMessage;
using fuzz::SlowRecord;
using Octets = std::span<const uint8_t>;

constexpr uint16_t kId = 3;  // as the seeds have it
constexpr const char kZoneWire[] = "\0012\0010\003192\007in-addr\004arpa";
constexpr uint64_t kMaxOctets = 2000;
constexpr uint16_t kTsig = 250;

const std::string& Zone() {
  static const std::string zone(kZoneWire, sizeof kZoneWire);
  return zone;
}

std::vector<Octets> Messages(Octets input) {
  std::vector<Octets> messages;
  while (input.size() >= 2) {
    const size_t length = input[0] * size_t{256} + input[1];
    input = input.subspan(2);
    if (length < 12 || length > input.size()) break;
    messages.push_back(input.first(length));
    input = input.subspan(length);
  }
  return messages;
}

// What a transfer came to.
struct Outcome {
  std::string end = "more";  // or "complete", or the failure's name
  std::vector<std::string> records;

  bool Ends(const char* how) {
    end = how;
    return false;
  }
};

// How many names an rdata has, behind and before so many octets.
struct Shape {
  size_t before;
  int names;
  size_t after;
};

std::optional<Shape> ShapeOf(uint16_t type) {
  switch (type) {
    case 2:   // NS
    case 3:   // MD
    case 4:   // MF
    case 5:   // CNAME
    case 7:   // MB
    case 8:   // MG
    case 9:   // MR
    case 12:  // PTR
    case 39:  // DNAME
      return Shape{0, 1, 0};
    case 6:  // SOA
      return Shape{0, 2, 20};
    case 14:  // MINFO
    case 17:  // RP
      return Shape{0, 2, 0};
    case 15:  // MX
    case 18:  // AFSDB
    case 21:  // RT
      return Shape{2, 1, 0};
    case 26:  // PX
      return Shape{2, 2, 0};
    case 33:  // SRV
      return Shape{6, 1, 0};
    default:
      return std::nullopt;
  }
}

std::optional<std::string> SlowExpand(Octets message,
                                      const SlowRecord& record) {
  const auto shape = ShapeOf(record.type);
  if (!shape) return record.rdata;
  const size_t end = record.rdata_at + record.rdata.size();
  if (record.rdata.size() < shape->before) return std::nullopt;
  std::string expanded = record.rdata.substr(0, shape->before);
  size_t at = record.rdata_at + shape->before;
  for (int i = 0; i < shape->names; ++i) {
    const auto name = fuzz::SlowReadName(message, at);
    if (!name) return std::nullopt;
    expanded += name->wire;
    at = name->end;
  }
  if (at > end || end - at != shape->after) return std::nullopt;
  expanded += record.rdata.substr(record.rdata.size() - shape->after);
  return expanded;
}

std::string SerialOf(const SlowRecord& soa) {
  return soa.rdata.substr(soa.rdata.size() - 20, 4);
}

std::string TextOf(const std::string& owner, uint16_t type, uint32_t ttl_s,
                   const std::string& rdata) {
  return absl::StrCat(owner, " ", type, " ", ttl_s, " ", rdata);
}

// Reads a transfer message by message; each call is false once it has ended.
class SlowTransfer {
 public:
  explicit SlowTransfer(bool is_signed) : is_signed_(is_signed) {}

  bool Add(Octets octets) {
    ++count_;
    octets_ += octets.size();
    if (octets_ > kMaxOctets) return outcome.Ends("too_large");
    const SlowMessage message = fuzz::SlowParse(octets);
    return CheckHead(message) && CheckTsig(message) && CheckQuestion(message) &&
           TakeRecords(octets, message);
  }

  Outcome outcome;

 private:
  bool CheckHead(const SlowMessage& message) {
    if (!message.Flag(0x8000) || message.Flag(0x7800) ||
        message.header[0] != kId) {
      return outcome.Ends("malformed");
    }
    const uint32_t high = message.opt == nullptr ? 0 : message.opt->ttl >> 24;
    if (message.Flag(0xf) || high != 0) return outcome.Ends("rcode");
    const bool sound = message.fault == "ok" && message.trailing == 0;
    return (sound && !message.Flag(0x0200)) || outcome.Ends("malformed");
  }

  bool CheckTsig(const SlowMessage& message) {
    if (!is_signed_) return true;
    size_t tsigs = 0;
    for (const auto& section : message.sections) {
      for (const SlowRecord& record : section) tsigs += record.type == kTsig;
    }
    const auto& last = message.sections[2];
    return (tsigs == 1 && !last.empty() && last.back().type == kTsig) ||
           outcome.Ends("tsig_unsigned");
  }

  bool CheckQuestion(const SlowMessage& message) {
    const auto& questions = message.questions;
    if (count_ > 1 && questions.empty()) return true;
    return (questions.size() == 1 && questions[0].Is(252) &&
            questions[0].lower_owner == Zone()) ||
           outcome.Ends("malformed");
  }

  bool TakeRecords(Octets octets, const SlowMessage& message) {
    if (message.sections[0].empty()) return outcome.Ends("malformed");
    for (const SlowRecord& record : message.sections[0]) {
      if (!TakeRecord(octets, record)) return false;
    }
    return outcome.end == "more";
  }

  bool TakeRecord(Octets octets, const SlowRecord& record) {
    if (outcome.end == "complete" || record.record_class != 1) {
      return outcome.Ends("malformed");
    }
    const bool is_apex = record.lower_owner == Zone() && record.type == 6;
    if (is_apex && serial_) {
      if (SerialOf(record) != *serial_) return outcome.Ends("changed");
      outcome.end = "complete";
      return true;
    }
    if (!serial_ && !is_apex) return outcome.Ends("malformed");
    if (is_apex) serial_ = SerialOf(record);
    if (!fuzz::SlowIsAtOrAbove(Zone(), record.lower_owner)) return true;
    const auto rdata = SlowExpand(octets, record);
    if (!rdata) return outcome.Ends("malformed");
    const uint32_t ttl_s = record.ttl > 0x7fffffff ? 0 : record.ttl;
    outcome.records.push_back(TextOf(record.owner, record.type, ttl_s, *rdata));
    return true;
  }

  const bool is_signed_;
  int count_ = 0;
  uint64_t octets_ = 0;
  std::optional<std::string> serial_;
};

// Accepts what it is given, if the TSIG is where it is said to be.
class TrustingSigner : public io::TransferSigner {
 public:
  absl::StatusOr<std::vector<uint8_t>> Sign(Octets query) override {
    return std::vector<uint8_t>(query.begin(), query.end());
  }
  absl::Status Verify(Octets message, size_t tsig_at) override {
    const auto owner = fuzz::SlowReadName(message, tsig_at);
    Require(owner && message[owner->end + 1] == kTsig, "TSIG's place");
    return absl::OkStatus();
  }
};

std::string StringOf(Octets octets) { return {octets.begin(), octets.end()}; }

// Every owner that the zone has exists in its image.
void CheckImage(const scanner::ZoneImage& image,
                const std::vector<std::string>& owners) {
  size_t own = 0;
  image.ForEachRecord(
      [&own, &image](dnswire::NameView owner, uint16_t, uint32_t, Octets) {
        Require(owner.IsAtOrBelow(image.apex()), "owners are the zone's");
        ++own;
      });
  Require(own > 0 && own <= image.records(), "records of its own");
  for (const std::string& owner : owners) {
    const auto name = dnswire::NameView::FromValidWire(
        {reinterpret_cast<const uint8_t*>(owner.data()), owner.size()});
    dnswire::Answer answer;
    image.Resolve({name, dnswire::kTypePtr}, {}, &answer);
    Require(
        answer.outcome != dnswire::Outcome::kNxdomain || !answer.chain.empty(),
        "an owner exists");
    if (answer.outcome != dnswire::Outcome::kData) continue;
    size_t data = 0;
    image.ForEachData({name, dnswire::kTypePtr}, answer,
                      [&data](Octets) { ++data; });
    Require(data > 0, "data where the outcome says so");
  }
}

Outcome Decode(const std::vector<Octets>& messages, bool is_signed) {
  Outcome outcome;
  TrustingSigner signer;
  scanner::ZoneImage image(
      dnswire::NameView::FromValidWire(
          {reinterpret_cast<const uint8_t*>(Zone().data()), Zone().size()}),
      1 << 20);
  std::vector<std::string> owners;
  io::TransferDecoder::Options options;
  options.zone = dnswire::Name(image.apex());
  options.id = kId;
  options.signer = is_signed ? &signer : nullptr;
  options.max_octets = kMaxOctets;
  io::TransferDecoder decoder(options, [&](const io::TransferRecord& record) {
    const std::string owner = StringOf(record.owner.wire());
    outcome.records.push_back(
        TextOf(owner, record.type, record.ttl_s, StringOf(record.rdata)));
    const bool counts = record.type < 46 || record.type > 50;
    if (counts) owners.push_back(owner);
    return image.Add(record);
  });
  for (const Octets message : messages) {
    if (decoder.Add(message) != io::TransferDecoder::State::kMore) break;
  }
  if (decoder.state() == io::TransferDecoder::State::kFailed) {
    outcome.end = std::string(io::TransferFailureName(decoder.failure()));
    const bool printable =
        std::all_of(decoder.reason().begin(), decoder.reason().end(),
                    [](char c) { return c >= ' ' && c <= '~'; });
    Require(printable && !decoder.reason().empty(), "a harmless reason");
  } else if (decoder.state() == io::TransferDecoder::State::kComplete) {
    outcome.end = "complete";
    image.Finish();
    CheckImage(image, owners);
  }
  return outcome;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const bool is_signed = (data[0] & 1) != 0;
  const std::vector<Octets> messages = Messages({data + 1, size - 1});
  SlowTransfer slow(is_signed);
  for (const Octets message : messages) {
    if (!slow.Add(message)) break;
  }
  const Outcome outcome = Decode(messages, is_signed);
  Require(outcome.end == slow.outcome.end, "how the transfer ends");
  Require(outcome.records == slow.outcome.records, "the records taken");
  return 0;
}
