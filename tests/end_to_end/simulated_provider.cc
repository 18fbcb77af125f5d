#include "tests/end_to_end/simulated_provider.h"

#include <absl/strings/str_format.h>
#include <gtest/gtest.h>
#include <simdjson.h>

#include <algorithm>

#include "tests/webhook/http_client.h"

namespace callbridge::end_to_end {
namespace {

using simdjson::dom::element;

std::string Text(const element& from, std::string_view name) {
  std::string_view text;
  return from[name].get(text) == simdjson::SUCCESS ? std::string(text) : std::string();
}

// -1 if it is missing, so that no comparison with zero passes by accident.
std::int64_t Number(const element& from, std::string_view name) {
  std::int64_t number = -1;
  return from[name].get(number) == simdjson::SUCCESS ? number : -1;
}

bool Flag(const element& from, std::string_view name) {
  bool flag = false;
  return from[name].get(flag) == simdjson::SUCCESS && flag;
}

SimulatedCall ReadCall(const element& from) {
  SimulatedCall call{Text(from, "id"),
                     Text(from, "to"),
                     Flag(from, "alive"),
                     Text(from, "error"),
                     Text(from, "hangupSource"),
                     "",
                     {}};
  element custom_data;
  if (from["customData"].get(custom_data) == simdjson::SUCCESS) {
    call.session = Text(custom_data, "session");
  }
  simdjson::dom::array timeline;
  if (from["timeline"].get(timeline) == simdjson::SUCCESS) {
    for (const element entry : timeline) call.timeline.push_back(Text(entry, "text"));
  }
  return call;
}

SimulatedWebhooks ReadWebhooks(const element& from) {
  return {Number(from, "refused"), Number(from, "failed"), Number(from, "givenUp"),
          Number(from, "waiting")};
}

}  // namespace

bool SimulatedCall::Went(std::string_view text) const {
  return std::any_of(timeline.begin(), timeline.end(),
                     [&](const std::string& entry) { return entry.starts_with(text); });
}

SimulatedCall SimulatorState::Call(std::string_view id) const {
  const auto found = std::find_if(calls.begin(), calls.end(),
                                  [&](const SimulatedCall& call) { return call.id == id; });
  if (found != calls.end()) return *found;
  ADD_FAILURE() << "the simulator knows no call " << id;
  return {};
}

std::vector<SimulatedCall> SimulatorState::CallsTo(std::string_view number) const {
  std::vector<SimulatedCall> found;
  std::copy_if(calls.begin(), calls.end(), std::back_inserter(found),
               [&](const SimulatedCall& call) { return call.to == number; });
  return found;
}

std::string SimulatedProvider::Ask(std::string_view method, std::string_view path,
                                   const std::string& body, int status) const {
  webhook::HttpClient client(port_);
  client.Send(
      absl::StrFormat("%s /control/%s HTTP/1.1\r\nHost: simulator\r\n"
                      "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                      std::string(method), std::string(path), body.size(), body));
  const webhook::HttpAnswer answer = client.Receive();
  EXPECT_EQ(answer.status, status) << path << " " << body << "\n" << answer.body;
  return answer.body;
}

std::string SimulatedProvider::StartCall(std::string_view from, std::string_view to,
                                         std::optional<double> hangs_up_after) const {
  // The provider writes numbers without "+" (docs/provider.md §1.3).
  const auto digits = [](std::string_view number) {
    return std::string(number.substr(number.starts_with('+') ? 1 : 0));
  };
  std::string body = absl::StrFormat("{\"from\":\"%s\",\"to\":\"%s\"", digits(from), digits(to));
  if (hangs_up_after) body += absl::StrFormat(",\"hangs-up-after\":\"%gs\"", *hangs_up_after);
  const std::string answer = Ask("POST", "incoming-call", body + "}", 201);
  simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(answer).get(parsed) != simdjson::SUCCESS) return "";
  return Text(parsed, "callId");
}

void SimulatedProvider::HangUp(std::string_view call_id) const {
  Ask("POST", "hangup", absl::StrFormat("{\"callId\":\"%s\"}", std::string(call_id)), 200);
}

void SimulatedProvider::Set(std::string_view path, Values values) const {
  std::string body;
  for (const auto& [name, value] : values) {
    body += absl::StrFormat("%s\"%s\":\"%s\"", body.empty() ? "{" : ",", std::string(name),
                            std::string(value));
  }
  Ask("POST", path, body + "}", 200);
}

void SimulatedProvider::SetPeople(Values people) const { Set("people", people); }

void SimulatedProvider::SetFaults(Values faults) const { Set("faults", faults); }

void SimulatedProvider::ClearFaults() const { Ask("POST", "reset-faults", "{}", 200); }

SimulatorState SimulatedProvider::State() const {
  SimulatorState state;
  state.text = Ask("GET", "state", "", 200);
  simdjson::dom::parser parser;
  element parsed;
  if (parser.parse(state.text).get(parsed) != simdjson::SUCCESS) {
    ADD_FAILURE() << "the simulator's state is no JSON";
    return state;
  }
  state.calls_alive = Number(parsed, "callsAlive");
  state.conferences_open = Number(parsed, "conferencesOpen");
  state.violations = Number(parsed, "violations");
  state.overlaps = Number(parsed, "overlaps");
  state.faults_struck = Number(parsed, "faultsStruck");
  element events;
  state.events_waiting =
      parsed["events"].get(events) == simdjson::SUCCESS ? Number(events, "waiting") : -1;
  element webhooks;
  if (parsed["webhooks"].get(webhooks) == simdjson::SUCCESS) {
    state.webhooks = ReadWebhooks(webhooks);
  }
  simdjson::dom::array calls;
  if (parsed["calls"].get(calls) == simdjson::SUCCESS) {
    for (const element call : calls) state.calls.push_back(ReadCall(call));
  }
  return state;
}

std::string SimulatedProvider::Requests() const { return Ask("GET", "requests", "", 200); }

std::string SimulatedProvider::Webhooks() const { return Ask("GET", "webhooks", "", 200); }

}  // namespace callbridge::end_to_end
