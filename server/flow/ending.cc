#include "server/flow/ending.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "server/base/command_kinds.h"
#include "server/flow/conference_facts.h"
#include "server/flow/dialing.h"
#include "server/flow/hangup.h"
#include "server/flow/lane.h"
#include "server/flow/leg_end.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/outcome.h"
#include "server/flow/phase_timers.h"
#include "server/flow/public_view.h"
#include "server/flow/recording_facts.h"
#include "server/flow/recordings.h"
#include "server/flow/requested_digits.h"
#include "server/flow/session_events.h"
#include "server/flow/talk.h"

namespace callbridge::flow {
namespace {

// The provider's own limit for an answered incoming call, to which this service gives none
// (docs/provider.md §3.4).
constexpr std::chrono::hours kIncomingMaxDuration{8};

void CancelWhatIsPending(Course& course, v1::EndReason reason) {
  CancelPendingDials(course, reason);
  std::vector<std::int32_t> numbers;
  for (const OpenCommand& open : course.session().open_commands()) {
    if (open.status() == Command::STATUS_PENDING && !open.command().has_hang_up_call() &&
        !open.command().has_hang_up_conference() && !base::IsLook(open.command())) {
      numbers.push_back(open.command().number());
    }
  }
  for (const std::int32_t number : numbers) course.Cancel(number);
}

// Ends the legs for which no call was ever made, because they have nothing to hang up.
void EndUnmadeLegs(Course& course, const v1::Outcome& outcome) {
  for (Leg& leg : course.legs()) {
    const bool unmade = leg.call_id().empty() && leg.state() == v1::Leg::STATE_PENDING;
    if (unmade) EndLeg(course, leg, outcome.reason(), outcome.ended_by(), nullptr, false);
  }
}

// Returns when the second of caller and callee joined the conference.
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

// True if an incoming call certainly was not answered. The provider may still accept an answer that
// is on its way.
bool IsCertainlyUnanswered(Course& course, const Leg& leg) {
  return leg.dial() == 0 && !IsAccepted(leg) &&
         course.FindOpen(Command::kAnswerCall, leg.leg_id()) == nullptr;
}

void BeginHangUps(Course& course) {
  const bool conference = IsConferenceKnown(course.session());
  HangUpConference(course);
  const Time by_id = course.now() + base::FromProtoDuration(course.timing().ending_hangup());
  for (Leg& leg : course.legs()) {
    if (IsEnded(leg)) continue;
    // The conference's hangup reaches the legs that have joined it. It may miss all others.
    if (conference && IsJoined(leg)) {
      if (!course.HasTimer(Timer::KIND_HANGUP, leg.leg_id())) {
        course.SetTimer(Timer::KIND_HANGUP, leg.leg_id(), by_id);
      }
    } else if (IsCertainlyUnanswered(course, leg)) {
      RejectLeg(course, leg);
    } else {
      HangUpLeg(course, leg);
    }
  }
}

// Looks for a second conference of our name. There may be one if the creation was repeated because
// a list did not show the first, and an event was lost.
void MaybeLookForSurplus(Course& course) {
  if (MayBeTwo(course.session())) FindConference(course);
}

void SetEndingTimers(Course& course) {
  const internal::v1::Timing& timing = course.timing();
  for (int i = 0; i < timing.ending_looks_size(); ++i) {
    course.SetTimer(Timer::KIND_ENDING_LOOK, absl::StrCat(i),
                    course.now() + base::FromProtoDuration(timing.ending_looks(i)));
  }
  course.SetTimer(Timer::KIND_PHASE_VERDICT, "",
                  course.now() + base::FromProtoDuration(timing.ending_verdict()));
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

// Clears the timers of the pursuit. Those of looks for recorded files stay.
void EndPursuit(Course& course) {
  auto& timers = course.timers();
  timers.erase(std::remove_if(timers.begin(), timers.end(), &IsOfPursuit), timers.end());
}

// True if every leg, our conference and any other of its name are proved to be over, and none can
// still appear.
bool IsAllOver(Course& course) {
  const Session& session = course.session();
  for (const Leg& leg : session.legs()) {
    if (!IsEnded(leg)) return false;
  }
  const bool conference_gone =
      session.conference().conference_id().empty() || session.conference().finished();
  const bool may_be_created =
      course.FindOpen(Command::kCreateConference) != nullptr || MayBeTwo(session);
  return conference_gone && !may_be_created && session.conference().surplus_ids_size() == 0;
}

}  // namespace

void EnterEnding(Course& course, const ToEnding& end) {
  v1::Outcome outcome = end.outcome;
  Session& session = course.session();
  Require(!session.has_outcome(), "the outcome is decided once");
  LeavePhase(course);
  // Two who were in one conference were connected, even if the music had not stopped yet or the
  // apology had begun (decision 0030).
  if (!session.has_connect_time() && WereTogether(session)) BeginTalk(course, JoinedAt(session));
  const bool connected = session.has_connect_time();
  if (connected) outcome.set_result(v1::Outcome::RESULT_COMPLETED);
  FillDurations(session, course.now(), &outcome);
  const std::string reference = outcome.summary();
  outcome.set_summary(absl::StrCat(Summarize(session, outcome, course.now()), reference));
  *session.mutable_outcome() = outcome;
  SettleDigits(course);
  CancelWhatIsPending(course, outcome.reason());
  AbandonLanes(course);
  *session.mutable_ending()->mutable_start_time() = base::ToTimestamp(course.now());
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_MILESTONE);
  *event.mutable_session_ending()->mutable_outcome() = outcome;
  for (const std::int32_t cause : outcome.cause_sequences()) event.add_cause_sequences(cause);
  EndUnmadeLegs(course, outcome);
  SetEndingTimers(course);
  BeginHangUps(course);
  MaybeLookForSurplus(course);
}

Next EndByRequest(Course& course, const std::string& reason) {
  const Session& session = course.session();
  if (session.has_ending() || session.has_ended()) {
    course.Ignore("the outcome is decided");
    return Stay{};
  }
  const bool offered = session.has_offered();
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_NORMAL);
  event.mutable_session_end_requested()->set_requested_by(v1::PARTY_API);
  event.mutable_session_end_requested()->set_reason(reason);
  ToEnding end = EndWith(offered ? v1::Outcome::RESULT_REJECTED : v1::Outcome::RESULT_CANCELLED,
                         v1::END_REASON_REQUESTED, v1::PARTY_API);
  end.outcome.set_request_reason(reason);
  end.outcome.add_cause_sequences(session.sequence());
  return end;
}

