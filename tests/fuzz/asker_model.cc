#include "tests/fuzz/asker_model.h"

#include <algorithm>

#include "tests/fuzz/require.h"
#include "tests/fuzz/slow_message.h"
#include "tests/fuzz/slow_names.h"

namespace fuzz {
namespace {

constexpr size_t kHeaderOctets = 12;
constexpr size_t kSlotOctets = 4096;
constexpr size_t kClientCookieOctets = 8;
constexpr size_t kCookieOption = 10;

uint16_t IdOf(const FakeKernel::Packet& packet) {
  return static_cast<uint16_t>(packet.octets[0] * 256 + packet.octets[1]);
}

// The first COOKIE option of a sound message.
std::optional<std::string> CookieOf(const SlowMessage& message) {
  std::optional<std::string> cookie;
  if (message.opt == nullptr) return cookie;
  SlowForEachOption(message.opt->rdata,
                    [&cookie](size_t code, const std::string& octets) {
                      if (code == kCookieOption && !cookie) cookie = octets;
                    });
  return cookie;
}

bool IsOurs(const std::string& cookie, const std::string& client) {
  const bool is_sound = cookie.size() == kClientCookieOctets ||
                        (cookie.size() >= 16 && cookie.size() <= 40);
  return is_sound && cookie.substr(0, kClientCookieOctets) == client;
}

}  // namespace

void AskerModel::OnAsking(uint32_t payer, const std::string& name,
                          uint16_t type) {
  const Question question = {.name = name, .type = type};
  wants_[payer] = question;
  payers_[question].insert(payer);
}

void AskerModel::OnSent(const Packet& packet) {
  const SlowMessage query = SlowParse(packet.octets);
  Require(query.fault == "ok" && query.trailing == 0, "a query is sound");
  Require(query.questions.size() == 1, "a query has one question");
  const SlowRecord& question = query.questions[0];
  Require(question.record_class == 1, "a query is of class IN");
  const bool plain = query.sections[0].empty() && query.sections[1].empty() &&
                     query.sections[2].size() == (query.opt ? 1 : 0);
  Require(plain, "a query has no records but OPT");
  Require(query.header[1] == 0x0100, "a query has RD and nothing else");
  Try sent = {
      .packet = packet,
      .exact_name = question.owner,
      .question = {.name = question.lower_owner, .type = question.type}};
  Require(!packet.tcp || question.owner == question.lower_owner,
          "no random case by TCP");
  if (const auto cookie = CookieOf(query)) {
    sent.cookie = cookie->substr(0, kClientCookieOctets);
    Require(IsOurs(*cookie, sent.cookie), "a query's cookie is sound");
  }
  if (!IsWanted(sent.question, false)) always_.insert(sent.question);
  const auto key = std::make_tuple(packet.tcp, packet.fd, IdOf(packet));
  newest_[key] = tries_.size();
  tries_.push_back(std::move(sent));
}

bool AskerModel::IsWanted(const Question& question, bool always) const {
  if (always && always_.count(question) > 0) return true;
  return std::any_of(
      wants_.begin(), wants_.end(),
      [&question](const auto& want) { return want.second == question; });
}

bool AskerModel::IsOfOnePayer(size_t try_index) const {
  const Question& question = tries_[try_index].question;
  const auto payers = payers_.find(question);
  return payers != payers_.end() && payers->second.size() == 1 &&
         IsWanted(question, false) && always_.count(question) == 0;
}

std::optional<size_t> AskerModel::MayAnswer(const Packet& packet) const {
  if (packet.octets.size() < kHeaderOctets || packet.truncated ||
      (!packet.tcp && packet.octets.size() > kSlotOctets)) {
    return std::nullopt;
  }
  const auto found = newest_.find({packet.tcp, packet.fd, IdOf(packet)});
  if (found == newest_.end()) return std::nullopt;
  const Try& open = tries_[found->second];
  const bool may = !open.answered && IsWanted(open.question, true) &&
                   packet.address == open.packet.address &&
                   packet.port == open.packet.port && Matches(open, packet);
  return may ? std::optional(found->second) : std::nullopt;
}

bool AskerModel::Matches(const Try& open, const Packet& packet) const {
  const SlowMessage message = SlowParse(packet.octets);
  const bool is_response =
      (message.header[1] & 0x8000) != 0 && (message.header[1] & 0x7800) == 0;
  if (!is_response) return false;
  if (message.header[2] == 0) {
    const int rcode = message.header[1] % 16;
    if (rcode != 1 && rcode != 4) return false;
  } else {
    if (message.header[2] != 1 || message.questions.empty()) return false;
    const SlowRecord& question = message.questions[0];
    const bool is_cased = open.exact_name != open.question.name;
    if (question.record_class != 1 || question.type != open.question.type ||
        question.lower_owner != open.question.name ||
        (is_cased && question.owner != open.exact_name)) {
      return false;
    }
  }
  const auto cookie = CookieOf(message);
  return open.cookie.empty() || !cookie || IsOurs(*cookie, open.cookie);
}

}  // namespace fuzz
