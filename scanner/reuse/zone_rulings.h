// ZoneRulings: which zones of an earlier scan are as they were. Shared by the
// engines of a scan: the one that claims a zone looks into it, the others wait
// for its ruling. Any thread; written a few times a zone.
#ifndef PTRSWEEP_SCANNER_REUSE_ZONE_RULINGS_H_
#define PTRSWEEP_SCANNER_REUSE_ZONE_RULINGS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace scanner {

class ZoneRulings {
 public:
  enum class Ruling : uint8_t {
    kNone,
    kClaimed,    // somebody looks into it
    kUnchanged,  // its rows stand
    kAsked,      // all is asked; for good
  };

  explicit ZoneRulings(size_t zones) : zones_(zones) {}

  Ruling Of(uint32_t zone) const {
    return zones_[zone].load(std::memory_order_acquire);
  }
  // True: the caller is to rule.
  bool Claim(uint32_t zone) {
    Ruling expected = Ruling::kNone;
    return zones_[zone].compare_exchange_strong(expected, Ruling::kClaimed);
  }
  // Of a zone that was claimed, unless it has been ruled meanwhile.
  void RuleUnchanged(uint32_t zone) {
    Ruling expected = Ruling::kClaimed;
    zones_[zone].compare_exchange_strong(expected, Ruling::kUnchanged);
  }
  // Also of one that was ruled unchanged.
  void RuleAsked(uint32_t zone) { zones_[zone].store(Ruling::kAsked); }

 private:
  std::vector<std::atomic<Ruling>> zones_;
};

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_REUSE_ZONE_RULINGS_H_
