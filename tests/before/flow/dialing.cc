#include "tests/before/flow/dialing.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/public_view.h"
#include "tests/before/flow/reasons.h"
#include "tests/before/flow/retry.h"

namespace callbridge::flow_before {
namespace {

Duration RingTimeout(const Command& command) {
  return base::FromProtoDuration(command.dial_leg().ring_timeout());
}

Command MakeDial(Turn& turn, std::string_view leg_id, const v1::Endpoint& endpoint,
                 const std::string& caller_id_number, Duration ring_timeout) {
  const Session& session = turn.session();
  Command command;
  command.set_leg_id(std::string(leg_id));
  command.set_base_url(session.conference().base_url());
  // Its own number is the tag by which its call is recognised.
  command.set_dial(session.last_command() + 1);
  const Leg& caller = Caller(turn);
  *command.mutable_waiting_since_time() =
      caller.has_answer_time() ? caller.answer_time() : session.create_time();
  before::v1::Dial& dial = *command.mutable_dial_leg();
  dial.set_conference_id(session.conference().conference_id());
  *dial.mutable_endpoint() = endpoint;
  dial.set_caller_id_number(caller_id_number);
  *dial.mutable_ring_timeout() = base::ToProtoDuration(ring_timeout);
  *dial.mutable_max_duration() = base::ToProtoDuration(ProviderMaxDuration(session));
  return command;
}

// A caller is not dialled after the request's own time for it.
Time DialUntil(Turn& turn, const Command& dial, Time from) {
  const Time until = from + base::FromProtoDuration(turn.timing().dial_queue());
  const Leg& caller = Caller(turn);
  if (dial.leg_id() != caller.leg_id() || !turn.session().has_start_before_time()) return until;
  return std::min(until, base::FromTimestamp(turn.session().start_before_time()));
}

// It leaves before that time, or never; then the timer says what becomes of the bridge.
std::int32_t IssueDial(Turn& turn, Command dial, Time before) {
  *dial.mutable_not_after_time() = base::ToTimestamp(before);
  turn.SetTimer(Timer::KIND_DIAL_QUEUE, "", before);
  return turn.Issue(std::move(dial));
}

// Until when it may wait for its turn.
Time LastMomentOf(Turn& turn, const OpenCommand& dial) {
  if (dial.command().has_not_after_time()) {
    return base::FromTimestamp(dial.command().not_after_time());
  }
  // Issued by an earlier version.
  return DialUntil(turn, dial.command(), base::FromTimestamp(dial.issue_time()));
}

void IssueCalleeDial(Turn& turn, Duration ring_timeout, std::optional<Time> before) {
  const v1::Callee& callee = turn.session().callees(0);
  int callees = 0;
  for (const Leg& leg : turn.session().legs()) {
    if (leg.role() == v1::Leg::ROLE_CALLEE) ++callees;
  }
  Command dial = MakeDial(turn, absl::StrCat("callee-", callees + 1), callee.endpoint(),
                          callee.caller_id_number(), ring_timeout);
  const Time until = before.value_or(DialUntil(turn, dial, turn.now()));
  IssueDial(turn, std::move(dial), until);
}

// From then on a list that does not show the call says something.
Time ListsShow(Turn& turn, const Leg& leg) {
  return base::FromTimestamp(leg.sent_time()) + base::FromProtoDuration(turn.timing().list_lag());
}

// Once, while the call is wanted and may still be made.
bool MayDialAgain(Turn& turn, const OpenCommand& dial, const Leg& leg) {
  return leg.absent() && !leg.redialled() && WantsDial(turn.session(), leg) &&
         DialUntil(turn, dial.command(), turn.now()) > turn.now();
}

void ClearRingTimers(Turn& turn, const Leg& leg) {
  turn.ClearTimer(Timer::KIND_RING_LOOK, leg.leg_id());
  turn.ClearTimer(Timer::KIND_RING_VERDICT, leg.leg_id());
}

// The same dial once more: whichever of the two calls shows itself is recognised by the one tag,
// and a second one is a stray.
void DialAgain(Turn& turn, OpenCommand& dial, Leg& leg) {
  leg.set_redialled(true);
  leg.set_lost(false);
  leg.set_absent(false);
  leg.clear_absent_since_time();
  ClearRingTimers(turn, leg);
  const Time before = DialUntil(turn, dial.command(), turn.now());
  *dial.mutable_command()->mutable_not_after_time() = base::ToTimestamp(before);
  turn.Reissue(dial, Duration::zero());
  *dial.mutable_issue_time() = base::ToTimestamp(turn.now());
  turn.SetTimer(Timer::KIND_DIAL_QUEUE, "", before);
}

// The answer denies a call that was seen alive. What was seen counts: the call is neither given up
// nor dialled again.
bool IsBelied(const Leg& leg, const CommandResult& result) {
  const bool denied = result.verdict() == CommandResult::VERDICT_REFUSED ||
                      result.verdict() == CommandResult::VERDICT_NOT_SENT ||
                      result.verdict() == CommandResult::VERDICT_THROTTLED;
  return denied && !leg.call_id().empty() && !IsEnded(leg);
}

void OnDialRefused(Turn& turn, Leg& leg, const CommandResult& result) {
  if (IsEnded(leg)) return;
  const v1::EndReason reason = ReasonOfRefusal(result.http_status(), result.error().name());
  EndLeg(turn, leg, reason, v1::PARTY_PROVIDER, &result.error(), false);
  // The conference into which the callee is dialled ends with the caller. A refusal that concerns
  // the account has nothing to do with it.
  const bool of_account = reason == v1::END_REASON_PROVIDER_ACCOUNT;
  if (turn.session().has_dialing_callee() && !of_account) AskForTheCaller(turn);
}

}  // namespace

void DialCaller(Turn& turn) {
  const Session::Dialing& dialing = turn.session().dialing();
  Command dial =
      MakeDial(turn, Caller(turn).leg_id(), Caller(turn).endpoint(), dialing.caller_id_number(),
               base::FromProtoDuration(dialing.ring_timeout()));
  const Time before = DialUntil(turn, dial, turn.now());
  const std::int32_t number = IssueDial(turn, std::move(dial), before);
  Caller(turn).set_dial(number);
}

void DialCallee(Turn& turn) {
  IssueCalleeDial(turn, base::FromProtoDuration(turn.session().callees(0).ring_timeout()),
                  std::nullopt);
}

const OpenCommand* PendingDial(Turn& turn) {
  const OpenCommand* dial = nullptr;
  for (const OpenCommand& open : turn.session().open_commands()) {
    if (open.command().has_dial_leg() && open.status() == OpenCommand::STATUS_PENDING) dial = &open;
  }
  return dial;
}

bool HoldsDial(const Session& session) {
  return session.has_dialing_callee() && session.dialing_callee().has_held_dial();
}

void HoldDial(Turn& turn) {
  const OpenCommand* dial = PendingDial(turn);
  if (!turn.session().has_dialing_callee() || dial == nullptr) {
    turn.Ignore("no callee's dial waits");
    return;
  }
  // A second dial of one whose call may still show itself stays what it is.
  if (const Leg* leg = LegOfDial(turn, dial->command().number());
      leg != nullptr && leg->redialled()) {
    turn.Ignore("the second dial of a callee waits");
    return;
  }
  Command held = dial->command();
  *held.mutable_not_after_time() = base::ToTimestamp(LastMomentOf(turn, *dial));
  turn.Cancel(held.number());
  // An attempt that certainly did nothing has made a leg; the next dial makes its own.
  if (Leg* leg = LegOfDial(turn, held.number()); leg != nullptr) {
    EndLeg(turn, *leg, v1::END_REASON_TOO_LATE, v1::PARTY_DEADLINE, nullptr, false);
  }
  *turn.session().mutable_dialing_callee()->mutable_held_dial() = std::move(held);
  Leg& caller = Caller(turn);
  LookAtCall(turn, caller);
  turn.SetTimer(Timer::KIND_LOOK_AGAIN, caller.leg_id(),
                turn.now() + base::FromProtoDuration(turn.timing().look_again()));
}

void ReleaseDial(Turn& turn) {
  if (!HoldsDial(turn.session()) || IsGone(Caller(turn))) return;
  before::v1::DialingCallee& dialing = *turn.session().mutable_dialing_callee();
  const Command held = dialing.held_dial();
  // Its timer has not fired yet.
  const Time before = base::FromTimestamp(held.not_after_time());
  if (before <= turn.now()) return;
  dialing.clear_held_dial();
  turn.ClearTimer(Timer::KIND_LOOK_AGAIN, Caller(turn).leg_id());
  IssueCalleeDial(turn, RingTimeout(held), before);
}

void OnDialExpired(Turn& turn, std::int32_t number) {
  turn.ClearTimer(Timer::KIND_DIAL_QUEUE, "");
  if (Leg* leg = LegOfDial(turn, number); leg != nullptr) {
    EndLeg(turn, *leg, v1::END_REASON_TOO_LATE, v1::PARTY_DEADLINE, nullptr, false);
  }
  if (turn.session().has_dialing_caller()) {
    EndNotInTime(turn);
  } else if (turn.session().has_dialing_callee() && CurrentCallee(turn) == nullptr) {
    Apologize(turn, v1::END_REASON_TOO_LATE, v1::PARTY_DEADLINE, nullptr);
  }
}

void OnDialTaken(Turn& turn, const OpenCommand& open) {
  const Command& command = open.command();
  Leg* leg = LegOfDial(turn, command.number());
  if (leg == nullptr) {
    leg = &AddLeg(turn, v1::Leg::ROLE_CALLEE, command.dial_leg().endpoint());
    leg->set_dial(command.number());
  }
  turn.ClearTimer(Timer::KIND_DIAL_QUEUE, "");
  leg->set_service_number(command.dial_leg().caller_id_number());
  leg->set_base_url(command.base_url());
  *leg->mutable_sent_time() = base::ToTimestamp(turn.learned());
  const bool again = leg->redialled() && leg->call_id().empty();
  if (leg->state() == v1::Leg::STATE_PENDING || again) {
    leg->set_state(std::max(leg->state(), v1::Leg::STATE_DIALING));
    SessionEvent& event = turn.Emit(SessionEvent::DETAIL_NORMAL);
    *event.mutable_leg_dialing()->mutable_leg() = PublicLeg(*leg);
    event.mutable_leg_dialing()->set_attempt(command.attempt());
    leg->set_last_event(turn.session().sequence());
  }
  SetRingTimers(turn, *leg, turn.learned(), RingTimeout(command));
}

void SetRingTimers(Turn& turn, const Leg& leg, Time dialled, Duration ring_timeout) {
  const before::v1::Timing& timing = turn.timing();
  const Time ring_end = dialled + ring_timeout;
  turn.SetTimer(Timer::KIND_RING_LOOK, leg.leg_id(),
                ring_end + base::FromProtoDuration(timing.ring_look()));
  turn.SetTimer(Timer::KIND_RING_VERDICT, leg.leg_id(),
                ring_end + base::FromProtoDuration(timing.ring_verdict()));
}

void OnDialResult(Turn& turn, OpenCommand& open, const CommandResult& result) {
  const std::int32_t number = open.command().number();
  Leg* leg = LegOfDial(turn, number);
  Require(leg != nullptr, "a dial with a result has a leg");
  if (IsBelied(*leg, result)) {
    turn.Close(number);
    LookAtCall(turn, *leg);
    return;
  }
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      turn.Close(number);
      for (const CallFacts& facts : result.calls()) {
        if (facts.call_id().empty()) continue;
        if (leg->call_id().empty()) leg->set_call_id(facts.call_id());
        Leg* of_call = LegOfCall(turn, facts.call_id());
        // Events were faster, and of another call: the dial has made two, whatever marks the answer
        // carries.
        if (of_call == nullptr) of_call = &AddStray(turn, *leg, facts);
        // The answer is no sign of the person: only events and looks are.
        if (!facts.base_url().empty()) of_call->set_base_url(facts.base_url());
      }
      break;
    case CommandResult::VERDICT_REFUSED:
      turn.Close(number);
      OnDialRefused(turn, *leg, result);
      break;
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      if (!WantsDial(turn.session(), *leg)) {
        turn.Close(number);
        EndLeg(turn, *leg, v1::END_REASON_OTHER_PARTY_LEFT, v1::PARTY_DEADLINE, nullptr, false);
        break;
      }
      turn.SetTimer(Timer::KIND_DIAL_QUEUE, "", LastMomentOf(turn, open));
      ClearRingTimers(turn, *leg);
      RetryCertainFailure(turn, open, result);
      break;
    default:
      if (!leg->call_id().empty() || IsEnded(*leg)) {
        turn.Close(number);  // Events were faster.
        break;
      }
      if (turn.session().has_outcome()) {
        turn.Close(number);  // It is looked for, and not made again.
      } else {
        open.set_status(OpenCommand::STATUS_UNKNOWN);
      }
      leg->set_lost(true);
      OnDialLookTimer(turn, *leg);
      break;
  }
}

