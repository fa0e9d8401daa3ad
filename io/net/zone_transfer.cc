#include "io/net/zone_transfer.h"

#include <uv.h>

#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dnswire/query.h"
#include "dnswire/wire.h"
#include "io/net/tcp_stream.h"

namespace io {
namespace {

// RFC 5936 section 2.1; without OPT, which says nothing that TCP needs.
std::vector<uint8_t> AxfrQuery(dnswire::NameView zone, uint16_t id) {
  std::vector<uint8_t> query(dnswire::kMaxQueryOctets);
  query.resize(dnswire::EncodeQuery(id, zone, dnswire::kTypeAxfr,
                                    {.recursion_desired = false, .edns = false},
                                    query.data()));
  return query;
}

}  // namespace

struct ZoneTransfer::Impl : TcpStream::Listener {
  Impl(EventLoop* the_loop, Request the_request, const Limits& the_limits,
       Delegate* the_delegate);

  void OnConnected(int error) override;
  void OnMessage(std::span<const uint8_t> message) override;
  void OnEnd(TcpStream::End end) override;
  void OnTimer();

  void Begin();
  void EndAt(absl::Duration wait, TransferFailure failure, std::string reason);
  void End(TransferFailure failure, absl::string_view reason);
  void Close();

  EventLoop* const loop;
  const Request request;
  const Limits limits;
  Delegate* const delegate;
  TransferDecoder decoder;
  std::vector<uint8_t> query;
  TcpStream::Ptr stream;
  uv_timer_t timer{};
  // What the timer will say.
  TransferFailure overdue = TransferFailure::kNone;
  std::string overdue_reason;
};

ZoneTransfer::Impl::Impl(EventLoop* the_loop, Request the_request,
                         const Limits& the_limits, Delegate* the_delegate)
    : loop(the_loop),
      request(std::move(the_request)),
      limits(the_limits),
      delegate(the_delegate),
      decoder({.zone = request.zone,
               .id = request.id,
               .signer = request.signer.get(),
               .max_octets = limits.max_octets},
              [the_delegate](const TransferRecord& record) {
                return the_delegate->OnTransferRecord(record);
              }),
      query(AxfrQuery(request.zone, request.id)) {
  uv_update_time(loop->uv());  // the loop may not have run for long
  uv_timer_init(loop->uv(), &timer);
  timer.data = this;
  Begin();
}

void ZoneTransfer::Impl::Begin() {
  if (request.signer != nullptr) {
    absl::StatusOr<std::vector<uint8_t>> signed_query =
        request.signer->Sign(query);
    if (!signed_query.ok()) {
      return EndAt(absl::ZeroDuration(), TransferFailure::kTsig,
                   std::string(signed_query.status().message()));
    }
    query = *std::move(signed_query);
  }
  stream = TcpStream::Create(loop->uv(), this);
  const int error = stream->Connect(request.server);
  if (error != 0) {
    EndAt(absl::ZeroDuration(), TransferFailure::kConnect,
          absl::StrCat("cannot connect: ", std::strerror(error)));
  } else {
    EndAt(limits.connect, TransferFailure::kConnect,
          absl::StrCat("no connection within ",
                       absl::FormatDuration(limits.connect)));
  }
}

// Unless something else happens before.
void ZoneTransfer::Impl::EndAt(absl::Duration wait, TransferFailure failure,
                               std::string reason) {
  overdue = failure;
  overdue_reason = std::move(reason);
  uv_timer_start(
      &timer,
      [](uv_timer_t* handle) { static_cast<Impl*>(handle->data)->OnTimer(); },
      static_cast<uint64_t>(absl::ToInt64Milliseconds(wait)), 0);
}

void ZoneTransfer::Impl::OnConnected(int error) {
  if (error != 0) {
    return End(TransferFailure::kConnect,
               absl::StrCat("cannot connect: ", std::strerror(error)));
  }
  std::vector<uint8_t> framed = {static_cast<uint8_t>(query.size() >> 8),
                                 static_cast<uint8_t>(query.size())};
  framed.insert(framed.end(), query.begin(), query.end());
  if (!stream->Write(std::move(framed))) {
    return OnEnd(TcpStream::End::kClosed);
  }
  EndAt(limits.progress, TransferFailure::kStalled,
        absl::StrCat("no message within ",
                     absl::FormatDuration(limits.progress)));
}

void ZoneTransfer::Impl::OnMessage(std::span<const uint8_t> message) {
  switch (decoder.Add(message)) {
    case TransferDecoder::State::kMore:
      uv_timer_start(
          &timer, timer.timer_cb,
          static_cast<uint64_t>(absl::ToInt64Milliseconds(limits.progress)), 0);
      return;
    case TransferDecoder::State::kComplete:
      return End(TransferFailure::kNone, "");
    case TransferDecoder::State::kFailed:
      return End(decoder.failure(), decoder.reason());
  }
}

void ZoneTransfer::Impl::OnEnd(TcpStream::End end) {
  End(TransferFailure::kClosed,
      end == TcpStream::End::kFraming
          ? absl::StrCat("a length that no message has, after ",
                         decoder.messages(), " messages")
          : absl::StrCat("the connection ended after ", decoder.messages(),
                         " messages, before the last SOA"));
}

// Timers come before poll: without the wake-up, the turn that follows would
// have to wait for some other event.
void ZoneTransfer::Impl::OnTimer() {
  loop->Wake();
  End(overdue, overdue_reason);
}

// The delegate may destroy the transfer: nothing follows its call.
void ZoneTransfer::Impl::End(TransferFailure failure,
                             absl::string_view reason) {
  stream.reset();
  uv_timer_stop(&timer);
  const absl::Status status =
      failure == TransferFailure::kNone
          ? absl::OkStatus()
          : absl::UnavailableError(
                absl::StrCat("transfer of ", request.zone.ToText(), " from ",
                             request.server.ToString(), ": ", reason));
  delegate->OnTransferEnd(failure, status);
}

void ZoneTransfer::Impl::Close() {
  stream.reset();
  uv_close(reinterpret_cast<uv_handle_t*>(&timer), [](uv_handle_t* handle) {
    delete static_cast<Impl*>(handle->data);
  });
}

ZoneTransfer::ZoneTransfer(EventLoop* loop, Request request,
                           const Limits& limits, Delegate* delegate)
    : impl_(new Impl(loop, std::move(request), limits, delegate)) {}

ZoneTransfer::~ZoneTransfer() { impl_->Close(); }

const TransferDecoder& ZoneTransfer::progress() const { return impl_->decoder; }

}  // namespace io
