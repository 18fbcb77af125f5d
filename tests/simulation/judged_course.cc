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
#include "tests/simulation/calm_course.h"
#include "tests/simulation/world_settings.h"
#include "tests/simulator/calls.h"
#include "tests/simulator/named.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using v1::Outcome;

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
constexpr std::array<std::string_view, 3> kNotDoneFaults = {"error-before", "reset-before",
                                                            "throttled"};
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

bool IsNotDone(const Mishap& mishap) { return IsAmong(mishap.fault, kNotDoneFaults); }

// One bridge of the plan and all that is known of it.
struct Bridge {
  int index = 0;
  const BridgePlan* plan = nullptr;
  std::vector<const WatchedSession*> sessions;
  std::vector<const simulator::Call*> calls;
  std::vector<const Mishap*> mishaps;

  bool Has(const std::string& call_id) const {
    return std::any_of(calls.begin(), calls.end(),
                       [&call_id](const simulator::Call* call) { return call->id == call_id; });
  }
};

bool Concerns(const Mishap& mishap, const Bridge& bridge) {
  if (mishap.of_server || bridge.Has(mishap.call_id)) return true;
  return std::any_of(bridge.sessions.begin(), bridge.sessions.end(),
                     [&mishap](const WatchedSession* watched) {
                       return mishap.session_id == watched->session_id ||
                              ReferencesOf(*watched).contains("conference/" + mishap.conference_id);
                     });
}

Bridge Gather(const Evidence& evidence, int index) {
  Bridge bridge;
  bridge.index = index;
  bridge.plan = &evidence.plan.bridges[static_cast<std::size_t>(index)];
  for (const auto& [number, call] : evidence.provider.calls.things()) {
    const std::string person = simulator::NumberOf(call.endpoint);
    if (person == CallerNumber(index) || person == CalleeNumber(index)) {
      bridge.calls.push_back(&call);
    }
  }
  for (const auto& [session_id, watched] : evidence.chronicle.sessions) {
    const internal::v1::Leg* caller = CallerOf(watched.session);
    if (caller == nullptr) continue;
    if (!absl::EndsWith(caller->endpoint().phone().number(), CallerNumber(index))) continue;
    bridge.sessions.push_back(&watched);
  }
  for (const Mishap& mishap : evidence.mishaps) {
    if (Concerns(mishap, bridge)) bridge.mishaps.push_back(&mishap);
  }
  return bridge;
}

// How many requests of the command may have come to nothing. A server that stops may lose any one.
int MayBeLost(const Bridge& bridge, std::string_view command) {
  return static_cast<int>(
      std::count_if(bridge.mishaps.begin(), bridge.mishaps.end(), [command](const Mishap* mishap) {
        return mishap->of_server || (IsNotDone(*mishap) && mishap->what == command);
      }));
}

// An offer lasts 8 s, whatever a server does meanwhile.
bool MayExpire(const Bridge& bridge) {
  return bridge.plan->kind == BridgePlan::Kind::kOffered &&
         std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(),
                     [](const Mishap* mishap) { return mishap->of_server; });
}

// The service may not have learned of the call, or not before the caller gave up.
bool MayBeUnknown(const Bridge& bridge) {
  return std::any_of(bridge.mishaps.begin(), bridge.mishaps.end(), [](const Mishap* mishap) {
    return mishap->what == "CALL_RECEIVED" && mishap->fault != "duplicate";
  });
}

void JudgeOutcome(const Bridge& bridge, const Evidence& evidence,
                  std::vector<std::string>& complaints) {
  if (MayBeUnknown(bridge)) return;
  if (bridge.sessions.size() != 1) {
    complaints.push_back(
        absl::StrCat("bridge ", bridge.index + 1, " has ", bridge.sessions.size(), " sessions"));
    return;
  }
  const auto expected = ExpectedResult(*bridge.plan);
  // A person is called twice at the most.
  if (!expected || MayBeLost(bridge, "dial_leg") > 1 || MayExpire(bridge)) return;
  const WatchedSession& watched = *bridge.sessions.front();
  const Outcome::Result result = watched.session.outcome().result();
  if (result != *expected) {
    complaints.push_back(absl::StrCat(watched.session_id, ": the result is ",
                                      Outcome::Result_Name(result), ", not ",
                                      Outcome::Result_Name(*expected)));
    return;
  }
  // The greeting, and the announcement or the apology. One whose request was lost is skipped.
  const int all = *expected == Outcome::RESULT_CALLER_UNREACHED ? 0 : 2;
  int heard = MayBeLost(bridge, "play_prompt");
  for (const simulator::Call* call : bridge.calls)
    heard += evidence.hearing.prompts_heard(call->id);
  if (heard >= all) return;
  complaints.push_back(
      absl::StrCat(watched.session_id, ": ", heard, " of ", all, " prompts are heard"));
}

base::Duration SilenceMax(const SilentTime& silence, const Bridge& bridge, const Plan& plan) {
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

void JudgeSilences(const Bridge& bridge, const Evidence& evidence,
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

// A prompt goes on until it is over, unless one of the two goes away.
void JudgeCuts(const Bridge& bridge, const Evidence& evidence,
               std::vector<std::string>& complaints) {
  for (const CutPrompt& cut : evidence.hearing.cut_prompts()) {
    if (!bridge.Has(cut.call_id)) continue;
    const bool left =
        std::any_of(bridge.calls.begin(), bridge.calls.end(), [&cut](const simulator::Call* call) {
          return call->end && *call->end <= cut.at && call->hangup_source == "ENDPOINT" &&
                 *call->end > cut.at - kSilenceMax;
        });
    if (left) continue;
    complaints.push_back(absl::StrCat(cut.call_id, ": cut off at ",
                                      base::FormatTime(cut.at).substr(11), ": ", cut.what));
  }
}

}  // namespace

bool IsJudged(std::string_view fault) {
  return IsAmong(fault, kToldLateFaults) || IsAmong(fault, kNotDoneFaults) ||
         IsAmong(fault, kWebhookFaults) || GroundOf(fault) == AmbushGround::kServer;
}

base::Duration CostOf(const Mishap& mishap) {
  if (mishap.fault == "duplicate") return {};
  // Its overdue timers wait when it is back, and webhooks that were not taken meanwhile are lost.
  if (mishap.of_server) return mishap.lasts + base::kTimersWait + kPromptDeadline;
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
    const Bridge bridge = Gather(evidence, static_cast<int>(i));
    JudgeOutcome(bridge, evidence, complaints);
    JudgeSilences(bridge, evidence, complaints);
    JudgeCuts(bridge, evidence, complaints);
  }
  if (evidence.provider.journal.overlaps > 0) complaints.emplace_back("two sounds at once");
  return complaints;
}

}  // namespace callbridge::simulation