void OnDialLookTimer(Turn& turn, Leg& leg) {
  if (!leg.lost()) return;
  // The first look may find the call early, without proving anything by not finding it.
  const Time first =
      base::FromTimestamp(leg.sent_time()) + base::FromProtoDuration(turn.timing().look_again());
  if (first > turn.now()) {
    turn.SetTimer(Timer::KIND_DIAL_LOOK, leg.leg_id(), first);
  } else {
    FindDial(turn, leg);
  }
}

void OnDialLookedFor(Turn& turn, Leg& leg, Time asked, bool complete) {
  if (!leg.lost()) return;
  const Duration again = base::FromProtoDuration(turn.timing().look_again());
  const Time lists_show = ListsShow(turn, leg);
  if (!complete) {
    leg.clear_absent_since_time();
  } else if (asked >= lists_show) {
    if (!leg.has_absent_since_time()) *leg.mutable_absent_since_time() = base::ToTimestamp(asked);
    leg.set_absent(leg.absent() || asked - base::FromTimestamp(leg.absent_since_time()) >= again);
  }
  OpenCommand* dial = turn.FindOpen(leg.dial());
  if (dial != nullptr && MayDialAgain(turn, *dial, leg)) return DialAgain(turn, *dial, leg);
  const Time give_up =
      base::FromTimestamp(leg.sent_time()) + base::FromProtoDuration(turn.timing().dial_search());
  if (leg.absent() || turn.now() >= give_up) {
    if (dial != nullptr) turn.Close(leg.dial());
    return OnDialLost(turn, leg);
  }
  turn.SetTimer(Timer::KIND_DIAL_LOOK, leg.leg_id(),
                turn.now() < lists_show ? lists_show : turn.now() + again);
}

