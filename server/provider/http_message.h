// One HTTP request and its answer, as the parts of this client pass them on. Plain values.
#pragma once

#include <curl/curl.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"
#include "server/provider/form_file.h"

namespace callbridge::provider {

enum class Method { kGet, kHead, kPost, kPut, kPatch, kDelete };
// Returns the method's name in HTTP, like "GET".
const char* NameOf(Method method);

struct HttpRequest {
  Method method = Method::kGet;
  // The path and the query.
  std::string target;
  // The body as JSON; empty if there is none.
  std::string body;
  // The request leaves on a connection that is new or was used a moment ago. A keep-alive
  // connection that died while it was idle would make the request's fate unknown.
  bool fresh_connection = false;
  // Sent with POST instead of the body.
  std::optional<FormFile> form = std::nullopt;
};

struct HttpAnswer {
  // CURLE_OK means that an answer was read to its end.
  CURLcode code = CURLE_OK;
  // Bytes by which the provider may act may have left: bytes of the body or form if there is one,
  // otherwise of the head.
  bool request_left = false;
  // The request was stopped because its send-by time had passed.
  bool send_by_passed = false;
  // The request was given up because the client is being destroyed.
  bool stopped = false;
  // The request was not begun because too many others were under way.
  bool crowded_out = false;
  // The other side ended the connection, by an alert of TLS, because this client has no
  // certificate.
  bool certificate_missing = false;
  // The HTTP status; 0 if no status line came.
  int http_status = 0;
  std::string body;
  // The time from the first byte sent to the end of the answer.
  base::Duration took{};
  std::optional<base::Duration> retry_after;
  // The header Content-Type; empty if there is none.
  std::string content_type;
  // The header Content-Length, which the answer to HEAD has without a body.
  std::optional<std::int64_t> content_length;
  // The header Date: the provider's time when it answered, in whole seconds.
  std::optional<base::Time> date;
  // The provider announces that the operation will be removed (docs/provider.md §1.3).
  bool deprecated = false;
};

inline constexpr int kOk = 200;
// True if the whole answer came, with this status.
bool IsAnswered(const HttpAnswer& answer, int http_status);
// Returns the answer for a further request of a look or a survey whose time is over. That request
// is not begun, but an earlier request of it was sent.
HttpAnswer LateAnswer();

// Percent-encodes every character except letters, digits and "-._~".
std::string EscapeForUrl(std::string_view text);

}  // namespace callbridge::provider
