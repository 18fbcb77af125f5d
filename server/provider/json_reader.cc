#include "server/provider/json_reader.h"

#include <absl/strings/str_cat.h>
#include <absl/time/time.h>

#include <utility>

#include "server/base/json_repair.h"
#include "server/base/utf8.h"

namespace callbridge::provider {
namespace {

// From this time on, nanoseconds since 1970 do not fit into 64 bits.
constexpr absl::CivilSecond kTimesEnd(2262, 1, 1);

template <typename Value>
std::optional<Value> Get(const JsonObject& object, std::string_view name) {
  Value value;
  if (object.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

}  // namespace

absl::Status JsonDocument::Parse(std::string_view text) {
  JsonElement root;
  auto error = parser_.parse(text.data(), text.size()).get(root);
  if (error) {
    // Invalid content in one text should affect only that text, and not the whole document.
    const std::string repaired = base::RepairJson(text);
    if (repaired != text) error = parser_.parse(repaired).get(root);
  }
  if (error) {
    return absl::InvalidArgumentError(
        absl::StrCat("it is not JSON: ", simdjson::error_message(error)));
  }
  if (root.get(object_) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("it is not an object");
  }
  return absl::OkStatus();
}

std::string WithoutNull(std::string_view text) {
  std::string whole;
  for (const char c : text) {
    if (c == '\0') {
      whole += base::kReplacementCharacter;
    } else {
      whole += c;
    }
  }
  return whole;
}

std::string Text(const JsonElement& element) {
  switch (element.type()) {
    case simdjson::dom::element_type::STRING:
      return WithoutNull(element.get_string().value_unsafe());
    case simdjson::dom::element_type::INT64:
      return std::to_string(element.get_int64().value_unsafe());
    case simdjson::dom::element_type::UINT64:
      return std::to_string(element.get_uint64().value_unsafe());
    default:
      return {};
  }
}

std::string Text(const JsonObject& object, std::string_view name) {
  const std::optional<JsonElement> found = Get<JsonElement>(object, name);
  return found ? Text(*found) : std::string();
}

std::string LastText(const JsonObject& object, std::string_view name) {
  const std::optional<JsonArray> array = Array(object, name);
  if (!array) return Text(object, name);
  std::string last;
  for (const JsonElement element : *array) {
    std::string text = Text(element);
    if (!text.empty()) last = std::move(text);
  }
  return last;
}

std::optional<std::int64_t> Integer(const JsonObject& object, std::string_view name) {
  return Get<std::int64_t>(object, name);
}

std::optional<bool> Bool(const JsonObject& object, std::string_view name) {
  return Get<bool>(object, name);
}

std::optional<JsonObject> Object(const JsonObject& object, std::string_view name) {
  return Get<JsonObject>(object, name);
}

std::optional<JsonArray> Array(const JsonObject& object, std::string_view name) {
  return Get<JsonArray>(object, name);
}

std::optional<base::Time> Moment(const JsonObject& object, std::string_view name) {
  return ParseTime(Text(object, name));
}

std::optional<base::Time> ParseTime(std::string_view text) {
  absl::Time time;
  if (!absl::ParseTime(absl::RFC3339_full, absl::string_view(text.data(), text.size()), &time,
                       nullptr)) {
    return std::nullopt;
  }
  // ParseTime also accepts words for the ends of time, and years whose nanoseconds do not fit.
  if (time < absl::UnixEpoch() || time >= absl::FromCivil(kTimesEnd, absl::UTCTimeZone())) {
    return std::nullopt;
  }
  return base::Time(base::Duration(absl::ToUnixNanos(time)));
}

}  // namespace callbridge::provider
