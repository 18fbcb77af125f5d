#include "server/provider/json_reader.h"

#include <absl/time/time.h>

#include "server/base/json_repair.h"

namespace callbridge::provider {
namespace {

// Later the nanoseconds since 1970 do not fit into 64 bits.
constexpr absl::CivilSecond kTimesEnd(2262, 1, 1);

template <typename Value>
std::optional<Value> Get(const JsonObject& object, std::string_view name) {
  Value value;
  if (object.at_key(name).get(value) != simdjson::SUCCESS) return std::nullopt;
  return value;
}

}  // namespace

bool JsonDocument::Parse(std::string_view text) {
  if (parser_.parse(text.data(), text.size()).get(object_) == simdjson::SUCCESS) return true;
  // What is bad in one text spoils that text, not the answer.
  const std::string repaired = base::RepairJson(text);
  return repaired != text && parser_.parse(repaired).get(object_) == simdjson::SUCCESS;
}

std::string Text(const JsonObject& object, std::string_view name) {
  return std::string(Get<std::string_view>(object, name).value_or(""));
}

std::optional<std::int64_t> Integer(const JsonObject& object, std::string_view name) {
  return Get<std::int64_t>(object, name);
}

std::optional<JsonObject> Object(const JsonObject& object, std::string_view name) {
  return Get<JsonObject>(object, name);
}

std::optional<JsonArray> Array(const JsonObject& object, std::string_view name) {
  return Get<JsonArray>(object, name);
}

std::optional<base::Time> Moment(const JsonObject& object, std::string_view name) {
  absl::Time time;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, Text(object, name), &time, &error)) return std::nullopt;
  // ParseTime also takes the words for the ends of time, and years whose nanoseconds do not fit.
  if (time < absl::UnixEpoch() || time >= absl::FromCivil(kTimesEnd, absl::UTCTimeZone())) {
    return std::nullopt;
  }
  return base::Time(base::Duration(absl::ToUnixNanos(time)));
}

}  // namespace callbridge::provider
