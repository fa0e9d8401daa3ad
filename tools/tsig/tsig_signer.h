// TsigSigner: TSIG (RFC 8945) of one zone transfer, by ldns.
//
// ldns computes the MACs. What it leaves to its caller is checked here: that
// the key's name and algorithm are ours, that the record is for nothing but a
// signature, and that the time it was signed is within the fudge of now.
#ifndef PTRSWEEP_TOOLS_TSIG_TSIG_SIGNER_H_
#define PTRSWEEP_TOOLS_TSIG_TSIG_SIGNER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "io/net/transfer_signer.h"
#include "tools/tsig/tsig_keys.h"

namespace tools {

class TsigSigner : public io::TransferSigner {
 public:
  // `clock` is what messages are measured by; the query has the system's time.
  explicit TsigSigner(TsigKey key,
                      std::function<absl::Time()> clock = absl::Now);
  ~TsigSigner() override;

  absl::StatusOr<std::vector<uint8_t>> Sign(
      std::span<const uint8_t> query) override;
  absl::Status Verify(std::span<const uint8_t> message,
                      size_t tsig_at) override;

 private:
  struct Mac;  // ldns' own form of the MAC before

  // Whether the MAC of the record is that of the message.
  bool HasRightMac(std::span<const uint8_t> message, size_t tsig_at);

  const TsigKey key_;
  const std::string name_;  // as text
  const std::function<absl::Time()> clock_;
  std::unique_ptr<Mac> previous_;
  bool is_first_ = true;
};

}  // namespace tools

#endif  // PTRSWEEP_TOOLS_TSIG_TSIG_SIGNER_H_
