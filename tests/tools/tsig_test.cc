#include <gmock/gmock.h>
#include <ldns/ldns.h>
#include <sys/stat.h>
#include <unistd.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/io/temp_folder.h"
#include "tests/support/packet_builder.h"
#include "tools/tsig/tsig_keys.h"
#include "tools/tsig/tsig_signer.h"

namespace tools {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing_support::Octets;
using testing_support::PacketBuilder;
using testing_support::TempFolder;
using testing_support::WriteFileOctets;

constexpr const char* kZone = "10.in-addr.arpa";
constexpr const char* kSecret = "cGxlYXNlIHVzZSBhIHJhbmRvbSBvbmU=";

// ---- the key file

std::vector<std::string> Texts(absl::string_view text) {
  const auto keys = ParseTsigKeys(text, "keys");
  EXPECT_TRUE(keys.ok()) << keys.status();
  std::vector<std::string> texts;
  if (!keys.ok()) return texts;
  for (const TsigKey& key : *keys) {
    texts.push_back(absl::StrCat(key.name.view().first_label(), " ",
                                 key.algorithm, " ", key.secret));
  }
  return texts;
}

TEST(TsigKeysTest, ReadsAKeyALine) {
  EXPECT_THAT(Texts("# keys\n\nKey-1.example. HMAC-SHA256 YWJjZA== # one\r\n"
                    "b\thmac-sha1   YQ\nd hmac-sha512 YQ==\n"),
              ElementsAre("key-1 hmac-sha256 YWJjZA==", "b hmac-sha1 YQ==",
                          "d hmac-sha512 YQ=="));
}

TEST(TsigKeysTest, FindsAKeyInAnyCase) {
  const auto keys = ParseTsigKeys("a hmac-sha1 YQ==\nb hmac-sha1 Yg==", "keys");
  ASSERT_TRUE(keys.ok());
  EXPECT_EQ(FindTsigKey(*keys, *dnswire::Name::Parse("B"))->secret, "Yg==");
  EXPECT_EQ(FindTsigKey(*keys, *dnswire::Name::Parse("c")), nullptr);
}

TEST(TsigKeysTest, NamesTheLineOfEveryFaultAndShowsNoSecret) {
  const std::pair<const char*, const char*> cases[] = {
      {"a hmac-sha256", "1: a line is NAME ALGORITHM SECRET"},
      {"SECRET", "1: a line is NAME ALGORITHM SECRET"},
      {"a hmac-sha256 SECR ET", "1: a line is NAME ALGORITHM SECRET"},
      {"SECRET..x hmac-sha256 YQ==", "1: the first part is not a key's name"},
      {". hmac-sha256 YQ==", "1: the first part is not a key's name"},
      {"\na SECRET hmac-sha256",
       "2: the algorithm is none of hmac-sha1, hmac-sha256, hmac-sha512"},
      {"a hmac-sha384 YQ==",
       "1: the algorithm is none of hmac-sha1, hmac-sha256, hmac-sha512"},
      {"a hmac-md5 YQ==",
       "1: the algorithm is none of hmac-sha1, hmac-sha256, hmac-sha512"},
      {"a hmac-sha1 SECRET!", "1: the secret is not base64"},
      {"a hmac-sha1 =", "1: the secret is not base64"},
      {"a hmac-sha1 YQ==\nA hmac-sha1 SECRET",
       "2: a key of this name was given"},
  };
  for (const auto& [text, expected] : cases) {
    const auto keys = ParseTsigKeys(text, "keys");
    ASSERT_FALSE(keys.ok()) << text;
    EXPECT_EQ(keys.status().message(), absl::StrCat("keys:", expected)) << text;
  }
}

TEST(TsigKeysTest, ReadsOnlyAPrivateFile) {
  const TempFolder folder;
  const std::string path = folder.Path("keys");
  WriteFileOctets(path, "a hmac-sha256 YQ==\n");
  for (const mode_t mode : {0644u, 0640u, 0604u, 0620u, 0601u}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    const auto keys = ReadTsigKeyFile(path);
    ASSERT_FALSE(keys.ok()) << mode;
    EXPECT_THAT(std::string(keys.status().message()),
                HasSubstr(": others may get at its secrets (mode 06"));
  }
  for (const mode_t mode : {0600u, 0400u}) {
    ASSERT_EQ(chmod(path.c_str(), mode), 0);
    const auto keys = ReadTsigKeyFile(path);
    ASSERT_TRUE(keys.ok()) << keys.status();
    EXPECT_EQ(keys->size(), 1u);
  }
}

TEST(TsigKeysTest, RefusesTheFileOfAnotherUser) {
  if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away";
  const TempFolder folder;
  const std::string path = folder.Path("keys");
  WriteFileOctets(path, "a hmac-sha256 YQ==\n");
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  ASSERT_EQ(chown(path.c_str(), 65534, 65534), 0);
  EXPECT_THAT(std::string(ReadTsigKeyFile(path).status().message()),
              HasSubstr("its owner is neither this user nor root"));
}

TEST(TsigKeysTest, NamesTheFileThatIsMissing) {
  const TempFolder folder;
  const auto keys = ReadTsigKeyFile(folder.Path("none"));
  EXPECT_THAT(std::string(keys.status().message()),
              HasSubstr("none: No such file or directory"));
}

TEST(TsigKeysTest, NamesFileAndLineOfAFault) {
  const TempFolder folder;
  const std::string path = folder.Path("keys");
  WriteFileOctets(path, "a hmac-sha256\n");
  ASSERT_EQ(chmod(path.c_str(), 0600), 0);
  EXPECT_EQ(ReadTsigKeyFile(path).status().message(),
            absl::StrCat(path, ":1: a line is NAME ALGORITHM SECRET"));
}

// ---- signatures

TsigKey Key(const char* name = "k.example",
            const char* algorithm = "hmac-sha256",
            const char* secret = kSecret) {
  return {.name = *dnswire::Name::Parse(name),
          .algorithm = algorithm,
          .secret = secret};
}

Octets Query() { return PacketBuilder().Id(7).Question(kZone, 252).Build(); }

Octets Response(int host) {
  return PacketBuilder()
      .Id(7)
      .Response()
      .Answer()
      .Ptr(absl::StrCat(host, ".", kZone), "host.example")
      .Build();
}

struct Rdf {
  ~Rdf() { ldns_rdf_deep_free(rdf); }
  ldns_rdf* rdf = nullptr;
};

// The other end: signs responses in their order with ldns.
class Server {
 public:
  explicit Server(TsigKey key) : key_(std::move(key)) {}

