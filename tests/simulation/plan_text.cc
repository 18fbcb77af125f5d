#include <absl/strings/str_cat.h>

#include <chrono>
#include <string>

#include "tests/simulation/plan.h"
#include "tests/simulator/named.h"

namespace callbridge::simulation {
namespace {

using simulator::FormatDuration;
using std::chrono::milliseconds;

std::string Describe(const BridgePlan& bridge) {
  const char* kinds[] = {"incoming call", "offered call", "two people called"};
  std::string text = absl::StrCat(kinds[static_cast<int>(bridge.kind)], " at ",
                                  FormatDuration(bridge.begins), ", callee ", bridge.callee);
  if (bridge.kind == BridgePlan::Kind::kRequested) {
    absl::StrAppend(&text, ", caller ", bridge.caller);
  }
  if (bridge.caller_leaves.count() > 0) {
    absl::StrAppend(&text, ", the caller leaves after ", FormatDuration(bridge.caller_leaves));
  }
  if (bridge.end_asked.count() > 0) {
    absl::StrAppend(&text, ", its end is asked for after ", FormatDuration(bridge.end_asked));
  }
  return text;
}

}  // namespace

std::string Describe(const Plan& plan) {
  std::string text = absl::StrCat("seed ", plan.seed, "\n");
  for (const BridgePlan& bridge : plan.bridges) {
    absl::StrAppend(&text, "  ", Describe(bridge), "\n");
  }
  for (std::size_t i = 0; i < plan.servers.size(); ++i) {
    absl::StrAppend(&text, "  server-", i + 1, ", clock off by ",
                    std::chrono::duration_cast<milliseconds>(plan.servers[i].skew).count(), " ms");
    for (const auto& [step, trouble] : plan.servers[i].troubles) {
      absl::StrAppend(&text, "; ", NameOf(trouble.kind), " step ", step, " for ",
                      FormatDuration(trouble.lasts));
    }
    for (const ClockStep& step : plan.servers[i].clock_steps) {
      absl::StrAppend(&text, "; its clock is set by ", FormatDuration(step.by), " after ",
                      FormatDuration(step.at));
    }
    absl::StrAppend(&text, "\n");
  }
  for (const auto& [name, value] : plan.switches) {
    absl::StrAppend(&text, "  switch ", name, "=", value, "\n");
  }
  for (const auto& [name, value] : plan.faults) {
    absl::StrAppend(&text, "  fault ", name, "=", value, "\n");
  }
  for (const auto& [name, value] : plan.delays) {
    absl::StrAppend(&text, "  delay ", name, "=", value, "\n");
  }
  if (plan.latency_max.count() > 0 || plan.store_takes_max.count() > 0) {
    absl::StrAppend(&text, "  each way takes up to ", FormatDuration(plan.latency_max),
                    ", the store up to ", FormatDuration(plan.store_takes_max), "\n");
  }
  for (const Ambush& ambush : plan.ambushes) {
    absl::StrAppend(
        &text, "  in ambush: ", ambush.fault, " in ", ambush.phase, " with ", ambush.command,
        ambush.bridge >= 0 ? absl::StrCat(" of bridge ", ambush.bridge + 1) : "",
        ambush.always ? ", whenever it is so" : "", ambush.own_request ? ", that request only" : "",
        ambush.passes > 0 ? absl::StrCat(", not the first ", ambush.passes) : "", ", ",
        FormatDuration(ambush.lasts), "\n");
  }
  for (const Outage& outage : plan.outages) {
    absl::StrAppend(&text, "  ", NameOf(outage.kind), " from ", FormatDuration(outage.begins),
                    " for ", FormatDuration(outage.lasts), "\n");
  }
  for (const Storm& storm : plan.storms) {
    absl::StrAppend(&text, "  ", storm.events,
                    storm.kind == Storm::Kind::kRepeated ? " repeated" : " unneeded",
                    " webhooks from ", FormatDuration(storm.begins), " for ",
                    FormatDuration(storm.lasts), "\n");
  }
  absl::StrAppend(
      &text, "  ", plan.ingresses, " ingresses, ", plan.readers, " readers",
      plan.rubbish ? ", rubbish" : "", plan.forged ? ", forged webhooks" : "",
      plan.neighbours ? ", neighbours" : "",
      plan.wishes_every.count() > 0
          ? absl::StrCat(", a wish every ", FormatDuration(plan.wishes_every))
          : "",
      plan.sounds_every.count() > 0
          ? absl::StrCat(", a sound every ", FormatDuration(plan.sounds_every))
          : "",
      plan.recordings_every.count() > 0
          ? absl::StrCat(", a wish to record every ", FormatDuration(plan.recordings_every))
          : "",
      IsRecorded(plan)
          ? absl::StrCat(", plans with recording {", plan.recording.ShortDebugString(), "}")
          : "",
      plan.repeats ? ", webhooks that repeat events" : "", "; faults end after ",
      FormatDuration(plan.calm_after), "\n");
  return text;
}

}  // namespace callbridge::simulation
