#include "tests/simulator/conference_requests.h"

#include <utility>

#include "tests/simulator/bodies.h"
#include "tests/simulator/call_requests.h"
#include "tests/simulator/conferences.h"
#include "tests/simulator/events.h"
#include "tests/simulator/file_requests.h"
#include "tests/simulator/sounds.h"

namespace callbridge::simulator {
namespace {

std::string WriteConferenceBody(World& world, const Conference& conference, Shown shown) {
  JsonWriter writer(world.outbox.NextStyle(world.settings.faults));
  writer.BeginObject();
  WriteConference(writer, world, conference, shown);
  writer.EndObject();
  return writer.Take();
}

// By the switch answer-participants.
Shown ShownInAnswers(const World& world) {
  return world.settings.switches.answer_participants == AnswerParticipants::kFull ? Shown::kPresent
                                                                                  : Shown::kNobody;
}

void UpdateMedia(World& world, const Conference& conference, Call& call,
                 const simdjson::dom::object& body) {
  call.muted = ReadFlag(body, "muted").value_or(call.muted);
  call.deaf = ReadFlag(body, "deaf").value_or(call.deaf);
  call.blind = ReadFlag(body, "blind").value_or(call.blind);
  if (!Has(body, "muted") && !Has(body, "deaf") && !Has(body, "blind")) return;
  Note(world, call.timeline,
       std::string("is ") + (call.muted ? "muted" : "not muted") + " and " +
           (call.deaf ? "deaf" : "not deaf"));
  ReportMedia(world, conference, call);
}

Answer StartForConference(World& world, Conference& conference, Sound sound) {
  const char* action = sound.say ? "SAY" : "PLAY";
  Answer refusal;
  const FilePlay file = UseFile(world, sound, refusal);
  if (file == FilePlay::kRefused) return refusal;
  if (file == FilePlay::kFails) {
    Note(world, conference.timeline, "never hears " + sound.what + ": no such file");
    ReportError(world, nullptr, &conference, action, "MEDIA_ERROR", "File was not found");
    return AcceptAction(world);
  }
  if (world.chance.Chance(world.settings.faults.sound_error)) {
    Note(world, conference.timeline, "never hears " + sound.what + ": error");
    ReportError(world, nullptr, &conference, action, "URL_UNREACHABLE",
                "File could not be fetched");
    return AcceptAction(world);
  }
  switch (StartSound(world, conference, std::move(sound))) {
    case SoundAccepted::kYes:
      break;
    case SoundAccepted::kRefused:
      return RefuseRequest(400, "Conference hears something else.");
    case SoundAccepted::kFailsLater:
      ReportError(world, nullptr, &conference, action, "MEDIA_ERROR",
                  "Conference hears something else");
  }
  return AcceptAction(world);
}

// The participant that the path names, if both are alive and it has not left; else the answer.
Participant* FindParticipantOf(World& world, const ParsedRequest& request, Conference* conference,
                               Answer& answer) {
  if (conference == nullptr) return nullptr;
  Participant* participant = FindParticipant(*conference, request.target.call_id);
  if (participant == nullptr) answer = RefuseUnknown();
  return world.calls.Find(request.target.call_id) == nullptr ? nullptr : participant;
}

}  // namespace

Answer OnCreateConference(World& world, const ParsedRequest& request) {
  ConferenceRequest wanted;
  wanted.name = ReadText(request.body, "name");
  wanted.configuration = ReadText(request.body, ConfigurationField(world));
  wanted.platform = ReadPlatform(request.body);
  wanted.max_duration = ReadSeconds(request.body, "maxDuration").value_or(wanted.max_duration);
  wanted.base_url = BaseUrlOf(world, request);
  Answer answer;
  if (!KnowsConfiguration(world, wanted.configuration, answer)) return answer;
  const Conference& conference = CreateConference(world, wanted);
  return {201, WriteConferenceBody(world, conference, ShownInAnswers(world)), ""};
}

Answer OnDial(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr) return answer;
  DialRequest dial = ReadDialRequest(world, ReadObject(request.body, "callRequest"), request);
  if (RefusesDial(world, dial, answer)) return answer;
  // docs/provider.md §2: the new call inherits the conference's configuration.
  dial.configuration = conference->configuration;
  dial.platform = conference->platform;
  dial.base_url = conference->base_url;
  Call& call = StartOutgoingCall(world, dial);
  // Known before CALL_STARTED is written, which shows it; the participant follows.
  call.conference_id = conference->id;
  PlaceCall(world, call, dial);
  AddToConference(world, *conference, call, ReadRole(request.body),
                  ReadFlag(request.body, "connectOnEarlyMedia").value_or(false));
  JsonWriter writer(world.outbox.NextStyle(world.settings.faults));
  writer.BeginObject();
  writer.BeginObject("conference");
  WriteConference(writer, world, *conference, ShownInAnswers(world));
  writer.EndObject();
  writer.BeginObject("call");
  WriteCall(writer, world, call);
  writer.EndObject();
  writer.EndObject();
  return {200, writer.Take(), ""};
}

