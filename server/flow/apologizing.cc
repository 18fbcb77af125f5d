#include "server/flow/apologizing.h"

#include "server/flow/conference_facts.h"
#include "server/flow/dialing.h"
#include "server/flow/hangup.h"
#include "server/flow/lane.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/phase_timers.h"
#include "server/flow/reasons.h"
#include "server/flow/sound_facts.h"
#include "server/flow/talk.h"

namespace callbridge::flow {
namespace {

// Asks the conference whether a callee who answered, and whose call is over, was in it. The webhook
// of the join may be lost, and after a talk no apology is due.
void AskWhetherTheyWereTogether(Orders& orders) {
  const Leg* callee = LastCallee(orders);
  const bool unclear = callee != nullptr && IsEnded(*callee) && IsAnswered(*callee) &&
                       !callee->has_join_time() && !callee->unwanted();
  if (!unclear || !IsConferenceKnown(orders.session())) return;
  LookAtConference(orders);
  AwaitLook(orders);
}

void GiveUpCallees(Orders& orders) {
  for (Leg& leg : orders.legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || IsEnded(leg) || leg.unwanted()) continue;
    leg.set_unwanted(true);
    HangUpLeg(orders, leg);
  }
}

}  // namespace

void EnterApologizing(Course& course, const ToApologizing& why) {
  LeavePhase(course);
  internal::v1::Apologizing& apologizing = *course.session().mutable_apologizing();
  apologizing.set_reason(why.reason);
  apologizing.set_ended_by(why.ended_by);
  if (why.error) *apologizing.mutable_provider_error() = *why.error;
  CancelPendingDials(course, why.reason);
  StopSound(course, Caller(course));
  AskWhetherTheyWereTogether(course);
}

Next AdvanceApologizing(Course& course) {
  internal::v1::Apologizing& apologizing = *course.session().mutable_apologizing();
  // This also hangs up a callee's call that the provider shows only now.
  if (apologizing.prompt_taken()) GiveUpCallees(course);
  const Leg* callee = CurrentCallee(course);
  if (callee != nullptr && IsAnswered(*callee)) {
    // An answer wins until the apology leaves. Afterwards every callee is unwanted.
    return ToStoppingMusic{};
  }
  if (const auto end = EndOfTalk(course)) return *end;
  if (!IsQuiet(course.session(), Caller(course))) return Stay{};
  if (!apologizing.prompt_begun()) {
    if (AwaitsLook(course)) return Stay{};
    apologizing.set_prompt_begun(true);
    StartPrompt(course, Caller(course), v1::PROMPT_KIND_APOLOGY);
    if (!IsQuiet(course.session(), Caller(course))) return Stay{};
  }
  const Leg* last = LastCallee(course);
  const bool unexplained =
      apologizing.reason() == v1::END_REASON_UNSPECIFIED && last != nullptr && !IsEnded(*last);
  if (!unexplained) return EndOfApology(course);
  AwaitReason(course);
  return Stay{};
}

void OnApologyTaken(Course& course) {
  Require(course.session().has_apologizing(), "only an apology is taken in Apologizing");
  course.session().mutable_apologizing()->set_prompt_taken(true);
}

ToEnding EndOfApology(Knowledge& known) {
  const internal::v1::Apologizing apologizing = known.session().apologizing();
  v1::Outcome outcome;
  outcome.set_reason(apologizing.reason());
  outcome.set_ended_by(apologizing.ended_by());
  if (apologizing.has_provider_error()) {
    *outcome.mutable_provider_error() = apologizing.provider_error();
  }
  const Leg* callee = LastCallee(known);
  if (callee != nullptr) outcome.add_cause_sequences(callee->last_event());
  if (outcome.reason() == v1::END_REASON_UNSPECIFIED) {
    outcome.set_reason(v1::END_REASON_UNREACHABLE);
    outcome.set_ended_by(v1::PARTY_PROVIDER);
    if (callee != nullptr) ExplainByEnd(*callee, &outcome);
  }
  outcome.set_result(IsFailure(outcome.reason()) ? v1::Outcome::RESULT_FAILED
                                                 : v1::Outcome::RESULT_CALLEE_UNREACHED);
  return {outcome};
}

}  // namespace callbridge::flow
