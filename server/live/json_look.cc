#include "server/live/json_look.h"

#include <algorithm>
#include <optional>

#include "server/provider/json_reader.h"

namespace callbridge::live {
namespace {

using provider::JsonArray;
using provider::JsonElement;
using provider::JsonObject;

bool HoldsNull(const JsonElement& element) {
  if (element.is_null()) return true;
  JsonObject object;
  if (element.get(object) == simdjson::SUCCESS) {
    return std::any_of(object.begin(), object.end(),
                       [](const auto& member) { return HoldsNull(member.value); });
  }
  JsonArray array;
  if (element.get(array) != simdjson::SUCCESS) return false;
  return std::any_of(array.begin(), array.end(),
                     [](const JsonElement& item) { return HoldsNull(item); });
}

}  // namespace

std::string At(std::string_view json, const std::string& pointer) {
  provider::JsonDocument document;
  JsonElement found;
  if (!document.Parse(json).ok()) return "";
  if (document.object().at_pointer(pointer).get(found) != simdjson::SUCCESS) return "";
  bool flag = false;
  if (found.get(flag) == simdjson::SUCCESS) return flag ? "true" : "false";
  return provider::Text(found);
}

Presence PresenceAt(std::string_view json, const std::string& pointer) {
  provider::JsonDocument document;
  JsonElement found;
  if (!document.Parse(json).ok()) return Presence::kAbsent;
  if (document.object().at_pointer(pointer).get(found) != simdjson::SUCCESS) {
    return Presence::kAbsent;
  }
  JsonArray array;
  if (found.get(array) == simdjson::SUCCESS) {
    return array.begin() == array.end() ? Presence::kEmpty : Presence::kFilled;
  }
  JsonObject object;
  if (found.get(object) != simdjson::SUCCESS) return Presence::kAbsent;
  return object.begin() == object.end() ? Presence::kEmpty : Presence::kFilled;
}

bool HasNull(std::string_view json) {
  provider::JsonDocument document;
  if (!document.Parse(json).ok()) return false;
  const JsonObject& object = document.object();
  return std::any_of(object.begin(), object.end(),
                     [](const auto& member) { return HoldsNull(member.value); });
}

}  // namespace callbridge::live
