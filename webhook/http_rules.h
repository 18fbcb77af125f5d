// What RFC 9110 and RFC 9112 demand of a server that has read the head of a request. The result is
// the resource that is meant, or the answer that refuses the request. Pure: it reads the head as
// Beast parsed it, and Beast has already refused what it cannot parse.
#pragma once

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace callbridge::webhook {

using RequestHead = boost::beast::http::request_header<boost::beast::http::fields>;

// Converts Beast's text type to that of std.
inline std::string_view View(const boost::beast::string_view& text) {
  return {text.data(), text.size()};
}
inline boost::beast::string_view BeastView(std::string_view text) {
  return {text.data(), text.size()};
}

// Compares names of headers and other words of HTTP.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

struct Refusal {
  // The status of the refusal. ok means that the request is not refused.
  boost::beast::http::status status = boost::beast::http::status::ok;
  // What is wrong and the remedy: one of a few fixed sentences. It is part of the answer and of the
  // log.
  std::string_view reason{};
  // The part that differs between requests, for the log only; often empty.
  std::string detail{};
  // A header that the answer carries. Unknown means none.
  boost::beast::http::field header = boost::beast::http::field::unknown;
  std::string_view value{};
};

enum class Resource { kWebhooks, kLive, kReady };

struct Judgement {
  Refusal refusal;
  // The resource, if the request was not refused.
  Resource resource = Resource::kWebhooks;
  // The connection ends after the answer, even if the request asks to keep it.
  bool close = false;
  // The sender waits for "100 Continue" before it sends the body.
  bool awaits_continue = false;
};

// The paths of webhooks, as they are configured. Both take the same bodies.
struct WebhookPaths {
  std::string_view events;
  // Empty means that there is only one.
  std::string_view calls;
};

Judgement JudgeHead(const RequestHead& head, const WebhookPaths& paths);

// Returns the values of all lines of a header; none if its name is empty.
std::vector<std::string_view> ValuesOf(const RequestHead& head, std::string_view name);

// True if the head says that a body follows.
bool HasBody(const RequestHead& head);

// Returns the refusal of bytes that are not a request of HTTP/1. It says what they look like,
// judged by the first line, and the remedy.
Refusal RefuseNonsense(std::string_view bytes);

// True if a connection that begins with these bytes speaks TLS.
bool BeginsTls(std::string_view bytes);

// Returns the refusal of bytes that came to a port with TLS and do not begin it.
Refusal RefusePlain(std::string_view bytes);

}  // namespace callbridge::webhook
