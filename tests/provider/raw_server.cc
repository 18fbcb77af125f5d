#include "tests/provider/raw_server.h"

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "server/base/check.h"

namespace callbridge::provider {
namespace {

constexpr absl::Duration kWaitMax = absl::Seconds(10);

void Reset(int socket) {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  base::Check(setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0,
              "SO_LINGER cannot be set");
}

std::size_t ContentLength(const std::string& head) {
  const std::string name = "Content-Length: ";
  const std::size_t found = head.find(name);
  if (found == std::string::npos) return 0;
  const std::size_t begin = found + name.size();
  std::size_t length = 0;
  base::Check(absl::SimpleAtoi(head.substr(begin, head.find('\r', begin) - begin), &length),
              "a Content-Length is no number");
  return length;
}

}  // namespace

RawServer::RawServer(Respond respond) : respond_(std::move(respond)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  wake_ = eventfd(0, EFD_CLOEXEC);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  base::Check(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
                  listen(listener_, SOMAXCONN) == 0,
              "the test's server cannot listen");
  socklen_t size = sizeof address;
  base::Check(getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) == 0,
              "the test's server has no port");
  port_ = ntohs(address.sin_port);
  thread_ = std::jthread([this](const std::stop_token& stop) { Run(stop); });
}

RawServer::~RawServer() {
  thread_.request_stop();
  const std::uint64_t one = 1;
  base::Check(write(wake_, &one, sizeof one) == sizeof one, "the test's server cannot be woken");
  thread_.join();
  for (const auto& [socket, connection] : connections_) close(socket);
  close(listener_);
  close(wake_);
}

std::string RawServer::authority() const { return absl::StrCat("127.0.0.1:", port_); }

std::vector<RawServer::Request> RawServer::requests() const {
  absl::MutexLock lock(&mutex_);
  return requests_;
}

std::size_t RawServer::Count(std::string_view method, std::string_view target) const {
  absl::MutexLock lock(&mutex_);
  return static_cast<std::size_t>(
      std::count_if(requests_.begin(), requests_.end(), [&](const Request& request) {
        return request.method == method && request.target == target;
      }));
}

bool RawServer::WaitForRequests(std::size_t count) const {
  absl::MutexLock lock(&mutex_);
  const auto arrived = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return requests_.size() >= count;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&arrived), kWaitMax);
}

bool RawServer::WaitForHeadsWithoutBody(std::size_t count) const {
  absl::MutexLock lock(&mutex_);
  const auto arrived = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return heads_without_body_ >= count;
  };
  return mutex_.AwaitWithTimeout(absl::Condition(&arrived), kWaitMax);
}

void RawServer::Run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::vector<pollfd> polled = {{wake_, POLLIN, 0}, {listener_, POLLIN, 0}};
    for (const auto& [socket, connection] : connections_) polled.push_back({socket, POLLIN, 0});
    base::Check(poll(polled.data(), polled.size(), -1) > 0, "poll failed");
    for (std::size_t i = 2; i < polled.size(); ++i) {
      if (polled[i].revents == 0) continue;
      if (Serve(polled[i].fd, connections_[polled[i].fd])) continue;
      close(polled[i].fd);
      connections_.erase(polled[i].fd);
    }
    if (polled[1].revents != 0) Accept();
  }
}

void RawServer::Accept() {
  const int socket = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
  if (socket >= 0) connections_[socket] = {.number = ++accepted_, .received = ""};
}

bool RawServer::Serve(int socket, Connection& connection) {
  std::array<char, 65536> buffer{};
  const ssize_t bytes = recv(socket, buffer.data(), buffer.size(), 0);
  if (bytes <= 0) {
    NoteEnd(connection);
    return false;
  }
  connection.received.append(buffer.data(), static_cast<std::size_t>(bytes));
  if (reset_after_ > 0 && connection.received.size() >= reset_after_) {
    Reset(socket);
    return false;
  }
  return ServeWholeRequests(socket, connection);
}

bool RawServer::ServeWholeRequests(int socket, Connection& connection) {
  for (;;) {
    const std::size_t head_end = connection.received.find("\r\n\r\n");
    if (head_end == std::string::npos) return true;
    Request request;
    request.connection = connection.number;
    request.head = connection.received.substr(0, head_end + 2);
    const std::size_t body_begin = head_end + 4;
    const std::size_t length = ContentLength(request.head);
    if (connection.received.size() < body_begin + length) return true;
    request.body = connection.received.substr(body_begin, length);
    connection.received.erase(0, body_begin + length);
    const std::size_t space = request.head.find(' ');
    request.method = request.head.substr(0, space);
    request.target = request.head.substr(space + 1, request.head.find(' ', space + 1) - space - 1);
    {
      absl::MutexLock lock(&mutex_);
      requests_.push_back(request);
    }
    const Reply reply = respond_(request);
    const ssize_t sent = send(socket, reply.bytes.data(), reply.bytes.size(), MSG_NOSIGNAL);
    if (reply.then == Then::kReset) Reset(socket);
    if (reply.then != Then::kKeep || sent < 0) return false;
  }
}

void RawServer::NoteEnd(const Connection& connection) {
  if (connection.received.find("\r\n\r\n") == std::string::npos) return;
  absl::MutexLock lock(&mutex_);
  ++heads_without_body_;
}

RawServer::Reply Answer(int status, std::string_view body, std::string_view headers) {
  return {absl::StrCat("HTTP/1.1 ", status, " Any\r\nContent-Type: application/json\r\n",
                       std::string(headers), "Content-Length: ", body.size(), "\r\n\r\n",
                       std::string(body)),
          RawServer::Then::kKeep};
}

}  // namespace callbridge::provider
