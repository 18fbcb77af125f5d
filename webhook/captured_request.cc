#include "webhook/captured_request.h"

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "server/base/ingress_limits.h"
#include "server/base/trimmed.h"

namespace callbridge::webhook {
namespace {

namespace http = boost::beast::http;

// Removes the first line from the text and returns it without its end. Absent means that no line
// ends.
std::optional<std::string_view> TakeLine(std::string_view& text) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  if (line.ends_with('\r')) line.remove_suffix(1);
  text.remove_prefix(end + 1);
  return line;
}

// The characters of a header's name (RFC 9110 §5.6.2).
bool IsToken(std::string_view text) {
  constexpr std::string_view kMarks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::ranges::all_of(text, [kMarks](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           kMarks.find(c) != std::string_view::npos;
  });
}

// Reads "POST /path HTTP/1.1". Returns false if the line is none. A response's first line says
// nothing that is of use.
bool ReadFirstLine(std::string_view line, RequestHead& head) {
  if (line.starts_with("HTTP/")) return true;
  const std::size_t method_end = line.find(' ');
  const std::size_t target_end = line.rfind(' ');
  if (method_end == std::string_view::npos || target_end <= method_end ||
      !line.substr(target_end + 1).starts_with("HTTP/") || !IsToken(line.substr(0, method_end))) {
    return false;
  }
  head.method_string(BeastView(line.substr(0, method_end)));
  head.target(BeastView(line.substr(method_end + 1, target_end - method_end - 1)));
  return true;
}

bool ReadHeader(std::string_view line, RequestHead& head) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !IsToken(line.substr(0, colon))) return false;
  head.insert(BeastView(line.substr(0, colon)), BeastView(base::Trimmed(line.substr(colon + 1))));
  return true;
}

absl::StatusOr<std::string> JoinChunks(std::string_view chunks) {
  http::request_parser<http::string_body> parser;
  parser.eager(true);
  parser.body_limit(base::kWebhookBodyBytesMax);
  const std::string request =
      "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunks);
  boost::beast::error_code error;
  parser.put(boost::asio::buffer(request), error);
  if (!error && parser.is_done()) return parser.get().body();
  return absl::InvalidArgumentError(
      "the body is not chunked as Transfer-Encoding says; capture it again with every byte, or "
      "remove that header if the body stands there as a whole");
}

// Cuts the body to its announced length. A file often ends with a line break that was not sent.
void FitLength(std::string_view length, CapturedRequest& request) {
  std::uint64_t announced = 0;
  if (!absl::SimpleAtoi(absl::string_view(length.data(), length.size()), &announced)) return;
  if (request.body.size() < announced) {
    request.notes.push_back(
        absl::StrFormat("The body has %d bytes and Content-Length says %d: the capture is cut off, "
                        "or was changed.",
                        request.body.size(), announced));
  } else if (request.body.size() > announced) {
    request.notes.push_back(
        absl::StrFormat("What follows the %d bytes of Content-Length is left out.", announced));
    request.body.resize(static_cast<std::size_t>(announced));
  }
}

}  // namespace

absl::StatusOr<CapturedRequest> ReadCapturedRequest(std::string_view text) {
  CapturedRequest request;
  request.head.method(http::verb::post);
  std::size_t fields = 0;
  std::size_t bytes = 0;
  for (int number = 1;; ++number) {
    const std::optional<std::string_view> line = TakeLine(text);
    if (!line.has_value()) {
      return absl::InvalidArgumentError(
          "no empty line ends the headers; the file must hold the request as it came: headers, an "
          "empty line, and the body");
    }
    if (line->empty()) break;
    bytes += line->size();
    if (bytes > base::kWebhookHeaderBytesMax) {
      return absl::InvalidArgumentError("the headers are larger than the ingress takes");
    }
    if (number == 1 && ReadFirstLine(*line, request.head)) continue;
    if (++fields > static_cast<std::size_t>(base::kWebhookHeaderFieldsMax)) {
      return absl::InvalidArgumentError("there are more headers than the ingress takes");
    }
    if (!ReadHeader(*line, request.head)) {
      return absl::InvalidArgumentError(absl::StrFormat(
          "line %d is no header \"Name: value\"; the file must hold the request as it came: "
          "headers, an empty line, and the body",
          number));
    }
  }
  if (request.head.count(http::field::transfer_encoding) > 0) {
    auto joined = JoinChunks(text);
    if (!joined.ok()) return joined.status();
    request.body = *std::move(joined);
    return request;
  }
  request.body = std::string(text);
  FitLength(View(request.head[http::field::content_length]), request);
  return request;
}

}  // namespace callbridge::webhook
