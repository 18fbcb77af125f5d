// Strangers at the door of a world and beside it: rubbish and forged webhooks at the ingress, and
// others on the same account, of whom the service must leave everything alone.
#include <absl/strings/str_cat.h>

#include <chrono>

#include "tests/simulation/world.h"

namespace callbridge::simulation {

using std::chrono::seconds;

bool World::IsNeighbours(const simulator::Conference& conference) {
  return conference.name.starts_with("neighbour/");
}

void World::ScheduleStrangers() {
  for (int i = 1; i <= 5; ++i) {
    const seconds when(3 * i);
    if (plan_.rubbish) {
      After(when, [this] {
        std::string body = random_.Chance(0.5) ? "{\"type\":\"CALL_" : "";
        for (int left = 20; left > 0; --left) body += static_cast<char>(random_.Next() % 256);
        ingresses_.front()->Receive(body);
      });
    }
    if (plan_.forged) {
      After(when, [this] {
        // A call that nobody made.
        ingresses_.back()->ReceiveForged(absl::StrCat(
            R"({"type":"CALL_RECEIVED","callId":"forged","callsConfigurationId":"bridge",)",
            R"("properties":{"call":{"id":"forged","to":")", RoutedNumber(0), R"("}}})"));
      });
    }
  }
  if (plan_.neighbours) After(seconds(2), [this] { CallNeighbours(); });
}

// Others on the same account: a call in a configuration of their own, a call and a conference in
// ours with another service's mark.
void World::CallNeighbours() {
  for (const char* configuration : {"foreign", "bridge"}) {
    simulator::Request request;
    request.method = "POST";
    request.target = "/calls/1/calls";
    request.authorization = "App key";
    request.body = absl::StrCat(
        R"({"endpoint":{"type":"PHONE","phoneNumber":"447700900999"},"from":"442079460099",)", "\"",
        simulator::ConfigurationField(model_.world()), R"(":")", configuration,
        R"(","customData":{"service":"neighbour","session":"s_1"}})");
    model_.HandleRequest(request, now());
  }
  const auto& calls = model_.world().calls.things();
  for (const auto& [number, call] : calls) {
    const auto service = call.custom_data.find("service");
    if (service == call.custom_data.end() || service->second != "neighbour") continue;
    checker_.OnForeign(call.id);
  }
  ingresses_.back()->Receive(absl::StrCat(
      R"({"type":"CALL_RECEIVED","callId":"neighbours-call",")",
      simulator::ConfigurationField(model_.world()), R"(":"foreign",)",
      R"("properties":{"call":{"id":"neighbours-call","to":")", RoutedNumber(0), R"("}}})"));
  simulator::Request request;
  request.method = "POST";
  request.target = "/calls/1/conferences";
  request.authorization = "App key";
  request.body = absl::StrCat(R"({"name":"neighbour/s_1",")",
                              simulator::ConfigurationField(model_.world()), R"(":"bridge"})");
  model_.HandleRequest(request, now());
  for (const auto& [number, conference] : model_.world().conferences.things()) {
    if (IsNeighbours(conference)) checker_.OnForeign(conference.id);
  }
}

}  // namespace callbridge::simulation
