// Rows from text, for the words that are made of them. Owns what they point to.
#ifndef PTRSWEEP_TESTS_SCANNER_ADVICE_ROW_BUILDER_H_
#define PTRSWEEP_TESTS_SCANNER_ADVICE_ROW_BUILDER_H_

#include <deque>
#include <initializer_list>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dnswire/name_list.h"
#include "io/formats/row.h"
#include "scanner/advice/row_facts.h"
#include "scanner/advice/row_reading.h"

namespace scanner {

class RowBuilder {
 public:
  using Texts = std::initializer_list<absl::string_view>;

  RowBuilder(absl::string_view ip, io::Status status,
             io::Cause cause = io::Cause::kNone) {
    row_.ip = *dnswire::IpAddress::Parse(ip);
    row_.status = status;
    row_.cause = cause;
    row_.time_us = 1795698765000000;  // 2026-11-26 13:12:45 UTC
  }
  RowBuilder(const RowBuilder&) = delete;
  RowBuilder& operator=(const RowBuilder&) = delete;

  RowBuilder& Flag(io::Flag flag) {
    row_.flags.Add(flag);
    return *this;
  }
  RowBuilder& Ptr(Texts names) {
    for (const absl::string_view name : names) ptr_.Add(Keep(name));
    row_.ptr_known = true;
    row_.ptr = ptr_;
    return *this;
  }
  RowBuilder& Confirmed(absl::string_view name) {
    confirmed_.Add(Keep(name));
    row_.confirmed = confirmed_;
    return *this;
  }
  RowBuilder& Forward(absl::string_view name, io::ForwardOutcome outcome,
                      Texts addresses = {},
                      io::Cause cause = io::Cause::kNone) {
    std::vector<dnswire::IpAddress>& kept = addresses_.emplace_back();
    for (const absl::string_view address : addresses) {
      kept.push_back(*dnswire::IpAddress::Parse(address));
    }
    forward_.push_back({.name = Keep(name),
                        .outcome = outcome,
                        .cause = cause,
                        .addresses = kept});
    row_.forward = forward_;
    return *this;
  }
  RowBuilder& Zone(absl::string_view zone, absl::string_view mname = "",
                   absl::string_view rname = "") {
    row_.zone = Keep(zone);
    if (!mname.empty()) row_.zone_mname = Keep(mname);
    if (!rname.empty()) row_.zone_rname = Keep(rname);
    return *this;
  }
  RowBuilder& Ttl(uint32_t seconds) {
    row_.ttl_s = seconds;
    return *this;
  }
  RowBuilder& Rcode(uint16_t rcode) {
    row_.rcode = rcode;
    return *this;
  }
  RowBuilder& Server(absl::string_view server) {
    row_.server = io::Endpoint::Parse(server);
    return *this;
  }
  RowBuilder& Expect(absl::string_view expected) {
    row_.expected = expected;
    return *this;
  }
  RowBuilder& At(int64_t time_us) {
    row_.time_us = time_us;
    return *this;
  }
  RowBuilder& Chain(Texts names) {
    for (const absl::string_view name : names) chain_.Add(Keep(name));
    facts_.chain = chain_;
    row_.flags.Add(io::Flag::kCnameChain);
    return *this;
  }
  RowBuilder& Asked(AskedWhom asked) {
    facts_.asked = asked;
    return *this;
  }
  RowFacts& facts() { return facts_; }

  const io::Row& row() const { return row_; }
  RowReading Reading() const { return RowReading(row_, facts_); }

 private:
  dnswire::NameView Keep(absl::string_view text) {
    return names_.emplace_back(*dnswire::Name::Parse(text));
  }

  io::Row row_;
  RowFacts facts_;
  std::deque<dnswire::Name> names_;
  dnswire::NameList ptr_;
  dnswire::NameList confirmed_;
  dnswire::NameList chain_;
  std::deque<std::vector<dnswire::IpAddress>> addresses_;
  std::vector<io::ForwardItem> forward_;
};

}  // namespace scanner

#endif  // PTRSWEEP_TESTS_SCANNER_ADVICE_ROW_BUILDER_H_
