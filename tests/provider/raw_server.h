// An HTTP server made of bare sockets, for what real servers do only by accident: it drops
// connections, resets them, answers nothing. It keeps every request that arrived whole, and counts
// the heads that came without their bodies.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>

#include <cstddef>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace callbridge::provider {

class RawServer {
 public:
  struct Request {
    // 1, 2 … in the order of accepting.
    int connection = 0;
    std::string method;
    std::string target;
    std::string head;
    std::string body;
  };

  enum class Then {
    kKeep,
    kClose,
    kReset,
  };
  struct Reply {
    // As they go out; none: nothing is answered.
    std::string bytes;
    Then then = Then::kKeep;
  };

  // Called on the server's thread for each whole request.
  using Respond = std::function<Reply(const Request&)>;

  explicit RawServer(Respond respond);
  ~RawServer();
  RawServer(const RawServer&) = delete;
  RawServer& operator=(const RawServer&) = delete;

  // Resets a connection once so many bytes have come; with 1, before the first request of a TLS
  // client. A client with a longer body has then certainly begun to send it.
  void ResetAfter(std::size_t bytes) { reset_after_ = bytes; }

  // "127.0.0.1:port".
  std::string authority() const;
  std::string url() const { return "http://" + authority(); }

  std::vector<Request> requests() const;
  // Of whole requests with this method and target.
  std::size_t Count(std::string_view method, std::string_view target) const;
  // Each waits at most 10 s; false: in vain.
  bool WaitForRequests(std::size_t count) const;
  bool WaitForHeadsWithoutBody(std::size_t count) const;

 private:
  struct Connection {
    int number = 0;
    std::string received;
  };

  void Run(const std::stop_token& stop);
  void Accept();
  // False: the connection is over.
  bool Serve(int socket, Connection& connection);
  bool ServeWholeRequests(int socket, Connection& connection);
  void NoteEnd(const Connection& connection);

  Respond respond_;
  // 0: never.
  std::size_t reset_after_ = 0;
  int listener_ = -1;
  int wake_ = -1;
  int port_ = 0;
  int accepted_ = 0;
  std::map<int, Connection> connections_;

  mutable absl::Mutex mutex_;
  std::vector<Request> requests_ ABSL_GUARDED_BY(mutex_);
  std::size_t heads_without_body_ ABSL_GUARDED_BY(mutex_) = 0;

  std::jthread thread_;
};

// "HTTP/1.1 200 OK" with the body as JSON; headers: each with its "\r\n".
RawServer::Reply Answer(int status, std::string_view body, std::string_view headers = "");

}  // namespace callbridge::provider
