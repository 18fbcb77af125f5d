// What befalls a judged world besides faults: things that are usual where a service runs for years,
// and that people may not notice.
#include <absl/strings/str_cat.h>

#include <array>

#include "tests/simulation/world.h"
#include "tests/simulator/named.h"

namespace callbridge::simulation {

ServerClock::Kind World::ClockKindOf(const ServerPlan& server) const {
  // Seeds that tests know by number were drawn when the world's clock went back sometimes.
  if (server.clock_steps.empty() || options_.follows_machine_clock) {
    return ServerClock::Kind::kMachine;
  }
  return ServerClock::Kind::kService;
}

void World::PostNeedless(Storm::Kind kind) {
  constexpr std::array kTypes = {"CALL_MEDIA_CHANGED", "PARTICIPANT_MEDIA_CHANGED",
                                 "SPEECH_CAPTURED", "SPEECH_CAPTURED", "CALL_OF_THE_FUTURE"};
  Ingress& ingress = *ingresses_[pace_random_.Next() % ingresses_.size()];
  if (kind == Storm::Kind::kRepeated) {
    if (!posted_.empty()) ingress.Receive(posted_[pace_random_.Next() % posted_.size()]);
    return;
  }
  std::vector<const simulator::Call*> alive;
  for (const auto& [number, call] : model_.world().calls.things()) {
    if (!call.ended()) alive.push_back(&call);
  }
  if (alive.empty()) return;
  const simulator::Call& call = *alive[pace_random_.Next() % alive.size()];
  std::string conference;
  if (!call.conference_id.empty()) {
    conference = absl::StrCat(R"("conferenceId":")", call.conference_id, R"(",)");
  }
  ingress.Receive(absl::StrCat(R"({"type":")", kTypes[pace_random_.Next() % kTypes.size()],
                               R"(","callId":")", call.id, R"(",)", conference, R"("timestamp":")",
                               base::FormatTime(now()),
                               R"(","properties":{"audio":{"muted":false},"dtmf":"1"}})"));
}

void World::ScheduleHardships() {
  for (const Storm& storm : plan_.storms) {
    for (int i = 0; i < storm.events; ++i) {
      After(storm.begins + storm.lasts * i / storm.events,
            [this, kind = storm.kind] { PostNeedless(kind); });
    }
  }
  for (std::size_t i = 0; i < plan_.servers.size(); ++i) {
    for (const ClockStep& step : plan_.servers[i].clock_steps) {
      After(step.at, [this, i, by = step.by] {
        trace_.Note(now(), absl::StrCat("server-", i + 1),
                    absl::StrCat("has its clock set by ", simulator::FormatDuration(by)));
        servers_[i]->SetMachineClock(by);
      });
    }
  }
}

}  // namespace callbridge::simulation