Next EndAsInternal(const Session& session, const std::string& reference) {
  if (session.has_outcome()) return Stay{};
  ToEnding end = EndWith(v1::Outcome::RESULT_FAILED, v1::END_REASON_INTERNAL, v1::PARTY_SERVICE);
  end.outcome.set_summary(absl::StrCat(" Reference: ", reference, "."));
  return end;
}

void EnterEnded(Course& course) {
  LeavePhase(course);
  Session& session = course.session();
  EndRecordings(course);
  // Whether the caller was answered and moved no longer matters: the call is over.
  course.Withdraw(Command::kAnswerCall);
  course.Withdraw(Command::kAddCaller);
  *session.mutable_end_time() = base::ToTimestamp(course.now());
  std::vector<Timer> kept;
  for (const Timer& timer : session.timers()) {
    if (timer.kind() == Timer::KIND_HANGUP || timer.kind() == Timer::KIND_ABSENCE ||
        timer.kind() == Timer::KIND_LOOK_AGAIN) {
      kept.push_back(timer);
    }
  }
  session.clear_timers();
  for (const Timer& timer : kept) *session.add_timers() = timer;
  SetRecordingLooks(course);
  // The last event carries the session as it stays. It is emitted first, because the session's
  // version counts this event too.
  SessionEvent& event = course.Emit(SessionEvent::DETAIL_MILESTONE);
  session.mutable_ended();
  session.set_ended_sequence(session.sequence());
  RefreshIssues(&session, course.now());
  *event.mutable_session_ended()->mutable_session() = PublicView(session);
}

Next AdvanceEnding(Course& course) {
  if (IsAllOver(course)) return ToEnded{};
  return Stay{};
}

Next OnEndingVerdictTimer(Course& course) {
  const Time start = base::FromTimestamp(course.session().ending().start_time());
  const Time last = start + base::FromProtoDuration(course.timing().ending_verdict_unknown_dial());
  if (HasLostDial(course.session()) && course.now() < last) {
    course.SetTimer(Timer::KIND_PHASE_VERDICT, "", last);
    return Stay{};
  }
  for (Leg& leg : course.legs()) {
    if (leg.lost() && leg.absent()) {
      EndLeg(course, leg, v1::END_REASON_LOST, v1::PARTY_LOOK, nullptr, true);
    }
  }
  TellDeadline(course, "every leg hung up", course.now() - start);
  return ToEnded{};
}

void OnEndingLookTimer(Course& course) {
  MaybeLookForSurplus(course);
  for (Leg& leg : course.legs()) LookForLeg(course, leg);
}

void BoundPursuit(Course& course) {
  Session& session = course.session();
  if (!session.has_ended() || !IsPursuing(session)) return;
  if (IsAllOver(course)) {
    // Nothing is left to pursue. Without timers the session can be deleted when its retention is
    // over.
    EndPursuit(course);
    return;
  }
  // The end is set anew after each step, because a leg may have appeared in it.
  course.SetTimer(Timer::KIND_PURSUIT_END, "", PursuitEnd(session));
}

void OnPursuitEndTimer(Course& course) {
  // The provider's own maximum duration has ended each call that was left.
  EndPursuit(course);
}

}  // namespace callbridge::flow