Answer OnAddCall(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr) return answer;
  ParsedRequest of_call = request;
  // Only the conference's address counts: the path begins with it.
  of_call.host.clear();
  Call* call = FindLiveCall(world, of_call, answer);
  if (call == nullptr) return answer;
  const bool early = ReadFlag(request.body, "connectOnEarlyMedia").value_or(false);
  if (early && call->inbound) return RefuseRequest(400, "Call must be outbound.");
  if (call->conference_id == conference->id) {
    if (world.settings.switches.second_add == SecondAccepted::kRefused) {
      return RefuseRequest(400, "Call is in the conference already.");
    }
    return {200, WriteConferenceBody(world, *conference, ShownInAnswers(world)), ""};
  }
  if (!call->conference_id.empty()) return RefuseRequest(400, "Call is in another conference.");
  const bool waits =
      world.settings.switches.add_before_established == AddBeforeEstablished::kWaits &&
      (!call->inbound || call->answer_accepted);
  if (!call->established() && !waits) return RefuseRequest(400, "Call is not established.");
  UpdateCustomData(world, *call, request.body);
  AddToConference(world, *conference, *call, ReadRole(request.body), early);
  return {200, WriteConferenceBody(world, *conference, ShownInAnswers(world)), ""};
}

Answer OnRemoveCall(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (FindParticipantOf(world, request, conference, answer) == nullptr) return answer;
  LeaveConference(world, *conference, *world.calls.Find(request.target.call_id), "Removed");
  AfterLeaving(world, *conference);
  return AcceptAction(world);
}

Answer OnUpdateCall(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  Participant* participant = FindParticipantOf(world, request, conference, answer);
  if (participant == nullptr) return answer;
  UpdateMedia(world, *conference, *world.calls.Find(participant->call_id), request.body);
  if (Has(request.body, "role")) {
    participant->role = ReadRole(request.body);
    ReportParticipant(world, *conference, *participant, "PARTICIPANT_ROLE_CHANGED");
  }
  return AcceptAction(world);
}

Answer OnUpdateConference(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr) return answer;
  for (const Participant& participant : conference->participants) {
    if (participant.state != ParticipantState::kJoined) continue;
    UpdateMedia(world, *conference, *world.calls.Find(participant.call_id), request.body);
  }
  return AcceptAction(world);
}

Answer OnHangUpConference(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr) return answer;
  HangUpConference(world, *conference, "NORMAL_HANGUP", "API");
  return {200, WriteConferenceBody(world, *conference, Shown::kPresent), ""};
}

Answer OnSayConference(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr || IsTooLongToSay(world, request, answer)) return answer;
  return StartForConference(world, *conference, ReadSay(world, request.body));
}

Answer OnPlayConference(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr) return answer;
  return StartForConference(world, *conference, ReadPlay(world, request.body));
}

Answer OnStopPlayConference(World& world, const ParsedRequest& request) {
  Answer answer;
  Conference* conference = FindLiveConference(world, request, answer);
  if (conference == nullptr) return answer;
  // It documents no 400 (docs/provider.md §1.4), so that nothing to stop is no refusal.
  StopSounds(world, *conference);
  return AcceptAction(world);
}

}  // namespace callbridge::simulator
