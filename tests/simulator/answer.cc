#include "tests/simulator/answer.h"

#include <chrono>
#include <utility>

#include "tests/simulator/json_writer.h"

namespace callbridge::simulator {
namespace {

std::string_view MessageIdOf(int status) {
  switch (status) {
    case 400:
      return "BAD_REQUEST";
    case 401:
      return "UNAUTHORIZED";
    case 403:
      return "FORBIDDEN";
    case 404:
      return "NOT_FOUND";
    case 429:
      return "TOO_MANY_REQUESTS";
    default:
      return "GENERAL_ERROR";
  }
}

std::string WriteError(int status, std::string_view text, const ValidationErrors& errors) {
  JsonWriter writer;
  writer.BeginObject();
  writer.BeginObject("requestError");
  writer.BeginObject("serviceException");
  writer.Text("messageId", MessageIdOf(status));
  writer.Text("text", text);
  if (!errors.empty()) {
    writer.BeginObject("validationErrors");
    for (const auto& [field, messages] : errors) {
      writer.BeginArray(field);
      for (const std::string& message : messages) writer.String(message);
      writer.EndArray();
    }
    writer.EndObject();
  }
  writer.EndObject();
  writer.EndObject();
  writer.EndObject();
  return writer.Take();
}

// The newer shape of an error, docs/provider.md §1.4.
std::string WriteThrottled() {
  JsonWriter writer;
  writer.BeginObject();
  writer.Text("errorCode", "E429");
  writer.Text("description", "Too many requests sent.");
  writer.Text("action", "Check the rate limit of the operation and send fewer requests.");
  writer.BeginArray("violations");
  writer.EndArray();
  writer.BeginArray("resources");
  writer.EndArray();
  writer.EndObject();
  return writer.Take();
}

Answer RefuseGone(GoneStatus status, std::string_view what) {
  if (status == GoneStatus::kNotFound) return RefuseUnknown();
  return RefuseRequest(400, what);
}

}  // namespace

Answer RefuseRequest(int status, std::string_view text) {
  return {status, WriteError(status, text, {}), ""};
}

Answer RefuseUnknown() { return RefuseRequest(404, "Resource was not found."); }

Answer RefuseInvalid(const ValidationErrors& errors) {
  std::string violation;
  for (const auto& [field, messages] : errors) {
    for (const std::string& message : messages) {
      violation += (violation.empty() ? "" : "; ") + field + " " + message;
    }
  }
  return {400, WriteError(400, "Request is invalid.", errors), violation};
}

Answer RefuseThrottled(const World& world) {
  if (world.settings.switches.throttle_body == ThrottleBody::kOld) {
    return RefuseRequest(429, "Too many requests");
  }
  return {429, WriteThrottled(), ""};
}

Answer AcceptAction(const World& world) {
  switch (world.settings.switches.action_status) {
    case ActionStatus::kPending:
      return {200, R"({"status":"PENDING"})", ""};
    case ActionStatus::kCompleted:
      return {200, R"({"status":"COMPLETED"})", ""};
    case ActionStatus::kInProgress:
      break;
  }
  return {200, R"({"status":"IN_PROGRESS"})", ""};
}

bool IsElsewhere(const World& world, const ParsedRequest& request, const std::string& base_url) {
  if (!world.settings.switches.sticky_base_url || request.host.empty()) return false;
  const std::size_t scheme = base_url.find("://");
  return scheme != std::string::npos && base_url.substr(scheme + 3) != request.host;
}

Call* FindLiveCall(World& world, const ParsedRequest& request, Answer& answer) {
  Call* call = world.calls.Find(request.target.call_id);
  if (call == nullptr || IsElsewhere(world, request, call->base_url)) {
    answer = RefuseUnknown();
    return nullptr;
  }
  if (!call->ended()) return call;
  answer = RefuseGone(world.settings.switches.ended_call, "Call has ended.");
  return nullptr;
}

Conference* FindLiveConference(World& world, const ParsedRequest& request, Answer& answer) {
  Conference* conference = world.conferences.Find(request.target.conference_id);
  if (conference == nullptr || IsElsewhere(world, request, conference->base_url)) {
    answer = RefuseUnknown();
    return nullptr;
  }
  if (!conference->ended()) return conference;
  answer = RefuseGone(world.settings.switches.ended_conference, "Conference has finished.");
  return nullptr;
}

std::string ReadText(const simdjson::dom::object& object, std::string_view name) {
  std::string_view text;
  return object[name].get(text) == simdjson::SUCCESS ? std::string(text) : "";
}

std::optional<std::int64_t> ReadInteger(const simdjson::dom::object& object,
                                        std::string_view name) {
  std::int64_t number = 0;
  if (object[name].get(number) != simdjson::SUCCESS) return std::nullopt;
  return number;
}

std::optional<base::Duration> ReadSeconds(const simdjson::dom::object& object,
                                          std::string_view name) {
  const auto seconds = ReadInteger(object, name);
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

std::optional<bool> ReadFlag(const simdjson::dom::object& object, std::string_view name) {
  bool flag = false;
  if (object[name].get(flag) != simdjson::SUCCESS) return std::nullopt;
  return flag;
}

std::map<std::string, std::string> ReadTextMap(const simdjson::dom::object& object,
                                               std::string_view name) {
  std::map<std::string, std::string> map;
  for (const auto entry : ReadObject(object, name)) {
    std::string_view text;
    if (entry.value.get(text) == simdjson::SUCCESS) map[std::string(entry.key)] = text;
  }
  return map;
}

simdjson::dom::object ReadObject(const simdjson::dom::object& object, std::string_view name) {
  simdjson::dom::object found;
  if (object[name].get(found) == simdjson::SUCCESS) return found;
  // An object that lives as long as the program: simdjson's objects are views into their parser.
  static const simdjson::dom::object empty = [] {
    static simdjson::dom::parser parser;
    return simdjson::dom::object(parser.parse(std::string("{}")).get_object());
  }();
  return empty;
}

bool Has(const simdjson::dom::object& object, std::string_view name) {
  simdjson::dom::element found;
  return object[name].get(found) == simdjson::SUCCESS;
}

Platform ReadPlatform(const simdjson::dom::object& body) {
  const simdjson::dom::object platform = ReadObject(body, "platform");
  return {ReadText(platform, "entityId"), ReadText(platform, "applicationId")};
}

Role ReadRole(const simdjson::dom::object& body) {
  Role role;
  if (!Has(body, "role")) return role;
  const simdjson::dom::object given = ReadObject(body, "role");
  role.type = ReadText(given, "type");
  simdjson::dom::array advise;
  if (given["advise"].get(advise) == simdjson::SUCCESS) {
    for (const simdjson::dom::element call_id : advise) {
      std::string_view text;
      if (call_id.get(text) == simdjson::SUCCESS) role.advise.emplace_back(text);
    }
  }
  return role;
}

void UpdateCustomData(const World& world, Call& call, const simdjson::dom::object& body) {
  if (!Has(body, "customData")) return;
  std::map<std::string, std::string> given = ReadTextMap(body, "customData");
  if (world.settings.switches.custom_data == CustomData::kMerge) {
    // What stays is added to what was given, so that the given values win.
    given.insert(call.custom_data.begin(), call.custom_data.end());
  }
  call.custom_data = std::move(given);
}

}  // namespace callbridge::simulator
