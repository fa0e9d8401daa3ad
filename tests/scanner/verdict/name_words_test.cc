#include "scanner/verdict/name_words.h"

#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "gtest/gtest.h"

namespace scanner {
namespace {

// The lists of VERDICTS.md 5.2, typed from it.
struct ListCase {
  WordClass word_class;
  absl::string_view words;
};
constexpr ListCase kLists[] = {
    {WordClass::kDynamic,
     "dyn dynamic dynip dynamicip dynadsl dyndsl adsldyn dynamicadsl dinamic "
     "dinamico dinamica dhcp pool pools natpool dialpool dip ppp pppoe pppoa "
     "pptp dial dialup dialin ras isdn gprs umts lte cdma wimax mobile wap"},
    {WordClass::kAccess,
     "dsl adsl vdsl xdsl sdsl hdsl ftth fttx fttb fttp pon gpon cable "
     "cablemodem modemcable kabel catv docsis hfc hsd cm cpe modem broadband "
     "res resnet home cust customer customers client clients cliente clientes "
     "user users usr subs subscriber access wifi wireless wlan hotspot nat "
     "cgn cgnat bras lns fbx"},
    {WordClass::kStatic,
     "static stat sta fix fixed fixip ded dedicated business biz corp"},
    {WordClass::kUnassigned,
     "unassigned notassigned unused notused unallocated unconfigured "
     "notconfigured reserved noptr nodns norecord undefined unknown spare "
     "placeholder"},
    {WordClass::kInfrastructure,
     "rev reverse rdns ptr host node ip ipv4 ipv6 addr inaddr port vps "
     "server"},
    {WordClass::kMail,
     "mail mails mx smtp mta out outbound outgoing relay mailout mailer "
     "mailgw mxout smtpout mout email newsletter post exim postfix bounce"},
};

// Exactly this class and no other.
void ExpectOnly(absl::string_view host, WordClass expected) {
  const WordClasses classes = WordClassesOf(host);
  for (const ListCase& list : kLists) {
    EXPECT_EQ(classes.Has(list.word_class), list.word_class == expected)
        << host << " class " << static_cast<int>(list.word_class);
  }
}

TEST(NameWordsTest, KnowsEveryWordOfTheContract) {
  for (const ListCase& list : kLists) {
    for (const absl::string_view text : absl::StrSplit(list.words, ' ')) {
      const std::string word(text);
      ExpectOnly(word, list.word_class);
      ExpectOnly("12" + word + "34", list.word_class);
      ExpectOnly("q-" + word + "_7", list.word_class);
      ExpectOnly("b17." + word + ".q", list.word_class);
    }
  }
}

TEST(NameWordsTest, ComparesWordsWhole) {
  for (const absl::string_view host :
       {"", "q", "dynamite", "spool", "poolx", "mailq", "hostess", "staticx",
        "notconfiguredx", "cablemodems"}) {
    EXPECT_TRUE(WordClassesOf(host).empty()) << host;
  }
}

TEST(NameWordsTest, JoinsALabelWithoutItsSeparators) {
  ExpectOnly("no-dns", WordClass::kUnassigned);
  ExpectOnly("not_assigned-7", WordClass::kUnassigned);
  ExpectOnly("1-not-used-2", WordClass::kUnassigned);
  ExpectOnly("n-o-d-n-s", WordClass::kUnassigned);
  // Not over a dot, and not with digits inside.
  EXPECT_TRUE(WordClassesOf("no.record").empty());
  EXPECT_TRUE(WordClassesOf("no-7-record").empty());
  EXPECT_TRUE(WordClassesOf("no-record-now").empty());
}

TEST(NameWordsTest, LetterRunsCountInsideMixedRuns) {
  ExpectOnly("ab1dsl2cd", WordClass::kAccess);
  ExpectOnly("1mx2", WordClass::kMail);
  EXPECT_TRUE(WordClassesOf("d5s5l").empty());
}

TEST(NameWordsTest, CollectsAllClasses) {
  const WordClasses classes = WordClassesOf("mail-static.dyn7.cust-host");
  EXPECT_TRUE(classes.Has(WordClass::kMail));
  EXPECT_TRUE(classes.Has(WordClass::kStatic));
  EXPECT_TRUE(classes.Has(WordClass::kDynamic));
  EXPECT_TRUE(classes.Has(WordClass::kAccess));
  EXPECT_TRUE(classes.Has(WordClass::kInfrastructure));
  EXPECT_FALSE(classes.Has(WordClass::kUnassigned));
}

}  // namespace
}  // namespace scanner
