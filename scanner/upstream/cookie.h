// CookieJar: the DNS cookies between us and one server (RFC 7873, RFC 9018;
// WIRE.md sections 1 and 2): a client cookie of ours, random, kept for the run,
// and the newest server cookie, opaque to us.
#ifndef PTRSWEEP_SCANNER_UPSTREAM_COOKIE_H_
#define PTRSWEEP_SCANNER_UPSTREAM_COOKIE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dnswire/wire.h"

namespace scanner {

class CookieJar {
 public:
  // No cookies with this server.
  CookieJar() = default;
  explicit CookieJar(uint64_t client_cookie);

  // Whether queries with EDNS carry a cookie, and its octets.
  bool enabled() const { return size_ > 0; }
  std::span<const uint8_t> query_cookie() const {
    return {octets_.data(), size_};
  }

  enum class Check : uint8_t {
    kSound,    // our client cookie, with or without a server cookie
    kMissing,  // no cookie, from a server that has not sent one before
    kWrong,    // of a wrong size, not ours, or left out by a server that
               // knows cookies (RFC 7873 section 5.3)
  };
  // Of a response to a query that carried query_cookie(). `truncated`: TC is
  // set, and such a response may lack its cookie.
  Check CheckResponse(const std::optional<std::span<const uint8_t>>& cookie,
                      bool truncated) const;
  // Takes over the server cookie of an accepted response.
  // REQUIRES: CheckResponse() says kSound.
  void Learn(std::span<const uint8_t> cookie);
  // An answer by TCP lacked the cookie: the server does not do them any more.
  void Forget();

  bool server_knows() const { return server_knows_; }

 private:
  std::array<uint8_t, dnswire::kMaxCookieOctets> octets_{};
  size_t size_ = 0;
  bool server_knows_ = false;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_UPSTREAM_COOKIE_H_