  void TakeQuery(const Octets& query) {
    ldns_pkt* packet = nullptr;
    ASSERT_EQ(ldns_wire2pkt(&packet, query.data(), query.size()),
              LDNS_STATUS_OK);
    ASSERT_NE(ldns_pkt_tsig(packet), nullptr);
    Keep(packet);
    ldns_pkt_free(packet);
  }

  Octets Sign(const Octets& message, uint16_t fudge_s = 300) {
    ldns_pkt* packet = nullptr;
    EXPECT_EQ(ldns_wire2pkt(&packet, message.data(), message.size()),
              LDNS_STATUS_OK);
    EXPECT_EQ(ldns_pkt_tsig_sign_next(packet, key_.name.ToText().c_str(),
                                      key_.secret.c_str(), fudge_s,
                                      absl::StrCat(key_.algorithm, ".").c_str(),
                                      previous_.rdf, first_ ? 0 : 1),
              LDNS_STATUS_OK);
    first_ = false;
    uint8_t* wire = nullptr;
    size_t size = 0;
    EXPECT_EQ(ldns_pkt2wire(&wire, packet, &size), LDNS_STATUS_OK);
    Octets octets(wire, wire + size);
    LDNS_FREE(wire);
    Keep(packet);
    ldns_pkt_free(packet);
    return octets;
  }

 private:
  void Keep(const ldns_pkt* packet) {
    ldns_rdf_deep_free(previous_.rdf);
    previous_.rdf = ldns_rdf_clone(ldns_rr_rdf(ldns_pkt_tsig(packet), 3));
  }

  const TsigKey key_;
  Rdf previous_;
  bool first_ = true;
};

class TsigSignerTest : public ::testing::Test {
 protected:
  void Begin(const TsigKey& ours, const TsigKey& theirs) {
    signer_ = std::make_unique<TsigSigner>(
        ours, [this] { return absl::Now() + clock_off_; });
    server_ = std::make_unique<Server>(theirs);
    const auto query = signer_->Sign(Query());
    ASSERT_TRUE(query.ok()) << query.status();
    server_->TakeQuery(*query);
  }
  void Begin() { Begin(Key(), Key()); }

  // "ok" or what is wrong. The TSIG stands behind `unsigned_octets`.
  std::string Verify(const Octets& message, size_t unsigned_octets) {
    const absl::Status status = signer_->Verify(message, unsigned_octets);
    return status.ok() ? "ok" : std::string(status.message());
  }
  std::string Next(int host) {
    const Octets plain = Response(host);
    return Verify(server_->Sign(plain), plain.size());
  }

