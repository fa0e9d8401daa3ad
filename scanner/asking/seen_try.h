// SeenTry: what became of a packet, for whoever wants to see each of them
// (`explain`). Nobody does in a scan: it costs a test of a null function a
// response.
#ifndef PTRSWEEP_SCANNER_ASKING_SEEN_TRY_H_
#define PTRSWEEP_SCANNER_ASKING_SEEN_TRY_H_

#include <cstdint>
#include <functional>

#include "dnswire/answer.h"
#include "dnswire/message.h"
#include "dnswire/name.h"
#include "io/net/endpoint.h"
#include "io/net/time.h"
#include "scanner/asking/question.h"

namespace scanner {

// A value of views, valid while the observer is called.
struct SeenTry {
  enum class End : uint8_t {
    kAnswered,   // a response that passed the acceptance checks
    kTimeout,    // nothing by its deadline; it may yet be answered
    kUnsent,     // the kernel refused the packet
    kTcpFailed,  // no connection, or it broke
    kUnmatched,  // a reply that failed the checks; the try goes on
  };
  End end = End::kTimeout;
  const Question& question;
  dnswire::NameView name;  // that was asked, the last of its chain
  io::Endpoint server;
  bool tcp = false;
  io::TimeNs waited = 0;  // since it was sent
  // Of kAnswered.
  const dnswire::Message* message = nullptr;
  const dnswire::Answer* answer = nullptr;
};

using TryObserver = std::function<void(const SeenTry&)>;

}  // namespace scanner

#endif  // PTRSWEEP_SCANNER_ASKING_SEEN_TRY_H_
