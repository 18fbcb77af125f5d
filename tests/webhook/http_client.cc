#include "tests/webhook/http_client.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>

namespace callbridge::webhook {
namespace {

constexpr int kPatienceMillis = 10'000;

}  // namespace

HttpClient::HttpClient(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)), 0);
}

HttpClient::~HttpClient() { Close(); }

void HttpClient::Close() {
  if (socket_ >= 0) close(socket_);
  socket_ = -1;
}

void HttpClient::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t sent = send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    // The server may have closed already; the answer it sent before is still there to be read.
    if (sent <= 0) return;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
}

bool HttpClient::Fill() {
  pollfd waiting{socket_, POLLIN, 0};
  if (poll(&waiting, 1, kPatienceMillis) != 1) {
    ADD_FAILURE() << "nothing came for ten seconds";
    return false;
  }
  std::array<char, 16 * 1024> bytes;
  const ssize_t count = recv(socket_, bytes.data(), bytes.size(), 0);
  if (count <= 0) return false;
  buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  return true;
}

HttpAnswer HttpClient::Receive(bool to_head) {
  HttpAnswer answer;
  std::size_t end = 0;
  while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
    if (!Fill()) return answer;
  }
  std::string_view head = std::string_view(buffer_).substr(0, end);
  answer.version = head.substr(0, head.find(' '));
  answer.status = std::atoi(std::string(head.substr(head.find(' '))).c_str());
  for (std::size_t line = head.find("\r\n"); line != std::string_view::npos;) {
    head.remove_prefix(line + 2);
    line = head.find("\r\n");
    const std::string_view field = head.substr(0, line);
    const std::size_t colon = field.find(':');
    answer.headers[absl::AsciiStrToLower(std::string(field.substr(0, colon)))] =
        std::string(field.substr(field.find_first_not_of(' ', colon + 1)));
  }
  const auto length = static_cast<std::size_t>(std::atoi(answer.headers["content-length"].c_str()));
  buffer_.erase(0, end + 4);
  if (to_head) return answer;
  while (buffer_.size() < length) {
    if (!Fill()) return {};
  }
  answer.body = buffer_.substr(0, length);
  buffer_.erase(0, length);
  return answer;
}

bool HttpClient::AwaitClose() { return buffer_.empty() && !Fill() && buffer_.empty(); }

bool HttpClient::HasInput() {
  pollfd waiting{socket_, POLLIN, 0};
  return !buffer_.empty() || poll(&waiting, 1, 0) == 1;
}

std::string Post(std::string_view path, std::string_view headers, std::string_view body) {
  return absl::StrFormat("POST %s HTTP/1.1\r\nHost: test\r\n%sContent-Length: %d\r\n\r\n%s",
                         std::string(path), std::string(headers), body.size(), std::string(body));
}

}  // namespace callbridge::webhook
