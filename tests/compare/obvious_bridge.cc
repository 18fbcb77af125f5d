#include "tests/compare/obvious_bridge.h"

#include <simdjson.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace callbridge::compare {
namespace {

using std::chrono::seconds;

constexpr seconds kBeforeRetry{1};
// The provider's own ring timeout of 15 s, and something for its way.
constexpr seconds kRingMax{20};

std::string TextAt(const std::string& json, std::string_view pointer) {
  simdjson::dom::parser parser;
  std::string_view text;
  const auto error = parser.parse(json).at_pointer(pointer).get(text);
  return error == simdjson::SUCCESS ? std::string(text) : std::string();
}

void Ignore(const std::string& /*body*/) {}

}  // namespace

void ObviousBridge::OnEvent(const simulator::Delivery& event) {
  if (event.type == "CALL_RECEIVED") return OnCallReceived(event);
  const auto by_caller = bridges_.find(event.call_id);
  if (by_caller != bridges_.end()) return OnCallerEvent(by_caller->second, event.type);
  const auto by_callee = of_callee_.find(event.call_id);
  if (by_callee != of_callee_.end()) OnCalleeEvent(*by_callee->second, event.type);
}

void ObviousBridge::OnCallReceived(const simulator::Delivery& event) {
  Bridge& bridge = bridges_[event.call_id];
  bridge.number = TextAt(event.body, "/properties/call/to");
  bridge.caller = event.call_id;
  Send("POST", "/calls/1/calls/" + bridge.caller + "/answer", "{}", [this, &bridge](const auto&) {
    Send("POST", "/calls/1/conferences", R"({"callsConfigurationId":"bridge"})",
         [this, &bridge](const std::string& body) {
           bridge.conference = TextAt(body, "/id");
           Send("PUT", "/calls/1/conferences/" + bridge.conference + "/call/" + bridge.caller, "",
                Ignore);
         });
  });
}

void ObviousBridge::OnCallerEvent(Bridge& bridge, const std::string& type) {
  if (type == "PARTICIPANT_JOINED") {
    Say(bridge, "Please hold.");
  } else if (type == "SAY_FINISHED") {
    if (bridge.failed) return End(bridge);
    if (!bridge.connected) Dial(bridge);
  } else if (type == "PLAY_FINISHED") {
    if (bridge.connected) Say(bridge, "Here they are.");
    if (bridge.failed) Say(bridge, "Nobody there.");
  } else if (type == "CALL_FINISHED" || type == "CALL_FAILED") {
    End(bridge);
  }
}

void ObviousBridge::OnCalleeEvent(Bridge& bridge, const std::string& type) {
  if (type == "PARTICIPANT_JOINED") {
    bridge.connected = true;
    StopMusic(bridge);
  } else if (type == "CALL_FAILED") {
    Fail(bridge);
  } else if (type == "CALL_FINISHED") {
    End(bridge);
  }
}

void ObviousBridge::Dial(Bridge& bridge) {
  Send("POST", "/calls/1/calls/" + bridge.caller + "/play",
       R"({"content":{"type":"FILE","fileId":"whales"},"loopCount":3})", Ignore);
  const std::string request = R"({"callRequest":{"endpoint":{"type":"PHONE","phoneNumber":")" +
                              callees_.at(bridge.number) +
                              R"("},"from":"442079460010","connectTimeout":15}})";
  Send("POST", "/calls/1/conferences/" + bridge.conference + "/call", request,
       [this, &bridge](const std::string& body) {
         bridge.callee = TextAt(body, "/call/id");
         of_callee_[bridge.callee] = &bridge;
       });
  agenda_.At(clock_.Now() + kRingMax, [this, &bridge] {
    if (!bridge.connected && !bridge.failed) Fail(bridge);
  });
}

void ObviousBridge::Say(Bridge& bridge, const std::string& text) {
  Send("POST", "/calls/1/calls/" + bridge.caller + "/say",
       R"({"text":")" + text + R"(","language":"en"})", Ignore);
}

void ObviousBridge::StopMusic(Bridge& bridge) {
  Send("POST", "/calls/1/calls/" + bridge.caller + "/stop-play", "{}", Ignore);
}

void ObviousBridge::Fail(Bridge& bridge) {
  bridge.failed = true;
  StopMusic(bridge);
}

void ObviousBridge::End(Bridge& bridge) {
  bridge.ended = true;
  Send("POST", "/calls/1/conferences/" + bridge.conference + "/hangup", "", Ignore);
}

int ObviousBridge::ended() const {
  return static_cast<int>(std::count_if(bridges_.begin(), bridges_.end(),
                                        [](const auto& one) { return one.second.ended; }));
}

void ObviousBridge::Send(const std::string& method, const std::string& path,
                         const std::string& body, const Then& then, int attempts) {
  simulator::Request request;
  request.method = method;
  request.target = path;
  request.body = body;
  request.authorization = "App key";
  const simulator::Response response = model_.HandleRequest(request, clock_.Now());
  if (!response.reset && response.status < 300) {
    agenda_.At(clock_.Now() + response.delay, [then, answer = response.body] { then(answer); });
  } else if (attempts > 1) {
    agenda_.At(clock_.Now() + response.delay + kBeforeRetry,
               [=, this] { Send(method, path, body, then, attempts - 1); });
  }
}

}  // namespace callbridge::compare
