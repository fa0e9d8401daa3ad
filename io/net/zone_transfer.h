// ZoneTransfer: one AXFR of one zone from one server over TCP (RFC 5936), on a
// loop of the caller's. Records are handed on as they come. Not thread-safe.
// The program must ignore SIGPIPE.
//
//     connect --within Limits::connect--> ask --> message, message, ... --> end
//                                           \___each within Limits::progress
#ifndef PTRSWEEP_IO_NET_ZONE_TRANSFER_H_
#define PTRSWEEP_IO_NET_ZONE_TRANSFER_H_

#include <cstdint>
#include <memory>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "io/net/event_loop.h"
#include "io/net/transfer_decoder.h"
#include "io/net/transfer_signer.h"

namespace io {

class ZoneTransfer {
 public:
  struct Limits {
    absl::Duration connect = absl::Seconds(3);
    // From one whole message to the next, and from the query to the first.
    absl::Duration progress = absl::Seconds(60);
    uint64_t max_octets = TransferDecoder::Options{}.max_octets;
  };

  struct Request {
    Endpoint server;
    dnswire::Name zone;
    uint16_t id = 0;  // nobody else can guess it (SecureRandom)
    // Null: the query is not signed, and the messages are not verified.
    std::unique_ptr<TransferSigner> signer;
  };

  class Delegate {
   public:
    virtual ~Delegate() = default;
    // As TransferDecoder::Taker: an error ends the transfer, as kTooLarge and
    // with the error's text as its reason.
    virtual absl::Status OnTransferRecord(const TransferRecord& record) = 0;
    // The transfer is over, the connection closed; no call follows. kNone: it
    // is complete. Else all its records are void, and `status` is one line:
    // "transfer of 10.in-addr.arpa from 192.0.2.53: REFUSED". May destroy the
    // transfer.
    virtual void OnTransferEnd(TransferFailure failure,
                               const absl::Status& status) = 0;
  };

  // Begins at once. `loop` and `delegate` must outlive the transfer. Calls to
  // the delegate come from the loop, never from inside the constructor, and a
  // turn follows them.
  ZoneTransfer(EventLoop* loop, Request request, const Limits& limits,
               Delegate* delegate);
  // Before its end: gives it up, nothing more is told.
  ~ZoneTransfer();
  ZoneTransfer(const ZoneTransfer&) = delete;
  ZoneTransfer& operator=(const ZoneTransfer&) = delete;

  // What has come so far: messages, octets, records in and outside the zone.
  const TransferDecoder& progress() const;

 private:
  struct Impl;
  Impl* impl_;  // freed by libuv's close callback
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_ZONE_TRANSFER_H_
