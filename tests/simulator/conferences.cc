#include "tests/simulator/conferences.h"

#include <algorithm>
#include <utility>

#include "tests/simulator/events.h"
#include "tests/simulator/limits.h"
#include "tests/simulator/recordings.h"
#include "tests/simulator/sounds.h"

namespace callbridge::simulator {
namespace {

std::size_t CountIn(const Conference& conference, ParticipantState state) {
  return static_cast<std::size_t>(
      std::count_if(conference.participants.begin(), conference.participants.end(),
                    [&](const Participant& one) { return one.state == state; }));
}

void Finish(World& world, Conference& conference, const std::string& error) {
  if (conference.ended()) return;
  CutSounds(world, conference);
  ClearTimers(world, conference.id);
  conference.end = world.now;
  conference.error = error;
  Note(world, conference.timeline, "finishes: " + error);
  EndRecordings(world, conference);
  ReportConference(world, conference, "CONFERENCE_FINISHED");
}

// Copied, because ending one call changes the list.
std::vector<std::string> CallsToEnd(const World& world, const Conference& conference,
                                    const std::string& source) {
  std::vector<std::string> call_ids;
  for (const Participant& participant : conference.participants) {
    if (participant.state == ParticipantState::kLeft) continue;
    const bool spared = participant.state == ParticipantState::kJoining && source == "API" &&
                        !world.settings.switches.conference_hangup_reaches_ringing;
    if (!spared) call_ids.push_back(participant.call_id);
  }
  return call_ids;
}

// Calls that the hangup did not reach go on without a conference.
void ReleaseTheRest(World& world, Conference& conference) {
  for (Participant& participant : conference.participants) {
    if (participant.state == ParticipantState::kLeft) continue;
    participant.state = ParticipantState::kLeft;
    participant.leave = world.now;
    if (Call* call = world.calls.Find(participant.call_id)) call->conference_id.clear();
  }
}

}  // namespace

Conference& CreateConference(World& world, const ConferenceRequest& request) {
  Conference conference;
  conference.id = world.ids.Uuid();
  conference.name = request.name.empty() ? "conference " + conference.id : request.name;
  conference.configuration = request.configuration;
  conference.platform = request.platform;
  conference.start = world.now;
  conference.base_url = request.base_url;
  world.conferences.ForgetBeyond(kEndedKept);
  Conference& created = world.conferences.Add(std::move(conference));
  Note(world, created.timeline, "is created");
  ReportConference(world, created, "CONFERENCE_CREATED");
  SetTimer(world, request.max_duration, {Timer::Kind::kConferenceMaxDuration, created.id});
  const base::Duration empty = world.settings.delays.empty_conference;
  if (empty > base::Duration::zero()) {
    SetTimer(world, empty, {Timer::Kind::kEmptyConference, created.id});
  }
  return created;
}

void AddToConference(World& world, Conference& conference, Call& call, const Role& role,
                     bool on_early_media) {
  call.conference_id = conference.id;
  call.conference_ids.push_back(conference.id);
  conference.participants.push_back({.call_id = call.id,
                                     .state = ParticipantState::kJoining,
                                     .join = {},
                                     .leave = {},
                                     .role = role,
                                     .on_early_media = on_early_media});
  if (world.settings.switches.joining_sent) {
    ReportParticipant(world, conference, conference.participants.back(), "PARTICIPANT_JOINING");
  }
  const bool early = on_early_media && call.state == CallState::kPreEstablished;
  if (call.established() || early) {
    SetTimer(world, world.settings.delays.join, {Timer::Kind::kJoin, call.id});
  }
}

void CompleteJoin(World& world, Conference& conference, Call& call) {
  Participant* participant = FindParticipant(conference, call.id);
  if (participant == nullptr || participant->state != ParticipantState::kJoining) return;
  const bool early = participant->on_early_media && call.state == CallState::kPreEstablished;
  if (conference.ended() || (!call.established() && !early)) return;
  participant->state = ParticipantState::kJoined;
  participant->join = world.now;
  conference.joined_most =
      std::max(conference.joined_most, CountIn(conference, ParticipantState::kJoined));
  Note(world, call.timeline, "joins the conference");
  Note(world, conference.timeline, "joined by " + call.id);
  ReportParticipant(world, conference, *participant, "PARTICIPANT_JOINED");
}

void LeaveConference(World& world, Conference& conference, Call& call, const std::string& reason) {
  Participant* participant = FindParticipant(conference, call.id);
  call.conference_id.clear();
  if (participant == nullptr) return;
  const bool joined = participant->state == ParticipantState::kJoined;
  participant->state = ParticipantState::kLeft;
  participant->leave = world.now;
  Note(world, conference.timeline, "left by " + call.id);
  const Switches& switches = world.settings.switches;
  if (joined && switches.removed_sent) {
    ReportParticipant(world, conference, *participant, "PARTICIPANT_REMOVED",
                      reason == "NORMAL_HANGUP" ? "Call hangup" : reason);
  }
  if (!joined && switches.join_failed_sent) {
    ReportParticipant(world, conference, *participant, "PARTICIPANT_JOIN_FAILED", reason);
  }
}

void AfterLeaving(World& world, Conference& conference) {
  if (conference.ended() || conference.finishing) return;
  const Switches& switches = world.settings.switches;
  const std::size_t joined = CountIn(conference, ParticipantState::kJoined);
  const std::size_t joining = CountIn(conference, ParticipantState::kJoining);
  if (joined == 0 && joining == 0 && switches.last_participant_left == EmptyConference::kEnds) {
    return Finish(world, conference, "NORMAL_HANGUP");
  }
  if (joined == 1 && joining == 0 && conference.joined_most > 1 &&
      switches.lone_participant == EmptyConference::kEnds) {
    HangUpConference(world, conference, "NORMAL_HANGUP", "PLATFORM");
  }
}

void HangUpConference(World& world, Conference& conference, const std::string& error,
                      const std::string& source) {
  if (conference.ended() || conference.finishing) return;
  conference.finishing = true;
  const std::vector<std::string> call_ids = CallsToEnd(world, conference, source);
  if (world.settings.switches.conference_finished_first) Finish(world, conference, error);
  for (const std::string& call_id : call_ids) {
    Call* call = world.calls.Find(call_id);
    if (call == nullptr) continue;
    EndCall(world, *call, {call->established() ? error : "CANCELLED", source});
  }
  ReleaseTheRest(world, conference);
  Finish(world, conference, error);
}

void OnConferenceTimer(World& world, Conference& conference, const Timer& timer) {
  if (conference.ended()) return;
  if (timer.kind == Timer::Kind::kConferenceSoundEnds) {
    OnSoundEnds(world, conference, timer.sound);
  } else if (timer.kind == Timer::Kind::kConferenceMaxDuration) {
    HangUpConference(world, conference, "MAX_DURATION_REACHED", "PLATFORM");
  } else if (conference.participants.empty()) {
    Finish(world, conference, "NORMAL_HANGUP");
  }
}

}  // namespace callbridge::simulator
