#include "tests/simulator/bodies.h"

#include <array>

#include "tests/simulator/error_codes.h"

namespace callbridge::simulator {
namespace {

std::int64_t Seconds(base::Duration duration) {
  return std::chrono::duration_cast<std::chrono::seconds>(duration).count();
}

void WriteEndpoint(JsonWriter& writer, const Endpoint& endpoint) {
  writer.BeginObject("endpoint");
  writer.Text("type", endpoint.type);
  for (const auto& [name, value] : endpoint.members) writer.Text(name, value);
  writer.EndObject();
}

void WriteRinging(JsonWriter& writer, const World& world, const Call& call) {
  if (!call.ring) return writer.Absent("ringDuration");
  const base::Time until = call.answer.value_or(call.end.value_or(world.now));
  writer.Integer("ringDuration", Seconds(until - *call.ring));
}

// Values that came and went between versions (docs/provider.md §1.3), or that may come.
template <typename State>
std::string_view UnknownState(State state) {
  constexpr std::array<std::string_view, 3> kNames = {"DISCONNECTED", "TRANSFERRING", "UNKNOWN"};
  return kNames.at(static_cast<std::size_t>(state) % kNames.size());
}

// What Call and CallLog have in common.
void WriteCommon(JsonWriter& writer, const World& world, const Call& call, std::string_view state) {
  WriteEndpoint(writer, call.endpoint);
  writer.TextIfAny("from", call.from);
  writer.TextIfAny("to", call.to);
  writer.Text("direction", call.inbound ? "INBOUND" : "OUTBOUND");
  writer.Text("state", writer.style().unknown_states ? UnknownState(call.state) : state);
  writer.Moment("startTime", call.start);
  writer.MomentIfAny("answerTime", call.answer);
  writer.MomentIfAny("endTime", call.end);
  writer.TextIfAny("parentCallId", call.parent_call_id);
  writer.Absent("machineDetection");
  WriteRinging(writer, world, call);
  WritePlatform(writer, call.platform);
  writer.TextMapIfAny("customData", call.custom_data);
  writer.Absent("dialogId");
  writer.TextIfAny("externalId", call.external_id);
}

// Which state the log of a failed call has is not documented: docs/provider.md §9.15.
std::string_view StateInLog(const World& world, const Call& call) {
  const Switches& switches = world.settings.switches;
  const bool failed = call.ended() && call.state != CallState::kFinished;
  if (failed && switches.failed_state == TerminalState::kFailed) return "FAILED";
  const bool abandoned = failed && call.inbound && call.state == CallState::kCancelled;
  if (abandoned && switches.abandoned_state == AbandonedState::kNoAnswer) return "NO_ANSWER";
  return NameOf(call.state);
}

void WriteConferenceIds(JsonWriter& writer, const World& world, const Call& call) {
  const FailedLegConferences shown = world.settings.switches.failed_leg_conference_ids;
  const bool failed = call.ended() && !call.answer;
  if (call.conference_ids.empty() || (failed && shown == FailedLegConferences::kAbsent)) {
    return writer.Absent("conferenceIds");
  }
  writer.BeginArray("conferenceIds");
  if (!failed || shown == FailedLegConferences::kPresent) {
    for (const std::string& id : call.conference_ids) writer.String(id);
  }
  writer.EndArray();
}

void WriteRole(JsonWriter& writer, const Role& role) {
  writer.BeginObject("role");
  writer.Text("type", role.type);
  if (role.type == "ADVISOR") {
    writer.BeginArray("advise");
    for (const std::string& call_id : role.advise) writer.String(call_id);
    writer.EndArray();
  }
  writer.EndObject();
}

}  // namespace

bool ShowsConference(const World& world, const Call& call) {
  const Conference* conference = world.conferences.Find(call.conference_id);
  if (conference == nullptr) return false;
  const Participant* participant = FindParticipant(*conference, call.id);
  const bool joined = participant != nullptr && participant->state == ParticipantState::kJoined;
  return joined || world.settings.switches.ringing_in_conference;
}

void WritePlatform(JsonWriter& writer, const Platform& platform) {
  if (platform.entity_id.empty() && platform.application_id.empty()) {
    return writer.Absent("platform");
  }
  writer.BeginObject("platform");
  writer.TextIfAny("applicationId", platform.application_id);
  writer.TextIfAny("entityId", platform.entity_id);
  writer.EndObject();
}

void WriteMedia(JsonWriter& writer, const Call& call) {
  writer.BeginObject("audio");
  writer.Flag("muted", call.muted);
  writer.Flag("userMuted", false);
  writer.Flag("deaf", call.deaf);
  writer.EndObject();
  writer.BeginObject("video");
  writer.Flag("camera", false);
  writer.Flag("screenShare", false);
  writer.Flag("blind", call.blind);
  writer.EndObject();
}

void WriteErrorCode(JsonWriter& writer, const std::string& name) {
  const ErrorCode* code = FindErrorCode(name);
  if (code == nullptr) return writer.Absent("errorCode");
  writer.BeginObject("errorCode");
  writer.Integer("id", code->id);
  writer.Text("name", code->name);
  writer.Text("description", code->description);
  writer.EndObject();
}

void WriteCall(JsonWriter& writer, const World& world, const Call& call) {
  writer.Text("id", call.id);
  const bool just_received = call.inbound && call.state == CallState::kRinging &&
                             world.settings.switches.received_state == ReceivedState::kCalling;
  WriteCommon(writer, world, call, just_received ? "CALLING" : NameOf(call.state));
  writer.BeginObject("media");
  WriteMedia(writer, call);
  writer.EndObject();
  writer.Text(ConfigurationField(world), call.configuration);
  writer.TextIfAny("conferenceId", ShowsConference(world, call) ? call.conference_id : "");
}

void WriteCallLog(JsonWriter& writer, const World& world, const Call& call) {
  writer.Text("callId", call.id);
  WriteCommon(writer, world, call, StateInLog(world, call));
  writer.BeginArray(std::string(ConfigurationField(world)) + "s");
  writer.String(call.configuration);
  writer.EndArray();
  WriteConferenceIds(writer, world, call);
  const base::Time until = call.end.value_or(world.now);
  writer.Integer("duration", call.answer ? Seconds(until - *call.answer) : 0);
  writer.Flag("hasCameraVideo", false);
  writer.Flag("hasScreenshareVideo", false);
  WriteErrorCode(writer, call.error);
  writer.TextIfAny("hangupSource", call.hangup_source);
  writer.Absent("sender");
}

void WriteParticipant(JsonWriter& writer, const World& world, const Participant& participant) {
  writer.Text("callId", participant.call_id);
  writer.Text("state", writer.style().unknown_states ? UnknownState(participant.state)
                                                     : NameOf(participant.state));
  writer.MomentIfAny("joinTime", participant.join);
  writer.MomentIfAny("leaveTime", participant.leave);
  if (const Call* call = world.calls.Find(participant.call_id); call != nullptr) {
    WriteEndpoint(writer, call->endpoint);
    writer.BeginObject("media");
    WriteMedia(writer, *call);
    writer.EndObject();
  }
  WriteRole(writer, participant.role);
}

void WriteConference(JsonWriter& writer, const World& world, const Conference& conference,
                     Shown shown) {
  writer.Text("id", conference.id);
  writer.Text("name", conference.name);
  writer.BeginArray("participants");
  for (const Participant& participant : conference.participants) {
    const bool left = participant.state == ParticipantState::kLeft;
    const bool joining = participant.state == ParticipantState::kJoining;
    if (shown == Shown::kNobody) break;
    if (left && (shown != Shown::kWithLeft || !participant.join)) continue;
    if (joining && !world.settings.switches.ringing_in_conference) continue;
    writer.BeginObject();
    WriteParticipant(writer, world, participant);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Text(ConfigurationField(world), conference.configuration);
  WritePlatform(writer, conference.platform);
}

void WriteConferenceLog(JsonWriter& writer, const Conference& conference) {
  writer.Text("conferenceId", conference.id);
  writer.Text("name", conference.name);
  WritePlatform(writer, conference.platform);
  writer.Moment("startTime", conference.start);
  writer.MomentIfAny("endTime", conference.end);
  if (conference.end) writer.Integer("duration", Seconds(*conference.end - conference.start));
  writer.BeginArray("sessions");
  for (const Participant& participant : conference.participants) {
    if (!participant.join) continue;
    writer.BeginObject();
    writer.Text("callId", participant.call_id);
    writer.Moment("joinTime", *participant.join);
    writer.MomentIfAny("leaveTime", participant.leave);
    writer.EndObject();
  }
  writer.EndArray();
  writer.Absent("recording");
  WriteErrorCode(writer, conference.error);
}

}  // namespace callbridge::simulator
