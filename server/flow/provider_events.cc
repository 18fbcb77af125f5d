#include "server/flow/provider_events.h"

#include <string>

#include "server/base/event_state.h"
#include "server/flow/adoption.h"
#include "server/flow/audio_facts.h"
#include "server/flow/conference_facts.h"
#include "server/flow/leg_facts.h"
#include "server/flow/legs.h"
#include "server/flow/notice_facts.h"
#include "server/flow/recording_facts.h"
#include "server/flow/sound_facts.h"

namespace callbridge::flow {
namespace {

// Returns the leg of the event's call, and fills in what the event says of the call.
Leg* LegOf(Knowledge& known, const ProviderEvent& event, CallFacts* facts) {
  *facts = event.call();
  facts->set_call_id(event.call_id());
  Leg* leg = AdoptCall(known, *facts, event.conference_id());
  if (leg == nullptr) known.Ignore("no leg of this session has this call");
  return leg;
}

void OnCallEvent(Knowledge& known, const ProviderEvent& event) {
  CallFacts facts;
  Leg* leg = LegOf(known, event, &facts);
  if (leg == nullptr) return;
  // The type of the event counts, because the provider does not document the state in a call that
  // ended.
  facts.set_state(base::CallStateOf(event.type()));
  // CALL_FINISHED, unlike CALL_FAILED, ends a call that was established.
  if (event.type() == ProviderEvent::TYPE_CALL_FINISHED && !IsAnswered(*leg)) {
    RaiseLeg(known, *leg, v1::Leg::STATE_ANSWERED, AnswerTime(known, facts));
  }
  AbsorbCall(known, *leg, facts);
}

void OnMediaEvent(Knowledge& known, const ProviderEvent& event) {
  CallFacts facts;
  const Leg* leg = LegOf(known, event, &facts);
  if (leg == nullptr || IsEnded(*leg)) return;
  SessionEvent& told = known.Emit(SessionEvent::DETAIL_NORMAL);
  told.mutable_leg_media_changed()->set_leg_id(leg->leg_id());
  told.mutable_leg_media_changed()->set_media_present(event.type() ==
                                                      ProviderEvent::TYPE_CALL_RECONNECTED);
}

void OnConferenceEvent(Knowledge& known, const ProviderEvent& event) {
  internal::v1::Conference& conference = known.conference();
  ConferenceFacts facts = event.conference();
  facts.set_conference_id(event.conference_id());
  if (event.type() == ProviderEvent::TYPE_CONFERENCE_CREATED) {
    const std::string name = ConferenceName(known.session());
    if (facts.name() != name && facts.conference_id() != conference.conference_id()) {
      known.Ignore("the conference is not of this session");
      return;
    }
    AdoptConference(known, facts);
    return;
  }
  if (event.conference_id() == conference.conference_id()) {
    NoteConferenceFinished(known);
    return;
  }
  NoteConferenceOver(known, event.conference_id());
}

void OnParticipantEvent(Knowledge& known, const ProviderEvent& event) {
  const std::string& ours = known.session().conference().conference_id();
  if (!event.conference_id().empty() && !ours.empty() && event.conference_id() != ours) {
    known.Ignore("the conference is not of this session");
    return;
  }
  CallFacts facts;
  Leg* leg = LegOf(known, event, &facts);
  if (leg == nullptr) return;
  ParticipantFacts participant = event.participant();
  participant.set_call_id(event.call_id());
  switch (event.type()) {
    case ProviderEvent::TYPE_PARTICIPANT_JOINING:
      participant.set_state(ParticipantFacts::STATE_JOINING);
      break;
    case ProviderEvent::TYPE_PARTICIPANT_JOINED:
      participant.set_state(ParticipantFacts::STATE_JOINED);
      break;
    case ProviderEvent::TYPE_PARTICIPANT_MEDIA_CHANGED:
      if (!participant.has_audio() || !NoteAudio(known, *leg, participant.audio())) {
        known.Ignore("the event says nothing new of who hears whom");
      }
      return;
    case ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED:
      if (IsJoined(*leg)) {
        known.Ignore("the leg has joined since");
        return;
      }
      if (leg->dial() == 0 || leg->dialled_apart()) {
        known.Note(LegNotJoined{leg->leg_id()});
        return;
      }
      participant.set_state(ParticipantFacts::STATE_LEFT);
      break;
    default:
      // The provider removes only participants who had joined.
      participant.set_state(ParticipantFacts::STATE_LEFT);
      *participant.mutable_join_time() = base::ToTimestamp(known.learned());
      break;
  }
  AbsorbParticipant(known, *leg, participant);
}

// Returns the leg whose sound the event tells of. An event that names no call is about the caller.
// Null means that the call is of no leg.
const Leg* HearerOf(Knowledge& known, const ProviderEvent& event) {
  return event.call_id().empty() ? &Caller(known) : LegOfCall(known, event.call_id());
}

void OnSoundEvent(Knowledge& known, const ProviderEvent& event) {
  const Leg* leg = HearerOf(known, event);
  if (leg == nullptr) {
    known.Ignore("no leg of this session has this call");
  } else if (event.type() != ProviderEvent::TYPE_DTMF_CAPTURED) {
    NoteSoundFinished(known, *leg, event);
  } else if (IsLateRefusal(known.session(), *leg, event)) {
    NoteLateRefusal(known, *leg);
  } else {
    NoteDigitsCaptured(known, *leg, event);
  }
}

void OnErrorEvent(Knowledge& known, const ProviderEvent& event) {
  SessionEvent& told = known.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  told.mutable_provider_error_reported()->set_action(event.action_type());
  *told.mutable_provider_error_reported()->mutable_error() = event.error();
  if (const Leg* leg = HearerOf(known, event)) NoteSoundError(known, *leg, event);
}

}  // namespace

void OnProviderEvent(Knowledge& known, const ProviderEvent& event) {
  switch (event.type()) {
    case ProviderEvent::TYPE_CALL_STARTED:
    case ProviderEvent::TYPE_CALL_RINGING:
    case ProviderEvent::TYPE_CALL_PRE_ESTABLISHED:
    case ProviderEvent::TYPE_CALL_ESTABLISHED:
    case ProviderEvent::TYPE_CALL_FINISHED:
    case ProviderEvent::TYPE_CALL_FAILED:
      OnCallEvent(known, event);
      break;
    case ProviderEvent::TYPE_CALL_DISCONNECTED:
    case ProviderEvent::TYPE_CALL_RECONNECTED:
      OnMediaEvent(known, event);
      break;
    case ProviderEvent::TYPE_CONFERENCE_CREATED:
    case ProviderEvent::TYPE_CONFERENCE_FINISHED:
      OnConferenceEvent(known, event);
      break;
    case ProviderEvent::TYPE_PARTICIPANT_JOINING:
    case ProviderEvent::TYPE_PARTICIPANT_JOINED:
    case ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED:
    case ProviderEvent::TYPE_PARTICIPANT_REMOVED:
    case ProviderEvent::TYPE_PARTICIPANT_MEDIA_CHANGED:
      OnParticipantEvent(known, event);
      break;
    case ProviderEvent::TYPE_SAY_FINISHED:
    case ProviderEvent::TYPE_PLAY_FINISHED:
    case ProviderEvent::TYPE_DTMF_CAPTURED:
      OnSoundEvent(known, event);
      break;
    case ProviderEvent::TYPE_ERROR:
      OnErrorEvent(known, event);
      break;
    case ProviderEvent::TYPE_CALL_RECORDING_STARTED:
    case ProviderEvent::TYPE_CALL_RECORDING_STOPPED:
    case ProviderEvent::TYPE_CALL_RECORDING_FAILED:
    case ProviderEvent::TYPE_CALL_RECORDING_READY:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_STARTED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_STOPPED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_FAILED:
    case ProviderEvent::TYPE_CONFERENCE_RECORDING_READY:
    case ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FINISHED:
    case ProviderEvent::TYPE_CONFERENCE_COMPOSITION_FAILED:
      OnRecordingEvent(known, event);
      break;
    case ProviderEvent::TYPE_CALL_RECEIVED:
      known.Ignore("the call has its session already");
      break;
    default:
      known.Ignore("events of this type are not used");
      break;
  }
}

}  // namespace callbridge::flow