  absl::Duration clock_off_;
  std::unique_ptr<TsigSigner> signer_;
  std::unique_ptr<Server> server_;
};

TEST_F(TsigSignerTest, VerifiesEachMessageByTheOneBefore) {
  for (const char* algorithm : {"hmac-sha1", "hmac-sha256", "hmac-sha512"}) {
    Begin(Key("k", algorithm), Key("K", algorithm));
    for (int host = 1; host <= 5; ++host) EXPECT_EQ(Next(host), "ok");
  }
}

TEST_F(TsigSignerTest, SignsTheQueryAsItIs) {
  const auto query = TsigSigner(Key()).Sign(Query());
  ASSERT_TRUE(query.ok());
  Octets expected = Query();
  expected[11] = 1;  // the additional record
  EXPECT_EQ(Octets(query->begin(), query->begin() + static_cast<std::ptrdiff_t>(
                                                        expected.size())),
            expected);
}

TEST_F(TsigSignerTest, RefusesAMessageThatIsLeftOutOrSwapped) {
  Begin();
  const size_t size = Response(1).size();
  const Octets first = server_->Sign(Response(1));
  const Octets second = server_->Sign(Response(2));
  const Octets third = server_->Sign(Response(3));
  EXPECT_EQ(Verify(first, size), "ok");
  EXPECT_EQ(Verify(third, size), "its signature is wrong");
  EXPECT_EQ(Verify(second, size), "ok");  // nothing was kept of the wrong one
  EXPECT_EQ(Verify(second, size), "its signature is wrong");
}

TEST_F(TsigSignerTest, RefusesTheAnswerToAnotherQuery) {
  Begin();
  Server other(Key());
  const auto query = TsigSigner(Key()).Sign(
      PacketBuilder().Id(8).Question(kZone, 252).Build());
  ASSERT_TRUE(query.ok());
  other.TakeQuery(*query);
  const Octets plain = Response(1);
  EXPECT_EQ(Verify(other.Sign(plain), plain.size()), "its signature is wrong");
}

TEST_F(TsigSignerTest, RefusesEveryFlippedBit) {
  Begin();
  const Octets plain = Response(1);
  const Octets message = server_->Sign(plain);
  for (size_t bit = 0; bit < 8 * message.size(); ++bit) {
    Octets flipped = message;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    // Letter case counts for nothing in the names of a TSIG.
    const size_t at = bit / 8;
    const bool is_letter = at > plain.size() && (message[at] | 0x20) >= 'a' &&
                           (message[at] | 0x20) <= 'z' && bit % 8 == 5;
    if (!is_letter) {
      EXPECT_NE(Verify(flipped, plain.size()), "ok") << bit;
    }
  }
  EXPECT_EQ(Verify(message, plain.size()), "ok");
}

TEST_F(TsigSignerTest, RefusesAnotherKeyAndAlgorithm) {
  Begin(Key(), Key("other.example"));
  EXPECT_EQ(Next(1), "it is signed with another key");
  Begin(Key(), Key("k.example", "hmac-sha1"));
  EXPECT_EQ(Next(1), "it is signed by another algorithm");
  Begin(Key(), Key("k.example", "hmac-sha256", "b3RoZXI="));
  EXPECT_EQ(Next(1), "its signature is wrong");
}

TEST_F(TsigSignerTest, ComparesTheTimeWithTheFudge) {
  Begin();
  clock_off_ = absl::Seconds(295);
  EXPECT_EQ(Next(1), "ok");
  clock_off_ = -absl::Seconds(295);
  EXPECT_EQ(Next(2), "ok");
  clock_off_ = absl::Seconds(310);
  EXPECT_THAT(Next(3), HasSubstr(" s ago, more than the 300 s allowed"));
  Begin();
  clock_off_ = -absl::Seconds(310);
  EXPECT_THAT(Next(1), HasSubstr(" s in the future, more than the 300 s"));
  Begin();
  const Octets plain = Response(1);
  clock_off_ = absl::Seconds(5);
  EXPECT_THAT(Verify(server_->Sign(plain, 2), plain.size()),
              HasSubstr(" s ago, more than the 2 s allowed"));
}

TEST_F(TsigSignerTest, SaysWhatTheTsigTells) {
  Begin();
  const Octets plain = Response(1);
  Octets message = server_->Sign(plain);
  message[message.size() - 3] = 18;  // error, before the size of other data
  EXPECT_EQ(Verify(message, plain.size()), "its TSIG tells of an error, 18");
}

TEST_F(TsigSignerTest, RefusesATsigThatEndsElsewhere) {
  Begin();
  const Octets plain = Response(1);
  Octets message = server_->Sign(plain);
  message.back() = 1;  // octets of other data
  EXPECT_EQ(Verify(message, plain.size()), "its TSIG does not decode");
  message.back() = 0;
  message.pop_back();
  EXPECT_EQ(Verify(message, plain.size()), "its TSIG does not decode");
  // An octet behind the other data, inside RDLENGTH.
  constexpr size_t kRdataOctets = 13 + 6 + 2 + 2 + 32 + 2 + 2 + 2;
  message.push_back(0);
  ++message[message.size() - kRdataOctets - 1];
  message.push_back(0);
  EXPECT_EQ(Verify(message, plain.size()), "its TSIG does not decode");
}

}  // namespace
}  // namespace tools
