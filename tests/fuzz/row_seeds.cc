#include "tests/fuzz/row_seeds.h"

#include <string>

#include "absl/strings/string_view.h"
#include "io/parquet/parquet_schema.h"
#include "tests/fuzz/parquet_maker.h"

namespace fuzz {
namespace {

using Octets = std::vector<uint8_t>;

Octets FromText(absl::string_view text) { return {text.begin(), text.end()}; }

// Seeds whose first octet says what follows.
Octets Kind(uint8_t kind, absl::string_view text) {
  Octets seed = {kind};
  seed.insert(seed.end(), text.begin(), text.end());
  return seed;
}

// ---- parquet_fuzz: bits of what is unusual in a page

constexpr uint8_t kDictionary = 1;
constexpr uint8_t kIndices = 2;
constexpr uint8_t kManyEntries = 4;
constexpr uint8_t kOtherEncoding = 8;
constexpr uint8_t kOtherSize = 16;
constexpr uint8_t kNextPage = 32;
constexpr uint8_t kOwnOctets = 64;

struct Page {
  uint8_t leaf;
  uint8_t unusual;
  uint8_t entries;
  Octets octets;
  uint8_t size_mib = 0;  // with kOtherSize
};

// Pages in the place of those of two sound rows.
Octets Pages(const std::vector<Page>& pages) {
  Octets seed = {2, 1};
  for (const Page& page : pages) {
    seed.insert(seed.end(), {page.leaf, page.unusual, page.entries});
    if ((page.unusual & kOtherSize) != 0) seed.push_back(page.size_mib);
    seed.push_back(static_cast<uint8_t>(page.octets.size()));
    seed.insert(seed.end(), page.octets.begin(), page.octets.end());
  }
  return seed;
}

std::vector<Octets> PageSeeds() {
  // A run of two at level `l`; the text "ab" as PLAIN.
  const auto run = [](uint8_t l) { return Octets{2, 0, 0, 0, 4, l}; };
  const auto concat = [](std::initializer_list<Octets> parts) {
    Octets all;
    for (const Octets& part : parts) {
      all.insert(all.end(), part.begin(), part.end());
    }
    return all;
  };
  const Octets text = {2, 0, 0, 0, 'a', 'b'};
  const Octets values = concat({text, text});
  const Octets bounce = FromText("bounce");
  const uint8_t ptr = io::kPtrLeaf;
  const uint8_t label = io::kLabelLeaf;
  const uint8_t names = io::kForwardNameLeaf;
  return {
      Pages({}),
      // A value where there was none; two of one list; a level too high.
      Pages({{label, kOwnOctets, 2, concat({run(1), values})}}),
      Pages({{ptr, kOwnOctets, 2, concat({run(0), run(3), values})},
             {io::kConfirmedLeaf, kOwnOctets, 2, concat({run(0), run(1)})},
             {names, kOwnOctets, 2, concat({run(0), run(1)})},
             {io::kForwardOutcomeLeaf, kOwnOctets, 2, concat({run(0), run(1)})},
             {io::kForwardAddressesLeaf, kOwnOctets, 2,
              concat({run(0), run(1)})}}),
      Pages({{ptr, kOwnOctets, 3,
              concat({{4, 0, 0, 0, 3, 4, 0, 0}, run(3), values})}}),
      Pages({{label, kOwnOctets, 2, concat({run(2), values})}}),
      Pages({{names, kOwnOctets, 2, concat({run(1), run(3), values})}}),
      // A dictionary, indices into it, and one that is not there.
      Pages({{label, kDictionary | kOwnOctets, 1, text},
             {label, kIndices | kOwnOctets, 2, concat({run(1), {1, 4, 0}})}}),
      Pages({{label, kDictionary | kOwnOctets, 1, text},
             {label, kIndices | kOwnOctets, 2, concat({run(1), {1, 4, 1}})}}),
      Pages({{label, kIndices | kOwnOctets, 2, concat({run(1), {1, 4, 0}})}}),
      Pages({{label, kIndices | kOwnOctets, 2, concat({run(1), {33, 4, 0}})}}),
      // Sizes and numbers that are not so.
      Pages({{label, kOtherSize, 2, {}, 64}}),
      Pages({{label, kOtherSize, 2, {}, 200}}),
      Pages({{label, kManyEntries, 255, {}}}),
      Pages({{label,
              kManyEntries | kOwnOctets,
              63,
              {6, 0, 0, 0, 0x80, 0x80, 0xfc, 0x03, 0, 0}}}),
      Pages({{label, kDictionary | kManyEntries, 255, bounce}}),
      Pages({{label, kOtherEncoding, 2, {}}}),
      Pages({{label, kNextPage, 2, {}}}),
      Pages({{io::kIpLeaf, kOwnOctets, 2,
              concat({text, {0xff, 0xff, 0xff, 0xff}})}}),
      Pages({{io::kTimeLeaf, kOwnOctets, 2, Octets(16, 0x80)}}),
      Pages({{io::kTimeLeaf, kOwnOctets, 2, Octets(16, 0x7f)}}),
      Pages({{io::kIpKeyLeaf, kOwnOctets, 2, Octets(32, 0)}}),
  };
}

}  // namespace

std::vector<std::vector<uint8_t>> ConfigSeeds() {
  std::string many_parts;
  for (int i = 0; i < 400; ++i) many_parts += "a.";
  return {
      FromText("# nothing\n"),
      FromText("resolver = [\"192.0.2.53\", \"[2001:db8::1]:5353\"]\n"
               "exclude = [\"192.0.2.0/28\"]\nrate = 500\n"
               "late-pause = \"5s\"\nmax-unknown = 2.5\nptr-only = true\n"),
      FromText("resolver = [\"::1\"]\nshards = 4\nshard = \"3\"\n"
               "format = \"ndjson\"\ncookies = \"off\"\nthreads = 2\n"
               "canary = [\"192.0.2.1=mail.example.com\"]\n"
               "fail-on = \"crit\"\nprofile = \"mail\"\nsource-ports = "
               "\"1024-65535\"\n"),
      FromText("[scan]\nrate = 5\n"),
      FromText("rate = \"5\"\n"),
      FromText("rates = 5\n"),
      FromText("config = \"other.toml\"\n"),
      FromText("rate = 1e400\nmax-unknown = nan\n"),
      FromText("resolver = [\"\\u0000\\u001b\", \"\"]\n"),
      FromText("late-pause = 07:32:00\n"),
      FromText("\"max-outage\" = '''\n5s'''\n"),
      FromText("a.b.c.d.e = { f = [[[[1]]]] }\n"),
      FromText("rate = 0x1F4\nmax-queries = 9223372036854775807\n"),
      FromText("output = \"\xff\"\n"),
      // What the guard in front of toml++ is for.
      FromText("rate = 0x1F4\n[[[max-queries]]]\n"),
      FromText("rate = 0x\xcf\xb3\n"),
      FromText("rate = 1-e4\'\'\'e.0\xc3\x9a"),
      FromText("ab.e = { f = [[[}\n"),
      FromText("p=0[\"\xcb\xa3ruse ="),
      FromText("output = \"\"\"a\\\n\xcb\x8b\"\"\"\n"),
      FromText(many_parts + "a = 1\n[" + many_parts + "a]\n"),
  };
}

std::vector<std::vector<uint8_t>> RowTextSeeds() {
  constexpr uint8_t kCsv = 0;
  constexpr uint8_t kNdjson = 1;
  constexpr absl::string_view kTime = "2026-11-25T01:02:03.000004Z";
  const std::string time(kTime);
  const std::string json_end =
      "\"ttl_s\":300,\"rcode\":\"NOERROR\",\"zone\":\"2.0.192.in-addr.arpa\","
      "\"zone_mname\":null,\"zone_rname\":null,\"server\":\"[::1]:5353\","
      "\"queries\":2,\"rtt_us\":7,\"time\":\"" +
      time + "\",\"label\":\"a b\",\"expected\":\"-\"}\n";
  const std::string start =
      "{\"ip\":\"192.0.2.1\",\"status\":\"mismatch\","
      "\"cause\":null,\"flags\":[\"generic\"],";
  return {
      Kind(kCsv,
           "192.0.2.1,pass,,generic,a.example.com,a.example.com,"
           "\"a.example.com=confirmed:192.0.2.1,192.0.2.2\",300,NOERROR,"
           ",,,127.0.0.1,2,77," +
               time + ",acme,\"=a,b\"\n"),
      Kind(kCsv,
           "2001:db8::1,no_ptr,nxdomain,,,,,,NXDOMAIN,x.arpa,ns.x,"
           "h.x,[::1]:53,1,5," +
               time + ",,\n"),
      Kind(kCsv, "192.0.2.9,reverse_timeout,timeout,,,,,,,,,,,4,," + time +
                     ",\\u{0},\n"),
      Kind(kCsv, "192.0.2.9,skipped,budget,,\n"),
      Kind(kCsv, "\"192.0.2.9"),
      Kind(kNdjson, start +
                        "\"ptr\":[\"a.example.com\"],\"confirmed\":[],"
                        "\"forward\":[{\"name\":\"a.example.com\","
                        "\"outcome\":\"differs\",\"addresses\":"
                        "[\"192.0.2.7\"]}]," +
                        json_end),
      Kind(kNdjson, start +
                        "\"ptr\":null,\"confirmed\":null,"
                        "\"forward\":null," +
                        json_end),
      Kind(kNdjson, start +
                        "\"ptr\":[\"\\\\255\"],\"confirmed\":[\"\\u0061\"],"
                        "\"forward\":[]," +
                        json_end),
      Kind(kNdjson, "{\"ip\":" + std::string(200, '[') + "\n"),
      Kind(kNdjson, "{}\n"),
  };
}

std::vector<std::vector<uint8_t>> ParquetSeeds() {
  std::vector<Octets> seeds = PageSeeds();
  const std::string file = MakeParquet(3, SoundChunks(3));
  seeds.push_back(Kind(0, file));
  seeds.push_back(Kind(0, file.substr(0, file.size() - 1)));
  seeds.push_back(Kind(0, "PAR1PAR1"));
  // The footer of two rows fits what it is put behind.
  const std::string two = MakeParquet(2, SoundChunks(2));
  const std::string tail = two.substr(two.size() - 8, 4);
  size_t length = 0;
  for (size_t i = 4; i > 0; --i) {
    length = length << 8 | static_cast<uint8_t>(tail[i - 1]);
  }
  seeds.push_back(Kind(1, two.substr(two.size() - 8 - length, length)));
  return seeds;
}

}  // namespace fuzz
