#include "tests/simulator/control.h"

#include <simdjson.h>

#include <functional>
#include <utility>
#include <vector>

#include "tests/simulator/json_writer.h"
#include "tests/simulator/named.h"

namespace callbridge::simulator {
namespace {

Response Reply(int status, std::string body) {
  Response response;
  response.status = status;
  response.body = std::move(body);
  return response;
}

Response ReplyError(int status, std::string_view why) {
  return Reply(status, "{\"error\":" + QuoteJson(why) + "}");
}

Response ReplyDone(const absl::Status& status) {
  if (status.ok()) return Reply(200, "{}");
  return ReplyError(status.code() == absl::StatusCode::kNotFound ? 404 : 400,
                    std::string(status.message()));
}

// As a row or a script takes it: true is "yes", 3 is "3".
absl::StatusOr<std::string> ReadValue(const simdjson::dom::element& value) {
  std::string_view text;
  bool flag = false;
  double number = 0;
  if (value.get(text) == simdjson::SUCCESS) return std::string(text);
  if (value.get(flag) == simdjson::SUCCESS) return std::string(flag ? "yes" : "no");
  if (value.get(number) == simdjson::SUCCESS) return FormatNumber(number);
  return absl::InvalidArgumentError("must be a text, a number or true or false");
}

using Set = std::function<absl::Status(std::string_view name, std::string_view value)>;

// All members in order; stops at the first that is wrong.
absl::Status SetAll(const simdjson::dom::object& body, const Set& set) {
  for (const auto member : body) {
    const auto value = ReadValue(member.value);
    if (!value.ok()) {
      return absl::InvalidArgumentError(std::string(member.key) + ": " +
                                        std::string(value.status().message()));
    }
    const absl::Status done = set(member.key, *value);
    if (!done.ok()) return done;
  }
  return absl::OkStatus();
}

template <typename Struct>
std::string WriteValues(const std::vector<Named<Struct>>& rows, const Struct& values) {
  JsonWriter writer;
  writer.BeginObject();
  for (const Named<Struct>& row : rows) writer.Text(row.name, row.get(values));
  writer.EndObject();
  return writer.Take();
}

Response StartCall(Model& model, const simdjson::dom::object& body, base::Time now) {
  IncomingCall incoming;
  const absl::Status read =
      SetAll(body, [&](std::string_view name, std::string_view value) -> absl::Status {
        if (name == "from") {
          incoming.from = value;
        } else if (name == "to") {
          incoming.to = value;
        } else if (name == "configuration") {
          incoming.configuration = value;
        } else if (name == "hangs-up-after") {
          const auto duration = ParseDuration(value);
          if (!duration.ok()) return duration.status();
          incoming.hangs_up = *duration;
        } else {
          return absl::InvalidArgumentError(
              "an incoming call has from, to, hangs-up-after and configuration only");
        }
        return absl::OkStatus();
      });
  if (!read.ok()) return ReplyDone(read);
  if (incoming.from.empty() || incoming.to.empty()) {
    return ReplyError(400, "an incoming call needs from and to");
  }
  const std::string call_id = model.StartIncomingCall(incoming, now);
  return Reply(201, "{\"callId\":" + QuoteJson(call_id) + "}");
}

Response HandleGet(const Model& model, std::string_view path, const WebhookCounts& webhooks) {
  const World& world = model.world();
  if (path == "state") return Reply(200, WriteState(world, webhooks));
  if (path == "requests") return Reply(200, WriteRequests(world));
  if (path == "switches") return Reply(200, WriteValues(SwitchRows(), world.settings.switches));
  if (path == "faults") return Reply(200, WriteValues(FaultRows(), world.settings.faults));
  if (path == "delays") return Reply(200, WriteValues(DelayRows(), world.settings.delays));
  return ReplyError(404, "GET knows state, requests, switches, faults and delays");
}

}  // namespace

Response HandleControl(Model& model, const Request& request, const WebhookCounts& webhooks,
                       base::Time now) {
  constexpr std::string_view kPrefix = "/control/";
  std::string_view path = request.target;
  path.remove_prefix(std::min(kPrefix.size(), path.size()));
  if (request.method == "GET") return HandleGet(model, path, webhooks);
  if (request.method != "POST") return ReplyError(400, "only GET and POST are served here");
  simdjson::dom::parser parser;
  simdjson::dom::object body;
  const std::string text = request.body.empty() ? "{}" : request.body;
  if (parser.parse(text).get(body) != simdjson::SUCCESS) {
    return ReplyError(400, "the body is no JSON object");
  }
  if (path == "incoming-call") return StartCall(model, body, now);
  if (path == "hangup") {
    std::string_view call_id;
    if (body["callId"].get(call_id) != simdjson::SUCCESS) {
      return ReplyError(400, "hangup needs callId");
    }
    return ReplyDone(model.PersonHangsUp(std::string(call_id), now));
  }
  const std::pair<std::string_view, Set> setters[] = {
      {"switches", [&](auto name, auto value) { return model.SetSwitch(name, value); }},
      {"faults", [&](auto name, auto value) { return model.SetFault(name, value); }},
      {"delays", [&](auto name, auto value) { return model.SetDelay(name, value); }},
      {"people", [&](auto name, auto value) { return model.SetPerson(name, value); }},
  };
  for (const auto& [name, set] : setters) {
    if (path == name) return ReplyDone(SetAll(body, set));
  }
  if (path == "reset-faults") {
    model.ClearFaults();
    return Reply(200, "{}");
  }
  if (path == "reset-journal") {
    model.ClearJournal();
    return Reply(200, "{}");
  }
  return ReplyError(404,
                    "POST knows incoming-call, hangup, switches, faults, delays, people, "
                    "reset-faults and reset-journal");
}

}  // namespace callbridge::simulator
