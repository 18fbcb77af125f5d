// The bytes of one connection: plain, or through TLS once BeginTls was called. The deadlines are
// those of the socket below, so that they also bound a handshake, and close the socket when they
// have passed.
#pragma once

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <chrono>
#include <optional>
#include <utility>

namespace callbridge::webhook {

// An AsyncStream for Asio and Beast. Not thread-safe.
class ClientStream {
 public:
  using Socket = boost::beast::tcp_stream;
  using Tls = boost::asio::ssl::stream<Socket&>;
  using executor_type = Socket::executor_type;

  explicit ClientStream(boost::asio::ip::tcp::socket socket) : socket_(std::move(socket)) {}

  executor_type get_executor() { return socket_.get_executor(); }
  // The deadline of all that is read and written from now on.
  void expires_after(std::chrono::milliseconds time) { socket_.expires_after(time); }
  // Ends what is being read or written.
  void cancel() { socket_.cancel(); }
  void close() { socket_.close(); }
  boost::asio::ip::tcp::socket& socket() { return socket_.socket(); }
  // The stream below TLS.
  Socket& below() { return socket_; }

  // What is read and written from now on goes through TLS. The caller shakes hands first. The
  // context may end before the stream.
  Tls& BeginTls(boost::asio::ssl::context& context) { return tls_.emplace(socket_, context); }
  // Null before BeginTls.
  Tls* tls() { return tls_.has_value() ? &*tls_ : nullptr; }

  template <typename Buffers, typename Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    if (tls_.has_value()) return tls_->async_read_some(buffers, std::forward<Token>(token));
    return socket_.async_read_some(buffers, std::forward<Token>(token));
  }
  template <typename Buffers, typename Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    if (tls_.has_value()) return tls_->async_write_some(buffers, std::forward<Token>(token));
    return socket_.async_write_some(buffers, std::forward<Token>(token));
  }

 private:
  Socket socket_;
  std::optional<Tls> tls_;
};

}  // namespace callbridge::webhook
