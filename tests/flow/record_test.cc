// The record is true: when a leg did what it did, who ended it and why, and how long the two
// talked, also where it was learned late.
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
using internal::v1::CommandResult;
using internal::v1::Input;
using internal::v1::Leg;
using internal::v1::ProviderEvent;
using std::chrono::seconds;

// A webhook about a leg's call. happened: by the provider's clock.
Input Webhook(const Scenario& scenario, ProviderEvent::Type type, const std::string& leg_id,
              base::Time happened) {
  Input input = WebhookOf(scenario, type, leg_id);
  *input.mutable_provider_event()->mutable_occur_time() = base::ToTimestamp(happened);
  return input;
}

const Leg& LegOf(const Scenario& scenario, const std::string& leg_id) {
  for (const Leg& leg : scenario.session().legs()) {
    if (leg.leg_id() == leg_id) return leg;
  }
  ADD_FAILURE() << "no leg " << leg_id;
  return scenario.session().legs(0);
}

base::Duration Since(const Scenario& scenario, const google::protobuf::Timestamp& time) {
  return scenario.now() - base::FromTimestamp(time);
}

// The two talk; their webhooks came at once.
void PlayUntilTheyTalk(Scenario& scenario) {
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_RINGING callee-1", "wait 3s", "CALL_ESTABLISHED callee-1",
                     "PARTICIPANT_JOINED callee-1", "PLAY_FINISHED 5"});
  ASSERT_TRUE(scenario.session().has_announcing()) << PhaseName(scenario.session());
  scenario.Play("sound-over");
}

std::optional<std::int32_t> OpenLookAt(const Scenario& scenario, const std::string& leg_id) {
  for (const auto& open : scenario.session().open_commands()) {
    const bool look = open.command().has_look_at_call() && open.command().leg_id() == leg_id;
    if (look) return open.command().number();
  }
  return std::nullopt;
}

// Every webhook of the end is lost, and the look that comes within the minute finds the call in the
// history.
TEST(TalkDuration, EndsWhenTheCallEndedAndNotWhenTheLookFoundOut) {
  Scenario scenario;
  PlayUntilTheyTalk(scenario);
  const base::Time ended = scenario.now() + seconds(10);
  scenario.Play("wait 60s");
  const auto look = OpenLookAt(scenario, "caller");
  ASSERT_TRUE(look.has_value());
  scenario.Play(absl::StrCat("sends ", *look));
  Input found;
  CommandResult& result = *found.mutable_command_result();
  result.set_number(*look);
  result.set_attempt(1);
  result.set_verdict(CommandResult::VERDICT_DONE);
  result.set_complete(true);
  CallFacts& call = *result.add_calls();
  call.set_call_id("call-caller");
  call.set_state(CallFacts::STATE_ENDED);
  call.mutable_error()->set_name("NORMAL_HANGUP");
  call.set_hangup_source("ENDPOINT");
  *call.mutable_end_time() = base::ToTimestamp(ended);
  const auto transition = scenario.Step(found);
  EXPECT_EQ(base::FromTimestamp(LegOf(scenario, "caller").end_time()), ended);
  EXPECT_EQ(base::FromProtoDuration(scenario.session().outcome().talk_duration()), seconds(10));
  EXPECT_EQ(scenario.session().outcome().summary(),
            "They talked for 10 s, until the caller hung up.");
  for (const v1::SessionEvent& event : transition.events()) {
    if (!event.has_leg_ended()) continue;
    EXPECT_TRUE(event.inferred());
    EXPECT_EQ(base::FromTimestamp(event.occur_time()), ended);
  }
}

// The ingress was away for ten minutes: the webhook says when it was.
TEST(TalkDuration, EndsWhenTheCallEndedHoweverLateItsWebhookComes) {
  Scenario scenario;
  PlayUntilTheyTalk(scenario);
  const base::Time ended = scenario.now() + seconds(10);
  // No look is answered meanwhile.
  scenario.Play("wait 600s");
  scenario.Step(Webhook(scenario, ProviderEvent::TYPE_CALL_FINISHED, "caller", ended));
  EXPECT_EQ(base::FromTimestamp(LegOf(scenario, "caller").end_time()), ended);
  EXPECT_EQ(base::FromProtoDuration(scenario.session().outcome().talk_duration()), seconds(10));
}

