// AskerModel: what an asker may accept, from what it was seen to send. Knows
// packets only, no code of the scanner: a try is open from its packet until its
// answer, or until nobody wants its question any more.
#ifndef PTRSWEEP_TESTS_FUZZ_ASKER_MODEL_H_
#define PTRSWEEP_TESTS_FUZZ_ASKER_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/fuzz/fake_kernel.h"

namespace fuzz {

class AskerModel {
 public:
  using Packet = FakeKernel::Packet;

  // `payer` is about to ask for `name` (lower-case wire form) and `type`, and
  // for nothing else any more.
  void OnAsking(uint32_t payer, const std::string& name, uint16_t type);
  void OnEnd(uint32_t payer) { wants_.erase(payer); }
  // Of a question that no payer wants, a canary or probe begins and ends
  // unseen: it counts as wanted from now on.
  void OnSent(const Packet& packet);

  // The try that `packet` may answer by the checks of WIRE.md 2; nullopt if
  // accepting it would be a fault.
  std::optional<size_t> MayAnswer(const Packet& packet) const;
  // A payer wants it, and nobody else ever did, so that the try is its own: if
  // MayAnswer(), and nothing is amiss that the model does not know, it must be
  // accepted.
  bool IsOfOnePayer(size_t try_index) const;
  // It has been accepted.
  void Answer(size_t try_index) { tries_[try_index].answered = true; }

  size_t size() const { return tries_.size(); }
  const Packet& sent(size_t try_index) const {
    return tries_[try_index].packet;
  }

 private:
  struct Question {
    std::string name;
    uint16_t type = 0;
    friend auto operator<=>(const Question&, const Question&) = default;
  };
  struct Try {
    Packet packet;
    std::string exact_name;
    Question question;
    std::string cookie;  // the client's; empty: none was sent
    bool answered = false;
  };

  bool IsWanted(const Question& question, bool always) const;
  bool Matches(const Try& open, const Packet& packet) const;

  std::vector<Try> tries_;
  std::map<uint32_t, Question> wants_;  // by payer
  std::set<Question> always_;
  std::map<Question, std::set<uint32_t>> payers_;  // all there ever were
  // Newest try by transport, socket and id.
  std::map<std::tuple<bool, int, uint16_t>, size_t> newest_;
};

}  // namespace fuzz

#endif  // PTRSWEEP_TESTS_FUZZ_ASKER_MODEL_H_
