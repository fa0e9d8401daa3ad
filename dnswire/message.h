// Message: a view of one DNS message, checked once when it is parsed. It
// allocates nothing and borrows the octets, which must outlive it.
#ifndef PTRSWEEP_DNSWIRE_MESSAGE_H_
#define PTRSWEEP_DNSWIRE_MESSAGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dnswire/name.h"
#include "dnswire/reader.h"

namespace dnswire {

// The 12 octets of RFC 1035 section 4.1.1, with AD and CD (RFC 4035 section
// 3.2) taken out of Z.
struct Header {
  uint16_t id = 0;
  bool qr = false;
  uint8_t opcode = 0;
  bool aa = false;
  bool tc = false;
  bool rd = false;
  bool ra = false;
  bool z = false;
  bool ad = false;
  bool cd = false;
  uint8_t rcode = 0;  // the low four bits; Message::rcode() has all twelve
  uint16_t question_count = 0;
  uint16_t answer_count = 0;
  uint16_t authority_count = 0;
  uint16_t additional_count = 0;
};

// One resource record (RFC 1035 section 4.1.3), names as positions in the
// message. Names at positions of a sound section decode without fault.
struct Record {
  size_t owner_at = 0;
  uint16_t type = 0;
  uint16_t record_class = 0;
  uint32_t ttl = 0;  // as sent; see EffectiveTtl
  size_t rdata_at = 0;
  uint16_t rdata_size = 0;
};

// A TTL with the top bit set counts as 0 (RFC 2181 section 8).
constexpr uint32_t EffectiveTtl(uint32_t ttl) {
  return ttl >> 31 == 0 ? ttl : 0;
}

// The OPT record (RFC 6891 section 6.1.3). `options` is its rdata, a sound
// sequence of {code, length, octets}.
struct Opt {
  uint16_t payload = 0;
  uint8_t extended_rcode = 0;
  uint8_t version = 0;
  bool dnssec_ok = false;
  std::span<const uint8_t> options;
};

// Calls `visit(uint16_t code, std::span<const uint8_t> octets)` for each
// option, in order. REQUIRES: `options` is Opt::options of a message.
template <typename Visit>
void ForEachOption(std::span<const uint8_t> options, Visit visit) {
  Reader reader(options);
  while (reader.remaining() > 0) {
    const uint16_t code = reader.ReadU16();
    visit(code, reader.ReadOctets(reader.ReadU16()));
  }
}

// SOA rdata (RFC 1035 section 3.3.13); names as positions in the message.
struct Soa {
  size_t mname_at = 0;
  size_t rname_at = 0;
  uint32_t serial = 0;
  uint32_t refresh = 0;
  uint32_t retry = 0;
  uint32_t expire = 0;
  uint32_t minimum = 0;
};

// Section of the first fault, in the order of the message (WIRE.md section 3).
enum class Fault : uint8_t {
  kNone,
  kHeader,      // under 12 octets
  kQuestion,    // question section does not decode
  kAnswer,      // "bad:answer"
  kAuthority,   // "lax:authority"
  kAdditional,  // "lax:additional"
};

// Records of a section, for range-for.
class RecordRange {
 public:
  class Iterator {
   public:
    Iterator() = default;
    Iterator(std::span<const uint8_t> message, size_t position, size_t left)
        : message_(message), position_(position), left_(left) {
      if (left_ > 0) Load();
    }
    const Record& operator*() const { return record_; }
    const Record* operator->() const { return &record_; }
    Iterator& operator++() {
      if (--left_ > 0) Load();
      return *this;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) {
      return a.left_ == b.left_;
    }

   private:
    void Load();

    std::span<const uint8_t> message_;
    size_t position_ = 0;  // behind record_
    size_t left_ = 0;      // records from record_ on
    Record record_;
  };

  RecordRange() = default;
  // REQUIRES: `count` sound records stand in `message` from `position` on.
  RecordRange(std::span<const uint8_t> message, size_t position, size_t count)
      : message_(message), position_(position), count_(count) {}
  Iterator begin() const { return Iterator(message_, position_, count_); }
  Iterator end() const { return Iterator(message_, position_, 0); }
  size_t size() const { return count_; }

