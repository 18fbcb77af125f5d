#include "server/settings/text_forms.h"

#include <absl/strings/ascii.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "server/base/log.h"
#include "server/base/url.h"
#include "server/settings/addresses.h"
#include "server/settings/dialing_rules.h"

namespace callbridge::settings {
namespace {

using Objection = std::optional<std::string>;

constexpr std::size_t kServiceIdLengthMax = 32;
constexpr std::size_t kNameLengthMax = 63;
// How many labels a suffix of hosts must have. ".com" would allow half of the world, and ".co.uk"
// half of a country.
constexpr int kSuffixLabelsMin = 3;
constexpr std::array<std::string_view, 2> kHealthPaths = {"/livez", "/readyz"};

bool HasOnly(std::string_view text, std::string_view signs) {
  return std::ranges::all_of(text, [signs](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           signs.find(c) != std::string_view::npos;
  });
}

Objection WhyNotServiceId(const std::string& text) {
  if (!text.empty() && text.size() <= kServiceIdLengthMax && HasOnly(text, "_-")) return {};
  return "must be 1 to 32 of A-Z, a-z, 0-9, \"_\" and \"-\"";
}

Objection WhyNotName(const std::string& text) {
  if (!text.empty() && text.size() <= kNameLengthMax && HasOnly(text, "_-.")) return {};
  return "must be 1 to 63 letters, digits, \"_\", \"-\" and \".\"";
}

Objection WhyNotListenAddress(const std::string& text) {
  if (ParseListenAddress(text).has_value()) return {};
  return "must be \"host:port\", \"[address]:port\" or \"unix:path\"";
}

// A single word like "true" or "yes" does not say what protects the port.
Objection WhyNotWords(const std::string& text) {
  if (absl::StripAsciiWhitespace(text).find(' ') != absl::string_view::npos) return {};
  return "must say in words what protects the port, for example \"mesh sidecar terminates mutual "
         "TLS\"";
}

Objection WhyNotBaseUrl(const std::string& text) {
  const std::optional<base::Url> url = base::ParseUrl(text);
  if (!url.has_value() || !(url->path.empty() || url->path == "/")) {
    return "must be a URL of scheme and host only, like \"https://xxxxx.api.infobip.com\"";
  }
  if (url->scheme == "https" || base::IsLoopback(url->host)) return {};
  return "must be https; http is for loopback addresses only";
}

Objection WhyNotPublicUrl(const std::string& text) {
  const std::optional<base::Url> url = base::ParseUrl(text);
  if (!url.has_value() || url->path.find('?') != std::string::npos) {
    return "must be a URL of scheme and host, without the path of webhooks, like "
           "\"https://hooks.example.com\"";
  }
  if (url->scheme == "https" || base::IsLoopback(url->host)) return {};
  return "must be https, because the provider reaches it over the internet; http is for loopback "
         "addresses only";
}

bool IsAllowedHost(std::string_view host) {
  if (host.starts_with('.')) {
    const std::string_view suffix = host.substr(1);
    const std::string_view last = suffix.substr(suffix.rfind('.') + 1);
    // A suffix that ends in a number would be the end of an IPv4 address, and not of a host's name.
    const bool address = last.find_first_not_of("0123456789") == std::string_view::npos;
    return base::IsHost(suffix) && !address &&
           std::ranges::count(suffix, '.') >= kSuffixLabelsMin - 1;
  }
  const std::optional<base::Url> url = base::ParseUrl("https://" + std::string(host));
  return url.has_value() && url->path.empty();
}

Objection WhyNotAllowedHost(const std::string& text) {
  if (IsAllowedHost(text)) return {};
  return "must be a host like \"api.example.com\", or a suffix of three names or more like "
         "\".api.infobip.com\"";
}

Objection WhyNotUrlPath(const std::string& text) {
  if (!text.starts_with('/') || text.find_first_of("?# \t\r\n") != std::string::npos) {
    return "must be a path like \"/infobip/events\"";
  }
  if (std::ranges::find(kHealthPaths, text) == kHealthPaths.end()) return {};
  return "is a path on which the ingress answers probes; choose one like \"/infobip/events\"";
}

Objection WhyNotHeaderName(const std::string& text) {
  if (HasOnly(text, "-_")) return {};
  return "must be a header's name";
}

Objection WhyNotUserName(const std::string& text) {
  if (text.find(':') == std::string::npos) return {};
  return "must not contain \":\"";
}

Objection WhyNotNumber(const std::string& text) {
  if (NormalizeNumber(text).has_value()) return {};
  return kNumberDescription;
}

Objection WhyNotNumberPrefix(const std::string& text) {
  if (NormalizePrefix(text).has_value()) return {};
  return "must be 1 to 15 digits, country code first, with or without \"+\"";
}

Objection WhyNotLogLevel(const std::string& text) {
  if (base::ParseLogLevel(text).has_value()) return {};
  return "must be debug, info, warning or error";
}

Objection WhyNotFile(const std::string& text) {
  if (!text.empty()) return {};
  return "must name a file";
}

}  // namespace

Objection WhyNot(rule::v1::Form form, const std::string& text) {
  switch (form) {
    case rule::v1::FORM_SERVICE_ID:
      return WhyNotServiceId(text);
    case rule::v1::FORM_NAME:
      return WhyNotName(text);
    case rule::v1::FORM_LISTEN_ADDRESS:
      return WhyNotListenAddress(text);
    case rule::v1::FORM_WORDS:
      return WhyNotWords(text);
    case rule::v1::FORM_BASE_URL:
      return WhyNotBaseUrl(text);
    case rule::v1::FORM_ALLOWED_HOST:
      return WhyNotAllowedHost(text);
    case rule::v1::FORM_URL_PATH:
      return WhyNotUrlPath(text);
    case rule::v1::FORM_HEADER_NAME:
      return WhyNotHeaderName(text);
    case rule::v1::FORM_USER_NAME:
      return WhyNotUserName(text);
    case rule::v1::FORM_NUMBER:
      return WhyNotNumber(text);
    case rule::v1::FORM_NUMBER_PREFIX:
      return WhyNotNumberPrefix(text);
    case rule::v1::FORM_LOG_LEVEL:
      return WhyNotLogLevel(text);
    case rule::v1::FORM_PUBLIC_URL:
      return WhyNotPublicUrl(text);
    case rule::v1::FORM_SECRET_FILE:
    case rule::v1::FORM_PEM_FILE:
    case rule::v1::FORM_PEM_KEY_FILE:
    case rule::v1::FORM_DATABASE_FILE:
      return WhyNotFile(text);
    default:
      return {};
  }
}

}  // namespace callbridge::settings
