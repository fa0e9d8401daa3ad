#include "io/net/tcp_framer.h"

#include <cstring>

namespace io {

std::span<uint8_t> TcpFramer::room() {
  filled_ -= used_;
  std::memmove(input_.data(), input_.data() + used_, filled_);
  used_ = 0;
  return std::span(input_).subspan(filled_);
}

std::optional<std::span<const uint8_t>> TcpFramer::Next() {
  const auto unread =
      std::span<const uint8_t>(input_).first(filled_).subspan(used_);
  if (is_broken_ || unread.size() < kLengthOctets) return std::nullopt;
  const size_t length = static_cast<size_t>(unread[0] << 8 | unread[1]);
  is_broken_ = length < dnswire::kHeaderOctets;
  if (is_broken_ || unread.size() - kLengthOctets < length) return std::nullopt;
  used_ += kLengthOctets + length;
  return unread.subspan(kLengthOctets, length);
}

}  // namespace io
