// JoiningCaller: an answered caller is moved into the conference, by a PUT that is repeated until
// the conference shows the caller or has shown, twice, that a PUT came to nothing.
#include <algorithm>
#include <string>

#include "server/base/limits.h"
#include "tests/before/flow/conference.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"
#include "tests/before/flow/phases.h"
#include "tests/before/flow/reasons.h"
#include "tests/before/flow/retry.h"

namespace callbridge::flow_before {
namespace {

constexpr int kRefusalsMax = 2;

void AddCaller(Turn& turn) {
  before::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  const Leg& caller = Caller(turn);
  Command command;
  command.set_leg_id(caller.leg_id());
  command.set_base_url(caller.base_url());
  command.mutable_add_caller()->set_conference_id(turn.session().conference().conference_id());
  command.mutable_add_caller()->set_call_id(caller.call_id());
  joining.set_last_put(turn.Issue(command));
  joining.set_puts(joining.puts() + 1);
}

void RetryJoinSoon(Turn& turn) {
  turn.SetTimer(Timer::KIND_JOIN_RETRY, "",
                turn.now() + base::FromProtoDuration(turn.timing().join_retry()));
}

// The last PUT was refused, or the provider says that it came to nothing. It may have had its
// effect all the same, or an earlier one, whose answer was lost: whether the caller is in is asked
// of the conference, and only its answer counts.
void DoubtPut(Turn& turn, v1::EndReason reason, const v1::ProviderError* error) {
  before::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  if (joining.last_put() == joining.failed_put()) return;  // Told again.
  joining.set_doubted_put(joining.last_put());
  *joining.mutable_doubt_time() = base::ToTimestamp(turn.now());
  joining.set_reason(reason);
  joining.clear_provider_error();
  if (error != nullptr) *joining.mutable_provider_error() = *error;
  LookAtConference(turn);
}

// A call that is not established yet cannot be added: that is no refusal. It is asked again as soon
// as it is established.
void AwaitEstablished(Turn& turn) {
  before::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  if (!joining.too_early()) joining.set_puts(joining.puts() - 1);
  joining.set_too_early(true);
  LookAtCall(turn, Caller(turn));
}

// Its failure was told before its answer came: the question is still open.
void OnDoubtedPutClosed(Turn& turn, std::int32_t number) {
  before::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  if (joining.doubted_put() != number) return;
  *joining.mutable_doubt_time() = base::ToTimestamp(turn.now());
  LookAtConference(turn);
}

bool IsShown(const ConferenceFacts& facts, const std::string& call_id) {
  return std::any_of(facts.participants().begin(), facts.participants().end(),
                     [&call_id](const ParticipantFacts& participant) {
                       return participant.call_id() == call_id &&
                              participant.state() != ParticipantFacts::STATE_LEFT;
                     });
}

}  // namespace

void EnterJoiningCaller(Turn& turn) {
  LeavePhase(turn);
  turn.session().mutable_joining_caller();
  SetPhaseDeadlines(turn, turn.timing().join_caller_look(), turn.timing().join_caller_verdict());
  AddCaller(turn);
}

void AdvanceJoiningCaller(Turn& turn) {
  if (IsJoined(Caller(turn))) {
    turn.Settle(Command::kAddCaller);
    EnterGreeting(turn);
    return;
  }
  if (turn.session().joining_caller().too_early() && IsAnswered(Caller(turn))) {
    turn.session().mutable_joining_caller()->set_too_early(false);
    turn.ClearTimer(Timer::KIND_JOIN_RETRY, "");
    OnJoinRetryTimer(turn);
  }
}

void OnAddCallerResult(Turn& turn, OpenCommand& open, const CommandResult& result) {
  if (!turn.session().has_joining_caller()) {
    turn.Close(result.number());
    return;
  }
  switch (result.verdict()) {
    case CommandResult::VERDICT_NOT_SENT:
    case CommandResult::VERDICT_THROTTLED:
      RetryCertainFailure(turn, open, result);
      break;
    case CommandResult::VERDICT_DONE:
      turn.Close(result.number());
      for (const ConferenceFacts& facts : result.conferences()) AbsorbParticipants(turn, facts);
      OnDoubtedPutClosed(turn, result.number());
      break;
    case CommandResult::VERDICT_REFUSED:
      turn.Close(result.number());
      if (!IsAnswered(Caller(turn))) {
        AwaitEstablished(turn);
      } else {
        DoubtPut(turn, ReasonOfRefusal(result.http_status(), result.error().name()),
                 &result.error());
      }
      break;
    default:
      turn.Close(result.number());
      RetryJoinSoon(turn);
      OnDoubtedPutClosed(turn, result.number());
      break;
  }
}

void OnCallerNotJoined(Turn& turn) {
  if (!turn.session().has_joining_caller()) return LookAtCall(turn, Caller(turn));
  if (!IsAnswered(Caller(turn))) return AwaitEstablished(turn);
  DoubtPut(turn, v1::END_REASON_PROVIDER_REFUSED, nullptr);
}

void OnJoinLookedFor(Turn& turn, Time asked, const ConferenceFacts* facts) {
  if (!turn.session().has_joining_caller()) return;
  before::v1::JoiningCaller& joining = *turn.session().mutable_joining_caller();
  const std::int32_t doubted = joining.doubted_put();
  // Of a PUT whose own answer is still to come nothing can be said yet.
  if (doubted == 0 || turn.FindOpen(doubted) != nullptr) return;
  if (asked < base::FromTimestamp(joining.doubt_time())) return LookAtConference(turn);
  joining.set_doubted_put(0);
  if (facts == nullptr) return RetryJoinSoon(turn);
  if (IsShown(*facts, Caller(turn).call_id())) return;
  joining.set_failed_put(doubted);
  joining.set_refusals(joining.refusals() + 1);
  if (joining.refusals() < kRefusalsMax) return RetryJoinSoon(turn);
  const v1::ProviderError error = joining.provider_error();
  FailPreparation(turn, joining.reason(), joining.has_provider_error() ? &error : nullptr);
}

void OnJoinRetryTimer(Turn& turn) {
  if (!turn.session().has_joining_caller()) return;
  const before::v1::JoiningCaller& joining = turn.session().joining_caller();
  if (joining.puts() >= base::kPutsMax || joining.too_early() || joining.doubted_put() != 0) return;
  if (turn.FindOpen(Command::kAddCaller) == nullptr) AddCaller(turn);
}

}  // namespace callbridge::flow_before
