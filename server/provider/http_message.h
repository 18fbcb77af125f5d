// One HTTP request and what came of it, as the parts of this client hand them to each other. Plain
// values.
#pragma once

#include <curl/curl.h>

#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::provider {

enum class Method { kGet, kPost, kPut };

struct HttpRequest {
  Method method = Method::kGet;
  // Path and query.
  std::string target;
  // JSON. Empty: none.
  std::string body;
  // It leaves on a connection that is new or was used a moment ago: a keep-alive connection that
  // died idle would make its fate unknown.
  bool fresh_connection = false;
};

struct HttpAnswer {
  // CURLE_OK: an answer was read to its end.
  CURLcode code = CURLE_OK;
  // Bytes by which the provider may act may have left: of the body where there is one, else of the
  // head.
  bool request_left = false;
  // It was stopped because its send-by time had passed.
  bool send_by_passed = false;
  // It was given up because the client is being destroyed.
  bool stopped = false;
  // It was not begun because too many others were under way.
  bool crowded_out = false;
  // 0: no status line came.
  int http_status = 0;
  std::string body;
  // First byte out to answer in.
  base::Duration took{};
  std::optional<base::Duration> retry_after;
  // The header Date: the provider's time when it answered, in whole seconds.
  std::optional<base::Time> date;
  // The operation is announced to go away (docs/provider.md §1.3).
  bool deprecated = false;
};

inline constexpr int kOk = 200;
// The whole answer came, with this status.
bool IsAnswered(const HttpAnswer& answer, int http_status);
// Of a request that was not begun because the time of what it is a part of is over, which has been
// sent.
HttpAnswer LateAnswer();

// Percent-encodes everything but letters, digits and "-._~".
std::string EscapeForUrl(std::string_view text);

}  // namespace callbridge::provider
