// VERDICTS.md 5.6 (b) and (c): how well generic names are told from others,
// measured on names made here from seeded addresses.
#include <array>
#include <cstdint>
#include <cstdio>
#include <random>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "gtest/gtest.h"
#include "scanner/verdict/generic_name.h"
#include "tests/scanner/verdict/evidence_builder.h"

namespace scanner {
namespace {

using dnswire::IpAddress;
using Rng = std::mt19937_64;  // the same numbers everywhere, undistributed

constexpr int kAddresses = 200;
constexpr int kRoleAddresses = 400;

// '%' is the code.
constexpr const char* kHostPatterns[] = {
    "%.example.net",
    "ip-%.example.net",
    "host-%.example.org",
    "host.%.example.com",
    "%.pool.example.net",
    "%.dyn.example.net",
    "cpe-%.cust.example.net",
    "dsl-%.access.example.net",
    "static-%.biz.example.com",
    "%.static.example.co.uk",
    "pool-%.city1.example.net",
    "a1-%.r2.example.net",
    "x_%.example.net",
    "cust-%.bras3.example.org",
    "srv-%.dc2.example.net",
    "node.%.vps.example.com",
    "unassigned-%.example.ne.jp",
    "adsl-%-home.example.net",
    "c-%.hsd1.st.example.net",
    "mail-%.out.example.net",
};
static_assert(std::size(kHostPatterns) == 20);

constexpr const char* kRoleNames[] = {
    "mail.example.com",
    "mail1.example.com",
    "mail02.example.org",
    "mx.example.net",
    "mx1.example.net",
    "mx10.example.net",
    "mx-1-2.example.net",
    "mx3-10.pool2.example.com",
    "smtp-out-7.example.com",
    "out1-16.mail.example.com",
    "mta-4-12.dc1.example.com",
    "relay3.example.org",
    "bounce-12.example.org",
    "newsletter2.example.com",
    "ns.example.com",
    "ns1.example.com",
    "ns2-3.example.net",
    "dns11.example.net",
    "web1.example.org",
    "web-10-12.example.org",
    "www.example.com",
    "www3.example.com",
    "web12.dc3.example.com",
    "proxy4-2.example.com",
    "lb-1-1.example.com",
    "lb2.fra1.example.com",
    "cdn-14.ams2.example.net",
    "cache7.edge12.example.net",
    "api-v2-1.example.com",
    "app-3-8.prod1.example.com",
    "db.example.org",
    "db-1-2.example.org",
    "db10.rack7.example.org",
    "redis-5-6.example.org",
    "es-data-11.example.org",
    "vm-1204.example.org",
    "node-12-3.k8s2.example.org",
    "host7.example.org",
    "srv-2-14.example.org",
    "server11.dc2.example.org",
    "esx-4-7.lab1.example.org",
    "backup3.example.org",
    "gw.example.net",
    "gw1-2.example.net",
    "fw-10-1.example.net",
    "vpn3.example.net",
    "core1.example.net",
    "cr2-11.pop4.example.net",
    "ae12-300.bcr2.ams5.example.net",
    "xe-0-1-3.cr1.fra2.example.net",
    "te0-2-0-7.core3.example.net",
    "ge-1-0-12.edge4.lon1.example.net",
    "et-3-1-0-100.br5.example.net",
    "po14-2.sw3.example.net",
    "vlan210.sw12.example.net",
    "lo0.pe7.example.net",
    "bundle-ether5-16.example.net",
    "ntp2.example.net",
    "sip-5-12.voice3.example.net",
    "git-2.example.com",
};
static_assert(std::size(kRoleNames) == 60);

std::string Embed(const char* pattern, const std::string& code) {
  return absl::StrReplaceAll(pattern, {{"%", code}});
}

struct CodeForm {
  const char* name;
  GenericCode code;
  std::string (*write)(const IpAddress& address, const char* separator);
};

std::string Join(const std::array<int, 4>& octets, const char* format,
                 const char* separator) {
  std::string text;
  for (const int octet : octets) {
    char digits[8];
    // The formats are literals of this file.
    std::snprintf(digits, sizeof digits, format, octet);  // NOLINT
    absl::StrAppend(&text, text.empty() ? "" : separator, digits);
  }
  return text;
}

std::array<int, 4> Octets(const IpAddress& a) {
  return {a.octet(0), a.octet(1), a.octet(2), a.octet(3)};
}

std::array<int, 4> Reversed(const IpAddress& a) {
  return {a.octet(3), a.octet(2), a.octet(1), a.octet(0)};
}

const CodeForm kV4Forms[] = {
    {"dec4f", GenericCode::kDec4f,
     [](const IpAddress& a, const char* s) {
       return Join(Octets(a), "%d", s);
     }},
    {"dec4r", GenericCode::kDec4r,
     [](const IpAddress& a, const char* s) {
       return Join(Reversed(a), "%d", s);
     }},
    {"pad12", GenericCode::kPad12,
     [](const IpAddress& a, const char*) {
       return Join(Octets(a), "%03d", "");
     }},
    {"hex8", GenericCode::kHex8,
     [](const IpAddress& a, const char*) {
       return Join(Octets(a), "%02x", "");
     }},
    {"hexdash", GenericCode::kHexdash,
     [](const IpAddress& a, const char* s) {
       return Join(Octets(a), "%02x", s);
     }},
    {"int32", GenericCode::kInt32,
     [](const IpAddress& a, const char*) { return absl::StrCat(a.v4()); }},
    {"dec4any", GenericCode::kDec4any,
     [](const IpAddress& a, const char* s) {
       const auto o = Octets(a);
       return Join({o[1], o[0], o[3], o[2]}, "%d", s);
     }},
};

std::string Nibbles(const IpAddress& address) {
  return absl::StrFormat("%016x%016x", absl::Uint128High64(address.value()),
                         absl::Uint128Low64(address.value()));
}

// The last `count` groups, without leading zeros.
std::string LastHextets(const IpAddress& address, int count,
                        const char* separator) {
  std::string text;
  for (int i = 8 - count; i < 8; ++i) {
    absl::StrAppend(
        &text, text.empty() ? "" : separator,
        absl::Hex(address.octet(2 * i) * 256 + address.octet(2 * i + 1)));
  }
  return text;
}

std::string MacDigits(const IpAddress& address) {
  std::string text;
  for (const int i : {8, 9, 10, 13, 14, 15}) {
    absl::StrAppendFormat(&text, "%02x",
                          address.octet(i) ^ (i == 8 ? 0x02 : 0));
  }
  return text;
}

const CodeForm kV6Forms[] = {
    {"nib32f", GenericCode::kNib32f,
     [](const IpAddress& a, const char*) { return Nibbles(a); }},
    {"nib32r", GenericCode::kNib32r,
     [](const IpAddress& a, const char*) {
       const std::string nibbles = Nibbles(a);
       return std::string(nibbles.rbegin(), nibbles.rend());
     }},
    {"text6", GenericCode::kText6,
     [](const IpAddress& a, const char*) {
       return absl::StrReplaceAll(a.ToString(), {{":", "-"}});
     }},
    {"hext7", GenericCode::kHext7,
     [](const IpAddress& a, const char* s) { return LastHextets(a, 7, s); }},
    {"hext6", GenericCode::kHext6,
     [](const IpAddress& a, const char* s) { return LastHextets(a, 6, s); }},
    {"hext5", GenericCode::kHext5,
     [](const IpAddress& a, const char* s) { return LastHextets(a, 5, s); }},
    {"hext4", GenericCode::kHext4,
     [](const IpAddress& a, const char* s) { return LastHextets(a, 4, s); }},
    {"iid16", GenericCode::kIid16,
     [](const IpAddress& a, const char*) { return Nibbles(a).substr(16); }},
    {"mac", GenericCode::kMac,
     [](const IpAddress& a, const char*) { return MacDigits(a); }},
};

IpAddress RandomV4(Rng* rng) {
  return IpAddress::V4(static_cast<uint32_t>((*rng)()));
}

// In 2001:db8::/32; made from a MAC address if `eui64`.
IpAddress RandomV6(Rng* rng, bool eui64) {
  const uint64_t high = 0x20010db800000000 | ((*rng)() & 0xffffffff);
  uint64_t low = (*rng)();
  if (eui64) low = (low & 0xffffff0000ffffff) | 0x000000fffe000000;
  return IpAddress::V6(absl::MakeUint128(high, low));
}

struct Score {
  int names = 0;
  int generic = 0;
  int exact = 0;  // with the code the name was made with

