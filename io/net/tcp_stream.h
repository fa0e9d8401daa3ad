// TcpStream: one TCP connection that carries DNS messages. It frames; what the
// messages are is TcpExchange's business. Internal to io/net: this header
// brings uv.h along.
#ifndef PTRSWEEP_IO_NET_TCP_STREAM_H_
#define PTRSWEEP_IO_NET_TCP_STREAM_H_

#include <uv.h>

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "io/net/endpoint.h"
#include "io/net/tcp_framer.h"

namespace io {

class TcpStream {
 public:
  enum class End : uint8_t {
    kClosed,   // by the peer, or an error of the connection
    kFraming,  // a length that no DNS message can have
  };

  // Called from the loop, never from inside a call to the stream. Any of them
  // may close the stream; none follows then, and none follows OnEnd().
  class Listener {
   public:
    virtual ~Listener() = default;
    // `error` is 0 or the errno of the failure to connect.
    virtual void OnConnected(int error) = 0;
    // At least dnswire::kHeaderOctets, valid during the call.
    virtual void OnMessage(std::span<const uint8_t> message) = 0;
    virtual void OnEnd(End end) = 0;
  };

  struct Closer {
    void operator()(TcpStream* stream) const { stream->Close(); }
  };
  // Closing is asynchronous: the stream frees itself from the loop, which must
  // outlive it by one iteration.
  using Ptr = std::unique_ptr<TcpStream, Closer>;

  // `listener` must outlive the pointer.
  static Ptr Create(uv_loop_t* loop, Listener* listener);

  // 0, and OnConnected() follows; or the errno of a connection that could not
  // even be begun. To be called once.
  int Connect(const Endpoint& server);
  // Sends framed messages. Errors come as OnEnd(), or as false if the
  // connection is known to be unusable now. REQUIRES: OnConnected(0) came.
  bool Write(std::vector<uint8_t> framed);

 private:
  explicit TcpStream(Listener* listener) : listener_(listener) {}
  ~TcpStream() = default;

  void Close();
  void Finish(End end);
  void OnConnect(int status);
  void OnRead(ssize_t octets);

  uv_tcp_t tcp_{};
  uv_connect_t connect_{};
  Listener* listener_;  // nullptr once closed or ended
  TcpFramer framer_;
};

}  // namespace io

#endif  // PTRSWEEP_IO_NET_TCP_STREAM_H_
