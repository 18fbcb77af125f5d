// Where requests may go: the base URL of an account, and the ones that events name (apiBaseUrl,
// docs/provider.md §1.1). Credentials travel to whatever these functions accept, so they accept
// https only (http for loopback) and nothing but a host and a port.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

namespace callbridge::provider {

// "scheme://host[:port]", in lower case and without a final slash.
struct BaseUrl {
  std::string url;
  // "host", or "host:port" where the port is not the scheme's own.
  std::string authority;
  bool loopback = false;
};

// Accepts "https://host[:port]", "host[:port]" (https; http if it is loopback) and a final slash.
// INVALID_ARGUMENT: user names, paths, queries, other schemes, http beyond loopback. The message
// does not repeat the text.
absl::StatusOr<BaseUrl> ParseBaseUrl(std::string_view text);

// True if the list names the URL's authority exactly ("api.example.com", "127.0.0.1:8080") or by
// suffix (".api.infobip.com": any host below it, on the usual port).
bool IsAllowed(const BaseUrl& url, const std::vector<std::string>& allowed_hosts);

}  // namespace callbridge::provider
