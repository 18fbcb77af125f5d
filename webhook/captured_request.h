// A request that an operator captured, for example by "nc -l 8081 > FILE" in the place of the
// ingress. docs/operations.md describes the format.
#pragma once

#include <absl/status/statusor.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "server/base/ingress_limits.h"
#include "webhook/http_rules.h"

namespace callbridge::webhook {

// The bytes of a capture: a request that the ingress takes, with a margin for the framing of
// chunks.
inline constexpr std::size_t kCapturedRequestBytesMax =
    base::kWebhookHeaderBytesMax + 2 * base::kWebhookBodyBytesMax;

struct CapturedRequest {
  // Without a first line in the capture it is a POST without a path.
  RequestHead head;
  // The body's bytes; chunks are joined.
  std::string body;
  // What is strange about the capture: sentences for the operator.
  std::vector<std::string> notes;
};

// Reads a first line (which may be missing, or be that of a response), headers, an empty line and
// the body. Lines may end with or without a carriage return. INVALID_ARGUMENT names the line that
// is no header, and never shows it. Pure.
absl::StatusOr<CapturedRequest> ReadCapturedRequest(std::string_view text);

}  // namespace callbridge::webhook
