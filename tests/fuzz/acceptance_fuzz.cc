// Input: which socket and sender, what of a right reply is put into the octets,
// then the octets of one datagram. Two tries are open, one of them under random
// case and with a cookie; a third id is in quarantine. What is accepted must
// pass the checks of WIRE.md 2, written down here a second time; every result
// adds one to one counter.
#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "scanner/asking/acceptance.h"
#include "scanner/upstream/resolver_route.h"
#include "tests/fuzz/require.h"
#include "tests/fuzz/slow_message.h"
#include "tests/fuzz/slow_names.h"

namespace {

using fuzz::Require;
using scanner::Acceptance;
using Octets = std::vector<uint8_t>;

constexpr uint64_t kCaseSeed = 0x5a5a5a5a5a5a5a5a;
constexpr uint64_t kClientCookie = 0x0807060504030201;

const io::Endpoint kSenders[] = {
    {.address = dnswire::IpAddress::V4(0xc0000235), .port = 53},
    {.address = dnswire::IpAddress::V4(0xc0000236), .port = 53},
    {.address = dnswire::IpAddress::V4(0xc0000237), .port = 53},  // a stranger
    {.address = dnswire::IpAddress::V4(0xc0000235), .port = 54},
};

// What is known of an open try, in words of this file.
struct Open {
  uint16_t socket;
  size_t server;
  uint16_t id;
  std::string name;        // lower case
  std::string exact_name;  // as sent
  uint16_t type;
  bool checks_case;
  bool checks_cookie;
};

class World {
 public:
  World() : route_(Options(), &random_), in_flight_(2) {
    AddPtr();
    AddForward();
    const uint32_t closed = in_flight_.AddUdp(0, &random_);
    quarantined_id_ = in_flight_[closed].id;
    in_flight_.Remove(closed, true, 0);
  }

  void Check(uint16_t socket, size_t sender, const Octets& octets) {
    dnswire::Message message;
    scanner::AcceptanceResult result;
    scanner::Accept(
        {.octets = octets, .from = kSenders[sender]}, socket,
        {.route = route_, .in_flight = in_flight_, .questions = questions_},
        &message, &result);
    scanner::Stats stats;
    scanner::CountDatagram(result.acceptance, &stats);
    Require(stats.udp_received == 1 &&
                stats.udp_accepted + stats.late + stats.stray +
                        stats.drop_size + stats.drop_source +
                        stats.drop_header + stats.drop_question +
                        stats.drop_case + stats.drop_cookie ==
                    1,
            "one datagram, one counter");
    Require(result.acceptance == Expected(socket, sender, octets),
            "the first check that fails decides");
    Require(!scanner::IsNearMiss(result) || result.server != scanner::kNoServer,
            "a near miss is some server's");
  }

  const std::array<Open, 2>& open() const { return open_; }
  uint16_t quarantined_id() const { return quarantined_id_; }

 private:
  static scanner::ScanOptions Options() {
    scanner::ScanOptions options;
    options.resolvers = {kSenders[0], kSenders[1]};
    return options;
  }

  void AddPtr() {
    const uint32_t question = questions_.Acquire();
    questions_[question] = {};
    questions_[question].target = dnswire::IpAddress::V4(0xc000020a);
    const uint32_t index = in_flight_.AddUdp(0, &random_);
    in_flight_[index].question = question;
    const std::string name(
        "\2"
        "10\1"
        "2\1"
        "0\3"
        "192\7in-addr\4arpa\0",
        25);
    open_[0] = {.socket = 0,
                .server = 0,
                .id = in_flight_[index].id,
                .name = name,
                .exact_name = name,
                .type = 12};
  }

  // The letters' case follows kCaseSeed, whose bits are 0101 1010 again and
  // again, the lowest first.
  void AddForward() {
    const uint32_t question = questions_.Acquire();
    questions_[question] = {};
    questions_[question].type = 1;
    questions_[question].names.Add(*dnswire::Name::Parse("mail.example.com"));
    const uint32_t index = in_flight_.AddUdp(1, &random_);
    scanner::Try& sent = in_flight_[index];
    sent.question = question;
    sent.server = 1;
    sent.case_seed = kCaseSeed;
    sent.cookie = true;
    route_.servers()[1].cookies = scanner::CookieJar(kClientCookie);
    route_.servers()[1].cookies.Learn(
        Octets{1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 9, 9, 9, 9, 9});
    open_[1] = {.socket = 1,
                .server = 1,
                .id = sent.id,
                .name = std::string("\4mail\7example\3com\0", 18),
                .exact_name = std::string("\4mAiL\7ExaMpLe\3CoM\0", 18),
                .type = 1,
                .checks_case = true,
                .checks_cookie = true};
    open_[1].exact_name = Cased(open_[1].name);
  }
  static std::string Cased(std::string name) {
    int letter = 0;
    for (char& c : name) {
      if (c < 'a' || c > 'z') continue;
      if ((kCaseSeed >> letter++ & 1) != 0) c = static_cast<char>(c - 32);
    }
    return name;
  }

