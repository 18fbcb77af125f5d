#include "server/flow/joining.h"

#include <algorithm>
#include <string>

#include "server/base/limits.h"
#include "server/flow/conference_facts.h"
#include "server/flow/failing.h"
#include "server/flow/hangup.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/phase_timers.h"
#include "server/flow/reasons.h"
#include "server/flow/retry.h"

namespace callbridge::flow {
namespace {

constexpr int kRefusalsMax = 2;

void Add(Course& course, Leg& leg) {
  internal::v1::Joining& joining = *leg.mutable_joining();
  Command command;
  command.set_leg_id(leg.leg_id());
  command.set_base_url(leg.base_url());
  command.set_dial(leg.dial());
  command.mutable_add_caller()->set_conference_id(course.session().conference().conference_id());
  command.mutable_add_caller()->set_call_id(leg.call_id());
  joining.set_last_put(course.Issue(command));
  joining.set_puts(joining.puts() + 1);
}

void RetryJoinSoon(Course& course, const Leg& leg) {
  course.SetTimer(Timer::KIND_JOIN_RETRY, leg.leg_id(),
                  course.now() + base::FromProtoDuration(course.timing().join_retry()));
}

// Doubts the last PUT, which was refused or which the provider reported as failed. It may have
// worked all the same, or an earlier PUT whose answer was lost may have. So the flow asks the
// conference whether the leg is in it, and only that answer counts.
void DoubtPut(Course& course, Leg& leg, v1::EndReason reason, const v1::ProviderError* error) {
  internal::v1::Joining& joining = *leg.mutable_joining();
  if (joining.last_put() == joining.failed_put()) return;  // This failure was counted before.
  joining.set_doubted_put(joining.last_put());
  *joining.mutable_doubt_time() = base::ToTimestamp(course.now());
  joining.set_reason(reason);
  joining.clear_provider_error();
  if (error != nullptr) *joining.mutable_provider_error() = *error;
  LookAtConference(course);
}

// Waits until the call is established, because the call cannot be added before. This PUT does not
// count as refused. The next one follows as soon as the call is established.
void AwaitEstablished(Course& course, Leg& leg) {
  internal::v1::Joining& joining = *leg.mutable_joining();
  if (!joining.too_early()) joining.set_puts(joining.puts() - 1);
  joining.set_too_early(true);
  LookAtCall(course, leg);
}

// Handles the answer to a PUT whose failure was told before. Only a look that is asked from now on
// decides whether it failed.
void OnDoubtedPutClosed(Course& course, Leg& leg, std::int32_t number) {
  internal::v1::Joining& joining = *leg.mutable_joining();
  if (joining.doubted_put() != number) return;
  *joining.mutable_doubt_time() = base::ToTimestamp(course.now());
  LookAtConference(course);
}

bool IsShown(const ConferenceFacts& facts, const std::string& call_id) {
  return std::any_of(facts.participants().begin(), facts.participants().end(),
                     [&call_id](const ParticipantFacts& participant) {
                       return participant.call_id() == call_id &&
                              participant.state() != ParticipantFacts::STATE_LEFT;
                     });
}

}  // namespace

void EnterJoiningCaller(Course& course) {
  LeavePhase(course);
  course.session().mutable_joining_caller();
  SetPhaseDeadlines(course, course.timing().join_caller_look(),
                    course.timing().join_caller_verdict());
  Add(course, Caller(course));
}

Next AdvanceJoiningCaller(Course& course) {
  if (IsJoined(Caller(course))) {
    course.Withdraw(Command::kAddCaller);
    return ToGreeting{};
  }
  if (Caller(course).joining().too_early() && IsAnswered(Caller(course))) {
    Caller(course).mutable_joining()->set_too_early(false);
    course.ClearTimer(Timer::KIND_JOIN_RETRY, Caller(course).leg_id());
    OnJoinRetryTimer(course);
  }
  return Stay{};
}

void MoveCallee(Course& course, Leg& callee) {
  if (callee.has_joining()) return;
  *callee.mutable_joining()->mutable_begin_time() = base::ToTimestamp(course.now());
  SetPhaseDeadlines(course, course.timing().join_callee_look(),
                    course.timing().join_callee_verdict());
  Add(course, callee);
}

void GiveUpCallee(Course& course, Leg* callee) {
  course.Withdraw(Command::kAddCaller);
  if (callee == nullptr) return;
  callee->set_unwanted(true);
  HangUpLeg(course, *callee);
}

void OnAddCallerResult(Course& course, OpenCommand& open, const CommandResult& result) {
  Leg* leg = MovedLeg(course);
  if (leg == nullptr || leg->leg_id() != open.command().leg_id()) {
    course.Close(result.number());
    return;
  }
  switch (result.verdict()) {
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      RetryCertainFailure(course, open, result);
      break;
    case CommandResult::VERDICT_DONE:
      course.Close(result.number());
      for (const ConferenceFacts& facts : result.conferences()) AbsorbParticipants(course, facts);
      OnDoubtedPutClosed(course, *leg, result.number());
      break;
    case CommandResult::VERDICT_REFUSED:
      course.Close(result.number());
      if (!IsAnswered(*leg)) {
        AwaitEstablished(course, *leg);
      } else {
        DoubtPut(course, *leg, ReasonOfRefusal(result.http_status(), result.error().name()),
                 &result.error());
      }
      break;
    default:
      course.Close(result.number());
      RetryJoinSoon(course, *leg);
      OnDoubtedPutClosed(course, *leg, result.number());
      break;
  }
}

void OnNotJoined(Course& course, Leg& leg) {
  if (&leg != MovedLeg(course)) return LookAtCall(course, leg);
  if (!IsAnswered(leg)) return AwaitEstablished(course, leg);
  DoubtPut(course, leg, v1::END_REASON_PROVIDER_REFUSED, nullptr);
}

Next OnJoinLookedFor(Course& course, Time asked, const std::optional<ConferenceFacts>& facts) {
  Leg* leg = MovedLeg(course);
  if (leg == nullptr) return Stay{};
  internal::v1::Joining& joining = *leg->mutable_joining();
  const std::int32_t doubted = joining.doubted_put();
  // Until the doubted PUT is answered itself, a look says nothing about it.
  if (doubted == 0 || course.FindOpen(doubted) != nullptr) return Stay{};
  if (asked < base::FromTimestamp(joining.doubt_time())) {
    LookAtConference(course);
    return Stay{};
  }
  joining.set_doubted_put(0);
  if (!facts) {
    RetryJoinSoon(course, *leg);
    return Stay{};
  }
  if (IsShown(*facts, leg->call_id())) return Stay{};
  joining.set_failed_put(doubted);
  joining.set_refusals(joining.refusals() + 1);
  if (joining.refusals() < kRefusalsMax) {
    RetryJoinSoon(course, *leg);
    return Stay{};
  }
  const v1::ProviderError error = joining.provider_error();
  const v1::ProviderError* told = joining.has_provider_error() ? &error : nullptr;
  if (course.session().has_joining_caller()) {
    return FailPreparation(course, joining.reason(), told);
  }
  ToApologizing apology{joining.reason(), v1::PARTY_PROVIDER, std::nullopt};
  if (told != nullptr) apology.error = error;
  GiveUpCallee(course, leg);
  return apology;
}

void OnJoinRetryTimer(Course& course) {
  Leg* leg = MovedLeg(course);
  if (leg == nullptr) return;
  const internal::v1::Joining& joining = leg->joining();
  if (joining.puts() >= base::kPutsMax || joining.too_early() || joining.doubted_put() != 0) return;
  if (course.FindOpen(Command::kAddCaller) == nullptr) Add(course, *leg);
}

}  // namespace callbridge::flow
