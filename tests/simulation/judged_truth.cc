#include "tests/simulation/judged_truth.h"

#include <absl/strings/match.h>

#include <algorithm>
#include <chrono>

#include "tests/simulation/world_settings.h"

namespace callbridge::simulation {
namespace {

using std::chrono::seconds;
using v1::Outcome;
using Kind = BridgePlan::Kind;

// A webhook, its hand-over and a step of the session take less.
constexpr seconds kLearned{1};

// The latest call of the person. Null: there is none.
const simulator::Call* LastOf(const JudgedBridge& bridge, const std::string& number) {
  const auto calls = bridge.CallsOf(number);
  return calls.empty() ? nullptr : calls.back();
}

bool HungUp(const simulator::Call* call) {
  return call != nullptr && call->end && call->hangup_source == "ENDPOINT";
}

bool IsLongAway(const Mishap& mishap) {
  return (mishap.of_server || mishap.of_ingress) && mishap.lasts > kPauseMax;
}

// Some of what happened may have been learned so much later than it happened.
base::Duration LearnedWithin(const JudgedBridge& bridge) {
  base::Duration within = kLearned;
  for (const Mishap* mishap : bridge.mishaps) within += CostOf(*mishap);
  return within;
}

Outcome::Result UnreachedBy(const BridgePlan& plan) {
  return plan.callee == "refused:403" ? Outcome::RESULT_FAILED : Outcome::RESULT_CALLEE_UNREACHED;
}

// The caller hung up, and the two had not talked.
std::set<Outcome::Result> ResultsOfLeaving(const JudgedBridge& bridge,
                                           const simulator::Call& caller) {
  const base::Duration within = LearnedWithin(bridge);
  if (bridge.plan->kind == Kind::kRequested) {
    if (!caller.answer) return {Outcome::RESULT_CALLER_UNREACHED};
    if (*caller.end < *caller.answer + within) {
      return {Outcome::RESULT_CALLER_UNREACHED, Outcome::RESULT_CALLER_ABANDONED};
    }
  }
  const simulator::Call* callee = LastOf(bridge, CalleeNumber(bridge.index));
  std::set<Outcome::Result> results;
  // The service hangs up the callee of a caller who is gone.
  const base::Duration later = HungUp(callee) ? within : base::Duration::zero();
  const bool failed = callee != nullptr && callee->end && *callee->end <= *caller.end + later;
  const bool refused = bridge.plan->callee == "refused:403";
  if (failed || refused) results.insert(UnreachedBy(*bridge.plan));
  const bool long_before = failed && *callee->end + within < *caller.end;
  if (!long_before) results.insert(Outcome::RESULT_CALLER_ABANDONED);
  // Which of the two was told first decides.
  const bool met = callee != nullptr && callee->answer && *callee->answer <= *caller.end + within;
  if (met) results.insert(Outcome::RESULT_COMPLETED);
  return results;
}

// The service was away for longer than one of the deadlines of docs/flow.md that pass before the
// callee is dialled. The first of them passes after so long; an offer's passes sooner.
constexpr seconds kDeadlineMin{10};

bool MayHaveRunOut(const JudgedBridge& bridge) {
  const bool offered = bridge.plan->kind == Kind::kOffered;
  const bool long_away =
      std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(), [offered](const Mishap* mishap) {
        return IsLongAway(*mishap) && (offered || mishap->lasts >= kDeadlineMin);
      });
  return long_away && bridge.CallsOf(CalleeNumber(bridge.index)).empty();
}

// The callee was never dialled, because its time, or that of what comes before, had run out.
std::set<Outcome::Result> ResultsOfRunningOut(const JudgedBridge& bridge,
                                              const simulator::Call* caller) {
  std::set<Outcome::Result> results{Outcome::RESULT_FAILED, Outcome::RESULT_CALLEE_UNREACHED};
  if (caller != nullptr && caller->answer) return results;
  switch (bridge.plan->kind) {
    case Kind::kIncoming:
      // The network lets nobody ring for longer than a minute.
      results.insert(Outcome::RESULT_CALLER_ABANDONED);
      break;
    case Kind::kOffered:
      results.insert({Outcome::RESULT_CALLER_ABANDONED, Outcome::RESULT_REJECTED});
      break;
    case Kind::kRequested:
      results.insert(Outcome::RESULT_CALLER_UNREACHED);
      break;
  }
  return results;
}

// Nobody hung up on their own before the two could talk, or the callee did.
std::set<Outcome::Result> ResultsOfWaiting(const JudgedBridge& bridge,
                                           const simulator::Call* caller) {
  if (MayHaveRunOut(bridge)) return ResultsOfRunningOut(bridge, caller);
  const bool answers = absl::StartsWith(bridge.plan->callee, "answers");
  if (!answers || HungUp(LastOf(bridge, CalleeNumber(bridge.index)))) {
    return {UnreachedBy(*bridge.plan)};
  }
  return {Outcome::RESULT_COMPLETED};
}

}  // namespace

bool HaveTalked(const JudgedBridge& bridge, const Evidence& evidence) {
  return TalkOf(bridge, evidence) >= kLearned;
}

std::optional<std::set<Outcome::Result>> ResultsByTruth(const JudgedBridge& bridge,
                                                        const Evidence& evidence) {
  const simulator::Call* caller = LastOf(bridge, CallerNumber(bridge.index));
  const bool acted =
      std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(),
                  [](const Mishap* mishap) { return absl::EndsWith(mishap->fault, "hangs-up"); });
  const bool away = std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(),
                                [](const Mishap* mishap) { return IsLongAway(*mishap); });
  if (!acted && !away) return std::nullopt;
  if (HaveTalked(bridge, evidence)) return std::set{Outcome::RESULT_COMPLETED};
  std::set<Outcome::Result> results =
      HungUp(caller) ? ResultsOfLeaving(bridge, *caller) : ResultsOfWaiting(bridge, caller);
  if (TalkOf(bridge, evidence) > base::Duration::zero()) {
    results.insert(Outcome::RESULT_COMPLETED);
  }
  return results;
}

}  // namespace callbridge::simulation
