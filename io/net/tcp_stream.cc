#include "io/net/tcp_stream.h"

#include <sys/socket.h>

#include <utility>

namespace io {
namespace {

struct WriteRequest {
  uv_write_t request{};
  std::vector<uint8_t> octets;
};

}  // namespace

TcpStream::Ptr TcpStream::Create(uv_loop_t* loop, Listener* listener) {
  Ptr stream(new TcpStream(listener));
  uv_tcp_init(loop, &stream->tcp_);  // makes no socket yet, cannot fail
  stream->tcp_.data = stream.get();
  stream->connect_.data = stream.get();
  return stream;
}

int TcpStream::Connect(const Endpoint& server) {
  sockaddr_storage address{};
  server.ToSockaddr(&address);
  const auto on_connect = [](uv_connect_t* request, int status) {
    static_cast<TcpStream*>(request->data)->OnConnect(status);
  };
  return -uv_tcp_connect(&connect_, &tcp_,
                         reinterpret_cast<const sockaddr*>(&address),
                         on_connect);
}

void TcpStream::OnConnect(int status) {
  if (listener_ == nullptr) return;
  if (status == 0) {
    uv_tcp_nodelay(&tcp_, 1);
    uv_read_start(
        reinterpret_cast<uv_stream_t*>(&tcp_),
        [](uv_handle_t* handle, size_t, uv_buf_t* room) {
          const auto free =
              static_cast<TcpStream*>(handle->data)->framer_.room();
          *room = uv_buf_init(reinterpret_cast<char*>(free.data()),
                              static_cast<unsigned>(free.size()));
        },
        [](uv_stream_t* stream, ssize_t octets, const uv_buf_t*) {
          static_cast<TcpStream*>(stream->data)->OnRead(octets);
        });
  }
  listener_->OnConnected(-status);
}

void TcpStream::OnRead(ssize_t octets) {
  if (octets < 0) {
    Finish(End::kClosed);
    return;
  }
  framer_.Add(static_cast<size_t>(octets));
  while (listener_ != nullptr) {
    const auto message = framer_.Next();
    if (!message) break;
    listener_->OnMessage(*message);
  }
  if (framer_.is_broken()) Finish(End::kFraming);
}

bool TcpStream::Write(std::vector<uint8_t> framed) {
  auto write = std::make_unique<WriteRequest>();
  write->octets = std::move(framed);
  write->request.data = write.get();
  const uv_buf_t octets =
      uv_buf_init(reinterpret_cast<char*>(write->octets.data()),
                  static_cast<unsigned>(write->octets.size()));
  const auto on_written = [](uv_write_t* request, int status) {
    const std::unique_ptr<WriteRequest> done(
        static_cast<WriteRequest*>(request->data));
    if (status < 0) {
      static_cast<TcpStream*>(request->handle->data)->Finish(End::kClosed);
    }
  };
  const int error =
      uv_write(&write->request, reinterpret_cast<uv_stream_t*>(&tcp_), &octets,
               1, on_written);
  if (error == 0) static_cast<void>(write.release());  // on_written frees it
  return error == 0;
}

void TcpStream::Finish(End end) {
  Listener* const listener = std::exchange(listener_, nullptr);
  if (listener != nullptr) listener->OnEnd(end);
}

// Requests under way are called back with UV_ECANCELED before the handle is.
void TcpStream::Close() {
  listener_ = nullptr;
  uv_close(reinterpret_cast<uv_handle_t*>(&tcp_), [](uv_handle_t* handle) {
    delete static_cast<TcpStream*>(handle->data);
  });
}

}  // namespace io
