#include "server/provider/http_message.h"

#include <absl/strings/ascii.h>
#include <absl/strings/str_format.h>

namespace callbridge::provider {

const char* NameOf(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kHead:
      return "HEAD";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
    case Method::kPatch:
      return "PATCH";
    case Method::kDelete:
      return "DELETE";
  }
  return "";
}

bool IsAnswered(const HttpAnswer& answer, int http_status) {
  return answer.code == CURLE_OK && answer.http_status == http_status;
}

HttpAnswer LateAnswer() {
  HttpAnswer late;
  late.code = CURLE_OPERATION_TIMEDOUT;
  late.request_left = true;
  return late;
}

std::string EscapeForUrl(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte) || std::string_view("-._~").find(c) != std::string_view::npos) {
      escaped += c;
    } else {
      escaped += absl::StrFormat("%%%02X", byte);
    }
  }
  return escaped;
}

}  // namespace callbridge::provider
