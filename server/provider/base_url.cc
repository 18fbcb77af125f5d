#include "server/provider/base_url.h"

#include <absl/status/status.h>
#include <absl/strings/match.h>

#include <optional>

#include "server/base/url.h"

namespace callbridge::provider {

absl::StatusOr<BaseUrl> ParseBaseUrl(std::string_view text) {
  const bool has_scheme = text.find("://") != std::string_view::npos;
  std::optional<base::Url> url =
      base::ParseUrl(has_scheme ? std::string(text) : "https://" + std::string(text));
  if (url.has_value() && !has_scheme && base::IsLoopback(url->host)) {
    url = base::ParseUrl("http://" + std::string(text));
  }
  if (!url.has_value() || !(url->path.empty() || url->path == "/")) {
    return absl::InvalidArgumentError(
        "the base URL is not scheme, host and port alone; write it like "
        "https://xxxxx.api.infobip.com");
  }
  const bool loopback = base::IsLoopback(url->host);
  if (url->scheme != "https" && !loopback) {
    return absl::InvalidArgumentError(
        "the base URL must begin with https://; http:// is for loopback addresses only");
  }
  return BaseUrl{url->scheme + "://" + url->Authority(), url->Authority(), loopback};
}

bool IsAllowed(const BaseUrl& url, const std::vector<std::string>& allowed_hosts) {
  const std::string scheme = url.url.substr(0, url.url.find("://") + 3);
  for (const std::string& allowed : allowed_hosts) {
    if (allowed.starts_with('.')) {
      // An authority with a port does not end like the suffix, so a suffix never allows a port.
      if (absl::EndsWithIgnoreCase(url.authority, allowed)) return true;
    } else if (const auto host = base::ParseUrl(scheme + allowed)) {
      if (host->path.empty() && host->Authority() == url.authority) return true;
    }
  }
  return false;
}

}  // namespace callbridge::provider
