#include "server/flow/dialing.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <string>

#include "server/flow/adoption.h"
#include "server/flow/audio_facts.h"
#include "server/flow/callees.h"
#include "server/flow/conference_facts.h"
#include "server/flow/leg_end.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/notice_facts.h"
#include "server/flow/public_view.h"
#include "server/flow/reasons.h"
#include "server/flow/retry.h"

namespace callbridge::flow {
namespace {

Command MakeDial(Orders& orders, std::string_view leg_id, const v1::Endpoint& endpoint,
                 const std::string& caller_id_number, Duration ring_timeout, bool apart = false) {
  const Session& session = orders.session();
  Command command;
  command.set_leg_id(std::string(leg_id));
  command.set_base_url(session.conference().base_url());
  // The dial's own number is the tag by which its call is recognised.
  command.set_dial(session.last_command() + 1);
  const Leg& caller = Caller(orders);
  *command.mutable_waiting_since_time() =
      caller.has_answer_time() ? caller.answer_time() : session.create_time();
  internal::v1::Dial& dial = *command.mutable_dial_leg();
  dial.set_apart(apart);
  if (!apart) dial.set_conference_id(session.conference().conference_id());
  *dial.mutable_endpoint() = endpoint;
  dial.set_caller_id_number(caller_id_number);
  *dial.mutable_ring_timeout() = base::ToProtoDuration(ring_timeout);
  *dial.mutable_max_duration() = base::ToProtoDuration(ProviderMaxDuration(session));
  return command;
}

// Returns until when the dial may wait. The caller is not dialled after the request's
// start_before_time.
Time DialUntil(Orders& orders, const Command& dial, Time from) {
  const Time until = from + base::FromProtoDuration(orders.timing().dial_queue());
  const Leg& caller = Caller(orders);
  if (dial.leg_id() != caller.leg_id() || !orders.session().has_start_before_time()) return until;
  return std::min(until, base::FromTimestamp(orders.session().start_before_time()));
}

// Issues a dial that leaves before that time or never.
std::int32_t IssueDial(Orders& orders, Command dial, Time before) {
  *dial.mutable_not_after_time() = base::ToTimestamp(before);
  return orders.Issue(std::move(dial));
}

// Returns the time from which the provider's lists show the call of the leg's dial. A look that was
// asked earlier proves no absence.
Time ListsShow(Orders& orders, const Leg& leg) {
  return base::FromTimestamp(leg.sent_time()) + base::FromProtoDuration(orders.timing().list_lag());
}

// True if two looks did not show the call, it was not dialled a second time, and the dial is wanted
// and in time.
bool MayDialAgain(Orders& orders, const OpenCommand& dial, const Leg& leg) {
  return leg.absent() && !leg.redialled() && WantsDial(orders.session(), leg) &&
         DialUntil(orders, dial.command(), orders.now()) > orders.now();
}

// Starts the ring clock of a call that was dialled at this moment. A look follows after the ring
// timeout, and a verdict after the look (deadlines.cc).
void BeginRinging(Orders& orders, Leg& leg, Time dialled, Duration ring_timeout) {
  const Time ring_end = dialled + ring_timeout;
  *leg.mutable_ring_end_time() = base::ToTimestamp(ring_end);
  orders.SetTimer(Timer::KIND_RING_LOOK, leg.leg_id(),
                  ring_end + base::FromProtoDuration(orders.timing().ring_look()));
}

// Sends the same dial once more. Both calls carry the same tag, so the flow recognises either. The
// second one that appears is a stray.
void DialAgain(Orders& orders, OpenCommand& dial, Leg& leg) {
  leg.set_redialled(true);
  leg.set_lost(false);
  leg.set_absent(false);
  leg.clear_absent_since_time();
  leg.clear_ring_end_time();
  const Time before = DialUntil(orders, dial.command(), orders.now());
  *dial.mutable_command()->mutable_not_after_time() = base::ToTimestamp(before);
  orders.Reissue(dial, Duration::zero());
  *dial.mutable_issue_time() = base::ToTimestamp(orders.now());
}

// True if the answer denies a call that was seen alive. The flow believes what was seen: it neither
// gives the call up nor dials again.
bool IsBelied(const Leg& leg, const CommandResult& result) {
  const bool denied =
      result.verdict() == CommandResult::VERDICT_REFUSED || IsCertainFailure(result);
  return denied && !leg.call_id().empty() && !IsEnded(leg);
}

void OnDialRefused(Orders& orders, Leg& leg, const CommandResult& result) {
  if (IsEnded(leg)) return;
  // Only a dial into a conference may be answered 404 because of the conference.
  const v1::EndReason reason =
      leg.dialled_apart() ? ReasonOfRefusedCreation(result.http_status(), result.error().name())
                          : ReasonOfRefusal(result.http_status(), result.error().name());
  EndLeg(orders, leg, reason, v1::PARTY_PROVIDER, &result.error(), false);
  // The provider may have refused only because the caller has left, since the conference ends with
  // the caller. A refusal that concerns the account has another cause.
  const bool of_account = reason == v1::END_REASON_PROVIDER_ACCOUNT;
  if (leg.dialled_apart() || of_account) return;
  if (orders.session().has_dialing_callee()) AskForTheCaller(orders);
}

}  // namespace

Duration RingTimeout(const Command& dial) {
  return base::FromProtoDuration(dial.dial_leg().ring_timeout());
}

Time LastMomentOf(Orders& orders, const OpenCommand& dial) {
  if (dial.command().has_not_after_time()) {
    return base::FromTimestamp(dial.command().not_after_time());
  }
  // An earlier version issued this dial.
  return DialUntil(orders, dial.command(), base::FromTimestamp(dial.issue_time()));
}

void DialCaller(Orders& orders) {
  const Session::Dialing& dialing = orders.session().dialing();
  Command dial =
      MakeDial(orders, Caller(orders).leg_id(), Caller(orders).endpoint(),
               dialing.caller_id_number(), base::FromProtoDuration(dialing.ring_timeout()));
  const Time before = DialUntil(orders, dial, orders.now());
  const std::int32_t number = IssueDial(orders, std::move(dial), before);
  Caller(orders).set_dial(number);
}

void DialCallee(Orders& orders, std::int32_t number) {
  const v1::Callee& callee = CalleeOf(orders.session(), number);
  DialCallee(orders, number, base::FromProtoDuration(callee.ring_timeout()), std::nullopt);
}

void DialCallee(Orders& orders, std::int32_t number, Duration ring_timeout,
                std::optional<Time> before) {
  const v1::Callee& callee = CalleeOf(orders.session(), number);
  Leg& leg = AddLeg(orders, v1::Leg::ROLE_CALLEE, callee.endpoint());
  leg.set_callee(number);
  // Whoever is to hear the notice hears it before joining a conference that may be recorded.
  leg.set_dialled_apart(AsksForNotice(orders.session()));
  WantAudio(leg, callee.muted(), callee.deafened());
  Command dial = MakeDial(orders, leg.leg_id(), callee.endpoint(), callee.caller_id_number(),
                          ring_timeout, leg.dialled_apart());
  const Time until = before.value_or(DialUntil(orders, dial, orders.now()));
  leg.set_dial(IssueDial(orders, std::move(dial), until));
}

bool AwaitsAnswerOf(const Session& session, const Leg& leg) {
  return leg.role() == v1::Leg::ROLE_CALLER ? session.has_dialing_caller()
                                            : session.has_dialing_callee();
}

bool WantsDial(const Session& session, const Leg& leg) {
  return !leg.unwanted() && !IsEnded(leg) && AwaitsAnswerOf(session, leg);
}

const OpenCommand* PendingDial(Orders& orders) {
  const OpenCommand* dial = nullptr;
  for (const OpenCommand& open : orders.session().open_commands()) {
    if (open.command().has_dial_leg() && open.status() == Command::STATUS_PENDING) dial = &open;
  }
  return dial;
}

void OnDialTaken(Orders& orders, const OpenCommand& open) {
  const Command& command = open.command();
  Leg* leg = LegOfDial(orders, command.number());
  Require(leg != nullptr, "a dial has a leg");
  if (!IsSent(*leg)) leg = &ShowLeg(orders, *leg);
  leg->set_service_number(command.dial_leg().caller_id_number());
  leg->set_base_url(command.base_url());
  *leg->mutable_sent_time() = base::ToTimestamp(orders.learned());
  const bool again = leg->redialled() && leg->call_id().empty();
  if (leg->state() == v1::Leg::STATE_PENDING || again) {
    leg->set_state(std::max(leg->state(), v1::Leg::STATE_DIALING));
    SessionEvent& event = orders.Emit(SessionEvent::DETAIL_NORMAL);
    *event.mutable_leg_dialing()->mutable_leg() = PublicLeg(*leg);
    event.mutable_leg_dialing()->set_attempt(command.attempt());
    leg->set_last_event(orders.session().sequence());
  }
  BeginRinging(orders, *leg, orders.learned(), RingTimeout(command));
}

void OnStrayShown(Orders& orders, Leg& stray) {
  if (orders.session().has_outcome()) return;
  BeginRinging(orders, stray, base::FromTimestamp(stray.sent_time()),
               base::FromProtoDuration(CalleeOf(orders.session(), stray).ring_timeout()));
}

void OnDialResult(Orders& orders, OpenCommand& open, const CommandResult& result) {
  const std::int32_t number = open.command().number();
  Leg* leg = LegOfDial(orders, number);
  Require(leg != nullptr, "a dial with a result has a leg");
  if (IsBelied(*leg, result)) {
    orders.Close(number);
    LookAtCall(orders, *leg);
    return;
  }
  switch (result.verdict()) {
    case CommandResult::VERDICT_DONE:
      orders.Close(number);
      for (const CallFacts& facts : result.calls()) {
        if (facts.call_id().empty()) continue;
        if (leg->call_id().empty()) leg->set_call_id(facts.call_id());
        Leg* of_call = LegOfCall(orders, facts.call_id());
        // An event or a look has shown another call of this dial before. So the dial made two
        // calls, whatever marks the answer carries.
        if (of_call == nullptr) of_call = &AddStray(orders, *leg, facts);
        // The answer only says that the call was made. Events and looks tell whether the person
        // answers.
        if (!facts.base_url().empty()) of_call->set_base_url(facts.base_url());
      }
      break;
    case CommandResult::VERDICT_REFUSED:
      orders.Close(number);
      OnDialRefused(orders, *leg, result);
      break;
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      if (!WantsDial(orders.session(), *leg)) {
        orders.Close(number);
        EndLeg(orders, *leg, v1::END_REASON_OTHER_PARTY_LEFT, v1::PARTY_SERVICE, nullptr, false);
        break;
      }
      leg->clear_ring_end_time();
      RetryCertainFailure(orders, open, result);
      break;
    default:
      if (!leg->call_id().empty() || IsEnded(*leg)) {
        orders.Close(number);  // Events or looks were faster than this answer.
        break;
      }
      if (orders.session().has_outcome()) {
        orders.Close(number);  // The flow looks for the call, and does not dial again.
      } else {
        open.set_status(Command::STATUS_UNKNOWN);
      }
      leg->set_lost(true);
      PursueLostDial(orders, *leg);
      break;
  }
}

void PursueLostDial(Orders& orders, Leg& leg) {
  if (!leg.lost()) return;
  // The first look may find the call early. If it does not, that proves nothing.
  const Time first =
      base::FromTimestamp(leg.sent_time()) + base::FromProtoDuration(orders.timing().look_again());
  if (first > orders.now()) {
    orders.SetTimer(Timer::KIND_DIAL_LOOK, leg.leg_id(), first);
  } else {
    FindDial(orders, leg);
  }
}

void OnDialLookedFor(Orders& orders, Leg& leg, Time asked, bool complete) {
  if (!leg.lost()) return;
  const Duration again = base::FromProtoDuration(orders.timing().look_again());
  const Time lists_show = ListsShow(orders, leg);
  if (!complete) {
    leg.clear_absent_since_time();
  } else if (asked >= lists_show) {
    if (!leg.has_absent_since_time()) *leg.mutable_absent_since_time() = base::ToTimestamp(asked);
    leg.set_absent(leg.absent() || asked - base::FromTimestamp(leg.absent_since_time()) >= again);
  }
  OpenCommand* dial = orders.FindOpen(leg.dial());
  if (dial != nullptr && MayDialAgain(orders, *dial, leg)) return DialAgain(orders, *dial, leg);
  const Time give_up =
      base::FromTimestamp(leg.sent_time()) + base::FromProtoDuration(orders.timing().dial_search());
  if (leg.absent() || orders.now() >= give_up) {
    if (dial != nullptr) orders.Close(leg.dial());
    return orders.Note(DialLost{leg.leg_id()});
  }
  orders.SetTimer(Timer::KIND_DIAL_LOOK, leg.leg_id(),
                  orders.now() < lists_show ? lists_show : orders.now() + again);
}

void CancelPendingDials(Orders& orders, v1::EndReason reason) {
  while (true) {
    const OpenCommand* dial = nullptr;
    for (const OpenCommand& open : orders.session().open_commands()) {
      if (open.command().has_dial_leg() && open.status() != Command::STATUS_IN_FLIGHT) {
        dial = &open;
      }
    }
    if (dial == nullptr) return;
    const std::int32_t number = dial->command().number();
    if (dial->status() == Command::STATUS_UNKNOWN) {
      orders.Close(number);  // The flow still looks for the call, and does not dial again.
      continue;
    }
    orders.Cancel(number);
    Leg* leg = LegOfDial(orders, number);
    if (leg == nullptr) continue;
    if (!IsSent(*leg)) {
      DropUnsent(orders, number);
      continue;
    }
    if (leg->redialled()) {
      // The second dial certainly made no call, and two complete looks did not show the first one's
      // call. That call may still appear, so the leg ends only with the last deadline of Ending.
      leg->set_lost(true);
      leg->set_absent(true);
    } else {
      // An earlier attempt certainly made no call, but its leg is visible to clients. So the leg
      // ends.
      EndLeg(orders, *leg, reason, v1::PARTY_SERVICE, nullptr, false);
    }
  }
}

void WithdrawRepeatedDial(Orders& orders, Leg& leg) {
  const OpenCommand* dial = orders.FindOpen(leg.dial());
  if (dial == nullptr || dial->status() == Command::STATUS_IN_FLIGHT) return;
  if (dial->status() == Command::STATUS_UNKNOWN) return orders.Close(leg.dial());
  const Time dialled =
      std::max(base::FromTimestamp(dial->issue_time()), base::FromTimestamp(leg.sent_time()));
  BeginRinging(orders, leg, dialled, RingTimeout(dial->command()));
  orders.Cancel(leg.dial());
}

}  // namespace callbridge::flow