TEST(TalkDuration, EndsWhenAParticipantLeftHoweverLateThatIsLearned) {
  Scenario scenario;
  PlayUntilTheyTalk(scenario);
  const base::Time left = scenario.now() + seconds(10);
  scenario.Play("wait 40s");
  scenario.Step(Webhook(scenario, ProviderEvent::TYPE_PARTICIPANT_REMOVED, "callee-1", left));
  ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  EXPECT_EQ(base::FromProtoDuration(scenario.session().outcome().talk_duration()), seconds(10));
}

// Each time of a leg that an event tells, whatever the provider says of it: never later than it was
// learned, never before what came before it.
TEST(LegTimes, AreTheProvidersWithinWhatIsPossible) {
  struct Row {
    const char* name;
    base::Duration ago;
    base::Duration expected;
  };
  const std::vector<Row> rows = {{"as it says", seconds(2), seconds(2)},
                                 {"not in the future", -seconds(1), seconds(0)},
                                 {"not before the dial", seconds(9), seconds(5)}};
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    for (const ProviderEvent::Type type :
         {ProviderEvent::TYPE_CALL_RINGING, ProviderEvent::TYPE_CALL_PRE_ESTABLISHED,
          ProviderEvent::TYPE_CALL_ESTABLISHED, ProviderEvent::TYPE_PARTICIPANT_JOINED,
          ProviderEvent::TYPE_CALL_FAILED, ProviderEvent::TYPE_CALL_FINISHED}) {
      SCOPED_TRACE(ProviderEvent::Type_Name(type));
      Scenario scenario;
      PlayUntilTheCalleeIsDialled(scenario);
      PlayAll(scenario, {"done 6", "wait 5s"});
      scenario.Step(Webhook(scenario, type, "callee-1", scenario.now() - row.ago));
      const Leg& callee = LegOf(scenario, "callee-1");
      switch (type) {
        case ProviderEvent::TYPE_CALL_RINGING:
        case ProviderEvent::TYPE_CALL_PRE_ESTABLISHED:
          EXPECT_EQ(Since(scenario, callee.ring_time()), row.expected);
          break;
        case ProviderEvent::TYPE_CALL_ESTABLISHED:
          EXPECT_EQ(Since(scenario, callee.answer_time()), row.expected);
          break;
        case ProviderEvent::TYPE_PARTICIPANT_JOINED:
          EXPECT_EQ(Since(scenario, callee.answer_time()), row.expected);
          EXPECT_EQ(Since(scenario, callee.join_time()), row.expected);
          break;
        default:
          EXPECT_EQ(Since(scenario, callee.end_time()), row.expected);
          break;
      }
    }
  }
}

// A look at the conference says since when the callee is in it.
TEST(LegTimes, OfAJoinThatALookFoundAreTheProviders) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_ESTABLISHED callee-1", "wait 4s"});
  std::int32_t look = 0;
  for (const auto& open : scenario.session().open_commands()) {
    if (open.command().has_look_at_conference()) look = open.command().number();
  }
  ASSERT_NE(look, 0);
  scenario.Play(absl::StrCat("sends ", look));
  Input seen;
  CommandResult& result = *seen.mutable_command_result();
  result.set_number(look);
  result.set_attempt(1);
  result.set_verdict(CommandResult::VERDICT_DONE);
  result.set_complete(true);
  result.add_conferences()->set_conference_id("conference-1");
  auto& participant = *result.mutable_conferences(0)->add_participants();
  participant.set_call_id("call-callee-1");
  participant.set_state(internal::v1::ParticipantFacts::STATE_JOINED);
  *participant.mutable_join_time() = base::ToTimestamp(scenario.now() - seconds(3));
  scenario.Step(seen);
  EXPECT_EQ(Since(scenario, LegOf(scenario, "callee-1").join_time()), seconds(3));
}

// The times inside the call count before that of the event.
TEST(LegTimes, OfACallThatIsOverAreThoseOfItsLog) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "wait 9s"});
  Input over = Webhook(scenario, ProviderEvent::TYPE_CALL_FINISHED, "callee-1", scenario.now());
  CallFacts& call = *over.mutable_provider_event()->mutable_call();
  *call.mutable_answer_time() = base::ToTimestamp(scenario.now() - seconds(6));
  *call.mutable_end_time() = base::ToTimestamp(scenario.now() - seconds(1));
  scenario.Step(over);
  EXPECT_EQ(Since(scenario, LegOf(scenario, "callee-1").answer_time()), seconds(6));
  EXPECT_EQ(Since(scenario, LegOf(scenario, "callee-1").end_time()), seconds(1));
}

