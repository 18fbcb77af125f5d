// What RFC 9110 and RFC 9112 ask of a server that has read the head of a request, and of this one:
// which resource is meant, or which answer refuses it. Pure: it sees the head as Beast parsed it,
// and what Beast already refuses does not come here.
#pragma once

#include <boost/beast/core/string.hpp>
#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/status.hpp>
#include <string>
#include <string_view>

namespace callbridge::webhook {

using RequestHead = boost::beast::http::request_header<boost::beast::http::fields>;

// Beast's texts are not those of std.
inline std::string_view View(const boost::beast::string_view& text) {
  return {text.data(), text.size()};
}
inline boost::beast::string_view BeastView(std::string_view text) {
  return {text.data(), text.size()};
}

struct Refusal {
  // ok: it is none.
  boost::beast::http::status status = boost::beast::http::status::ok;
  // What is wrong and the remedy, one of a few sentences of ours. Part of the answer and of the
  // log.
  std::string_view reason{};
  // What differs from one such request to the next, for the log only. Empty: nothing.
  std::string detail{};
  // A header of the answer. Unknown: none.
  boost::beast::http::field header = boost::beast::http::field::unknown;
  std::string_view value{};
};

enum class Resource { kWebhooks, kLive, kReady };

struct Judgement {
  Refusal refusal;
  // If it was not refused.
  Resource resource = Resource::kWebhooks;
  // The connection ends with the answer, whatever the request asks for.
  bool close = false;
  // The sender waits for "100 Continue" before it sends the body.
  bool awaits_continue = false;
};

// webhook_path: the path of webhooks, as it is configured.
Judgement JudgeHead(const RequestHead& head, std::string_view webhook_path);

// The head says that a body follows.
bool HasBody(const RequestHead& head);

// For what is no request of HTTP/1: what its bytes look like, from the first line on, and the
// remedy.
Refusal RefuseNonsense(std::string_view bytes);

}  // namespace callbridge::webhook
