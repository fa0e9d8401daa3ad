#include "tests/support/misbehaviours/tools.h"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"

namespace testing_support {
namespace {

constexpr size_t kHeaderSize = 12;
constexpr char kFirstBlock[] = ".2.0.192.in-addr.arpa";
constexpr char kSecondBlock[] = ".100.51.198.in-addr.arpa";
constexpr size_t kClassesABlock = 254;

// The number that is all of `text`; 0 if it is none.
size_t NumberIn(absl::string_view text) {
  size_t number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ptr == end ? number : 0;
}

}  // namespace

size_t ClassNumberOf(const Asked& asked) {
  const absl::string_view name = asked.name;
  const size_t last_octet = NumberIn(name.substr(0, name.find('.')));
  if (absl::EndsWith(name, kFirstBlock)) return last_octet;
  if (absl::EndsWith(name, kSecondBlock)) return kClassesABlock + last_octet;
  for (const absl::string_view label : absl::StrSplit(name, '.')) {
    if (label.size() > 1 && label.front() == 'c') {
      const size_t number = NumberIn(label.substr(1));
      if (number > 0) return number;
    }
  }
  return 0;
}

std::string HostOf(const Asked& asked) {
  return HostOfClass(ClassNumberOf(asked) - 1);
}

std::string AddressFor(const Asked& asked) {
  return AddressOfClass(ClassNumberOf(asked) - 1);
}

std::string ReverseNameOf(const Asked& asked) {
  return ReverseOfClass(ClassNumberOf(asked) - 1);
}

std::string ReverseZoneOf(const Asked& asked) {
  const std::string name = ReverseNameOf(asked);
  return name.substr(name.find('.') + 1);
}

Octets ZoneIn(const PacketBuilder& reply) {
  return Pointer(kHeaderSize + 1 + reply.Build()[kHeaderSize]);
}

uint16_t IdOf(const Asked& asked) {
  return static_cast<uint16_t>(asked.query[0] << 8 | asked.query[1]);
}

Octets QuestionName() { return Pointer(kHeaderSize); }

PacketBuilder Answering(const Asked& asked) {
  PacketBuilder reply = ReplyTo(asked);
  reply.Answer();
  return reply;
}

Octets HostReply(const Asked& asked) {
  return Answering(asked).Ptr(QuestionName(), HostOf(asked)).Build();
}

Octets LeadsBack(const Asked& asked) {
  return Answering(asked).A(QuestionName(), AddressFor(asked)).Build();
}

Octets Denial(const Asked& asked, uint8_t rcode, absl::string_view zone) {
  return NegativeReply(asked, rcode, zone);
}

Replies Nothing(const Asked&) { return {}; }
Replies Good(const Asked& asked) { return Once(HostReply(asked)); }

Script Each(Make make, int delay_ms) {
  return [make = std::move(make), delay_ms](const Asked& asked) {
    return Once(make(asked), delay_ms);
  };
}

Script Names(std::vector<std::string> names) {
  return Each([names = std::move(names)](const Asked& asked) {
    PacketBuilder reply = Answering(asked);
    for (const std::string& name : names) {
      reply.Ptr(QuestionName(),
                absl::StrReplaceAll(name, {{"%", HostOf(asked)}}));
    }
    return reply.Build();
  });
}

Script ByTransport(Script udp, Script tcp) {
  return [udp = std::move(udp), tcp = std::move(tcp)](const Asked& asked) {
    return asked.transport == Transport::kUdp ? udp(asked) : tcp(asked);
  };
}

Script Both(Script first, Script then) {
  return
      [first = std::move(first), then = std::move(then)](const Asked& asked) {
        Replies replies = first(asked);
        for (Reply& reply : then(asked)) replies.push_back(std::move(reply));
        return replies;
      };
}

Script Until(int n, Script first, Script then) {
  return [n, first = std::move(first),
          then = std::move(then)](const Asked& asked) {
    return asked.nth < n ? first(asked) : then(asked);
  };
}

Script ByStart(Script start, Script then) {
  return
      [start = std::move(start), then = std::move(then)](const Asked& asked) {
        return absl::EndsWith(asked.name, ".in-addr.arpa") ? start(asked)
                                                           : then(asked);
      };
}

Script Altered(Make make, std::function<void(Octets*)> change) {
  return Each(
      [make = std::move(make), change = std::move(change)](const Asked& asked) {
        Octets octets = make(asked);
        change(&octets);
        return octets;
      });
}

Script AlwaysRcode(uint8_t rcode, std::optional<uint16_t> ede) {
  return Each(
      [=](const Asked& asked) { return RcodeReply(asked, rcode, ede); });
}

ExpectedRow Pass(std::string counter) {
  return {.status = "pass", .counter = std::move(counter)};
}
ExpectedRow NoPtr(std::string cause, std::string counter) {
  if (counter.empty()) counter = cause;
  return {"no_ptr", std::move(cause), std::move(counter)};
}
ExpectedRow BadName(std::vector<std::string> names,
                    std::vector<std::string> flags) {
  return {.status = "bad_name",
          .counter = "data",
          .ptr = std::move(names),
          .flags = std::move(flags)};
}
ExpectedRow ReverseError(std::string cause, std::string counter) {
  if (counter.empty()) counter = cause;
  return {"reverse_error", std::move(cause), std::move(counter)};
}
ExpectedRow ReverseTimeout(std::string cause, std::string counter) {
  return {"reverse_timeout", std::move(cause), std::move(counter)};
}
ExpectedRow ForwardError(std::string cause, std::string counter) {
  if (counter.empty()) counter = cause;
  return {"forward_error", std::move(cause), std::move(counter)};
}

std::vector<Misbehaviour> InGroup(const std::string& group,
                                  std::vector<Misbehaviour> classes) {
  for (Misbehaviour& each : classes) each.group = group;
  return classes;
}

std::vector<Misbehaviour> Alone(std::vector<Misbehaviour> classes) {
  for (Misbehaviour& each : classes) each.group = each.name;
  return classes;
}

std::vector<Misbehaviour> Needing(Needs needs,
                                  std::vector<Misbehaviour> classes) {
  for (Misbehaviour& each : classes) each.needs = needs;
  return classes;
}

void Append(std::vector<Misbehaviour> more, std::vector<Misbehaviour>* all) {
  all->insert(all->end(), std::make_move_iterator(more.begin()),
              std::make_move_iterator(more.end()));
}

std::optional<Octets> EdnsOptionsOf(const Asked& asked) {
  // The name with its lengths and root, then type and class; root owner, type,
  // class, TTL and RDLENGTH of the only record there is.
  const size_t name_octets = asked.name.empty() ? 1 : asked.name.size() + 2;
  const size_t options_at = kHeaderSize + name_octets + 4 + 11;
  if (asked.query.size() < options_at || asked.query[11] == 0) {
    return std::nullopt;
  }
  return Octets(asked.query.begin() + static_cast<ptrdiff_t>(options_at),
                asked.query.end());
}

bool HasOpt(const Asked& asked) { return EdnsOptionsOf(asked).has_value(); }

std::string ShownName(const Octets& wire) {
  std::string text;
  for (size_t at = 0; wire[at] != 0; at += size_t{1} + wire[at]) {
    if (at > 0) text += '.';
    for (size_t i = at + 1; i <= at + wire[at]; ++i) {
      const uint8_t octet = wire[i];
      const bool upper = octet >= 'A' && octet <= 'Z';
      const bool stands = upper || (octet >= 'a' && octet <= 'z') ||
                          (octet >= '0' && octet <= '9') || octet == '_' ||
                          (octet == '-' && !text.empty());
      if (stands) {
        text += static_cast<char>(upper ? octet + ('a' - 'A') : octet);
      } else {
        absl::StrAppendFormat(&text, "\\%03d", octet);
      }
    }
  }
  return text.empty() ? "." : text;
}

Octets BelowHost(const std::vector<std::string>& labels,
                 absl::string_view host) {
  Octets name;
  for (const std::string& label : labels) {
    name = Concat({name, Label(label)});
  }
  return Concat({name, WireName(host).octets});
}

}  // namespace testing_support
