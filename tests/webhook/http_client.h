// A client that sends exactly the bytes it is given: for requests that no well-behaved library
// would make.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace callbridge::webhook {

struct HttpAnswer {
  // 0: the connection ended, or nothing came for ten seconds.
  int status = 0;
  // "HTTP/1.1".
  std::string version;
  // Names in lower case.
  std::map<std::string, std::string> headers;
  std::string body;
};

class HttpClient {
 public:
  // Connects to 127.0.0.1.
  explicit HttpClient(std::uint16_t port);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  void Send(std::string_view bytes);
  // The next answer. to_head: it has no body, whatever length it tells.
  HttpAnswer Receive(bool to_head = false);
  // The other side closed, and sent nothing before.
  bool AwaitClose();
  // Something has arrived that Receive would read. Does not wait.
  bool HasInput();
  void Close();

 private:
  // Reads more into buffer_. False: the end.
  bool Fill();

  int socket_ = -1;
  std::string buffer_;
};

// "POST path HTTP/1.1" with these headers (each with its line end) and a Content-Length.
std::string Post(std::string_view path, std::string_view headers, std::string_view body);

}  // namespace callbridge::webhook
