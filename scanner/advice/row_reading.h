// RowReading: the placeholders of VERDICTS.md 2.1, read from a row.
#ifndef PTRSWEEP_SCANNER_ADVICE_ROW_READING_H_
#define PTRSWEEP_SCANNER_ADVICE_ROW_READING_H_

#include <optional>
#include <string>

#include "dnswire/ip_address.h"
#include "dnswire/name.h"
#include "io/formats/row.h"
#include "scanner/advice/row_facts.h"
#include "scanner/verdict/expectation.h"

namespace scanner {

// "A" or "AAAA".
absl::string_view AddressType(const dnswire::IpAddress& address);
// The /24 or /48 of an address.
dnswire::IpPrefix BlockOf(const dnswire::IpAddress& address);
// A name's text with its final dot.
std::string WithDot(dnswire::NameView name);

// Borrows row and facts.
class RowReading {
 public:
  RowReading(const io::Row& row, const RowFacts& facts);

  const io::Row& row() const { return row_; }
  const RowFacts& facts() const { return facts_; }
  std::string ip() const { return row_.ip.ToString(); }
  absl::string_view type() const { return AddressType(row_.ip); }
  const dnswire::Name& qname() const { return qname_; }
  std::string block() const { return BlockOf(row_.ip).ToString(); }

  // J; nullopt: no PTR is known.
  const std::optional<dnswire::NameView>& judged() const { return judged_; }
  // What the lookup of J came to; null: it was not looked up.
  const io::ForwardItem* judged_forward() const;
  // The first name of K whose lookup failed; null: none did.
  const io::ForwardItem* failed_forward() const;
  // "mail.example.com (and 2 more)". REQUIRES: judged().
  std::string JudgedText() const;

  const Expectation& expected() const { return expected_; }
  // No PTR is wanted here, and none is.
  bool IsAsWanted() const;
  // {h}: the expected host name, or "<host name>".
  std::string host() const;
  bool host_known() const {
    return expected_.kind() == Expectation::Kind::kHostName;
  }

  // The reverse zone, of the row or by the SOA of the facts; nullopt: not
  // known.
  const std::optional<dnswire::NameView>& zone() const { return zone_; }
  // "2.0.192.in-addr.arpa", or "the zone of 192.0.2.0/24".
  std::string ZoneText() const;
  // "zone 2.0.192.in-addr.arpa", or "the zone of 192.0.2.0/24".
  std::string TheZone() const;
  // The name that has the PTR records: the reverse name, or the end of its
  // alias chain. nullopt: an alias leads somewhere, and the facts do not say
  // where.
  std::optional<dnswire::NameView> owner() const;
  // {owner}: relative to the zone, else "NAME."; "" where owner() is unknown.
  std::string OwnerText() const;

 private:
  const io::Row& row_;
  const RowFacts& facts_;
  dnswire::Name qname_;
  Expectation expected_;
  std::optional<dnswire::NameView> judged_;
  std::optional<dnswire::NameView> zone_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ADVICE_ROW_READING_H_
