#include "webhook/http_rules.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>

#include <algorithm>
#include <boost/beast/http/field.hpp>
#include <boost/beast/http/verb.hpp>
#include <optional>
#include <vector>

#include "server/base/ingress_limits.h"
#include "webhook/list_header.h"

namespace callbridge::webhook {
namespace {

namespace http = boost::beast::http;

constexpr int kHttp10 = 10;
constexpr std::string_view kHealthMethods = "GET, HEAD";
constexpr std::string_view kWebhookMethods = "POST";

// Returns the elements of a list header, over all its lines.
std::vector<std::string_view> ListOf(const RequestHead& head, http::field name) {
  std::vector<std::string_view> elements;
  const auto [begin, end] = head.equal_range(name);
  for (auto line = begin; line != end; ++line) {
    AddElements(View(line->value()), elements);
  }
  return elements;
}

// Checks only the characters (RFC 3986 §3.2.2 and §3.2.3), because the name of a foreign host does
// no harm.
bool IsHost(std::string_view value) {
  constexpr std::string_view kMarks = "-._~%!$&'()*+,;=:[]";
  return std::all_of(value.begin(), value.end(), [kMarks](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           kMarks.find(c) != std::string_view::npos;
  });
}

// Refuses several Host headers, a missing one in HTTP/1.1, and an unreadable one (RFC 9112 §3.2).
Refusal CheckHost(const RequestHead& head) {
  const auto count = head.count(http::field::host);
  if (count > 1) return {http::status::bad_request, "the request has more than one Host"};
  if (count == 0 && head.version() > kHttp10) {
    return {http::status::bad_request, "the request has no Host"};
  }
  if (!IsHost(View(head[http::field::host]))) {
    return {http::status::bad_request, "the request's Host is not \"host:port\""};
  }
  return {};
}

// Refuses codings whose last one is not "chunked". Two readers could see the end of such a body at
// two places (RFC 9112 §6.1 and §6.3).
Refusal CheckTransferCoding(const RequestHead& head) {
  if (head.count(http::field::transfer_encoding) == 0) return {};
  const auto codings = ListOf(head, http::field::transfer_encoding);
  if (codings.empty() || !EqualsIgnoreCase(codings.back(), "chunked")) {
    return {http::status::bad_request, "the request's Transfer-Encoding does not end in chunked"};
  }
  if (codings.size() == 1) return {};
  for (std::size_t i = 0; i + 1 < codings.size(); ++i) {
    if (EqualsIgnoreCase(codings[i], "chunked")) {
      return {http::status::bad_request, "the request's Transfer-Encoding is chunked twice"};
    }
  }
  return {http::status::not_implemented,
          "the request's Transfer-Encoding is not implemented; send chunked alone"};
}

// Returns the path of the target without its query. The origin-form and the absolute-form have a
// path (RFC 9112 §3.2). Absent means that the target has none.
std::optional<std::string_view> PathOf(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (target.size() < scheme.size() ||
        !EqualsIgnoreCase(target.substr(0, scheme.size()), scheme)) {
      continue;
    }
    const std::size_t path = target.find_first_of("/?", scheme.size());
    if (path == std::string_view::npos || target[path] == '?') return "/";
    target.remove_prefix(path);
    break;
  }
  if (!target.starts_with('/')) return std::nullopt;
  return target.substr(0, target.find('?'));
}

std::optional<Resource> ResourceOf(std::string_view path, const WebhookPaths& paths) {
  if (path == "/livez") return Resource::kLive;
  if (path == "/readyz") return Resource::kReady;
  if (path == paths.events || path == paths.calls) return Resource::kWebhooks;
  return std::nullopt;
}

// Removes slashes at the end, and replaces several slashes by one.
std::string WithoutDoubledSlashes(std::string_view path) {
  std::string plain;
  for (const char c : path) {
    if (c != '/' || !plain.ends_with('/')) plain += c;
  }
  while (plain.ends_with('/')) plain.pop_back();
  return plain;
}

Refusal RefusePath(std::string_view path, const WebhookPaths& paths) {
  const std::string detail(path.substr(0, base::kLoggedPathBytesMax));
  const std::string plain = WithoutDoubledSlashes(path);
  if (plain == WithoutDoubledSlashes(paths.events) ||
      (!paths.calls.empty() && plain == WithoutDoubledSlashes(paths.calls))) {
    return {http::status::not_found,
            "the path differs from webhook.path or webhook.receive_path only by its slashes; write "
            "both in the same way",
            detail};
  }
  return {http::status::not_found,
          "this path does not exist; send webhooks to webhook.path or webhook.receive_path",
          detail};
}

// True for a known method. An unknown method gets 501, and a method that this resource does not
// take gets 405 (RFC 9110 §9.1).
bool IsKnown(http::verb method) {
  switch (method) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::post:
    case http::verb::put:
    case http::verb::delete_:
    case http::verb::patch:
    case http::verb::options:
      return true;
    default:
      return false;
  }
}

Refusal CheckMethod(http::verb method, Resource resource) {
  if (resource == Resource::kWebhooks) {
    if (method == http::verb::post) return {};
    return {http::status::method_not_allowed,
            "use POST to send webhooks",
            {},
            http::field::allow,
            kWebhookMethods};
  }
  if (method == http::verb::get || method == http::verb::head) return {};
  return {http::status::method_not_allowed,
          "use GET or HEAD to ask for the health",
          {},
          http::field::allow,
          kHealthMethods};
}

// Returns false if the request expects anything else than "100-continue" (RFC 9110 §10.1.1).
bool CheckExpectation(const RequestHead& head, bool& awaits_continue) {
  for (const std::string_view expectation : ListOf(head, http::field::expect)) {
    if (!EqualsIgnoreCase(expectation, "100-continue")) return false;
    // A sender of HTTP/1.0 does not understand "100 Continue".
    awaits_continue = head.version() > kHttp10;
  }
  return true;
}