 private:
  std::span<const uint8_t> message_;
  size_t position_ = 0;
  size_t count_ = 0;
};

class Message {
 public:
  // Reads the header and, if there is exactly one, the question; never fails:
  // fault() then is kNone, kHeader or kQuestion. This is all that the
  // acceptance checks need; the sections come with ParseSections().
  static Message ParseHead(std::span<const uint8_t> octets) {
    Message message;
    message.ReadHead(octets, NameView());
    return message;
  }
  // The same in the place of another message. A question whose name is
  // `expected` octet by octet is read fastest.
  void ReadHead(std::span<const uint8_t> octets, NameView expected);
  // ParseHead() and ParseSections().
  static Message Parse(std::span<const uint8_t> octets);

  // Checks every section by WIRE.md section 3: questions (if they are not one),
  // record counts against the octets that are left, RDLENGTH, and the rdata of
  // PTR, CNAME, DNAME, NS, SOA, A and AAAA in class IN, whose names and sizes
  // must end exactly at RDLENGTH; at most one OPT in additional, owned by the
  // root, its options filling it. OPT elsewhere is skipped as any other type.
  // Bounded by the message size. No-op if the head is faulty, or if it has run
  // before.
  void ParseSections();

  Fault fault() const { return fault_; }
  const Header& header() const { return header_; }
  std::span<const uint8_t> octets() const { return octets_; }

  // The one question; its name is a view into octets(): a sole question has
  // nothing before it to point to, so it is never compressed.
  // REQUIRES: has_question().
  bool has_question() const { return has_question_; }
  NameView question_name() const { return question_name_; }
  uint16_t question_type() const { return question_type_; }
  uint16_t question_class() const { return question_class_; }

  // Empty where the section, or one before it, is faulty.
  RecordRange answers() const { return answers_; }
  RecordRange authorities() const { return authorities_; }
  RecordRange additionals() const { return additionals_; }
  // Octets after the last record; 0 unless fault() is kNone.
  size_t trailing_octets() const { return trailing_octets_; }

  // False too where the additional section is faulty.
  bool has_opt() const { return has_opt_; }
  const Opt& opt() const { return opt_; }  // REQUIRES: has_opt()
  // All twelve bits: OPT's octet above the header's four.
  uint16_t rcode() const;
  // Calls `visit(uint16_t code)` for each Extended DNS Error (RFC 8914).
  template <typename Visit>
  void ForEachExtendedError(Visit visit) const {
    if (!has_opt_) return;
    ForEachOption(opt_.options,
                  [&visit](uint16_t code, std::span<const uint8_t> octets) {
                    if (code != kOptionExtendedError || octets.size() < 2) {
                      return;
                    }
                    visit(Reader(octets).ReadU16());
                  });
  }

  // Octets of the first COOKIE option (RFC 7873 section 4), of any size;
  // nullopt if there is none. REQUIRES: ParseSections() has run.
  std::optional<std::span<const uint8_t>> FindCookie() const;

  // The calls below take a position that a Record or Soa of a sound section
  // gave, or kQuestionAt if has_question().
  static constexpr size_t kQuestionAt = kHeaderOctets;
  void ReadName(size_t position, Name* name) const;
  void ReadLowerName(size_t position, Name* name) const;
  // Equal without case, without storing the name.
  bool NameEquals(size_t position, NameView name) const;
  // The name at `position` is `name` or an ancestor of it, without case.
  bool NameIsAtOrAbove(size_t position, NameView name) const;
  // Where the name's first label stands, behind its leading pointers: names
  // that start at the same place are equal.
  size_t NameStart(size_t position) const;

  // REQUIRES: `record` is a SOA of class IN in a sound section.
  Soa ReadSoa(const Record& record) const;

 private:
  void ReadQuestion(NameView expected, Reader* reader);
  bool ParseSection(Fault fault, uint16_t count, Reader* reader,
                    RecordRange* range);
  bool CheckRecord(Fault section, Reader* reader);
  bool TakeOpt(const Record& record);

  std::span<const uint8_t> octets_;
  Fault fault_ = Fault::kHeader;
  Header header_;
  bool has_question_ = false;
  bool has_opt_ = false;
  bool parsed_ = false;
  uint16_t question_type_ = 0;
  uint16_t question_class_ = 0;
  size_t answers_at_ = kHeaderOctets;  // behind the one question, if any
  size_t trailing_octets_ = 0;
  NameView question_name_;
  RecordRange answers_;
  RecordRange authorities_;
  RecordRange additionals_;
  Opt opt_;
};

}  // namespace dnswire

#endif  // PTRSWEEP_DNSWIRE_MESSAGE_H_
