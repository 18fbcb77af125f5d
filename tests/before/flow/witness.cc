#include "tests/before/flow/witness.h"

#include <string>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/lane.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/phases.h"

namespace callbridge::flow_before {
namespace {

CallFacts::State StateOfType(ProviderEvent::Type type) {
  switch (type) {
    case ProviderEvent::TYPE_CALL_STARTED:
      return CallFacts::STATE_CALLING;
    case ProviderEvent::TYPE_CALL_RINGING:
      return CallFacts::STATE_RINGING;
    case ProviderEvent::TYPE_CALL_PRE_ESTABLISHED:
      return CallFacts::STATE_PRE_ESTABLISHED;
    case ProviderEvent::TYPE_CALL_ESTABLISHED:
      return CallFacts::STATE_ESTABLISHED;
    default:
      return CallFacts::STATE_ENDED;
  }
}

// The leg that the event's call belongs to, with what the event says of the call.
Leg* LegOf(Turn& turn, const ProviderEvent& event, CallFacts* facts) {
  *facts = event.call();
  facts->set_call_id(event.call_id());
  Leg* leg = AdoptCall(turn, *facts, event.conference_id());
  if (leg == nullptr) turn.Ignore("no leg of this session has this call");
  return leg;
}

void OnCallEvent(Turn& turn, const ProviderEvent& event) {
  CallFacts facts;
  Leg* leg = LegOf(turn, event, &facts);
  if (leg == nullptr) return;
  // The event's type counts; the state inside a call that ended is not documented.
  facts.set_state(StateOfType(event.type()));
  // FINISHED, other than FAILED, ends a call that was established.
  if (event.type() == ProviderEvent::TYPE_CALL_FINISHED && !IsAnswered(*leg)) {
    RaiseLeg(turn, *leg, v1::Leg::STATE_ANSWERED, AnswerTime(turn, facts));
  }
  AbsorbCall(turn, *leg, facts);
}

void OnMediaEvent(Turn& turn, const ProviderEvent& event) {
  CallFacts facts;
  const Leg* leg = LegOf(turn, event, &facts);
  if (leg == nullptr || IsEnded(*leg)) return;
  SessionEvent& told = turn.Emit(SessionEvent::DETAIL_NORMAL);
  told.mutable_leg_media_changed()->set_leg_id(leg->leg_id());
  told.mutable_leg_media_changed()->set_media_present(event.type() ==
                                                      ProviderEvent::TYPE_CALL_RECONNECTED);
}

void OnConferenceEvent(Turn& turn, const ProviderEvent& event) {
  before::v1::Conference& conference = *turn.session().mutable_conference();
  ConferenceFacts facts = event.conference();
  facts.set_conference_id(event.conference_id());
  if (event.type() == ProviderEvent::TYPE_CONFERENCE_CREATED) {
    const std::string name = ConferenceName(turn.session());
    if (facts.name() != name && facts.conference_id() != conference.conference_id()) {
      turn.Ignore("the conference is not of this session");
      return;
    }
    AdoptConference(turn, facts);
    return;
  }
  if (event.conference_id() == conference.conference_id()) {
    OnConferenceFinished(turn);
    return;
  }
  NoteConferenceOver(turn, event.conference_id());
}

void OnParticipantEvent(Turn& turn, const ProviderEvent& event) {
  const std::string& ours = turn.session().conference().conference_id();
  if (!event.conference_id().empty() && !ours.empty() && event.conference_id() != ours) {
    turn.Ignore("the conference is not of this session");
    return;
  }
  CallFacts facts;
  Leg* leg = LegOf(turn, event, &facts);
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
    case ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED:
      if (IsJoined(*leg)) {
        turn.Ignore("the leg has joined since");
        return;
      }
      if (leg->dial() == 0) {
        OnCallerNotJoined(turn);
        return;
      }
      participant.set_state(ParticipantFacts::STATE_LEFT);
      break;
    default:
      // Only who was in is removed.
      participant.set_state(ParticipantFacts::STATE_LEFT);
      *participant.mutable_join_time() = base::ToTimestamp(turn.learned());
      break;
  }
  AbsorbParticipant(turn, *leg, participant);
}

void OnSoundEvent(Turn& turn, const ProviderEvent& event) {
  if (!event.call_id().empty() && event.call_id() != Caller(turn).call_id()) {
    turn.Ignore("only the caller hears sounds of ours");
    return;
  }
  OnSoundFinished(turn, event);
}

void OnErrorEvent(Turn& turn, const ProviderEvent& event) {
  SessionEvent& told = turn.Emit(SessionEvent::DETAIL_DIAGNOSTIC);
  told.mutable_provider_error_reported()->set_action(event.action_type());
  *told.mutable_provider_error_reported()->mutable_error() = event.error();
  if (event.call_id().empty() || event.call_id() == Caller(turn).call_id()) {
    OnSoundError(turn, event);
  }
}

}  // namespace

void OnProviderEvent(Turn& turn, const ProviderEvent& event) {
  switch (event.type()) {
    case ProviderEvent::TYPE_CALL_STARTED:
    case ProviderEvent::TYPE_CALL_RINGING:
    case ProviderEvent::TYPE_CALL_PRE_ESTABLISHED:
    case ProviderEvent::TYPE_CALL_ESTABLISHED:
    case ProviderEvent::TYPE_CALL_FINISHED:
    case ProviderEvent::TYPE_CALL_FAILED:
      OnCallEvent(turn, event);
      break;
    case ProviderEvent::TYPE_CALL_DISCONNECTED:
    case ProviderEvent::TYPE_CALL_RECONNECTED:
      OnMediaEvent(turn, event);
      break;
    case ProviderEvent::TYPE_CONFERENCE_CREATED:
    case ProviderEvent::TYPE_CONFERENCE_FINISHED:
      OnConferenceEvent(turn, event);
      break;
    case ProviderEvent::TYPE_PARTICIPANT_JOINING:
    case ProviderEvent::TYPE_PARTICIPANT_JOINED:
    case ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED:
    case ProviderEvent::TYPE_PARTICIPANT_REMOVED:
      OnParticipantEvent(turn, event);
      break;
    case ProviderEvent::TYPE_SAY_FINISHED:
    case ProviderEvent::TYPE_PLAY_FINISHED:
      OnSoundEvent(turn, event);
      break;
    case ProviderEvent::TYPE_ERROR:
      OnErrorEvent(turn, event);
      break;
    case ProviderEvent::TYPE_CALL_RECEIVED:
      turn.Ignore("the call has its session already");
      break;
    default:
      turn.Ignore("events of this type are not used");
      break;
  }
}

}  // namespace callbridge::flow_before
