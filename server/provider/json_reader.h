// Reads members of JSON objects as the provider writes them: a member that is absent, null or of
// another type is simply not there. A thin layer over simdjson's document interface.
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

// A document and the memory that its elements live in. It may be used for one text after another.
class JsonDocument {
 public:
  // INVALID_ARGUMENT, saying why: no JSON, or no object at the top. Bad text inside a string is
  // read as U+FFFD.
  absl::Status Parse(std::string_view text);
  const JsonObject& object() const { return object_; }

 private:
  simdjson::dom::parser parser_;
  JsonObject object_;
};

// U+0000 is a character of JSON's, but the end of a text for C, and databases refuse it: it becomes
// U+FFFD.
std::string WithoutNull(std::string_view text);
// A string, or a whole number written out. Empty if absent. Valid UTF-8, as simdjson accepts
// nothing else, and WithoutNull.
std::string Text(const JsonElement& element);
std::string Text(const JsonObject& object, std::string_view name);
// A text, or the last one of an array that is not empty.
std::string LastText(const JsonObject& object, std::string_view name);
std::optional<std::int64_t> Integer(const JsonObject& object, std::string_view name);
std::optional<bool> Bool(const JsonObject& object, std::string_view name);
std::optional<JsonObject> Object(const JsonObject& object, std::string_view name);
std::optional<JsonArray> Array(const JsonObject& object, std::string_view name);
// A date-time of docs/provider.md §1.3: "+0000", "+00:00" or "Z", with 0 to 9 digits of a second's
// fraction. Absent too: outside 1970 to 2261.
std::optional<base::Time> Moment(const JsonObject& object, std::string_view name);
std::optional<base::Time> ParseTime(std::string_view text);

}  // namespace callbridge::provider
