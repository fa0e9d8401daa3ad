// Asks one server one question, with ldns: the second opinion by which the
// world is proved.
#ifndef PTRSWEEP_TESTS_WORLD_DNS_CLIENT_H_
#define PTRSWEEP_TESTS_WORLD_DNS_CLIENT_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace world {

// Names as in names.h, addresses in RFC 5952 form.
struct ReplyRecord {
  std::string owner;
  std::string type;
  uint32_t ttl = 0;
  // Name, address, or for SOA "mname rname serial"; else ldns' text.
  std::string data;
};

struct Reply {
  bool received = false;
  std::string rcode;  // "NOERROR"
  bool authoritative = false;
  bool recursion_available = false;
  bool without_edns = false;  // the question, after a FORMERR
  std::vector<ReplyRecord> answer;
  std::vector<ReplyRecord> authority;
  std::vector<ReplyRecord> additional;
};

class DnsClient {
 public:
  // `timeout_ms` for one try; there are `tries`.
  DnsClient(const std::string& address, bool recursive, int timeout_ms,
            int tries);
  ~DnsClient();

  // From now on each question goes by TCP.
  void PreferTcp();

  // `type` by its name. EDNS with 1232 octets, without after a FORMERR; TCP
  // when truncated.
  Reply Ask(const std::string& name, const std::string& type);
  Reply AskByTcp(const std::string& name, const std::string& type);
  // Ask with DO=1.
  Reply AskSigned(const std::string& name, const std::string& type);

 private:
  Reply AskOnce(const std::string& name, const std::string& type);

  bool prefers_tcp_ = false;
  struct Ldns;
  std::unique_ptr<Ldns> ldns_;
};

}  // namespace world

#endif  // PTRSWEEP_TESTS_WORLD_DNS_CLIENT_H_