// Webhooks that are all long on their way are no sign of the provider's clock: what that is wrong
// by was taken off before, and is not taken off again.
TEST(LegTimes, AreNotMovedByWebhooksThatAreAllLate) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "wait 9s"});
  const base::Time rang = scenario.now() - seconds(5);
  scenario.Step(Webhook(scenario, ProviderEvent::TYPE_CALL_RINGING, "callee-1", rang));
  EXPECT_EQ(base::FromTimestamp(LegOf(scenario, "callee-1").ring_time()), rang);
  scenario.Play("wait 4s");
  const base::Time answered = scenario.now() - seconds(5);
  scenario.Step(Webhook(scenario, ProviderEvent::TYPE_CALL_ESTABLISHED, "callee-1", answered));
  EXPECT_EQ(base::FromTimestamp(LegOf(scenario, "callee-1").answer_time()), answered);
}

// Whoever heard the apology is hung up by this service, whatever became of the callee.
TEST(WhoEndedALeg, OfACallerWhoHeardTheApologyIsTheService) {
  const std::vector<std::vector<std::string>> ends = {
      {"done 6", "CALL_FAILED callee-1 BUSY"},
      {"done 6", "CALL_FAILED callee-1 NO_ANSWER PLATFORM"},
      {"refused 6 403"}};
  for (const std::vector<std::string>& end : ends) {
    SCOPED_TRACE(end.back());
    Scenario scenario;
    PlayUntilTheCalleeIsDialled(scenario);
    PlayAll(scenario, end);
    PlayAll(scenario, {"PLAY_FINISHED 5", "does PlayPrompt", "sound-over"});
    ASSERT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
    scenario.Play("CALL_FINISHED caller NORMAL_HANGUP API");
    ASSERT_TRUE(LegOf(scenario, "caller").has_end());
    EXPECT_EQ(LegOf(scenario, "caller").end().ended_by(), v1::PARTY_SERVICE);
    EXPECT_EQ(LegOf(scenario, "caller").end().reason(), v1::END_REASON_HUNG_UP);
  }
}

// It left the conference by itself; that we hung its call up then is no other end.
TEST(WhoEndedALeg, OfACalleeWhoLeftIsTheCallee) {
  Scenario scenario;
  PlayUntilTheyTalk(scenario);
  PlayAll(scenario, {"PARTICIPANT_REMOVED callee-1", "CALL_FINISHED callee-1 NORMAL_HANGUP API",
                     "CALL_FINISHED caller NORMAL_HANGUP API"});
  EXPECT_EQ(LegOf(scenario, "callee-1").end().ended_by(), v1::PARTY_CALLEE);
  EXPECT_EQ(LegOf(scenario, "callee-1").end().reason(), v1::END_REASON_HUNG_UP);
  EXPECT_EQ(LegOf(scenario, "caller").end().ended_by(), v1::PARTY_CALLEE);
  EXPECT_EQ(LegOf(scenario, "caller").end().reason(), v1::END_REASON_OTHER_PARTY_LEFT);
}

// Whoever never answered cannot have hung up. docs/api.md has the table.
TEST(ReasonOfAnEnd, BeforeTheAnswerIsNeverThatTheCalleeHungUp) {
  struct Row {
    std::vector<std::string> before;
    v1::EndReason reason;
  };
  const std::vector<Row> rows = {{{}, v1::END_REASON_UNREACHABLE},
                                 {{"CALL_RINGING callee-1"}, v1::END_REASON_NO_ANSWER},
                                 {{"CALL_PRE_ESTABLISHED callee-1"}, v1::END_REASON_NO_ANSWER}};
  for (const Row& row : rows) {
    for (const char* error : {"CANCELLED", "NORMAL_HANGUP", "HUMAN_DETECTED"}) {
      for (const char* source : {"PLATFORM", "ENDPOINT"}) {
        SCOPED_TRACE(absl::StrCat(row.before.size(), " ", error, " ", source));
        Scenario scenario;
        PlayUntilTheCalleeIsDialled(scenario);
        scenario.Play("done 6");
        PlayAll(scenario, row.before);
        PlayAll(scenario, {"wait 4s", absl::StrCat("CALL_FAILED callee-1 ", error, " ", source)});
        ASSERT_TRUE(LegOf(scenario, "callee-1").has_end());
        EXPECT_EQ(LegOf(scenario, "callee-1").end().reason(), row.reason);
        PlayAll(scenario, {"PLAY_FINISHED 5", "does PlayPrompt", "sound-over"});
        EXPECT_EQ(scenario.session().outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED);
        EXPECT_EQ(scenario.session().outcome().reason(), row.reason);
        EXPECT_EQ(scenario.session().outcome().summary(), row.reason == v1::END_REASON_NO_ANSWER
                                                              ? "The callee did not answer."
                                                              : "The callee could not be reached.");
      }
    }
  }
}

