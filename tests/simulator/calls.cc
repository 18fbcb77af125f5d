#include "tests/simulator/calls.h"

#include <algorithm>
#include <utility>

#include "tests/simulator/captures.h"
#include "tests/simulator/conferences.h"
#include "tests/simulator/events.h"
#include "tests/simulator/limits.h"
#include "tests/simulator/recordings.h"
#include "tests/simulator/sounds.h"

namespace callbridge::simulator {
namespace {

// A lost connection comes back after this: docs/provider.md §4.3 says only that it may.
constexpr base::Duration kDisconnected = std::chrono::seconds(1);
// When keys that no capture waits for are pressed, counted from the answer.
constexpr base::Duration kPresses = std::chrono::seconds(1);
// An answer "as the timeout strikes" is this much earlier.
constexpr base::Duration kJustBefore = std::chrono::milliseconds(1);

CallState TerminalStateOf(const Call& call, const std::string& error) {
  if (call.answer) return CallState::kFinished;
  if (error == "NO_ANSWER") return CallState::kNoAnswer;
  if (error == "BUSY") return CallState::kBusy;
  if (error == "CANCELLED") return CallState::kCancelled;
  return CallState::kFailed;
}

void Ring(World& world, Call& call) {
  if (call.ended() || call.established()) return;
  call.state = CallState::kRinging;
  call.ring = world.now;
  Note(world, call.timeline, "rings");
  if (world.settings.switches.ringing_sent) ReportCall(world, call, "CALL_RINGING");
}

void ReachEarlyMedia(World& world, Call& call) {
  if (call.ended() || call.established()) return;
  call.state = CallState::kPreEstablished;
  Note(world, call.timeline, "early media");
  ReportCall(world, call, "CALL_PRE_ESTABLISHED");
  Conference* conference = world.conferences.Find(call.conference_id);
  if (conference == nullptr) return;
  const Participant* participant = FindParticipant(*conference, call.id);
  if (participant != nullptr && participant->on_early_media) {
    SetTimer(world, world.settings.delays.join, {Timer::Kind::kJoin, call.id});
  }
}

// As was seen of calls whose calls configuration does not exist: docs/provider.md §6.
Script FailsAtOnce() {
  Script script;
  script.reaction = Script::Reaction::kFails;
  script.after = base::Duration::zero();
  script.rings = false;
  script.error = "SERVICE_UNAVAILABLE";
  return script;
}

void SetTimersOfAnswer(World& world, Call& call) {
  SetTimer(world, call.max_duration, {Timer::Kind::kCallMaxDuration, call.id});
  const Script& script = call.script;
  if (script.hangs_up && !call.inbound) {
    SetTimer(world, Scaled(world, *script.hangs_up), {Timer::Kind::kPersonHangsUp, call.id});
  }
  if (script.disconnects) {
    SetTimer(world, Scaled(world, *script.disconnects), {Timer::Kind::kDisconnect, call.id});
  }
  if (!script.presses.empty() && world.settings.switches.dtmf_unrequested) {
    SetTimer(world, Scaled(world, kPresses), {Timer::Kind::kPersonPresses, call.id});
  }
  if (call.machine_detection) {
    SetTimer(world, Scaled(world, *call.machine_detection),
             {Timer::Kind::kMachineDetected, call.id});
  }
}

void ReportEnd(World& world, const Call& call) {
  if (call.answer) {
    ReportCallLog(world, call, "CALL_FINISHED");
  } else if (world.settings.switches.call_failed_sent) {
    ReportCallLog(world, call, "CALL_FAILED");
  }
}

bool CallIsReportedFirst(const World& world, const Call& call) {
  const Switches& switches = world.settings.switches;
  if (!call.answer) return switches.join_failed_order == JoinFailedOrder::kCallFailedFirst;
  if (switches.finished_order == FinishedOrder::kByCause) return call.hangup_source == "ENDPOINT";
  return switches.finished_order == FinishedOrder::kFinishedFirst;
}

// What the events of a call to this number name. Numbers that nobody has led anywhere lead to the
// account's first configuration, so that a test need not set up the account.
std::string LeadsTo(const World& world, const std::string& number) {
  const auto& known = world.settings.configurations;
  const auto& numbers = world.account.numbers;
  const auto called = std::ranges::find(numbers, number, &OwnedNumber::number);
  if (called != numbers.end() && !called->configuration.empty() &&
      HasConfiguration(world, called->configuration)) {
    return called->configuration;
  }
  if (!known.empty()) return known.front();
  const auto& applications = world.account.applications.all;
  if (!world.settings.switches.legacy_applications || applications.empty()) return "";
  return applications.front().first;
}

}  // namespace

bool HasConfiguration(const World& world, const std::string& id) {
  const auto& known = world.settings.configurations;
  const bool made = world.settings.switches.legacy_applications &&
                    std::ranges::any_of(world.account.applications.all,
                                        [&](const auto& one) { return one.first == id; });
  return made || std::find(known.begin(), known.end(), id) != known.end();
}

Call& StartOutgoingCall(World& world, const DialRequest& dial) {
  Call call;
  call.id = world.ids.Uuid();
  call.endpoint = dial.endpoint;
  call.from = dial.from;
  call.to = NumberOf(dial.endpoint);
  call.start = world.now;
  call.configuration = dial.configuration;
  call.platform = dial.platform;
  call.parent_call_id = dial.parent_call_id;
  call.external_id = dial.external_id;
  call.custom_data = dial.custom_data;
  call.base_url = dial.base_url;
  call.max_duration = dial.max_duration;
  call.machine_detection = dial.machine_detection;
  call.script = world.settings.people.Find(call.to);
  world.calls.ForgetBeyond(kEndedKept);
  Call& started = world.calls.Add(std::move(call));
  Note(world, started.timeline, "is dialled");
  return started;
}

void PlaceCall(World& world, Call& call, const DialRequest& dial) {
  ReportCall(world, call, "CALL_STARTED");
  if (!HasConfiguration(world, call.configuration)) call.script = FailsAtOnce();
  const base::Duration timeout =
      dial.connect_timeout.value_or(world.settings.delays.connect_timeout);
  SetTimer(world, timeout, {Timer::Kind::kConnectTimeout, call.id});
  const Script& script = call.script;
  const base::Duration ring = Scaled(world, world.settings.delays.ring);
  if (script.rings) SetTimer(world, ring, {Timer::Kind::kRing, call.id});
  if (script.rings && world.settings.switches.early_media) {
    SetTimer(world, ring, {Timer::Kind::kEarlyMedia, call.id});
  }
  const base::Duration after =
      (script.rings ? ring : base::Duration::zero()) + Scaled(world, script.after);
  switch (script.reaction) {
    case Script::Reaction::kAnswers:
      return SetTimer(world, after, {Timer::Kind::kPersonAnswers, call.id});
    case Script::Reaction::kAnswersAtTimeout:
      return SetTimer(world, timeout - kJustBefore, {Timer::Kind::kPersonAnswers, call.id});
    case Script::Reaction::kFails:
      return SetTimer(world, after, {Timer::Kind::kPersonFails, call.id});
    case Script::Reaction::kNeverAnswers:
    case Script::Reaction::kRefused:
      return;
  }
}

Call& StartIncomingCall(World& world, const IncomingCall& incoming) {
  Call call;
  call.id = world.ids.Uuid();
  call.endpoint = {"PHONE", {{"phoneNumber", incoming.from}}};
  call.from = incoming.from;
  call.to = incoming.to;
  call.inbound = true;
  call.state = CallState::kRinging;
  call.start = world.now;
  call.ring = world.now;
  call.configuration =
      incoming.configuration.empty() ? LeadsTo(world, incoming.to) : incoming.configuration;
  call.base_url = world.settings.api_base_url;
  // answer takes no maxDuration, so this is the provider's own default, docs/provider.md §3.4.
  call.max_duration = std::chrono::seconds(28'800);
  call.script = world.settings.people.Find(incoming.from);
  const std::optional<base::Duration> hangs_up =
      incoming.hangs_up ? incoming.hangs_up : call.script.hangs_up;
  world.calls.ForgetBeyond(kEndedKept);
  Call& started = world.calls.Add(std::move(call));
  Note(world, started.timeline, "calls");
  ReportCall(world, started, "CALL_RECEIVED");
  SetTimer(world, world.settings.delays.inbound_ring, {Timer::Kind::kInboundRing, started.id});
  if (hangs_up) {
    SetTimer(world, Scaled(world, *hangs_up), {Timer::Kind::kPersonHangsUp, started.id});
  }
  return started;
}

void AcceptAnswer(World& world, Call& call) {
  call.answer_accepted = true;
  SetTimer(world, world.settings.delays.answer, {Timer::Kind::kEstablish, call.id});
}

void PreAnswer(World& world, Call& call) { ReachEarlyMedia(world, call); }

void Establish(World& world, Call& call) {
  if (call.ended() || call.established()) return;
  call.state = CallState::kEstablished;
  call.answer = world.now;
  Note(world, call.timeline, call.inbound ? "is answered" : "answers");
  SetTimersOfAnswer(world, call);
  Conference* conference = world.conferences.Find(call.conference_id);
  const Participant* participant =
      conference == nullptr ? nullptr : FindParticipant(*conference, call.id);
  const bool joins = participant != nullptr && participant->state == ParticipantState::kJoining;
  if (joins && world.settings.switches.established_order == EstablishedOrder::kJoinedFirst) {
    CompleteJoin(world, *conference, call);
    ReportCall(world, call, "CALL_ESTABLISHED");
    return;
  }
  ReportCall(world, call, "CALL_ESTABLISHED");
  if (joins) SetTimer(world, world.settings.delays.join, {Timer::Kind::kJoin, call.id});
}

void EndCall(World& world, Call& call, const CallEnd& end) {
  if (call.ended()) return;
  call.state = TerminalStateOf(call, end.error);
  call.end = world.now;
  call.error = end.error;
  call.hangup_source = end.source;
  CutSounds(world, call);
  call.capture.reset();
  ClearTimers(world, call.id);
  Note(world, call.timeline, "ends: " + end.error + " by " + end.source);
  EndRecordings(world, call);
  Conference* conference = world.conferences.Find(call.conference_id);
  const bool call_first = CallIsReportedFirst(world, call);
  if (call_first) ReportEnd(world, call);
  if (conference != nullptr) LeaveConference(world, *conference, call, end.error);
  if (!call_first) ReportEnd(world, call);
  if (conference != nullptr) AfterLeaving(world, *conference);
}

void OnCallTimer(World& world, Call& call, const Timer& timer) {
  if (call.ended()) return;
  switch (timer.kind) {
    case Timer::Kind::kRing:
      return Ring(world, call);
    case Timer::Kind::kEarlyMedia:
      return ReachEarlyMedia(world, call);
    case Timer::Kind::kPersonAnswers:
    case Timer::Kind::kEstablish:
      return Establish(world, call);
    case Timer::Kind::kPersonFails:
      if (call.established()) return;
      return EndCall(world, call, {call.script.error, call.script.rings ? "ENDPOINT" : "PLATFORM"});
    case Timer::Kind::kConnectTimeout:
    case Timer::Kind::kInboundRing:
      if (call.established() || call.answer_accepted) return;
      return EndCall(world, call, {"NO_ANSWER", "PLATFORM"});
    case Timer::Kind::kPersonHangsUp:
      return EndCall(world, call, {call.established() ? "NORMAL_HANGUP" : "CANCELLED", "ENDPOINT"});
    case Timer::Kind::kDisconnect:
      Note(world, call.timeline, "loses the connection");
      ReportCall(world, call, "CALL_DISCONNECTED");
      return SetTimer(world, kDisconnected, {Timer::Kind::kReconnect, call.id});
    case Timer::Kind::kReconnect:
      Note(world, call.timeline, "is connected again");
      return ReportCall(world, call, "CALL_RECONNECTED");
    case Timer::Kind::kMachineDetected:
      return ReportMachineDetection(world, call);
    case Timer::Kind::kCallMaxDuration:
      return EndCall(world, call, {"MAX_DURATION_REACHED", "PLATFORM"});
    case Timer::Kind::kJoin:
      if (Conference* conference = world.conferences.Find(call.conference_id)) {
        CompleteJoin(world, *conference, call);
      }
      return;
    case Timer::Kind::kCallSoundEnds:
      return OnSoundEnds(world, call, timer.sound);
    case Timer::Kind::kCaptureEnds:
      return OnCaptureEnds(world, call, timer.sound);
    case Timer::Kind::kPersonPresses:
      if (call.capture) return;
      return ReportDigits(world, call, nullptr, call.script.presses, false);
    case Timer::Kind::kConferenceSoundEnds:
    case Timer::Kind::kConferenceMaxDuration:
    case Timer::Kind::kEmptyConference:
    case Timer::Kind::kRecordingReady:
    case Timer::Kind::kRecordingMaxDuration:
      return;
  }
}

}  // namespace callbridge::simulator
