#include "scanner/upstream/cookie.h"

#include <algorithm>
#include <cstring>

namespace scanner {
namespace {

using dnswire::kClientCookieOctets;
using dnswire::kMaxCookieOctets;
using dnswire::kMinServerCookieOctets;

bool IsSoundSize(size_t size) {
  return size == kClientCookieOctets ||
         (size >= kClientCookieOctets + kMinServerCookieOctets &&
          size <= kMaxCookieOctets);
}

}  // namespace

CookieJar::CookieJar(uint64_t client_cookie) : size_(kClientCookieOctets) {
  std::memcpy(octets_.data(), &client_cookie, kClientCookieOctets);
}

CookieJar::Check CookieJar::CheckResponse(
    const std::optional<std::span<const uint8_t>>& cookie,
    bool truncated) const {
  if (!cookie) {
    return server_knows_ && !truncated ? Check::kWrong : Check::kMissing;
  }
  const bool ours =
      IsSoundSize(cookie->size()) &&
      std::equal(octets_.begin(), octets_.begin() + kClientCookieOctets,
                 cookie->begin());
  return ours ? Check::kSound : Check::kWrong;
}

void CookieJar::Learn(std::span<const uint8_t> cookie) {
  server_knows_ = true;
  if (cookie.size() == kClientCookieOctets) return;
  size_ = cookie.size();
  std::copy(cookie.begin(), cookie.end(), octets_.begin());
}

void CookieJar::Forget() {
  server_knows_ = false;
  size_ = std::min(size_, kClientCookieOctets);
}

}  // namespace scanner
