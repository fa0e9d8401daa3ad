#include "io/formats/row_parser.h"

#include <cassert>
#include <iterator>
#include <optional>
#include <span>

#include "dnswire/wire.h"
#include "io/formats/carried_text.h"
#include "io/formats/row_text.h"
#include "io/formats/status.h"
#include "io/net/endpoint.h"

namespace io {
namespace {

bool AddName(absl::string_view text, dnswire::NameList* names) {
  const auto name = dnswire::Name::Parse(text);
  if (!name || names->size() == kMaxRowElements) return false;
  names->Add(*name);
  return true;
}

// `own` keeps what `view` points to.
bool SetName(absl::string_view text, dnswire::Name* own,
             std::optional<dnswire::NameView>* view) {
  const auto name = dnswire::Name::Parse(text);
  if (!name) return false;
  *own = *name;
  *view = own->view();
  return true;
}

bool SetNumber(int64_t number, std::optional<uint32_t>* out) {
  if (number < 0 || number > UINT32_MAX) return false;
  *out = static_cast<uint32_t>(number);
  return true;
}

// Of an interface that is not here the address remains.
std::optional<Endpoint> ParseServer(absl::string_view text) {
  std::string raw;
  if (!ParseCarriedText(text, &raw)) return std::nullopt;
  const auto server = Endpoint::Parse(raw);
  const size_t zone = raw.find('%');
  if (server || zone == std::string::npos) return server;
  raw.erase(zone, raw.find(']') - zone);
  return Endpoint::Parse(raw);
}

struct Setter {
  bool (RowParser::*text)(absl::string_view) = nullptr;
  bool (RowParser::*number)(int64_t) = nullptr;
};

// By column, as Columns() has them; forward and time have calls of their own.
constexpr Setter kSetters[] = {
    {.text = &RowParser::SetIp},
    {.text = &RowParser::SetStatus},
    {.text = &RowParser::SetCause},
    {.text = &RowParser::AddFlag},
    {.text = &RowParser::AddPtr},
    {.text = &RowParser::AddConfirmed},
    {},
    {.number = &RowParser::SetTtl},
    {.text = &RowParser::SetRcode},
    {.text = &RowParser::SetZone},
    {.text = &RowParser::SetZoneMname},
    {.text = &RowParser::SetZoneRname},
    {.text = &RowParser::SetServer},
    {.number = &RowParser::SetQueries},
    {.number = &RowParser::SetRtt},
    {},
    {.text = &RowParser::SetLabel},
    {.text = &RowParser::SetExpected},
};

std::optional<ForwardOutcome> ParseOutcome(absl::string_view text) {
  for (const ForwardOutcome outcome :
       {ForwardOutcome::kConfirmed, ForwardOutcome::kDiffers,
        ForwardOutcome::kNxdomain, ForwardOutcome::kNodata}) {
    if (text == ForwardOutcomeName(outcome)) return outcome;
  }
  return std::nullopt;
}

}  // namespace

void RowParser::Start() {
  row_ = Row();
  ptr_.Clear();
  confirmed_.Clear();
  items_.clear();
  addresses_.clear();
  label_.clear();
  expected_.clear();
}

bool RowParser::SetText(size_t column, absl::string_view text) {
  assert(std::size(kSetters) == Columns().size());
  return (this->*kSetters[column].text)(text);
}

bool RowParser::SetInt(size_t column, int64_t number) {
  return (this->*kSetters[column].number)(number);
}

bool RowParser::SetTimestamp(absl::string_view text) {
  const std::optional<int64_t> time_us = ParseTimestamp(text);
  if (time_us) SetTime(*time_us);
  return time_us.has_value();
}

bool RowParser::SetIp(absl::string_view text) {
  const auto ip = dnswire::IpAddress::Parse(text);
  if (ip) row_.ip = *ip;
  return ip.has_value();
}

bool RowParser::SetStatus(absl::string_view text) {
  const auto status = ParseStatus(text);
  if (status) row_.status = *status;
  return status.has_value();
}

bool RowParser::SetCause(absl::string_view text) {
  const auto cause = ParseCause(text);
  if (!cause || *cause == Cause::kNone) return false;
  row_.cause = *cause;
  return true;
}

bool RowParser::AddFlag(absl::string_view text) {
  const auto flag = ParseFlag(text);
  if (flag) row_.flags.Add(*flag);
  return flag.has_value();
}

bool RowParser::AddPtr(absl::string_view text) { return AddName(text, &ptr_); }

bool RowParser::AddConfirmed(absl::string_view text) {
  return AddName(text, &confirmed_);
}

bool RowParser::AddForward(absl::string_view name, absl::string_view outcome) {
  const auto parsed = dnswire::Name::Parse(name);
  const auto known = ParseOutcome(outcome);
  const auto cause = ParseCause(outcome);
  if (!parsed || (!known && (!cause || *cause == Cause::kNone))) return false;
  if (items_.size() == kMaxRowElements) return false;
  items_.push_back({*parsed, known.value_or(ForwardOutcome::kError),
                    known ? Cause::kNone : *cause, addresses_.size()});
  return true;
}

bool RowParser::AddForwardAddress(absl::string_view text) {
  const auto address = dnswire::IpAddress::Parse(text);
  if (!address || addresses_.size() == kMaxRowElements) return false;
  addresses_.push_back(*address);
  items_.back().addresses = addresses_.size();
  return true;
}

bool RowParser::SetTtl(int64_t seconds) {
  return SetNumber(seconds, &row_.ttl_s);
}

bool RowParser::SetRcode(absl::string_view text) {
  row_.rcode = dnswire::ParseRcode(text);
  return row_.rcode.has_value();
}

bool RowParser::SetZone(absl::string_view text) {
  return SetName(text, &zone_, &row_.zone);
}

bool RowParser::SetZoneMname(absl::string_view text) {
  return SetName(text, &zone_mname_, &row_.zone_mname);
}

bool RowParser::SetZoneRname(absl::string_view text) {
  return SetName(text, &zone_rname_, &row_.zone_rname);
}

bool RowParser::SetServer(absl::string_view text) {
  row_.server = ParseServer(text);
  return row_.server.has_value();
}

bool RowParser::SetQueries(int64_t count) {
  std::optional<uint32_t> queries;
  if (!SetNumber(count, &queries)) return false;
  row_.queries = *queries;
  return true;
}

bool RowParser::SetRtt(int64_t microseconds) {
  return SetNumber(microseconds, &row_.rtt_us);
}

bool RowParser::SetLabel(absl::string_view text) {
  return !text.empty() && ParseCarriedText(text, &label_);
}

bool RowParser::SetExpected(absl::string_view text) {
  return !text.empty() && ParseCarriedText(text, &expected_);
}

const Row& RowParser::Finish() {
  const std::span<const dnswire::IpAddress> addresses = addresses_;
  size_t first = 0;
  forward_.clear();
  for (const Item& item : items_) {
    forward_.push_back(
        {.name = item.name,
         .outcome = item.outcome,
         .cause = item.cause,
         .addresses = addresses.subspan(first, item.addresses - first)});
    first = item.addresses;
  }
  row_.ptr = ptr_;
  row_.confirmed = confirmed_;
  row_.forward = forward_;
  row_.label = label_;
  row_.expected = expected_;
  return row_;
}

}  // namespace io
