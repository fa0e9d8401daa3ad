// VERDICTS.md 5.1 makes three kinds of words: runs of letters and digits
// without the digits at their ends, runs of letters, and whole labels without
// their separators. No listed word holds a digit, so the first kind finds
// nothing that the second does not, and a label of the third kind counts only
// if its digits are all at its ends. Words are found through a hash table that
// the compiler builds from the lists as the contract prints them.
#include "scanner/verdict/name_words.h"

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "absl/strings/str_split.h"

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

WordClasses ClassesOfWord(absl::string_view word) {
  if (word.size() < kMinWord || word.size() > kMaxWord) return WordClasses();
  return kWordTable.Find(word);
}

// The letters of a label joined, if they are a word of the lists.
WordClasses ClassesOfJoinedLabel(absl::string_view label,
                                 const LabelBits& bits) {
  char joined[kMaxWord];
  size_t size = 0;
  for (uint64_t rest = bits.letters; rest != 0; rest &= rest - 1) {
    joined[size++] = label.data()[std::countr_zero(rest)];
  }
  return ClassesOfWord(absl::string_view(joined, size));
}

// A label of which the letters are to be joined: only separators are between
// them, and at least one. (Of a single run of letters all is said.)
bool JoinsLetters(absl::string_view label, const LabelBits& bits) {
  if (bits.letters == 0) return false;
  const int first = std::countr_zero(bits.letters);
  const int end = 64 - std::countl_zero(bits.letters);
  const uint64_t between = ~uint64_t{0} >> (64 - end) & ~uint64_t{0} << first;
  return (bits.digits & between) == 0 &&
         std::popcount(bits.letters) <= static_cast<int>(kMaxWord) &&
         label.find_first_of("-_") != absl::string_view::npos;
}

}  // namespace

WordClasses WordClassesOf(absl::string_view label, const LabelBits& bits) {
  WordClasses classes;
  const uint64_t letters = bits.letters;
  // No word is a single letter.
  ForEachRun(letters & (letters << 1 | letters >> 1),
             [&](size_t begin, size_t size) {
               classes.AddAll(ClassesOfWord({label.data() + begin, size}));
             });
  const uint64_t run_starts = letters & ~(letters << 1);
  if (std::popcount(run_starts) > 1 && JoinsLetters(label, bits)) {
    classes.AddAll(ClassesOfJoinedLabel(label, bits));
  }
  return classes;
}

WordClasses WordClassesOf(absl::string_view host) {
  WordClasses classes;
  for (const absl::string_view label : absl::StrSplit(host, '.')) {
    classes.AddAll(WordClassesOf(label, LabelBits(label)));
  }
  return classes;
}

}  // namespace scanner
