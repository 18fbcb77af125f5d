#include "tests/simulation/judged_course.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>
#include <set>

#include "server/base/limits.h"
#include "tests/simulation/ambush.h"
#include "tests/simulation/judged_bridge.h"
#include "tests/simulation/judged_outcome.h"
#include "tests/simulator/named.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kSilenceMax{2};
// An answer or a webhook that was lost: 4 s in all.
constexpr seconds kToldLate{2};
// docs/flow.md §3: the longest prompt of world_settings.cc has 13 code points, and the deadline
// allows 0.15 s for each where the simulator needs 0.06 s; 1.5 s are waited for the stop.
constexpr milliseconds kPromptDeadline{5'000 + 13 * 90 + 1'500};
// Two who talked are looked at once a minute.
constexpr seconds kTalkLook{60};

constexpr std::array<std::string_view, 4> kToldLateFaults = {
    "error-after", "reset-after", "slow-response", "event-before-response"};
constexpr std::array<std::string_view, 5> kWebhookFaults = {"drop", "delay", "missing-finished",
                                                            "duplicate", "reorder"};

// What is waited for if the request of the command was never done: its deadline in docs/flow.md.
struct Deadline {
  std::string_view command;
  base::Duration lasts;
};
constexpr std::array<Deadline, 4> kDeadlines = {{
    {"create_conference", seconds(15)},
    {"add_caller", seconds(10)},
    {"play_prompt", kPromptDeadline},
    // Music that may be playing is not begun again: silence until the ringing is over.
    {"play_music", seconds(20)},
}};

template <typename Names>
bool IsAmong(std::string_view name, const Names& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

base::Duration SilenceMax(const SilentTime& silence, const JudgedBridge& bridge, const Plan& plan) {
  base::Duration longest = kSilenceMax;
  bool struck = false;
  for (const Mishap* mishap : bridge.mishaps) {
    if (mishap->at > silence.begins + silence.lasts) continue;
    longest += CostOf(*mishap);
    struck = true;
  }
  // Where something is looked for, the answer is 2 s old.
  if (struck && !plan.faults.empty()) longest += kToldLate;
  return struck && silence.after_talk ? longest + kTalkLook : longest;
}

void JudgeSilences(const JudgedBridge& bridge, const Evidence& evidence,
                   std::vector<std::string>& complaints) {
  for (const SilentTime& silence : evidence.hearing.silences()) {
    if (!bridge.Has(silence.call_id)) continue;
    const base::Duration longest = SilenceMax(silence, bridge, evidence.plan);
    if (silence.lasts <= longest) continue;
    complaints.push_back(absl::StrCat(silence.call_id, ": nothing is heard for ",
                                      simulator::FormatDuration(silence.lasts), " from ",
                                      base::FormatTime(silence.begins).substr(11),
                                      " on; the most is ", simulator::FormatDuration(longest)));
  }
}

// For so long nobody could tell the service that somebody left.
base::Duration AwayFor(const JudgedBridge& bridge) {
  base::Duration away{};
  for (const Mishap* mishap : bridge.mishaps) away += mishap->lasts;
  return away;
}

// A prompt goes on until it is over, unless one of the two goes away.
void JudgeCuts(const JudgedBridge& bridge, const Evidence& evidence,
               std::vector<std::string>& complaints) {
  for (const CutPrompt& cut : evidence.hearing.cut_prompts()) {
    if (!bridge.Has(cut.call_id)) continue;
    const base::Time since = cut.at - kSilenceMax - AwayFor(bridge);
    const bool left = std::any_of(bridge.calls.begin(), bridge.calls.end(),
                                  [&cut, since](const simulator::Call* call) {
                                    return call->end && *call->end <= cut.at &&
                                           call->hangup_source == "ENDPOINT" && *call->end > since;
                                  });
    if (left) continue;
    complaints.push_back(absl::StrCat(cut.call_id, ": cut off at ",
                                      base::FormatTime(cut.at).substr(11), ": ", cut.what));
  }
}

}  // namespace

bool IsJudged(std::string_view fault) {
  Mishap mishap;
  mishap.fault = fault;
  return IsAmong(fault, kToldLateFaults) || IsNotDone(mishap) || IsAmong(fault, kWebhookFaults) ||
         GroundOf(fault) == AmbushGround::kServer;
}

base::Duration CostOf(const Mishap& mishap) {
  if (mishap.fault == "duplicate" || mishap.fault == "not-found") return {};
  // Its overdue timers wait when it is back, and webhooks that were not taken meanwhile are lost.
  if (mishap.of_server) return mishap.lasts + base::kTimersWait + kPromptDeadline;
  // Every webhook of that time is lost.
  if (mishap.of_ingress) return kPromptDeadline;
  if (mishap.what == "SAY_FINISHED" && mishap.fault != "reorder") return kPromptDeadline;
  if (!IsNotDone(mishap)) return kToldLate;
  for (const Deadline& deadline : kDeadlines) {
    if (mishap.what == deadline.command) return deadline.lasts;
  }
  return kToldLate;
}

std::vector<std::string> FindComplaints(const Evidence& evidence) {
  std::vector<std::string> complaints;
  for (std::size_t i = 0; i < evidence.plan.bridges.size(); ++i) {
    const JudgedBridge bridge = Gather(evidence, static_cast<int>(i));
    JudgeOutcome(bridge, evidence, complaints);
    JudgeSilences(bridge, evidence, complaints);
    JudgeCuts(bridge, evidence, complaints);
  }
  if (evidence.provider.journal.overlaps > 0) complaints.emplace_back("two sounds at once");
  return complaints;
}

}  // namespace callbridge::simulation
