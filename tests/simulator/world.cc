#include "tests/simulator/world.h"

#include <algorithm>
#include <cmath>

#include "tests/simulator/limits.h"

namespace callbridge::simulator {

const char* ConfigurationField(const World& world) {
  return world.settings.switches.legacy_applications ? "applicationId" : "callsConfigurationId";
}

std::string NumberOf(const Endpoint& endpoint) {
  for (const char* name : {"phoneNumber", "identity", "username", "websocketEndpointConfigId"}) {
    const auto found = endpoint.members.find(name);
    if (found == endpoint.members.end()) continue;
    return found->second.starts_with('+') ? found->second.substr(1) : found->second;
  }
  return "";
}

std::string_view NameOf(CallState state) {
  switch (state) {
    case CallState::kCalling:
      return "CALLING";
    case CallState::kRinging:
      return "RINGING";
    case CallState::kPreEstablished:
      return "PRE_ESTABLISHED";
    case CallState::kEstablished:
      return "ESTABLISHED";
    case CallState::kFinished:
      return "FINISHED";
    case CallState::kFailed:
      return "FAILED";
    case CallState::kCancelled:
      return "CANCELLED";
    case CallState::kNoAnswer:
      return "NO_ANSWER";
    case CallState::kBusy:
      return "BUSY";
  }
  return "";
}

std::string_view NameOf(ParticipantState state) {
  switch (state) {
    case ParticipantState::kJoining:
      return "JOINING";
    case ParticipantState::kJoined:
      return "JOINED";
    case ParticipantState::kLeft:
      return "LEFT";
  }
  return "";
}

void SetTimer(World& world, base::Duration after, Timer timer) {
  const TimerKey key(world.now + after, ++world.timers_set);
  world.timers_of[timer.id].push_back(key);
  world.timers.emplace(key, std::move(timer));
}

void ClearTimers(World& world, const std::string& id) {
  const auto found = world.timers_of.find(id);
  if (found == world.timers_of.end()) return;
  for (const TimerKey& key : found->second) world.timers.erase(key);
  world.timers_of.erase(found);
}

base::Duration Scaled(const World& world, base::Duration duration) {
  return base::Duration(std::llround(static_cast<double>(duration.count()) / world.settings.speed));
}

void Note(World& world, std::vector<TimelineEntry>& timeline, std::string text) {
  if (timeline.size() < kTimelineEntriesMax) timeline.push_back({world.now, std::move(text)});
}

const Participant* FindParticipant(const Conference& conference, const std::string& call_id) {
  const auto& all = conference.participants;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Participant& participant) {
    return participant.call_id == call_id && participant.state != ParticipantState::kLeft;
  });
  return found == all.end() ? nullptr : &*found;
}

Participant* FindParticipant(Conference& conference, const std::string& call_id) {
  return const_cast<Participant*>(
      FindParticipant(static_cast<const Conference&>(conference), call_id));
}

}  // namespace callbridge::simulator
