#include "client/infobip/base_url.h"

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <arpa/inet.h>
#include <curl/curl.h>

#include <memory>

namespace callbridge::client::infobip {
namespace {

struct UrlCleanup {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using Url = std::unique_ptr<CURLU, UrlCleanup>;

// Empty if the URL has no such part.
std::string Part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return "";
  std::string copy = absl::AsciiStrToLower(text);
  curl_free(text);
  return copy;
}

bool IsLoopback(const std::string& host) {
  if (host == "localhost" || host == "[::1]") return true;
  in_addr address{};
  constexpr unsigned kLoopbackNetwork = 127;
  return inet_pton(AF_INET, host.c_str(), &address) == 1 &&
         (ntohl(address.s_addr) >> 24) == kLoopbackNetwork;
}

bool HasMoreThanHostAndPort(CURLU* url) {
  const std::string path = Part(url, CURLUPART_PATH);
  return !Part(url, CURLUPART_USER).empty() || !Part(url, CURLUPART_PASSWORD).empty() ||
         !Part(url, CURLUPART_QUERY).empty() || !Part(url, CURLUPART_FRAGMENT).empty() ||
         (!path.empty() && path != "/");
}

}  // namespace

absl::StatusOr<BaseUrl> ParseBaseUrl(std::string_view text) {
  const Url url(curl_url());
  if (url == nullptr) return absl::ResourceExhaustedError("no memory to read a base URL");
  const bool has_scheme = text.find("://") != std::string_view::npos;
  const std::string whole = (has_scheme ? "" : "https://") + std::string(text);
  if (curl_url_set(url.get(), CURLUPART_URL, whole.c_str(), 0) != CURLUE_OK) {
    return absl::InvalidArgumentError(
        "the base URL cannot be read; write it like https://xxxxx.api.infobip.com");
  }
  if (HasMoreThanHostAndPort(url.get())) {
    return absl::InvalidArgumentError(
        "the base URL has a user, a path, a query or a fragment; write scheme and host only");
  }
  const std::string host = Part(url.get(), CURLUPART_HOST);
  if (host.empty()) {
    return absl::InvalidArgumentError(
        "the base URL has no host; write it like https://xxxxx.api.infobip.com");
  }
  BaseUrl result;
  result.loopback = IsLoopback(host);
  const std::string scheme =
      has_scheme ? Part(url.get(), CURLUPART_SCHEME) : (result.loopback ? "http" : "https");
  if (scheme != "https" && !(scheme == "http" && result.loopback)) {
    return absl::InvalidArgumentError(
        "the base URL must begin with https://; http:// is for loopback addresses only");
  }
  std::string port = Part(url.get(), CURLUPART_PORT);
  if (port == (scheme == "https" ? "443" : "80")) port.clear();
  result.authority = port.empty() ? host : host + ":" + port;
  result.url = scheme + "://" + result.authority;
  return result;
}

bool IsAllowed(const BaseUrl& url, const std::vector<std::string>& allowed_hosts) {
  for (const std::string& entry : allowed_hosts) {
    const std::string allowed = absl::AsciiStrToLower(entry);
    if (allowed.empty()) continue;
    // With a port the authority does not end like the suffix, so that a suffix never allows one.
    if (allowed.front() == '.' ? absl::EndsWith(url.authority, allowed)
                               : url.authority == allowed) {
      return true;
    }
  }
  return false;
}

}  // namespace callbridge::client::infobip
