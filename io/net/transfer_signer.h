// TransferSigner: the TSIG of one zone transfer (RFC 8945). An interface, so
// that cryptography stays out of io.
#ifndef PTRSWEEP_IO_NET_TRANSFER_SIGNER_H_
#define PTRSWEEP_IO_NET_TRANSFER_SIGNER_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace io {

class TransferSigner {
 public:
  virtual ~TransferSigner() = default;

  // `query`, a whole message, with a TSIG record behind it. Called once, before
  // any Verify(). Fails if the key cannot sign.
  virtual absl::StatusOr<std::vector<uint8_t>> Sign(
      std::span<const uint8_t> query) = 0;

  // Checks the next message of the transfer: the first against the MAC of the
  // query, each next against that of the message before it (RFC 8945 section
  // 5.3.1). `message` decodes without fault and its last record, the only one
  // of its type, is a TSIG that starts at `tsig_at`. An error says what is
  // wrong with it, without names; nothing may be verified after it.
  virtual absl::Status Verify(std::span<const uint8_t> message,
                              size_t tsig_at) = 0;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_TRANSFER_SIGNER_H_
