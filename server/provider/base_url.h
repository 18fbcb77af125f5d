// Where requests may go: the base URL of an account, and the URLs that events name (apiBaseUrl,
// docs/provider.md §1.1). Credentials are sent to every URL that these functions accept. Therefore
// they accept only https (http for loopback), and only a host and a port.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <string_view>
#include <vector>

namespace callbridge::provider {

// A base URL "scheme://host[:port]", in lower case and without a final slash.
struct BaseUrl {
  std::string url;
  // Either "host", or "host:port" if the port is not the scheme's own.
  std::string authority;
  bool loopback = false;
};

// Accepts "https://host[:port]", "host[:port]" (https; http if it is loopback) and a final slash.
// INVALID_ARGUMENT refuses user names, paths, queries, other schemes, and http beyond loopback. The
// message does not repeat the text.
absl::StatusOr<BaseUrl> ParseBaseUrl(std::string_view text);

// True if the list names the URL's authority exactly ("api.example.com", "127.0.0.1:8080") or by
// suffix (".infobip.com" means any host below it, on the usual port).
bool IsAllowed(const BaseUrl& url, const std::vector<std::string>& allowed_hosts);

}  // namespace callbridge::provider
