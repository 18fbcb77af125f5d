#include "tests/simulation/judged_outcome.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <set>

#include "tests/simulation/calm_course.h"
#include "tests/simulation/judged_truth.h"

namespace callbridge::simulation {
namespace {

using v1::Outcome;

// An offer lasts 8 s, whatever a server does meanwhile.
bool MayExpire(const JudgedBridge& bridge) {
  return bridge.plan->kind == BridgePlan::Kind::kOffered &&
         std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(),
                     [](const Mishap* mishap) { return mishap->of_server; });
}

// The greeting, and the announcement or the apology. One whose request was lost is skipped.
void JudgePrompts(const JudgedBridge& bridge, const Evidence& evidence, Outcome::Result result,
                  std::vector<std::string>& complaints) {
  const int all = result == Outcome::RESULT_CALLER_UNREACHED ? 0 : 2;
  int heard = MayBeLost(bridge, "play_prompt");
  for (const simulator::Call* call : bridge.calls) {
    heard += evidence.hearing.prompts_heard(call->id);
  }
  if (heard >= all) return;
  complaints.push_back(absl::StrCat(bridge.sessions.front()->session_id, ": ", heard, " of ", all,
                                    " prompts are heard"));
}

void JudgeResult(const JudgedBridge& bridge, const std::set<Outcome::Result>& right,
                 std::vector<std::string>& complaints) {
  const WatchedSession& watched = *bridge.sessions.front();
  const Outcome::Result result = watched.session.outcome().result();
  if (right.contains(result)) return;
  complaints.push_back(
      absl::StrCat(watched.session_id, ": the result is ", Outcome::Result_Name(result), ", not ",
                   absl::StrJoin(right, " or ", [](std::string* text, Outcome::Result one) {
                     text->append(Outcome::Result_Name(one));
                   })));
}

}  // namespace

void JudgeOutcome(const JudgedBridge& bridge, const Evidence& evidence,
                  std::vector<std::string>& complaints) {
  if (bridge.sessions.size() != 1) {
    if (bridge.sessions.empty() && MayBeUnknown(bridge)) return;
    complaints.push_back(
        absl::StrCat("bridge ", bridge.index + 1, " has ", bridge.sessions.size(), " sessions"));
    return;
  }
  if (const auto right = ResultsByTruth(bridge, evidence)) {
    return JudgeResult(bridge, *right, complaints);
  }
  const auto expected = ExpectedResult(*bridge.plan);
  // A person is called twice at the most.
  if (!expected || MayBeUnknown(bridge) || MayBeLost(bridge, "dial_leg") > 1 || MayExpire(bridge)) {
    if (HaveTalked(bridge, evidence)) {
      JudgeResult(bridge, {Outcome::RESULT_COMPLETED}, complaints);
    }
    return;
  }
  const std::size_t before = complaints.size();
  JudgeResult(bridge, {*expected}, complaints);
  if (complaints.size() == before) JudgePrompts(bridge, evidence, *expected, complaints);
}

}  // namespace callbridge::simulation
