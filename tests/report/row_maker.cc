#include "tests/report/row_maker.h"

#include "absl/strings/str_cat.h"

namespace testing_support {
namespace {

using dnswire::IpAddress;
using dnswire::Name;
using io::Cause;
using io::Flag;
using io::ForwardOutcome;
using io::Status;

constexpr uint32_t kFirst = 10u << 24 | 16u << 16;  // 10.16.0.0

uint32_t Mix(uint32_t value) {
  value ^= value >> 16;
  value *= 0x7feb352du;
  value ^= value >> 15;
  value *= 0x846ca68bu;
  return value ^ value >> 16;
}

std::string ZoneText(uint32_t address) {
  return absl::StrCat(address >> 8 & 255, ".", address >> 16 & 255, ".",
                      address >> 24, ".in-addr.arpa");
}

std::string Dashed(uint32_t address) {
  return absl::StrCat(address >> 24, "-", address >> 16 & 255, "-",
                      address >> 8 & 255, "-", address & 255);
}

// Letters, so that no template of numbers shows.
std::string Word(uint32_t seed) {
  std::string word;
  for (uint32_t rest = Mix(seed); word.size() < 6; rest /= 26) {
    word.push_back(static_cast<char>('a' + rest % 26));
  }
  return word;
}

Name NameFromText(const std::string& text) { return *Name::Parse(text); }

// A name with octets that text cannot have as they are.
Name RawName(absl::string_view first_label, const char* rest) {
  Name name = NameFromText(rest);
  name.PrependLabel(first_label);
  return name;
}

}  // namespace

RowMaker::Manner RowMaker::MannerOf(uint32_t block) const {
  constexpr Manner kManners[] = {
      Manner::kKept,   Manner::kKept,        Manner::kKept,
      Manner::kKept,   Manner::kGeneric,     Manner::kGeneric,
      Manner::kSparse, Manner::kSparse,      Manner::kEmpty,
      Manner::kEmpty,  Manner::kMixed,       Manner::kUndelegated,
      Manner::kSilent, Manner::kPlaceholder, Manner::kClassless,
      Manner::kKept};
  if (block == 0) return Manner::kMixed;
  // Neighbours are often alike: four blocks in a row, two times in three.
  const uint32_t seed = Mix(block) % 3 == 0 ? block : block / 4 + 0x100000;
  return kManners[Mix(seed) % std::size(kManners)];
}

void RowMaker::SetReverse(absl::string_view mname, io::Row* row) {
  zone_ = NameFromText(ZoneText(address_));
  mname_ = NameFromText(std::string(mname));
  rname_ = NameFromText("hostmaster.example.net");
  row->zone = zone_;
  row->zone_mname = mname_;
  row->zone_rname = rname_;
  row->ttl_s = 3600;
  row->rcode = uint16_t{0};
}

void RowMaker::SetDenied(Status status, io::Row* row) {
  row->status = status;
  row->cause = Cause::kNxdomain;
  row->ptr_known = true;
  row->rcode = uint16_t{3};
}

void RowMaker::SetName(const std::string& name, io::Row* row) {
  ptr_.Clear();
  ptr_.Add(NameFromText(name));
  row->ptr_known = true;
  row->ptr = ptr_;
}

void RowMaker::SetForward(ForwardOutcome outcome, io::Row* row) {
  confirmed_.Clear();
  forward_ = outcome == ForwardOutcome::kConfirmed
                 ? row->ip
                 : IpAddress::V4(Mix(address_) | 1u << 31);
  item_ = {.name = *ptr_.view().begin(), .outcome = outcome, .addresses = {}};
  if (outcome == ForwardOutcome::kConfirmed) confirmed_ = ptr_;
  if (outcome == ForwardOutcome::kConfirmed ||
      outcome == ForwardOutcome::kDiffers) {
    item_.addresses = {&forward_, 1};
  }
  if (outcome == ForwardOutcome::kError) item_.cause = Cause::kServfail;
  row->confirmed = confirmed_;
  row->forward = {&item_, 1};
}

// All kinds, the same ones at the same last octets.
void RowMaker::FillMixed(io::Row* row) {
  const uint32_t octet = address_ & 255;
  SetReverse("ns1.example.net", row);
  SetName(absl::StrCat(Word(address_), ".example.com"), row);
  if (octet < 16) {
    row->status = Status::kMismatch;
    SetForward(ForwardOutcome::kDiffers, row);
    if (octet < 4) row->flags.Add(Flag::kNearMatch);
  } else if (octet < 32) {
    row->status = Status::kNoForward;
    SetForward(ForwardOutcome::kNxdomain, row);
  } else if (octet < 48) {
    row->status = Status::kForwardError;
    row->cause = Cause::kServfail;
    SetForward(ForwardOutcome::kError, row);
  } else if (octet < 64) {
    row->status = Status::kBadName;
    SetName("localhost", row);
    row->flags.Add(Flag::kLocalhost);
  } else if (octet < 96) {
    row->ptr = {};
    SetDenied(Status::kNoPtr, row);
  } else if (octet < 104) {
    *row = {.ip = row->ip,
            .status = Status::kReverseTimeout,
            .cause = Cause::kTimeout};
  } else if (octet < 112) {
    *row = {.ip = row->ip,
            .status = Status::kReverseError,
            .cause = Cause::kServfail,
            .rcode = uint16_t{2}};
  } else if (octet < 116) {
    *row = {.ip = row->ip, .status = Status::kSkipped, .cause = Cause::kBudget};
  } else if (octet < 120) {
    row->status = Status::kUnconfirmed;
  } else {
    row->status = Status::kPass;
    SetForward(ForwardOutcome::kConfirmed, row);
  }
}

void RowMaker::Fill(Manner manner, io::Row* row) {
  const uint32_t roll = Mix(address_) % 100;
  SetReverse(Mix(block_) % 2 == 0 ? "ns1.your-server.de" : "ns1.example.net",
             row);
  switch (manner) {
    case Manner::kMixed:
      return FillMixed(row);
    case Manner::kSparse:
      if (roll < 70) return SetDenied(Status::kNoPtr, row);
      break;
    case Manner::kEmpty:
      row->flags.Add(Flag::kPruned);
      return SetDenied(Status::kNoPtr, row);
    case Manner::kUndelegated:
      zone_ = NameFromText("10.in-addr.arpa");
      mname_ = NameFromText("z.arin.net");
      row->zone = zone_;
      row->zone_mname = mname_;
      return SetDenied(Status::kUndelegated, row);
    case Manner::kSilent:
      *row = {.ip = row->ip,
              .status = Status::kReverseTimeout,
              .cause = roll < 80 ? Cause::kTimeout : Cause::kUnreachable};
      return;
    case Manner::kPlaceholder:
      row->status = Status::kNoForward;
      SetName("unassigned.example.net", row);
      row->flags.Add(Flag::kPlaceholderName);
      return SetForward(ForwardOutcome::kNxdomain, row);
    case Manner::kClassless:
      if ((address_ & 255) < 128) break;
      zone_.PrependLabel("128/25");
      row->zone = zone_;
      row->flags.Add(Flag::kClassless);
      row->flags.Add(Flag::kCnameChain);
      if (roll < 5) {
        row->flags = {};
        return SetDenied(Status::kNoPtr, row);
      }
      if (roll < 10) {
        SetDenied(Status::kNoPtr, row);
        row->cause = Cause::kDanglingCname;
        return;
      }
      break;
    case Manner::kKept:
    case Manner::kGeneric:
      break;
  }
  row->status = roll < 2 ? Status::kMismatch : Status::kPass;
  const bool generic = manner == Manner::kGeneric;
  SetName(generic
              ? absl::StrCat(Dashed(address_), ".static.example.net")
              : absl::StrCat(Word(address_), ".", Word(block_), ".example.com"),
          row);
  if (generic) row->flags.Add(Flag::kGeneric);
  if (generic) row->flags.Add(Flag::kStaticName);
  SetForward(roll < 2 ? ForwardOutcome::kDiffers : ForwardOutcome::kConfirmed,
             row);
}

void RowMaker::AppendBlock(io::RowBatch* batch) {
  // After the first 4,096 blocks some far away ones.
  const uint32_t first =
      block_ < 4096 ? kFirst + (block_ << 8) : (172u << 24) + (block_ << 10);
  const Manner manner = MannerOf(block_);
  for (uint32_t octet = 0; octet < 256; ++octet) {
    address_ = first + octet;
    io::Row row;
    row.ip = IpAddress::V4(address_);
    Fill(manner, &row);
    row.queries = row.status == Status::kSkipped ? 0 : 2;
    row.rtt_us = 300 + Mix(address_) % 40000;
    row.time_us = 1'795'000'000'000'000 + int64_t{block_} * 256'000 + octet;
    if (octet == 0 || octet == 255) row.flags.Add(Flag::kEdgeAddress);
    label_ = absl::StrCat("tenant-", block_ / 4);
    if (block_ % 5 == 4) label_.clear();
    if (block_ == 0 && octet == 1) label_ = kHostileLabel;
    if (block_ == 0 && octet >= 16 && octet < 32) label_.clear();
    if (block_ == 0 && octet == 2) label_ = "=1+1 M\xc3\xbcller \xe2\x80\xae";
    if (block_ == 0 && octet == 1) {
      ptr_.Clear();
      ptr_.Add(RawName("</script><img src=x onerror=document.title='owned'>",
                       "example.com"));
      row.ptr = ptr_;
      SetForward(ForwardOutcome::kDiffers, &row);
    }
    row.label = label_;
    batch->Append(row);
  }
  ++block_;
}

}  // namespace testing_support