  Acceptance Expected(uint16_t socket, size_t sender,
                      const Octets& octets) const {
    if (octets.size() < 12) return Acceptance::kDropSize;
    if (sender > 1) return Acceptance::kDropSource;
    const uint16_t id = static_cast<uint16_t>(octets[0] << 8 | octets[1]);
    const bool response = (octets[2] & 0x80) != 0;
    const bool query_opcode = (octets[2] & 0x78) == 0;
    if (!response || !query_opcode) return Acceptance::kDropHeader;
    const auto open = std::find_if(
        open_.begin(), open_.end(),
        [&](const Open& o) { return o.socket == socket && o.id == id; });
    if (open == open_.end()) {
      const bool late = socket == 0 && id == quarantined_id_;
      return late ? Acceptance::kLate : Acceptance::kStray;
    }
    if (open->server != sender) return Acceptance::kDropSource;
    return ExpectedOfContent(*open, octets);
  }

  static Acceptance ExpectedOfContent(const Open& open, const Octets& octets) {
    const int count = octets[4] << 8 | octets[5];
    const int rcode = octets[3] & 0xf;
    if (count == 0) {
      if (rcode != 1 && rcode != 4) return Acceptance::kDropQuestion;
    } else {
      const auto name = fuzz::SlowReadName(octets, 12);
      if (count != 1 || !name || octets.size() - name->end < 4) {
        return Acceptance::kDropQuestion;
      }
      const uint8_t* const tail = octets.data() + name->end;
      const bool same = fuzz::SlowLower(name->wire) == open.name &&
                        (tail[0] << 8 | tail[1]) == open.type &&
                        (tail[2] << 8 | tail[3]) == 1;
      if (!same) return Acceptance::kDropQuestion;
      if (open.checks_case && name->wire != open.exact_name) {
        return Acceptance::kDropCase;
      }
    }
    const bool sound = !open.checks_cookie || HasSoundCookie(octets);
    return sound ? Acceptance::kAccepted : Acceptance::kDropCookie;
  }

  // The server is known to do cookies, so it must send ours; but for TC.
  static bool HasSoundCookie(const Octets& octets) {
    const fuzz::SlowMessage message = fuzz::SlowParse(octets);
    bool found = false;
    bool sound = false;
    if (message.opt != nullptr) {
      fuzz::SlowForEachOption(
          message.opt->rdata, [&](size_t code, const std::string& cookie) {
            if (code != 10 || found) return;
            found = true;
            const bool size = cookie.size() == 8 ||
                              (cookie.size() >= 16 && cookie.size() <= 40);
            sound = size && cookie.substr(0, 8) == "\1\2\3\4\5\6\7\10";
          });
    }
    const bool truncated = (octets[2] & 0x02) != 0;
    return found ? sound : truncated;
  }

  io::SecureRandom random_;
  scanner::ResolverRoute route_;
  scanner::InFlight in_flight_;
  scanner::Slab<scanner::Question> questions_;
  std::array<Open, 2> open_;
  uint16_t quarantined_id_ = 0;
};

// Puts right what `mend` says, so that the later checks are reached too.
Octets Mended(uint8_t mend, const World& world, const Open& open,
              std::span<const uint8_t> data) {
  Octets octets(data.begin(), data.end());
  if (octets.size() >= 12) {
    const uint16_t id = (mend & 2) != 0 ? world.quarantined_id() : open.id;
    if ((mend & 1) != 0) {
      octets[0] = static_cast<uint8_t>(id >> 8);
      octets[1] = static_cast<uint8_t>(id);
    }
    if ((mend & 4) != 0) octets[2] = (octets[2] & 0x07) | 0x80;
    if ((mend & 8) != 0) {
      octets[4] = 0;
      octets[5] = 1;
      Octets question(open.exact_name.begin(), open.exact_name.end());
      question.insert(question.end(),
                      {0, static_cast<uint8_t>(open.type), 0, 1});
      octets.insert(octets.begin() + 12, question.begin(), question.end());
    }
  }
  return octets;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static World* const world = new World;
  if (size < 2) return 0;
  const auto socket = static_cast<uint16_t>(data[0] & 1);
  const size_t sender = data[0] >> 1 & 3;
  const Open& open = world->open()[socket];
  world->Check(socket, sender,
               Mended(data[1], *world, open, {data + 2, size - 2}));
  return 0;
}