  double Recall() const { return 1.0 * generic / names; }
};

Score ScoreOf(const CodeForm& form, uint64_t seed) {
  const char* const separators[] = {"-", ".", "x", "_"};
  const bool hex =
      form.code == GenericCode::kHexdash || form.code >= GenericCode::kNib32f;
  Rng rng(seed);
  Score score;
  for (const char* pattern : kHostPatterns) {
    for (int i = 0; i < kAddresses; ++i) {
      const IpAddress address =
          form.code < GenericCode::kNib32f
              ? RandomV4(&rng)
              : RandomV6(&rng, form.code == GenericCode::kMac);
      // A letter between hex digits would be part of them.
      const char* separator = separators[rng() % 4];
      if (hex && *separator == 'x') separator = "-";
      const auto verdict = ClassifyName(
          address, NameOf(Embed(pattern, form.write(address, separator))));
      ++score.names;
      score.generic += verdict.flags.Has(io::Flag::kGeneric);
      score.exact += verdict.code == form.code;
    }
  }
  return score;
}

template <size_t kSize>
void ExpectRecall(const CodeForm (&forms)[kSize]) {
  uint64_t seed = 20240601;
  for (const CodeForm& form : forms) {
    const Score score = ScoreOf(form, ++seed);
    std::printf("%-8s recall %.4f of %d names, %d by this very code\n",
                form.name, score.Recall(), score.names, score.exact);
    EXPECT_EQ(score.names, 4000);
    EXPECT_GE(score.Recall(), 0.99) << form.name;
    // One pattern has '_', where text6 does not split; hext7 finds it.
    EXPECT_GE(score.exact, 0.95 * score.names) << form.name;
  }
}

TEST(GenericEvaluationTest, FindsStrongIpv4CodesInHostNames) {
  ExpectRecall(kV4Forms);
}

TEST(GenericEvaluationTest, FindsIpv6CodesInHostNames) {
  ExpectRecall(kV6Forms);
}

IpAddress SmallV4(Rng* rng) {
  uint32_t value = 0;
  for (int i = 0; i < 4; ++i) {
    value = value << 8 | static_cast<uint32_t>(1 + (*rng)() % 20);
  }
  return IpAddress::V4(value);
}

int GenericRoleNames(IpAddress (*make)(Rng*), uint64_t seed) {
  Rng rng(seed);
  int generic = 0;
  for (const char* name : kRoleNames) {
    for (int i = 0; i < kRoleAddresses; ++i) {
      const auto verdict = ClassifyName(make(&rng), NameOf(name));
      generic += verdict.flags.Has(io::Flag::kGeneric);
    }
  }
  return generic;
}

TEST(GenericEvaluationTest, LeavesRoleNamesAlone) {
  const int uniform = GenericRoleNames(&RandomV4, 11);
  const int small = GenericRoleNames(&SmallV4, 12);
  std::printf(
      "role names called generic, of 24000: uniform octets %d, octets "
      "1..20 %d\n",
      uniform, small);
  EXPECT_LE(uniform, 1);
  EXPECT_LE(small, 10);
}

}  // namespace
}  // namespace scanner
