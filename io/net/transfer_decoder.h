// TransferDecoder: the messages of one zone transfer (AXFR, RFC 5936), as they
// come, into the records of the zone.
//
//     Add -> first message: SOA of the zone --records--> the same SOA: complete
//        \__ any rule broken, at any point: failed, for good
//
// Holds one name and one rdata, whatever the size of the zone: who keeps the
// records bounds them. No socket, no clock.
#ifndef PTRSWEEP_IO_NET_TRANSFER_DECODER_H_
#define PTRSWEEP_IO_NET_TRANSFER_DECODER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "io/net/transfer_signer.h"

namespace io {

// Why a transfer failed.
enum class TransferFailure : uint8_t {
  kNone,
  kConnect,    // no connection, or not within its limit
  kClosed,     // the connection ended before the last SOA, or lost its framing
  kStalled,    // no whole message for too long
  kRcode,      // the server says no: REFUSED, NOTAUTH, ...
  kMalformed,  // what came is no zone transfer
  kChanged,    // the last SOA has another serial than the first
  kTooLarge,   // more than may be kept, or read
  kUnsigned,   // a message without TSIG in a transfer with a key
  kTsig,       // a TSIG that is not right, or a query that cannot be signed
};

// The code of a warning: "tsig_unsigned" for kUnsigned; "connect", "closed",
// "stalled", "rcode", "malformed", "changed", "too_large", "tsig"; "none".
absl::string_view TransferFailureName(TransferFailure failure);

// One record of the zone, class IN. Views, valid during the call that has it.
struct TransferRecord {
  dnswire::NameView owner;  // at or below the zone's apex, letter case as sent
  uint16_t type = 0;
  uint32_t ttl_s = 0;  // effective (RFC 2181 section 8)
  // Without compression for the types of RFC 3597 section 4 but SIG, NXT and
  // NAPTR, and for DNAME; their names are checked, and fill the rdata exactly.
  // Of any other type the octets as sent.
  std::span<const uint8_t> rdata;
};

class TransferDecoder {
 public:
  // Gets each record in the order of the stream: the zone's SOA first, which is
  // not given again at the end. An error ends the transfer as kTooLarge.
  using Taker = std::function<absl::Status(const TransferRecord&)>;

  struct Options {
    dnswire::Name zone;
    uint16_t id = 0;                   // the query's
    TransferSigner* signer = nullptr;  // null: messages are not verified
    // Of all messages together: a stream of records that nobody keeps must end
    // too.
    uint64_t max_octets = uint64_t{1} << 30;
  };

  TransferDecoder(const Options& options, Taker take);

  enum class State : uint8_t { kMore, kComplete, kFailed };

  // The next message. A record is taken only from a message that is whole,
  // sound in all its sections, and verified. Of a transfer that fails nothing
  // may be used, not even what was taken before.
  // REQUIRES: state() is kMore; at least dnswire::kHeaderOctets.
  State Add(std::span<const uint8_t> message);

  State state() const { return state_; }
  // Valid once failed. The reason is one line of printable ASCII: "REFUSED",
  // "message 2 is not signed".
  TransferFailure failure() const { return failure_; }
  const std::string& reason() const { return reason_; }

  uint64_t messages() const { return messages_; }
  uint64_t octets() const { return octets_; }
  uint64_t records() const { return records_; }  // taken
  // Records outside the zone, left out (ITERATION.md 1.4).
  uint64_t outside() const { return outside_; }

 private:
  // Sizes of what stands around the names of an rdata.
  struct RdataLayout;
  // Two names, the octets before them and a SOA's numbers.
  static constexpr size_t kMaxExpandedOctets =
      6 + 2 * dnswire::kMaxNameOctets + 20;

  // Each of these is false once the transfer has failed.
  bool CheckHead(const dnswire::Message& message);
  bool CheckSignature(const dnswire::Message& message);
  bool CheckQuestion(const dnswire::Message& message);
  bool TakeRecords(const dnswire::Message& message);
  bool TakeRecord(const dnswire::Message& message,
                  const dnswire::Record& record);
  bool TakeApexSoa(uint32_t serial);
  bool HandOn(const dnswire::Message& message, const dnswire::Record& record);
  bool Expand(const dnswire::Message& message, const dnswire::Record& record,
              std::span<const uint8_t>* rdata);
  bool Fail(TransferFailure failure, absl::string_view reason);
  // The reason is "message N WHAT".
  bool Malformed(absl::string_view what);

  const Options options_;
  const Taker take_;
  State state_ = State::kMore;
  TransferFailure failure_ = TransferFailure::kNone;
  std::string reason_;
  uint32_t serial_ = 0;  // of the first SOA
  uint64_t messages_ = 0;
  uint64_t octets_ = 0;
  uint64_t records_ = 0;
  uint64_t outside_ = 0;
  dnswire::Name owner_;
  std::array<uint8_t, kMaxExpandedOctets> expanded_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_TRANSFER_DECODER_H_
