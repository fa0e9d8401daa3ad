// Writes the seeds of every fuzz target, one file each, into a folder per
// target.
//
//   make_seeds FOLDER
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "tests/dnswire/dnssec/rdata.h"
#include "tests/fuzz/journal_seeds.h"
#include "tests/fuzz/row_seeds.h"
#include "tests/fuzz/transfer_seeds.h"
#include "tests/support/packet_builder.h"

namespace {

using testing_support::Compressed;
using testing_support::Concat;
using testing_support::EdnsOption;
using testing_support::ExtendedError;
using testing_support::FromText;
using testing_support::Label;
using testing_support::NameOfSize;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::Pointer;
namespace rr = testing_support::rr;

constexpr const char* kReverse = "10.2.0.192.in-addr.arpa";
constexpr const char* kForward = "mail.example.com";
constexpr std::array<uint8_t, 16> kAddress = {0x20, 0x01, 0x0d, 0xb8};

// Asked of the server of the last three labels, no name met before.
constexpr uint16_t kId = 3;

PacketBuilder Reply(const char* name, uint16_t type) {
  return PacketBuilder().Id(kId).Response().Ra().Question(name, type);
}
PacketBuilder PtrReply() { return Reply(kReverse, rr::kPtr); }

std::vector<Octets> DataMessages() {
  return {
      PtrReply().Answer().Ptr(kReverse, kForward).Build(),
      PtrReply()
          .Answer()
          .Ptr(Pointer(12), Compressed("host", 17))
          .Ptr(Pointer(12), Label("MiXed.dot"))
          .Additional()
          .Opt({.options = ExtendedError(3, "stale")})
          .Build(),
      PtrReply().Answer().Ptr(Pointer(12), NameOfSize(255)).Build(),
      PtrReply().Answer().Ptr(Pointer(12), "").Rrsig(kReverse, 12).Build(),
      Reply(kForward, rr::kA)
          .Answer()
          .A(kForward, "192.0.2.10", {.ttl = 0xffffffff})
          .A(Pointer(12), "192.0.2.11")
          .Authority()
          .Ns(Pointer(17), "ns.example.com")
          .Additional()
          .A("ns.example.com", "192.0.2.53")
          .Build(),
      Reply(kForward, rr::kAaaa).Answer().Aaaa(kForward, kAddress).Build(),
      Reply("example.com", rr::kSoa)
          .Answer()
          .Soa("example.com", "ns.example.com", "root.example.com")
          .Build(),
      Reply("example.com", rr::kNs).Answer().Ns(Pointer(12), "ns.test").Build(),
  };
}

std::vector<Octets> AliasMessages() {
  return {
      PtrReply()
          .Aa()
          .Answer()
          .Cname(kReverse, "10.0-25.2.0.192.in-addr.arpa")
          .Ptr("10.0-25.2.0.192.in-addr.arpa", kForward)
          .Build(),
      PtrReply()
          .Answer()
          .Dname("2.0.192.in-addr.arpa", "rev.example")
          .Cname(kReverse, "10.rev.example")
          .Build(),
      Reply("a.test", rr::kA).Answer().Dname("test", "example").Build(),
      Reply("a.test", rr::kA)
          .Answer()
          .Cname("a.test", "b.test")
          .Cname("b.test", "A.test")
          .Build(),
      Reply("a.test", rr::kA)
          .Rcode(3)
          .Answer()
          .Cname("a.test", "b.test")
          .Rrsig("a.test", rr::kCname)
          .Authority()
          .Soa("test", "ns.test", "root.test")
          .Build(),
      Reply("a.test", rr::kA)
          .Answer()
          .Cname("a.test", "b.example")
          .Authority()
          .Soa("test", "ns.test", "root.test")
          .Build(),
  };
}

std::vector<Octets> NegativeMessages() {
  return {
      PtrReply()
          .Rcode(3)
          .Authority()
          .Soa(Compressed("", 17), "ns.example", "root.example")
          .Build(),
      PtrReply().Authority().Soa("192.in-addr.arpa", "ns", "root").Build(),
      PtrReply()
          .Rcode(3)
          .Authority()
          .Soa("in-addr.arpa", "ns", "root")
          .Soa("0.192.in-addr.arpa", "ns", "root")
          .Build(),
      PtrReply().Aa().Build(),
      PtrReply().Rcode(3).Authority().Soa("example", "ns", "root").Build(),
      PtrReply().Rcode(3).Raw({0}).Build(),
      PtrReply()
          .Authority()
          .Ns(Pointer(15), "ns.example")
          .Additional()
          .A("ns.example", "192.0.2.53")
          .Build(),
      PtrReply()
          .Rcode(2)
          .Additional()
          .Opt({.options = ExtendedError(22)})
          .Build(),
      PtrReply()
          .Rcode(3)
          .Additional()
          .Opt({.options = ExtendedError(15)})
          .Build(),
  };
}

std::vector<Octets> OddMessages() {
  Octets chain = PtrReply().Answer().Ptr(Pointer(12), "a.b.c.d").Build();
  return {
      PtrReply().Tc().Build(),
      PtrReply().Answer().Ptr(Pointer(12), Pointer(12)).Build(),
      PtrReply().Answer().Ptr(Pointer(12), "a", {.rdlength = 4}).Build(),
      PtrReply().Answer().Ptr(Pointer(200), kForward).Build(),
      PtrReply().AnswerCount(2).Build(),
      PtrReply().Additional().Opt().Opt().Build(),
      PtrReply()
          .Additional()
          .Opt({.payload = 4096,
                .extended_rcode = 1,
                .version = 1,
                .dnssec_ok = true,
                .options = EdnsOption(10, Octets(24, 0xab))})
          .Build(),
      PtrReply().Question(kForward, rr::kA).Build(),
      PtrReply().Answer().Record(Pointer(12), rr::kTxt, {1, 'a'}).Build(),
      PacketBuilder().Id(4711).Response().Rcode(1).Build(),
      Concat({chain, chain}),
      Octets(11, 0),
  };
}

std::vector<Octets> Messages() {
  std::vector<Octets> all;
  for (const auto& some :
       {DataMessages(), AliasMessages(), NegativeMessages(), OddMessages()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

// A message of which only one name counts, the one at `at`.
Octets NameAt(size_t at, const Octets& behind_header) {
  Octets message = PacketBuilder().Id(static_cast<uint16_t>(at)).Build();
  message.insert(message.end(), behind_header.begin(), behind_header.end());
  return message;
}

std::vector<Octets> Names() {
  Octets pointers = {0};
  for (size_t at = 12; at < 12 + 2 * 127; at += 2) {
    pointers = Concat({pointers, Pointer(at == 12 ? 12 : at - 1)});
  }
  std::string odd;
  for (int octet = 0; octet < 256; octet += 5) odd += static_cast<char>(octet);
  const Octets long_name = NameOfSize(255);
  const Octets fits = NameOfSize(253);  // behind one more octet and its length
  const Octets exceeds = NameOfSize(254);
  return {
      NameAt(12, {0}),
      NameAt(12, Concat({Label("Host-1"), Label("Example"), {0}})),
      NameAt(12, Concat({Label("-dash"), Label("a.b,\"c\\ <\n"), {0}})),
      NameAt(12, Concat({Label(odd), {0}})),
      NameAt(12, long_name),
      NameAt(12 + 255, Concat({long_name, Pointer(12)})),
      NameAt(12 + 253, Concat({fits, Label("x"), Pointer(12)})),
      NameAt(12 + 254, Concat({exceeds, Label("x"), Pointer(12)})),
      NameAt(12 + 9, Concat({Label("example"), {0}, Compressed("www", 12)})),
      NameAt(12, Compressed("self", 12)),
      NameAt(12 + 1 + 2 * 126, pointers),
      NameAt(12, Concat({Label("10"),
                         Label("2"),
                         Label("0"),
                         Label("192"),
                         Label("in-addr"),
                         Label("ARPA"),
                         {0}})),
      FromText("www.example.com."),
      FromText("a\\.b\\032\\\\.example"),
      FromText("\\256"),
  };
}

Octets Framed(const Octets& message) {
  return Concat({{static_cast<uint8_t>(message.size() >> 8),
                  static_cast<uint8_t>(message.size())},
                 message});
}

// One read of the connection, as tcp_stream_fuzz takes it.
Octets ReadOf(const Octets& octets) {
  return Concat({{static_cast<uint8_t>(octets.size())}, octets});
}

std::vector<Octets> Streams() {
  const Octets small = Framed(PacketBuilder().Id(1).Build());
  const Octets ptr = Framed(DataMessages()[0]);
  Octets octet_by_octet;
  for (const uint8_t octet : ptr) {
    octet_by_octet = Concat({octet_by_octet, ReadOf({octet})});
  }
  const Octets largest = {0xff, 0xff, 0xff};  // 65,535 octets of a pattern
  return {
      ReadOf(small),
      ReadOf(Concat({small, small, ptr})),
      octet_by_octet,
      Concat({ReadOf(Concat({small, {0xff}})), ReadOf({0xff}), largest,
              ReadOf(small)}),
      Concat({ReadOf({0xff, 0xff}),
              {0xc0, 0xff, 0xfe},
              ReadOf({0}),
              ReadOf(small)}),
      ReadOf(Concat({small, {0, 11}, small})),
      ReadOf({0, 0}),
      Concat({ReadOf({0}), ReadOf({12}), {0xc1, 0x00, 0x0c}}),
  };
}

constexpr const char* kLabels =
    "target,label,expected\n"
    "192.0.2.0/24,a,h-{d}.example.com\n"
    "192.0.2.7,\"b, \"\"c\"\"\",-\n"
    "2001:db8::1,,*.example.com.\n";

std::vector<Octets> Texts() {
  const std::string long_line(4097, ' ');
  std::vector<Octets> texts;
  for (const std::string& text : std::vector<std::string>{
           "192.0.2.0/24",
           "192.0.2.1 - 192.0.2.9",
           "2001:db8::/112",
           "::ffff:192.0.2.0/120",
           "192.0.2.10/24",
           "192.0.2.1-9",
           "192.0.*.*",
           "[2001:db8::1]",
           "fe80::1%eth0",
           "www.example.com",
           "0.0.0.0/0",
           "::/0",
           "::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff",
           "2001:db8:0:0:1:0:0:1",
           "1:2:3:4:5:6:7:8::1:2:3:4:5:6:7:8:9",
           "::ffff:0:0/95",
           "192.0.2.9-192.0.2.1",
           "\xef\xbb\xbf# list\r\n192.0.2.7 # one\r\n\r\n2001:DB8::7\r\n",
           "192.0.2.0/33\n",
           long_line + "\n192.0.2.1\n",
           kLabels,
           "ip,tenant\r\n192.0.2.10/24,x\r\n192.0.2.10,y\r\n",
           "Prefix , dns_name,note\n 192.0.2.1 , A.Example. ,\"two\nlines\"\n",
           "address,customer\n192.0.2.1-192.0.2.3,z\n",
           "target,expected\n192.0.2.1,123\n",
           "target,label\n192.0.2.1,\"\n",
           "target,label,label\n",
           "label\n",
           "target,label\n192.0.2.1,\xff\n"}) {
    texts.push_back(FromText(text));
  }
  return texts;
}

// Commands of asker_fuzz behind its two octets of options.
std::vector<Octets> Scripts() {
  constexpr uint8_t kCanary = 0;
  constexpr uint8_t kSends = 1;
  constexpr uint8_t kTcp = 2;
  constexpr uint8_t kAbandon = 4;
  constexpr uint8_t kTime = 5;
  constexpr uint8_t kAsk = 7;
  constexpr uint8_t kFlood = 9;
  constexpr uint8_t kReply = 10;
  constexpr uint8_t kSecond = 5;  // of kTime
  constexpr uint8_t kLong = 7;
  const Octets hardened = {0x0f, 0};  // cookies, letter case, four servers
  const Octets plain = {0, 0};
  const Octets to_the_end = {4, 16};
  const Octets data = {kReply, 0, 0, 0};
  const Octets ask = {kAsk, 0};
  return {
      Concat({hardened, ask, data, {kAsk, 1}, data}),
      Concat({plain, ask, {kReply, 0, 15, 0}, ask, {kReply, 0, 2, 0}}),
      Concat({hardened, ask, {kReply, 0, 3, 0, kTime, 0}, data, {kTime, 0}}),
      Concat({plain, {kTcp, 1}, ask, {kReply, 0, 3, 0, kTime, 0, kTime, 1}}),
      Concat({plain, ask, {kTime, kSecond, kTime, kLong, kTime, kLong}, data}),
      Concat({plain, ask, {kTime, kSecond}, {kReply, 1, 0, 128}, data, data}),
      Concat({hardened, ask, {kReply, 0, 0, 1, 0, 1}, {kReply, 0, 0, 2}, data}),
      Concat({hardened, ask, {kReply, 0, 0, 4}, {kReply, 0, 0, 8}, data}),
      Concat({hardened, ask, {kReply, 0, 0, 16}, {kReply, 0, 32, 0}, data}),
      Concat({hardened, ask, {kReply, 0, 0, 32, 20, 1}, {kReply, 0, 0, 64, 9}}),
      Concat({hardened, ask, {kReply, 0, 4, 0}, data, {kReply, 0, 5, 0}}),
      Concat({hardened, ask, {kReply, 0, 12, 0}, {kReply, 0, 6, 0}, data}),
      Concat({hardened, ask, {kReply, 0, 7, 0}, {kReply, 0, 7, 0}, data}),
      Concat({plain, ask, {kReply, 0, 10, 0}, {kTime, 4}, {kReply, 0, 11, 0}}),
      Concat({plain, {kSends, 0, kSends, 2, kSends, 7}, ask, ask, ask, data}),
      Concat(
          {plain, {kCanary, 0}, data, ask, {kAbandon}, data, {kTime, kLong}}),
      Concat({plain, ask, {kReply, 0, 0, 32, 2, 128}, data}),
      Concat({plain, ask, {kReply, 0, 0, 32, 2, 8}, data}),
      Concat({plain, ask, {kReply, 0, 9, 32, 3, 4}, {kReply, 0, 9, 0}}),
      Concat({plain, ask, ask, {kFlood, 0, 0, kFlood, 0, 0}, data, ask, data}),
      Concat({to_the_end, ask, ask, {kReply, 0, 2, 0, kReply, 0, 10, 0}}),
      Concat({to_the_end, ask, {kTime, kSecond}, ask, {kReply, 0, 11, 0}}),
      Concat({plain, ask, data, ask, {kTime, 6, kTime, 6, kTime, 6, kTime, 9}}),
  };
}

// Of acceptance_fuzz: the messages as datagrams, their id and question mended
// or not.
std::vector<Octets> Datagrams() {
  std::vector<Octets> datagrams;
  uint8_t mend = 0;
  for (const Octets& message : Messages()) {
    const auto sender = static_cast<uint8_t>(mend % 2 * 3);
    datagrams.push_back(Concat({{sender, mend}, message}));
    mend = static_cast<uint8_t>((mend + 1) % 16);
  }
  const Octets cookie =
      testing_support::EdnsOption(10, {1, 2, 3, 4, 5, 6, 7, 8});
  datagrams.push_back(
      Concat({{3, 13},
              PacketBuilder().Additional().Opt({.options = cookie}).Build()}));
  return datagrams;
}

void Write(const std::filesystem::path& folder,
           const std::vector<Octets>& seeds) {
  std::filesystem::create_directories(folder);
  for (size_t i = 0; i < seeds.size(); ++i) {
    const std::vector<char> chars(seeds[i].begin(), seeds[i].end());
    std::ofstream file(folder / absl::StrCat("seed", i), std::ios::binary);
    file.write(chars.data(), static_cast<std::streamsize>(chars.size()));
  }
}

// NSEC, then NSEC3 (RFC 5155 appendix B.1 without opt-out).
std::vector<Octets> Denials() {
  using testing_support::HashOctets;
  using testing_support::Nsec3Rdata;
  using testing_support::NsecRdata;
  auto denying = [](const char* name, const char* zone) {
    PacketBuilder reply = Reply(name, rr::kSoa);
    reply.Aa().Rcode(3).Authority().Soa(zone, "ns.test", "root.test");
    return reply;
  };
  auto nsec = [&denying](const char* owner, const char* next, uint16_t type) {
    return denying("3.19.test", "test")
        .Record(owner, rr::kNsec, NsecRdata(next, {type, rr::kRrsig}))
        .Build();
  };
  auto nsec3 = [&denying](uint8_t flags) {
    const char* const kLinks[] = {
        "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", "2t7b4g4vsa5smi47k61mv5bv1a22bojr",
        "b4um86eghhds6nea196smvmlo4ors995", "gjeqe526plbf1g8mklp59enfd789njgi"};
    PacketBuilder reply = denying("a.c.x.w.example", "example");
    for (size_t i = 0; i < 4; i += 2) {
      reply.Record(
          absl::StrCat(kLinks[i], ".example"), rr::kNsec3,
          Nsec3Rdata({.flags = flags, .next = HashOctets(kLinks[i + 1])}));
    }
    return reply.Build();
  };
  return {nsec("18.test", "2.test", rr::kPtr),
          nsec("18.test", "1.3.19.test", rr::kPtr),
          nsec("19.test", "2.test", rr::kNs),
          nsec("19.test", "test", rr::kDname),
          nsec("18~.test", "2.test", rr::kPtr),
          nsec3(0),
          nsec3(1)};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fprintf(stderr, "usage: make_seeds FOLDER\n");
    return 2;
  }
  const std::filesystem::path folder(argv[1]);
  Write(folder / "message_fuzz", Messages());
  Write(folder / "name_fuzz", Names());
  Write(folder / "denial_fuzz", Denials());
  Write(folder / "acceptance_fuzz", Datagrams());
  Write(folder / "asker_fuzz", Scripts());
  Write(folder / "tcp_stream_fuzz", Streams());
  Write(folder / "transfer_fuzz", fuzz::TransferSeeds());
  Write(folder / "target_list_fuzz", Texts());
  Write(folder / "journal_fuzz", fuzz::JournalSeeds());
  Write(folder / "config_fuzz", fuzz::ConfigSeeds());
  Write(folder / "row_text_fuzz", fuzz::RowTextSeeds());
  Write(folder / "parquet_fuzz", fuzz::ParquetSeeds());
  return 0;
}
