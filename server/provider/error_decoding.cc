#include "server/provider/error_decoding.h"

#include <array>
#include <utility>

#include "server/base/mask.h"
#include "server/provider/json_reader.h"

namespace callbridge::provider {
namespace {

// The two shapes of an error use different names for the same errors (docs/provider.md §1.4).
constexpr auto kErrorCodes = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"E400", "BAD_REQUEST"},
    {"E401", "UNAUTHORIZED"},
    {"E403", "FORBIDDEN"},
    {"E404", "NOT_FOUND"},
    {"E429", "TOO_MANY_REQUESTS"},
    {"E500", "GENERAL_ERROR"},
});

std::string OlderName(const std::string& code) {
  for (const auto& [newer, older] : kErrorCodes) {
    if (newer == code) return std::string(older);
  }
  return code;
}

// Reads "field: must not be null; field: …" from the older shape.
std::string ReadValidationErrors(const JsonObject& object) {
  std::string text;
  for (const auto field : object) {
    JsonArray reasons;
    if (field.value.get(reasons) != simdjson::SUCCESS) continue;
    for (const JsonElement element : reasons) {
      const std::string reason = Text(element);
      if (!reason.empty()) text += "; " + WithoutNull(field.key) + ": " + reason;
    }
  }
  return text;
}

std::string ReadViolations(const JsonArray& array) {
  std::string text;
  for (const JsonElement element : array) {
    JsonObject object;
    if (element.get(object) != simdjson::SUCCESS) continue;
    text += "; " + Text(object, "property") + ": " + Text(object, "violation");
  }
  return text;
}

}  // namespace

callbridge::v1::ProviderError DecodeError(std::string_view body) {
  callbridge::v1::ProviderError error;
  JsonDocument document;
  if (!document.Parse(body).ok()) return error;
  const JsonObject& object = document.object();
  std::string description;
  if (const std::string code = Text(object, "errorCode"); !code.empty()) {
    error.set_name(base::MaskProviderText(OlderName(code)));
    description = Text(object, "description");
    if (const auto violations = Array(object, "violations")) {
      description += ReadViolations(*violations);
    }
  } else if (const auto request_error = Object(object, "requestError")) {
    const auto exception = Object(*request_error, "serviceException");
    if (!exception.has_value()) return error;
    error.set_name(base::MaskProviderText(Text(*exception, "messageId")));
    description = Text(*exception, "text");
    if (const auto errors = Object(*exception, "validationErrors")) {
      description += ReadValidationErrors(*errors);
    }
  }
  error.set_description(base::MaskProviderText(description));
  return error;
}

}  // namespace callbridge::provider
