// Serves HTTP/1.1 on one thread: reads requests within the limits, asks `serve`, sends its response
// when it is due or resets the connection. It knows nothing of calls.
#pragma once

#include <absl/status/status.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <memory>
#include <string>

#include "tests/simulator/model.h"

namespace callbridge::simulator {

class HttpServer {
 public:
  using Serve = std::function<Response(const Request&)>;

  // serve is called on the thread that runs io, which must outlive this.
  HttpServer(boost::asio::io_context& io, Serve serve);

  // Unavailable if the address cannot be bound. Port 0: any.
  absl::Status Listen(const boost::asio::ip::tcp::endpoint& endpoint);
  // "127.0.0.1:8080", after Listen.
  std::string address() const;

 private:
  void Accept();

  boost::asio::io_context& io_;
  Serve serve_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::steady_timer pause_;
  // One for each open connection.
  std::shared_ptr<int> connections_ = std::make_shared<int>(0);
};

}  // namespace callbridge::simulator