// Refuses content codings (RFC 9110 §8.4 and §15.5.16). A signature covers the bytes as they came,
// so they are not decoded.
Refusal CheckContentCoding(const RequestHead& head) {
  for (const std::string_view coding : ListOf(head, http::field::content_encoding)) {
    if (EqualsIgnoreCase(coding, "identity")) continue;
    return {http::status::unsupported_media_type,
            "the body is compressed; switch Content-Encoding off at the sender or the proxy",
            {},
            http::field::accept_encoding,
            "identity"};
  }
  return {};
}

constexpr std::string_view kTlsHandshake = "\x16\x03";

bool IsProxyHeader(std::string_view bytes) {
  // The signature of PROXY version 2 begins with two empty lines, which the caller has skipped.
  constexpr std::string_view kProxyVersion2("\0\r\nQUIT\n", 8);
  return bytes.starts_with("PROXY ") || bytes.starts_with(kProxyVersion2);
}

Refusal RefuseProxyHeader() {
  return {http::status::bad_request,
          "a PROXY header came; switch the PROXY protocol off at the balancer"};
}

// True for a line that ends like "… HTTP/2.0".
bool NamesAVersion(std::string_view line) {
  constexpr std::string_view kName = " HTTP/";
  if (line.size() < kName.size() + 3) return false;
  const std::string_view end = line.substr(line.size() - kName.size() - 3);
  const std::string_view digits = end.substr(kName.size());
  return end.starts_with(kName) && absl::ascii_isdigit(static_cast<unsigned char>(digits[0])) &&
         digits[1] == '.' && absl::ascii_isdigit(static_cast<unsigned char>(digits[2]));
}

}  // namespace

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return absl::EqualsIgnoreCase(absl::string_view(a.data(), a.size()),
                                absl::string_view(b.data(), b.size()));
}

std::vector<std::string_view> ValuesOf(const RequestHead& head, std::string_view name) {
  std::vector<std::string_view> values;
  if (name.empty()) return values;
  const auto [begin, end] = head.equal_range(BeastView(name));
  for (auto field = begin; field != end; ++field) values.push_back(View(field->value()));
  return values;
}

bool HasBody(const RequestHead& head) {
  if (head.count(http::field::transfer_encoding) > 0) return true;
  const std::string_view length = View(head[http::field::content_length]);
  return length.find_first_not_of("0 \t") != std::string_view::npos;
}

Judgement JudgeHead(const RequestHead& head, const WebhookPaths& paths) {
  Judgement judgement;
  const auto refuse = [&judgement](Refusal refusal) {
    judgement.refusal = std::move(refusal);
    return judgement.refusal.status != http::status::ok;
  };
  // A message whose end is in doubt is the last one of its connection (RFC 9112 §6.1, for HTTP/1.0
  // with a Transfer-Encoding).
  const bool coded = head.count(http::field::transfer_encoding) > 0;
  judgement.close = coded && head.version() <= kHttp10;
  if (std::distance(head.begin(), head.end()) > base::kWebhookHeaderFieldsMax) {
    refuse({http::status::request_header_fields_too_large, "the request has too many headers"});
    return judgement;
  }
  if (refuse(CheckTransferCoding(head))) {
    judgement.close = true;
    return judgement;
  }
  if (refuse(CheckHost(head))) return judgement;
  if (!IsKnown(head.method())) {
    refuse({http::status::not_implemented, "the request's method is not implemented"});
    return judgement;
  }
  const std::optional<std::string_view> path = PathOf(View(head.target()));
  if (!path.has_value()) {
    refuse({http::status::bad_request, "the request's target has no path"});
    return judgement;
  }
  const std::optional<Resource> resource = ResourceOf(*path, paths);
  if (!resource.has_value()) {
    refuse(RefusePath(*path, paths));
    return judgement;
  }
  judgement.resource = *resource;
  if (refuse(CheckMethod(head.method(), *resource))) return judgement;
  if (!CheckExpectation(head, judgement.awaits_continue)) {
    refuse({http::status::expectation_failed, "only 100-continue can be expected"});
    return judgement;
  }
  if (*resource == Resource::kWebhooks) refuse(CheckContentCoding(head));
  return judgement;
}

Refusal RefuseNonsense(std::string_view bytes) {
  if (IsProxyHeader(bytes)) return RefuseProxyHeader();
  if (bytes.starts_with(kTlsHandshake)) {
    return {http::status::bad_request,
            "a TLS hello came to the plain port; set webhook.tls, end TLS at the proxy, or send "
            "http to this port"};
  }
  if (bytes.starts_with("PRI * HTTP/2.0")) {
    return {http::status::http_version_not_supported,
            "HTTP/2 came; set the proxy to HTTP/1.1 towards this port"};
  }
  if (NamesAVersion(bytes.substr(0, bytes.find("\r\n")))) {
    return {http::status::http_version_not_supported,
            "the request's version is not HTTP/1.0 or HTTP/1.1"};
  }
  return {http::status::bad_request, "the request is not HTTP/1.1"};
}

bool BeginsTls(std::string_view bytes) { return bytes.starts_with(kTlsHandshake.front()); }

Refusal RefusePlain(std::string_view bytes) {
  constexpr std::string_view kEmptyLine = "\r\n";
  while (bytes.starts_with(kEmptyLine)) bytes.remove_prefix(kEmptyLine.size());
  if (IsProxyHeader(bytes)) return RefuseProxyHeader();
  return {http::status::bad_request, "plain HTTP came to the TLS port; send https to this port"};
}

}  // namespace callbridge::webhook
