#include "tests/simulation/run.h"

#include <absl/strings/str_cat.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "server/base/log.h"
#include "tests/simulation/calm_course.h"
#include "tests/simulation/judged_course.h"
#include "tests/simulation/world.h"

namespace callbridge::simulation {
namespace {

using std::chrono::seconds;

// The bound of invariant 1 and the longest delay of a webhook, after the last fault.
constexpr seconds kLongest{110 + 60 + 368 + 120};
// Whatever is still on its way, a late webhook or a pursuit, has its time.
constexpr seconds kAftermath{130};

// The last look for recorded files comes an hour after the end.
constexpr std::chrono::minutes kUntilFilesAreKnown{70};

// Everything has begun by then, also what had to wait for an outage's end.
base::Duration BeginsUntil(const Plan& plan) {
  base::Duration until = seconds(20);
  for (const Outage& outage : plan.outages) {
    until = std::max<base::Duration>(until, outage.begins + outage.lasts + seconds(5));
  }
  return until;
}

}  // namespace

Course Play(const Plan& plan, bool with_story, const AtEnd& at_end) {
  // Nobody reads a thousand logs; what they must not hold is looked for in them (invariant 25).
  std::optional<base::LogCapture> log;
  log.emplace();
  World world(plan, {.keep_lines = with_story, .passes = {}});
  const base::Time start = world.now();
  world.Run(BeginsUntil(plan));
  world.RunUntil([&world] { return world.IsOver() || !world.checker().violations().empty(); },
                 kLongest);
  world.Run(IsRecorded(plan) ? kUntilFilesAreKnown : kAftermath);
  world.checker().CheckEnd(world.store());
  if (IsRecorded(plan)) world.checker().CheckRecordedFiles();
  world.checker().CheckLog(log->Lines());
  if (IsCalm(plan)) {
    for (std::string& blemish : FindBlemishes(plan, world.checker().chronicle(), world.model())) {
      world.checker().Fail(kUnnumbered, std::move(blemish));
    }
  }
  if (plan.judged) {
    for (std::string& complaint :
         FindComplaints({plan, world.checker().chronicle(), world.model().world(), world.hearing(),
                         world.mishaps()})) {
      world.checker().Fail(kUnnumbered, std::move(complaint));
    }
  }
  if (at_end) at_end(world);
  Course course;
  course.violations = world.checker().violations().found();
  course.hash = world.trace().hash();
  course.lasted = world.now() - start;
  course.sessions = static_cast<int>(world.checker().chronicle().sessions.size());
  for (const auto& server : world.servers()) course.steps.push_back(server->steps());
  course.coverage = world.checker().coverage();
  course.story = world.trace().lines();
  return course;
}

Course PlayTwice(const Plan& plan) {
  Course course = Play(plan);
  if (Play(plan).hash != course.hash) {
    course.violations.push_back("the same plan took another course the second time");
  }
  return course;
}

Plan Shrink(Plan plan) {
  for (bool shrunk = true; shrunk;) {
    shrunk = false;
    for (Plan& smaller : Smaller(plan)) {
      if (Play(smaller).ok()) continue;
      plan = std::move(smaller);
      shrunk = true;
      break;
    }
  }
  return plan;
}

std::string Explain(const Plan& plan) {
  const Plan smallest = Shrink(plan);
  const Course course = Play(smallest, true);
  std::string text = Describe(smallest);
  for (const std::string& line : course.story) absl::StrAppend(&text, line, "\n");
  for (const std::string& violation : course.violations) absl::StrAppend(&text, violation, "\n");
  return text;
}

}  // namespace callbridge::simulation
