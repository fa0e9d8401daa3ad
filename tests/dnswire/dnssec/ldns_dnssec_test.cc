// ldns as second opinion on hashes, canonical order, covering and bitmaps.
// clang-format off
#include <stdbool.h>
#include <ldns/ldns.h>
// clang-format on

#include <gtest/gtest.h>

#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "dnswire/dnssec/nsec.h"
#include "tests/dnswire/dnssec/rdata.h"

namespace dnswire {
namespace {

using testing_support::NsecRdata;
using testing_support::Octets;
using testing_support::PacketBuilder;
namespace rr = testing_support::rr;

using LdnsName = std::unique_ptr<ldns_rdf, void (*)(ldns_rdf*)>;

LdnsName ToLdns(NameView name) {
  return {ldns_rdf_new_frm_data(LDNS_RDF_TYPE_DNAME, name.size(),
                                name.wire().data()),
          ldns_rdf_deep_free};
}

// Names of few labels of few letters, so that all relations come up.
class RandomNames {
 public:
  explicit RandomNames(uint32_t seed) : random_(seed) {}

  Name Next() {
    Name name = Name::Parse("test").value();
    for (uint32_t labels = Number(4); labels > 0; --labels) {
      std::string label;
      for (uint32_t i = Number(3) + 1; i > 0; --i) {
        label += "aBc*-\x01\xe9z"[Number(8)];
      }
      name.PrependLabel(label);
    }
    return name;
  }
  uint32_t Number(uint32_t below) {
    return static_cast<uint32_t>(random_() % below);
  }

 private:
  std::mt19937 random_;
};

TEST(LdnsDnssecTest, AgreesOnHashes) {
  RandomNames names(1);
  for (int i = 0; i < 2000; ++i) {
    const Name name = names.Next();
    Octets salt(names.Number(i % 10 == 0 ? 256 : 9));
    for (uint8_t& octet : salt) octet = static_cast<uint8_t>(names.Number(256));
    const auto iterations = static_cast<uint16_t>(names.Number(20));
    const LdnsName ldns_name = ToLdns(name);
    const LdnsName label(
        ldns_nsec3_hash_name(ldns_name.get(), 1, iterations,
                             static_cast<uint8_t>(salt.size()), salt.data()),
        ldns_rdf_deep_free);
    const auto hash = ParseNameHash(
        {reinterpret_cast<const char*>(ldns_rdf_data(label.get())) + 1, 32});
    ASSERT_TRUE(hash) << name.ToText();
    EXPECT_EQ(HashName(name, salt, iterations), *hash) << name.ToText();
  }
}

TEST(LdnsDnssecTest, AgreesOnSha1OfEverySizeAroundItsBlocks) {
  for (size_t size = 0; size < 300; ++size) {
    Octets octets(size);
    for (size_t i = 0; i < size; ++i) octets[i] = static_cast<uint8_t>(i * 7);
    Sha1Digest expected;
    ldns_sha1(octets.data(), static_cast<unsigned>(size), expected.data());
    EXPECT_EQ(Sha1(octets), expected) << size;
  }
}

int Sign(int order) { return (order > 0) - (order < 0); }

TEST(LdnsDnssecTest, AgreesOnCanonicalOrder) {
  RandomNames names(2);
  std::set<int> seen;
  for (int i = 0; i < 20000; ++i) {
    const Name a = names.Next();
    const Name b = names.Next();
    const LdnsName x = ToLdns(a);
    const LdnsName y = ToLdns(b);
    const int expected = Sign(ldns_dname_compare(x.get(), y.get()));
    EXPECT_EQ(Sign(a.view().CompareCanonical(b)), expected)
        << a.ToText() << ' ' << b.ToText();
    seen.insert(expected);
  }
  EXPECT_EQ(seen.size(), 3);
}

// To ldns an owner is covered by its own record: such names are left out.
TEST(LdnsDnssecTest, AgreesOnCoveringAndBitmaps) {
  RandomNames names(3);
  int covered = 0;
  for (int i = 0; i < 20000; ++i) {
    const Name owner = names.Next();
    const Name next = names.Next();
    const Name name = names.Next();
    if (name.view().Equals(owner)) continue;

    const std::set<uint16_t> types = {
        static_cast<uint16_t>(names.Number(300)),
        static_cast<uint16_t>(names.Number(65536))};
    const auto wire = owner.view().wire();
    const auto next_wire = next.view().wire();
    const Octets octets =
        PacketBuilder()
            .Authority()
            .Record(
                Octets(wire.begin(), wire.end()), rr::kNsec,
                NsecRdata(Octets(next_wire.begin(), next_wire.end()), types))
            .Build();
    const Message message = Message::Parse(octets);
    Nsec nsec;
    ASSERT_TRUE(ReadNsec(message, *message.authorities().begin(), &nsec));
    ldns_rr* record = nullptr;
    size_t at = 12;
    ASSERT_EQ(ldns_wire2rr(&record, octets.data(), octets.size(), &at,
                           LDNS_SECTION_AUTHORITY),
              LDNS_STATUS_OK);
    ldns_dname2canonical(ldns_rr_owner(record));
    ldns_dname2canonical(ldns_rr_rdf(record, 0));
    const LdnsName ldns_name = ToLdns(name);
    EXPECT_EQ(Covers(nsec, name),
              ldns_nsec_covers_name(record, ldns_name.get()))
        << owner.ToText() << ' ' << next.ToText() << ' ' << name.ToText();
    covered += Covers(nsec, name) ? 1 : 0;
    for (const int type : {1, 12, 255, 256, static_cast<int>(*types.begin()),
                           static_cast<int>(*types.rbegin())}) {
      EXPECT_EQ(nsec.types.Has(static_cast<uint16_t>(type)),
                ldns_nsec_bitmap_covers_type(ldns_nsec_get_bitmap(record),
                                             static_cast<ldns_rr_type>(type)))
          << type;
    }
    ldns_rr_free(record);
  }
  EXPECT_GT(covered, 5000);
}

}  // namespace
}  // namespace dnswire
