// Two who talked, and nobody told of the join: what the log of the callee's call proves.
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::CallFacts;
using internal::v1::Input;
using internal::v1::ProviderEvent;
using std::chrono::milliseconds;
using std::chrono::seconds;

struct Log {
  std::string what;
  // How long before it is learned. Absent: never.
  std::optional<milliseconds> answered;
  milliseconds ended{};
  std::string conference = "conference-1";
  bool together = false;
  // A look in the middle of the call does not show the callee in the conference.
  bool looked = false;
  // The look that comes after the end shows the caller in the conference.
  bool caller_is_in = true;
};

void Learn(Scenario& scenario, const Log& log) {
  Input over = WebhookOf(scenario, ProviderEvent::TYPE_CALL_FINISHED, "callee-1");
  CallFacts& call = *over.mutable_provider_event()->mutable_call();
  if (log.answered) *call.mutable_answer_time() = base::ToTimestamp(scenario.now() - *log.answered);
  *call.mutable_end_time() = base::ToTimestamp(scenario.now() - log.ended);
  call.set_conference_id(log.conference);
  scenario.Step(over);
}

TEST(UntoldTalk, IsKnownByTheLogOfTheCalleesCall) {
  const std::vector<Log> logs = {
      {.what = "long", .answered = seconds(25), .ended = seconds(5), .together = true},
      {.what = "as long as a join may take",
       .answered = seconds(9),
       .ended = seconds(5),
       .together = true},
      {.what = "shorter than that", .answered = milliseconds(8'999), .ended = seconds(5)},
      {.what = "the caller had left",
       .answered = seconds(25),
       .ended = seconds(5),
       .caller_is_in = false},
      {.what = "not answered", .answered = std::nullopt, .ended = seconds(5)},
      {.what = "in no conference", .answered = seconds(25), .ended = seconds(5), .conference = ""},
      {.what = "in another conference",
       .answered = seconds(25),
       .ended = seconds(5),
       .conference = "conference-2"},
      {.what = "a look says otherwise",
       .answered = seconds(25),
       .ended = seconds(5),
       .looked = true},
  };
  for (const Log& log : logs) {
    SCOPED_TRACE(log.what);
    Scenario scenario;
    PlayUntilTheCalleeIsDialled(scenario);
    PlayAll(scenario, {"done 6", "CALL_RINGING callee-1"});
    PlayAll(scenario, {"wait 15s"});
    if (log.looked) PlayAll(scenario, {"does LookAtConference caller"});
    PlayAll(scenario, {"pause 15s"});
    Learn(scenario, log);
    // The conference is asked in any case.
    ASSERT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
    if (!log.answered) continue;
    scenario.Play(
        absl::StrCat("does LookAtConference ", log.caller_is_in ? "caller" : "joining:callee-1"));
    EXPECT_EQ(scenario.session().outcome().result(),
              log.together ? v1::Outcome::RESULT_COMPLETED : v1::Outcome::RESULT_UNSPECIFIED);
    EXPECT_EQ(scenario.session().has_apologizing(), !log.together) << PhaseName(scenario.session());
  }
}

}  // namespace
}  // namespace callbridge::flow
