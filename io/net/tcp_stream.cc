#include "io/net/tcp_stream.h"

#include <sys/socket.h>

#include <cstring>
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
          auto* const self = static_cast<TcpStream*>(handle->data);
          room->base = reinterpret_cast<char*>(self->input_.data());
          room->base += self->filled_;
          room->len = self->input_.size() - self->filled_;
        },
        [](uv_stream_t* stream, ssize_t octets, const uv_buf_t*) {
          static_cast<TcpStream*>(stream->data)->OnRead(octets);
        });
  }
  listener_->OnConnected(-status);
}

// The input always has room: it holds the largest message, and whole messages
// leave it at once.
void TcpStream::OnRead(ssize_t octets) {
  if (octets < 0) {
    Finish(End::kClosed);
    return;
  }
  filled_ += static_cast<size_t>(octets);
  size_t used = 0;
  while (ReadMessage(&used)) {
  }
  filled_ -= used;
  std::memmove(input_.data(), input_.data() + used, filled_);
}

// False if there is no whole message, or nobody to give it to.
bool TcpStream::ReadMessage(size_t* used) {
  if (listener_ == nullptr) return false;
  const auto unread =
      std::span<const uint8_t>(input_).first(filled_).subspan(*used);
  if (unread.size() < kLengthOctets) return false;
  const size_t length = static_cast<size_t>(unread[0] << 8 | unread[1]);
  if (length < dnswire::kHeaderOctets) {
    Finish(End::kFraming);
    return false;
  }
  if (unread.size() - kLengthOctets < length) return false;
  *used += kLengthOctets + length;
  listener_->OnMessage(unread.subspan(kLengthOctets, length));
  return true;
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
