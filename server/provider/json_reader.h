// Reads members of JSON objects as the provider writes them. A member that is absent, null or of
// another type counts as absent. It is a thin layer over simdjson's document interface.
#pragma once

#include <absl/status/status.h>
#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "server/base/time.h"

namespace callbridge::provider {

using JsonElement = simdjson::dom::element;
using JsonObject = simdjson::dom::object;
using JsonArray = simdjson::dom::array;

// A document and the memory of its elements. It may be used for one text after another.
class JsonDocument {
 public:
  // Parses the text. INVALID_ARGUMENT says why: the text is not JSON, or its top is not an object.
  // Invalid text inside a string is read as U+FFFD.
  absl::Status Parse(std::string_view text);
  const JsonObject& object() const { return object_; }

 private:
  simdjson::dom::parser parser_;
  JsonObject object_;
};

// Replaces U+0000 by U+FFFD. JSON allows it, but C ends a text there, and databases refuse it.
std::string WithoutNull(std::string_view text);
// Returns a string, or a whole number in digits; empty if absent. The text is valid UTF-8, because
// simdjson accepts only that, and holds no U+0000.
std::string Text(const JsonElement& element);
std::string Text(const JsonObject& object, std::string_view name);
// Returns a text, or the last text of an array that is not empty.
std::string LastText(const JsonObject& object, std::string_view name);
std::optional<std::int64_t> Integer(const JsonObject& object, std::string_view name);
std::optional<bool> Bool(const JsonObject& object, std::string_view name);
std::optional<JsonObject> Object(const JsonObject& object, std::string_view name);
std::optional<JsonArray> Array(const JsonObject& object, std::string_view name);
// Reads a date-time of docs/provider.md §1.3: "+0000", "+00:00" or "Z", with 0 to 9 digits of a
// second's fraction. A time outside of 1970 to 2261 counts as absent.
std::optional<base::Time> Moment(const JsonObject& object, std::string_view name);
std::optional<base::Time> ParseTime(std::string_view text);

}  // namespace callbridge::provider