TEST(ReasonOfAnEnd, OfACalleeWhoAnsweredIsThatTheyHungUp) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_ESTABLISHED callee-1", "CALL_FINISHED callee-1 CANCELLED"});
  EXPECT_EQ(LegOf(scenario, "callee-1").end().reason(), v1::END_REASON_HUNG_UP);
}

TEST(Summary, NamesTheRingTimeOnlyIfItPassed) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario,
          {"done 6", "CALL_RINGING callee-1", "wait 30s", "CALL_FAILED callee-1 NO_ANSWER PLATFORM",
           "PLAY_FINISHED 5", "does 9", "sound-over"});
  EXPECT_EQ(scenario.session().outcome().summary(), "The callee did not answer within 30 s.");
}

// A request of ours that never left is no answer that the provider owes.
TEST(ReasonOfADelay, IsOurQueueAsLongAsTheRequestHasNotLeft) {
  struct Row {
    const char* what;
    std::vector<std::string> inputs;
    v1::EndReason reason;
  };
  const std::vector<Row> rows = {
      {"the creation waits",
       {"incoming-call", "does 1", "wait 20s"},
       v1::END_REASON_PROVIDER_THROTTLED},
      {"the creation was refused with 429",
       {"incoming-call", "does 1", "sends 2", "throttled 2 60s", "wait 20s"},
       v1::END_REASON_PROVIDER_THROTTLED},
      {"no connection",
       {"incoming-call", "does 1", "sends 2", "not-sent 2", "wait 20s"},
       v1::END_REASON_PROVIDER_UNAVAILABLE},
      {"no answer",
       {"incoming-call", "does 1", "sends 2", "wait 20s"},
       v1::END_REASON_PROVIDER_UNAVAILABLE},
      {"the caller's way into the conference waits",
       {"incoming-call", "does 1", "does 2", "wait 15s"},
       v1::END_REASON_PROVIDER_THROTTLED},
      {"a dialled caller's conference waits",
       {"start", "wait 20s"},
       v1::END_REASON_PROVIDER_THROTTLED},
      {"a dialled caller's conference has no answer",
       {"start", "sends 1", "wait 20s"},
       v1::END_REASON_PROVIDER_UNAVAILABLE},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    Scenario scenario;
    PlayAll(scenario, row.inputs);
    const auto& session = scenario.session();
    EXPECT_EQ(
        session.has_apologizing() ? session.apologizing().reason() : session.outcome().reason(),
        row.reason);
  }
}

// Whatever the deadline, its event says how long was waited.
TEST(DeadlinePassed, SaysHowLongWasWaited) {
  const std::vector<std::vector<std::string>> courses = {
      {"incoming-call", "does 1", "wait 20s"},
      {"incoming-call", "does 1", "does 2", "does 3", "wait 15s"},
      {"start", "wait 20s"},
      {"start", "does 1", "wait 20s"},
      {"start", "does 1", "does 2", "wait 50s"},
      {"start", "does 1", "does 2", "CALL_ESTABLISHED caller", "wait 15s"},
      {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
       "sound-over", "wait 20s"},
      {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
       "sound-over", "does 5", "does 6", "wait 50s"},
      {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
       "sound-over", "does 5", "does 6", "CALL_ESTABLISHED callee-1", "wait 20s"},
      {"incoming-call", "does 1", "does 2", "end", "wait 40s"}};
  for (const std::vector<std::string>& course : courses) {
    Scenario scenario;
    PlayAll(scenario, course);
    const std::string& account = scenario.account();
    int deadlines = 0;
    for (std::size_t at = account.find("deadline_passed={"); at != std::string::npos;
         at = account.find("deadline_passed={", at + 1)) {
      const std::string told = account.substr(at, account.find('}', at) - at);
      EXPECT_NE(told.find(" waited_duration="), std::string::npos) << told;
      EXPECT_EQ(told.find(" after=0s"), std::string::npos) << told;
      ++deadlines;
    }
    EXPECT_GT(deadlines, 0) << course.back();
  }
}

}  // namespace
}  // namespace callbridge::flow
