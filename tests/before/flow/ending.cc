#include "tests/before/flow/ending.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/dialing.h"
#include "tests/before/flow/hangup.h"
#include "tests/before/flow/lane.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/outcome.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/public_view.h"
#include "tests/before/flow/reasons.h"

namespace callbridge::flow_before {
namespace {

// The provider's own end of a call that it was given none for: an answered incoming one. Calls API
// §3.4.
constexpr std::chrono::hours kIncomingMaxDuration{8};

void CancelWhatIsPending(Turn& turn, v1::EndReason reason) {
  CancelPendingDials(turn, reason);
  std::vector<std::int32_t> numbers;
  for (const OpenCommand& open : turn.session().open_commands()) {
    if (open.status() == OpenCommand::STATUS_PENDING && !open.command().has_hang_up_call() &&
        !open.command().has_hang_up_conference() && !IsLook(open.command().action_case())) {
      numbers.push_back(open.command().number());
    }
  }
  for (const std::int32_t number : numbers) turn.Cancel(number);
}

// Legs that no call was ever made for have nothing to hang up.
void EndUnmadeLegs(Turn& turn, const v1::Outcome& outcome) {
  for (Leg& leg : *turn.session().mutable_legs()) {
    const bool unmade = leg.call_id().empty() && leg.state() == v1::Leg::STATE_PENDING;
    if (unmade) EndLeg(turn, leg, outcome.reason(), outcome.ended_by(), nullptr, false);
  }
}

// When the second of the two came in.
Time JoinedAt(const Session& session) {
  Time joined = base::FromTimestamp(session.legs(0).join_time());
  for (const Leg& leg : session.legs()) {
    if (!WasIn(leg)) continue;
    joined = std::max(joined, base::FromTimestamp(leg.join_time()));
  }
  return joined;
}

bool HasLostDial(const Session& session) {
  return std::any_of(session.legs().begin(), session.legs().end(), [](const Leg& leg) {
    return !IsEnded(leg) && leg.dial() != 0 && leg.call_id().empty();
  });
}

// Of an incoming call. An answer that is on its way may still be accepted.
bool IsCertainlyUnanswered(Turn& turn, const Leg& leg) {
  return leg.dial() == 0 && !IsAnswered(leg) &&
         turn.FindOpen(Command::kAnswerCall, leg.leg_id()) == nullptr;
}

void BeginHangUps(Turn& turn, bool answer_accepted) {
  const bool conference = IsConferenceKnown(turn.session());
  HangUpConference(turn);
  const Time by_id = turn.now() + base::FromProtoDuration(turn.timing().ending_hangup());
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (IsEnded(leg)) continue;
    // The conference's hangup reaches who has joined it; it may miss everybody else.
    if (conference && IsJoined(leg)) {
      if (!turn.HasTimer(Timer::KIND_HANGUP, leg.leg_id())) {
        turn.SetTimer(Timer::KIND_HANGUP, leg.leg_id(), by_id);
      }
    } else if (!answer_accepted && IsCertainlyUnanswered(turn, leg)) {
      RejectLeg(turn, leg);
    } else {
      HangUpLeg(turn, leg);
    }
  }
}

// A creation that was repeated because a list did not show the first one may have made two, and the
// other one's event was lost.
void MaybeLookForSurplus(Turn& turn) {
  if (MayBeTwo(turn.session())) FindConference(turn);
}

void SetEndingTimers(Turn& turn) {
  const before::v1::Timing& timing = turn.timing();
  for (int i = 0; i < timing.ending_looks_size(); ++i) {
    turn.SetTimer(Timer::KIND_ENDING_LOOK, absl::StrCat(i),
                  turn.now() + base::FromProtoDuration(timing.ending_looks(i)));
  }
  turn.SetTimer(Timer::KIND_PHASE_VERDICT, "",
                turn.now() + base::FromProtoDuration(timing.ending_verdict()));
}

Time PursuitEnd(const Session& session) {
  Time end = base::FromTimestamp(session.create_time()) + ProviderMaxDuration(session);
  for (const Leg& leg : session.legs()) {
    if (IsEnded(leg)) continue;
    const Duration most =
        leg.dial() == 0 ? Duration(kIncomingMaxDuration) : ProviderMaxDuration(session);
    const Time from =
        base::FromTimestamp(leg.has_sent_time() ? leg.sent_time() : leg.create_time());
    end = std::max(end, from + most);
  }
  return end;
}

// Every leg, our conference and any other of its name are proved to be over, and none can still
// come to be.
bool IsAllOver(Turn& turn) {
  const Session& session = turn.session();
  for (const Leg& leg : session.legs()) {
    if (!IsEnded(leg)) return false;
  }
  const bool conference_gone =
      session.conference().conference_id().empty() || session.conference().finished();
  const bool may_be_created =
      turn.FindOpen(Command::kCreateConference) != nullptr || MayBeTwo(session);
  return conference_gone && !may_be_created && session.conference().surplus_ids_size() == 0;
}

void EnterEnded(Turn& turn) {
  LeavePhase(turn);
  Session& session = turn.session();
  *session.mutable_end_time() = base::ToTimestamp(turn.now());
  std::vector<Timer> kept;
  for (const Timer& timer : session.timers()) {
    if (timer.kind() == Timer::KIND_HANGUP || timer.kind() == Timer::KIND_ABSENCE ||
        timer.kind() == Timer::KIND_LOOK_AGAIN) {
      kept.push_back(timer);
    }
  }
  session.clear_timers();
  for (const Timer& timer : kept) *session.add_timers() = timer;
  // The last event carries the record as it stays, its own number included.
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
  session.mutable_ended();
  RefreshIssues(&session, turn.now());
  *event.mutable_session_ended()->mutable_session() = PublicView(session);
}

}  // namespace

