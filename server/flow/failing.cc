#include "server/flow/failing.h"

#include <optional>

#include "server/base/command_kinds.h"
#include "server/flow/legs.h"
#include "server/flow/reasons.h"
#include "server/flow/session_events.h"

namespace callbridge::flow {
namespace {

// Cancels what was to prepare the bridge and has not left. It is no longer of use, and the caller's
// apology would wait behind it.
void CancelPreparation(Orders& orders) {
  for (const Command::ActionCase action :
       {Command::kAnswerCall, Command::kCreateConference, Command::kAddCaller}) {
    const OpenCommand* open = orders.FindOpen(action);
    if (open == nullptr || open->status() != Command::STATUS_PENDING) continue;
    orders.Cancel(open->command().number());
  }
}

// Returns why the bridge was not prepared in time. If a command never left because our own queue or
// the provider's limits held it back, the provider owes no answer.
v1::EndReason ReasonOfDelay(const Session& session) {
  for (const OpenCommand& open : session.open_commands()) {
    const bool waits = open.status() == Command::STATUS_PENDING &&
                       !open.command().has_hang_up_call() && !base::IsLook(open.command());
    const bool never_left = open.command().attempt() == 1;
    if (waits && (never_left || open.last_failure() == CommandResult::VERDICT_THROTTLED)) {
      return v1::END_REASON_PROVIDER_THROTTLED;
    }
  }
  return v1::END_REASON_PROVIDER_UNAVAILABLE;
}

}  // namespace

Next FailPreparation(Orders& orders, v1::EndReason reason, const v1::ProviderError* error) {
  // Once the provider has accepted the answer, the caller can hear the apology, even if no event
  // has come yet.
  if (IsAccepted(Caller(orders))) {
    CancelPreparation(orders);
    ToApologizing apology{reason, v1::PARTY_PROVIDER, std::nullopt};
    if (error != nullptr) apology.error = *error;
    return apology;
  }
  ToEnding end = EndWith(v1::Outcome::RESULT_FAILED, reason, v1::PARTY_PROVIDER);
  if (error != nullptr) *end.outcome.mutable_provider_error() = *error;
  return end;
}

Next OnPreparationRefused(Orders& orders, v1::EndReason reason, const CommandResult& result) {
  const Session::PhaseCase phase = orders.session().phase_case();
  if (phase != Session::kAnsweringCaller && phase != Session::kDialingCaller) return Stay{};
  return FailPreparation(orders, reason, &result.error());
}

Next FailForDelay(Orders& orders) {
  return FailPreparation(orders, ReasonOfDelay(orders.session()), nullptr);
}

bool IsTooLateToStart(const Knowledge& known) {
  return known.session().has_start_before_time() &&
         base::FromTimestamp(known.session().start_before_time()) <= known.now();
}

ToEnding EndNotInTime(Knowledge& known) {
  TellDeadline(known, "the caller's dial",
               known.now() - base::FromTimestamp(known.session().create_time()));
  return EndWith(v1::Outcome::RESULT_FAILED, v1::END_REASON_TOO_LATE, v1::PARTY_DEADLINE);
}

}  // namespace callbridge::flow