void CancelPendingDials(Turn& turn, v1::EndReason reason) {
  while (true) {
    const OpenCommand* dial = nullptr;
    for (const OpenCommand& open : turn.session().open_commands()) {
      if (open.command().has_dial_leg() && open.status() != OpenCommand::STATUS_IN_FLIGHT) {
        dial = &open;
      }
    }
    if (dial == nullptr) return;
    const std::int32_t number = dial->command().number();
    if (dial->status() == OpenCommand::STATUS_UNKNOWN) {
      turn.Close(number);  // It is still looked for, and not made again.
      continue;
    }
    turn.Cancel(number);
    turn.ClearTimer(Timer::KIND_DIAL_QUEUE, "");
    Leg* leg = LegOfDial(turn, number);
    if (leg == nullptr) continue;  // It was never taken.
    if (leg->redialled()) {
      // The second dial made nothing for certain, and two complete looks did not show the call of
      // the first one. It may show itself after all; at the end of all deadlines it is over.
      leg->set_lost(true);
      leg->set_absent(true);
    } else {
      // An earlier attempt that certainly did nothing has made a leg: it is over.
      EndLeg(turn, *leg, reason, v1::PARTY_DEADLINE, nullptr, false);
    }
  }
}

void WithdrawRepeatedDial(Turn& turn, const Leg& leg) {
  const OpenCommand* dial = turn.FindOpen(leg.dial());
  if (dial == nullptr || dial->status() == OpenCommand::STATUS_IN_FLIGHT) return;
  if (dial->status() == OpenCommand::STATUS_UNKNOWN) return turn.Close(leg.dial());
  const Time dialled =
      std::max(base::FromTimestamp(dial->issue_time()), base::FromTimestamp(leg.sent_time()));
  SetRingTimers(turn, leg, dialled, RingTimeout(dial->command()));
  turn.ClearTimer(Timer::KIND_DIAL_QUEUE, "");
  turn.Cancel(leg.dial());
}

void OnRingLookTimer(Turn& turn, Leg& leg) { LookAtCall(turn, leg); }

}  // namespace callbridge::flow_before