void End(Turn& turn, v1::Outcome outcome) {
  Session& session = turn.session();
  Require(!session.has_outcome(), "the outcome is decided once");
  LeavePhase(turn);
  const bool answer_accepted = IsAnswerAccepted(session);
  // They were in one room, though the music was still to stop or the apology had begun.
  if (!session.has_connect_time() && WereTogether(session)) TellConnected(turn, JoinedAt(session));
  const bool connected = session.has_connect_time();
  if (connected) outcome.set_result(v1::Outcome::RESULT_COMPLETED);
  FillDurations(session, turn.now(), &outcome);
  const std::string reference = outcome.summary();
  outcome.set_summary(absl::StrCat(Summarize(session, outcome, turn.now()), reference));
  *session.mutable_outcome() = outcome;
  CancelWhatIsPending(turn, outcome.reason());
  AbandonLane(turn);
  for (const Timer::Kind kind :
       {Timer::KIND_MAX_DURATION, Timer::KIND_CONFERENCE_GONE, Timer::KIND_DIAL_QUEUE}) {
    turn.ClearTimer(kind, "");
  }
  *session.mutable_ending()->mutable_start_time() = base::ToTimestamp(turn.now());
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_MILESTONE);
  *event.mutable_session_ending()->mutable_outcome() = outcome;
  for (const std::int32_t cause : outcome.cause_sequences()) event.add_cause_sequences(cause);
  EndUnmadeLegs(turn, outcome);
  SetEndingTimers(turn);
  BeginHangUps(turn, answer_accepted);
  MaybeLookForSurplus(turn);
}

void EndApologized(Turn& turn) {
  const before::v1::Apologizing apologizing = turn.session().apologizing();
  v1::Outcome outcome;
  outcome.set_reason(apologizing.reason());
  outcome.set_ended_by(apologizing.ended_by());
  if (apologizing.has_provider_error()) {
    *outcome.mutable_provider_error() = apologizing.provider_error();
  }
  const Leg* callee = LastCallee(turn);
  if (callee != nullptr) outcome.add_cause_sequences(callee->last_event());
  if (outcome.reason() == v1::END_REASON_UNSPECIFIED) {
    const bool known = callee != nullptr && callee->has_end();
    outcome.set_reason(known ? callee->end().reason() : v1::END_REASON_UNREACHABLE);
    outcome.set_ended_by(known ? callee->end().ended_by() : v1::PARTY_PROVIDER);
    if (known && callee->end().has_provider_error()) {
      *outcome.mutable_provider_error() = callee->end().provider_error();
    }
  }
  outcome.set_result(IsFailure(outcome.reason()) ? v1::Outcome::RESULT_FAILED
                                                 : v1::Outcome::RESULT_CALLEE_UNREACHED);
  End(turn, outcome);
}

void EndByRequest(Turn& turn, const std::string& reason) {
  const Session& session = turn.session();
  if (session.has_ending() || session.has_ended()) {
    turn.Ignore("the outcome is decided");
    return;
  }
  const bool offered = session.has_offered();
  SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
  event.mutable_session_end_requested()->set_requested_by(v1::PARTY_API);
  event.mutable_session_end_requested()->set_reason(reason);
  v1::Outcome outcome;
  outcome.set_result(offered ? v1::Outcome::RESULT_REJECTED : v1::Outcome::RESULT_CANCELLED);
  outcome.set_reason(v1::END_REASON_REQUESTED);
  outcome.set_ended_by(v1::PARTY_API);
  outcome.set_request_reason(reason);
  outcome.add_cause_sequences(session.sequence());
  End(turn, outcome);
}

void EndAsInternal(Turn& turn, const std::string& reference) {
  if (turn.session().has_outcome()) return;
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_FAILED);
  outcome.set_reason(v1::END_REASON_INTERNAL);
  outcome.set_ended_by(v1::PARTY_DEADLINE);
  outcome.set_summary(absl::StrCat(" Reference: ", reference, "."));
  End(turn, outcome);
}

void AdvanceEnding(Turn& turn) {
  if (IsAllOver(turn)) EnterEnded(turn);
}

void OnEndingVerdictTimer(Turn& turn) {
  const Time start = base::FromTimestamp(turn.session().ending().start_time());
  const Time last = start + base::FromProtoDuration(turn.timing().ending_verdict_unknown_dial());
  if (HasLostDial(turn.session()) && turn.now() < last) {
    turn.SetTimer(Timer::KIND_PHASE_VERDICT, "", last);
    return;
  }
  for (Leg& leg : *turn.session().mutable_legs()) {
    if (leg.lost() && leg.absent()) {
      EndLeg(turn, leg, v1::END_REASON_LOST, v1::PARTY_LOOK, nullptr, true);
    }
  }
  TellDeadline(turn, "every leg hung up", turn.now() - start);
  EnterEnded(turn);
}

void OnEndingLookTimer(Turn& turn) {
  MaybeLookForSurplus(turn);
  for (Leg& leg : *turn.session().mutable_legs()) LookForLeg(turn, leg);
}

void BoundPursuit(Turn& turn) {
  Session& session = turn.session();
  if (!session.has_ended() || session.timers_size() == 0) return;
  if (IsAllOver(turn)) {
    // Nothing is left to pursue, and the record can be deleted when its time has come.
    session.clear_timers();
    return;
  }
  // Anew after each step: a leg may have shown itself only now.
  turn.SetTimer(Timer::KIND_PURSUIT_END, "", PursuitEnd(session));
}

void OnPursuitEndTimer(Turn& turn) {
  // The provider's own maximum duration has ended whatever was left.
  turn.session().clear_timers();
}

}  // namespace callbridge::flow_before
