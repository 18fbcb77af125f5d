// The provider's answers to requests, and the reading of validated bodies. Knows the shapes of
// docs/provider.md §1.4 and §3.0 and nothing about any operation.
#pragma once

#include <simdjson.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "tests/simulator/operations.h"
#include "tests/simulator/schema.h"
#include "tests/simulator/world.h"

namespace callbridge::simulator {

struct Answer {
  int status = 200;
  std::string body;
  // No correct client sends such a request. Wrong states are no violation.
  std::string violation;
};

// What a handler gets: the route is matched, body and query are valid.
struct ParsedRequest {
  Target target;
  simdjson::dom::object body;
  // Of the Host header; empty if unknown.
  std::string host;
  // The whole header Content-Type, and the body, of an operation that takes a form.
  std::string content_type;
  std::string form;
};

Answer RefuseRequest(int status, std::string_view text);
// 404: nothing that the client may see has this id.
Answer RefuseUnknown();
Answer RefuseInvalid(const ValidationErrors& errors);
// 429, with a body by the switch throttle-body.
Answer RefuseThrottled(const World& world);
// {"status": …} by the switch action-status.
Answer AcceptAction(const World& world);

// The call or conference that the path names, if it is alive and here; else the answer.
Call* FindLiveCall(World& world, const ParsedRequest& request, Answer& answer);
Conference* FindLiveConference(World& world, const ParsedRequest& request, Answer& answer);
// Also if it has ended.
bool IsElsewhere(const World& world, const ParsedRequest& request, const std::string& base_url);

std::string ReadText(const simdjson::dom::object& object, std::string_view name);
std::optional<std::int64_t> ReadInteger(const simdjson::dom::object& object, std::string_view name);
std::optional<base::Duration> ReadSeconds(const simdjson::dom::object& object,
                                          std::string_view name);
std::optional<bool> ReadFlag(const simdjson::dom::object& object, std::string_view name);
std::map<std::string, std::string> ReadTextMap(const simdjson::dom::object& object,
                                               std::string_view name);
// An empty object if absent.
simdjson::dom::object ReadObject(const simdjson::dom::object& object, std::string_view name);
bool Has(const simdjson::dom::object& object, std::string_view name);

Platform ReadPlatform(const simdjson::dom::object& body);
Role ReadRole(const simdjson::dom::object& body);
// By the switch custom-data.
void UpdateCustomData(const World& world, Call& call, const simdjson::dom::object& body);

}  // namespace callbridge::simulator
