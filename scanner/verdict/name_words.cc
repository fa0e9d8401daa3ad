// VERDICTS.md 5.1 makes three kinds of words: runs of letters and digits
// without the digits at their ends, runs of letters, and whole labels without
// their separators. No listed word holds a digit, so the first kind finds
// nothing that the second does not, and a label of the third kind counts only
// if its digits are all at its ends. Words are found through a hash table that
// the compiler builds from the lists as the contract prints them.
#include "scanner/verdict/name_words.h"

#include <array>
#include <cstddef>
#include <cstdint>

namespace scanner {
namespace {

struct WordList {
  WordClass word_class;
  absl::string_view words;
};

// "ipv" stands for the contract's ipv4 and ipv6, whose digits are stripped
// before words are compared.
constexpr WordList kWordLists[] = {
    {WordClass::kDynamic,
     "dyn dynamic dynip dynamicip dynadsl dyndsl adsldyn dynamicadsl dinamic "
     "dinamico dinamica dhcp pool pools natpool dialpool dip ppp pppoe pppoa "
     "pptp dial dialup dialin ras isdn gprs umts lte cdma wimax mobile wap"},
    {WordClass::kAccess,
     "dsl adsl vdsl xdsl sdsl hdsl ftth fttx fttb fttp pon gpon cable "
     "cablemodem modemcable kabel catv docsis hfc hsd cm cpe modem broadband "
     "res resnet home cust customer customers client clients cliente clientes "
     "user users usr subs subscriber access wifi wireless wlan hotspot nat cgn "
     "cgnat bras lns fbx"},
    {WordClass::kStatic,
     "static stat sta fix fixed fixip ded dedicated business biz corp"},
    {WordClass::kUnassigned,
     "unassigned notassigned unused notused unallocated unconfigured "
     "notconfigured reserved noptr nodns norecord undefined unknown spare "
     "placeholder"},
    {WordClass::kInfrastructure,
     "rev reverse rdns ptr host node ip ipv addr inaddr port vps server"},
    {WordClass::kMail,
     "mail mails mx smtp mta out outbound outgoing relay mailout mailer mailgw "
     "mxout smtpout mout email newsletter post exim postfix bounce"},
};
constexpr size_t kMinWord = 2;
constexpr size_t kMaxWord = 13;  // below 16: sizes are bits of a uint16_t

constexpr bool IsDigit(char c) { return c >= '0' && c <= '9'; }
constexpr bool IsLetter(char c) { return c >= 'a' && c <= 'z'; }

constexpr size_t HashOf(absl::string_view word) {
  uint32_t hash = 2166136261;
  for (const char c : word) {
    hash = (hash ^ static_cast<uint8_t>(c)) * 16777619;
  }
  return hash ^ (hash >> 15);
}

// Open addressing, at most a quarter full. Most words of names are none of
// these, and nearly all of them differ in their ends or their length.
class WordTable {
 public:
  constexpr WordTable() {
    for (const WordList& list : kWordLists) AddList(list);
  }

  constexpr bool sound() const { return sound_; }
  // REQUIRES: kMinWord to kMaxWord letters.
  WordClasses Find(absl::string_view word) const {
    if ((SizesLike(word) >> word.size() & 1) == 0) return WordClasses();
    for (size_t at = HashOf(word) % kSlots;; at = (at + 1) % kSlots) {
      const Slot& slot = slots_[at];
      if (slot.word.empty()) return WordClasses();
      if (slot.word == word) return slot.classes;
    }
  }

 private:
  struct Slot {
    absl::string_view word;
    WordClasses classes;
  };
  static constexpr size_t kSlots = 1024;
  static constexpr size_t kLetters = 26;

  // The sizes, as bits, of the words with the same first and last letter.
  constexpr uint16_t SizesLike(absl::string_view word) const {
    return sizes_[PlaceOf(word)];
  }
  static constexpr size_t PlaceOf(absl::string_view word) {
    const char* const letters = word.data();
    return static_cast<size_t>(letters[0] - 'a') * kLetters +
           static_cast<size_t>(letters[word.size() - 1] - 'a');
  }

  constexpr void AddList(const WordList& list) {
    size_t begin = 0;
    for (size_t i = 0; i <= list.words.size(); ++i) {
      if (i < list.words.size() && list.words[i] != ' ') continue;
      Add(list.words.substr(begin, i - begin), list.word_class);
      begin = i + 1;
    }
  }

  constexpr void Add(absl::string_view word, WordClass word_class) {
    sound_ = sound_ && word.size() >= kMinWord && word.size() <= kMaxWord;
    for (const char c : word) sound_ = sound_ && IsLetter(c);
    size_t at = HashOf(word) % kSlots;
    while (!slots_[at].word.empty()) at = (at + 1) % kSlots;
    slots_[at] = {word, WordClasses(word_class)};
    sizes_[PlaceOf(word)] |= static_cast<uint16_t>(1 << word.size());
    sound_ = sound_ && ++count_ <= kSlots / 4;
  }

  std::array<Slot, kSlots> slots_;
  std::array<uint16_t, kLetters* kLetters> sizes_ = {};
  size_t count_ = 0;
  bool sound_ = true;
};

constexpr WordTable kWordTable;
static_assert(kWordTable.sound());

absl::string_view ViewOf(const char* begin, const char* end) {
  return {begin, static_cast<size_t>(end - begin)};
}

WordClasses ClassesOfWord(absl::string_view word) {
  if (word.size() < kMinWord || word.size() > kMaxWord) return WordClasses();
  return kWordTable.Find(word);
}

// The label without separators and without the digits at its ends.
WordClasses ClassesOfJoinedLabel(absl::string_view label) {
  char joined[kMaxWord];
  size_t size = 0;
  bool digit_after = false;
  for (const char c : label) {
    if (IsDigit(c)) digit_after = size > 0;
    if (!IsLetter(c)) continue;
    if (digit_after || size == kMaxWord) return WordClasses();
    joined[size++] = c;
  }
  return ClassesOfWord(absl::string_view(joined, size));
}

// The words of the label that begins at `begin`. Returns where its dot or the
// end of the host is.
const char* AddWordsOfLabel(const char* begin, const char* end,
                            WordClasses* classes) {
  int runs = 0;
  bool separated = false;
  const char* at = begin;
  while (at != end && *at != '.') {
    const char* const run = at;
    while (at != end && IsLetter(*at)) ++at;
    if (at != run) {
      classes->AddAll(ClassesOfWord(ViewOf(run, at)));
      ++runs;
    } else {
      separated = separated || *at == '-' || *at == '_';
      ++at;
    }
  }
  // Without a separator, or of a single run, its letter runs have said it all.
  if (runs > 1 && separated) {
    classes->AddAll(ClassesOfJoinedLabel(ViewOf(begin, at)));
  }
  return at;
}

}  // namespace

WordClasses WordClassesOf(absl::string_view host) {
  WordClasses classes;
  const char* at = host.data();
  const char* const end = at + host.size();
  while (at != end) {
    at = AddWordsOfLabel(at, end, &classes);
    if (at != end) ++at;
  }
  return classes;
}

}  // namespace scanner
