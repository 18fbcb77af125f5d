// Inputs that no well-behaved world sends, and data that most bridges do not carry: each is ignored
// with its reason, or kept.
#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/flow/public_view.h"
#include "server/flow/reasons.h"
#include "server/flow/step.h"
#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::Input;
using internal::v1::ProviderEvent;
using internal::v1::Transition;

void Connect(Scenario& scenario) {
  PlayAll(scenario,
          {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
           "SAY_FINISHED 4", "does 5", "does 6", "CALL_ESTABLISHED callee-1", "does 7",
           "PARTICIPANT_JOINED callee-1", "PLAY_FINISHED 5", "does 8", "SAY_FINISHED 8"});
  ASSERT_TRUE(scenario.session().has_connected()) << PhaseName(scenario.session());
}

Input Event(ProviderEvent::Type type, const std::string& call_id,
            const std::string& conference_id) {
  Input input;
  input.mutable_provider_event()->set_type(type);
  input.mutable_provider_event()->set_call_id(call_id);
  input.mutable_provider_event()->set_conference_id(conference_id);
  return input;
}

std::string IgnoredReason(Scenario& scenario, Input input) {
  return scenario.Step(std::move(input)).ignored_reason();
}

TEST(Step, IgnoresAnythingBeforeTheSessionHasBegun) {
  Scenario scenario;
  Input end;
  end.mutable_end_session();
  EXPECT_EQ(IgnoredReason(scenario, end), "the session has not begun");
}

TEST(Step, IgnoresAnEmptyInputAndATimerThatIsNotDue) {
  Scenario scenario;
  Connect(scenario);
  EXPECT_EQ(IgnoredReason(scenario, Input()), "the input is empty");
  Input timer;
  timer.mutable_timer_due();
  EXPECT_EQ(IgnoredReason(scenario, timer), "no timer is due");
}

TEST(Step, IgnoresEventsThatAreNotOfThisSession) {
  Scenario scenario;
  Connect(scenario);
  EXPECT_EQ(IgnoredReason(scenario, Event(ProviderEvent::TYPE_CONFERENCE_CREATED, "", "other")),
            "the conference is not of this session");
  EXPECT_EQ(IgnoredReason(scenario,
                          Event(ProviderEvent::TYPE_PARTICIPANT_JOINED, "call-caller", "other")),
            "the conference is not of this session");
  EXPECT_EQ(IgnoredReason(scenario, Event(ProviderEvent::TYPE_SAY_FINISHED, "call-callee-1", "")),
            "nothing is being heard");
  EXPECT_EQ(IgnoredReason(scenario, Event(ProviderEvent::TYPE_CALL_RECEIVED, "call-caller", "")),
            "the call has its session already");
  EXPECT_EQ(IgnoredReason(scenario, Event(ProviderEvent::TYPE_UNSPECIFIED, "call-caller", "")),
            "events of this type are not used");
  EXPECT_EQ(IgnoredReason(scenario, Event(ProviderEvent::TYPE_CALL_DISCONNECTED, "nobody", "")),
            "no leg of this session has this call");
  EXPECT_EQ(IgnoredReason(scenario,
                          Event(ProviderEvent::TYPE_PARTICIPANT_JOIN_FAILED, "call-caller", "")),
            "the leg has joined since");
  EXPECT_TRUE(scenario.session().has_connected());
}

TEST(Step, TellsWhenMediaIsLostAndComesBack) {
  Scenario scenario;
  Connect(scenario);
  const Transition lost =
      scenario.Step(Event(ProviderEvent::TYPE_CALL_DISCONNECTED, "call-caller", ""));
  ASSERT_EQ(lost.events_size(), 1);
  EXPECT_EQ(lost.events(0).leg_media_changed().leg_id(), "caller");
  EXPECT_FALSE(lost.events(0).leg_media_changed().media_present());
  const Transition back =
      scenario.Step(Event(ProviderEvent::TYPE_CALL_RECONNECTED, "call-caller", ""));
  ASSERT_EQ(back.events_size(), 1);
  EXPECT_TRUE(back.events(0).leg_media_changed().media_present());
  scenario.Play("CALL_FINISHED caller NORMAL_HANGUP");
  EXPECT_EQ(
      scenario.Step(Event(ProviderEvent::TYPE_CALL_RECONNECTED, "call-caller", "")).events_size(),
      0);
}

TEST(Step, TellsAnErrorOfTheCalleeWithoutTouchingTheSound) {
  Scenario scenario;
  Connect(scenario);
  const Transition told = scenario.Step(Event(ProviderEvent::TYPE_ERROR, "call-callee-1", ""));
  ASSERT_EQ(told.events_size(), 1);
  EXPECT_TRUE(told.events(0).has_provider_error_reported());
  EXPECT_TRUE(scenario.session().has_connected());
}

// The line of a leg comes and goes, as often as it may; false: from now on it is ignored.
bool Flap(Scenario& scenario, int times) {
  for (int i = 0; i < times; ++i) {
    const ProviderEvent::Type type =
        i % 2 == 0 ? ProviderEvent::TYPE_CALL_DISCONNECTED : ProviderEvent::TYPE_CALL_RECONNECTED;
    if (!IgnoredReason(scenario, Event(type, "call-callee-1", "")).empty()) return false;
  }
  return true;
}

TEST(Step, CountsOnlyInputsThatChangeSomething) {
  Scenario scenario;
  Connect(scenario);
  const int inputs = scenario.session().inputs();
  for (int i = 0; i <= base::kInputsPerSessionMax; ++i) {
    const Input input = i % 2 == 0 ? Input() : Event(ProviderEvent::TYPE_OTHER, "call-caller", "");
    ASSERT_FALSE(IgnoredReason(scenario, input).empty());
  }
  EXPECT_EQ(scenario.session().inputs(), inputs);
  EXPECT_TRUE(scenario.session().has_connected()) << PhaseName(scenario.session());
  EXPECT_TRUE(Flap(scenario, 2));
  EXPECT_EQ(scenario.session().inputs(), inputs + 2);
}

TEST(Step, EndsASessionThatHasHadMoreInputsThanItMayBeforeItsTalk) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller",
                     "does 4", "SAY_FINISHED 4", "does 5", "does 6", "CALL_RINGING callee-1"});
  ASSERT_TRUE(Flap(scenario, base::kInputsPerSessionMax - scenario.session().inputs()));
  ASSERT_TRUE(scenario.session().has_dialing_callee()) << PhaseName(scenario.session());
  Flap(scenario, 1);
  EXPECT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
  EXPECT_EQ(scenario.session().outcome().reason(), v1::END_REASON_INTERNAL);
}

TEST(Step, EndsNoTalkBecauseTooMuchIsToldOfIt) {
  for (const char* end : {"CALL_FINISHED caller NORMAL_HANGUP API", "PARTICIPANT_REMOVED callee-1",
                          "CALL_FAILED callee-1 NETWORK_ERROR", "end"}) {
    Scenario scenario;
    Connect(scenario);
    ASSERT_TRUE(Flap(scenario, base::kInputsPerSessionMax - scenario.session().inputs()));
    EXPECT_FALSE(Flap(scenario, 1));
    EXPECT_TRUE(scenario.session().has_connected()) << PhaseName(scenario.session());
    // What ends it is stepped as ever.
    scenario.Play(end);
    EXPECT_FALSE(scenario.session().has_connected()) << end;
    EXPECT_NE(scenario.session().outcome().reason(), v1::END_REASON_INTERNAL) << end;
  }
}

TEST(Step, IgnoresACallThatIsMissingFromAListAfterTheEnd) {
  Scenario scenario;
  Connect(scenario);
  PlayAll(scenario, {"end", "does 9", "CALL_FINISHED caller NORMAL_HANGUP API", "wait 36s"});
  ASSERT_TRUE(scenario.session().has_ended()) << PhaseName(scenario.session());
  ASSERT_FALSE(scenario.session().legs(1).has_end());
  EXPECT_EQ(scenario.Play("missing callee-1"), "ignored: the session has ended\n");
}

// One server gave the attempt up, another one had its answer.
TEST(Step, IgnoresASecondResultOfTheSameAttempt) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "sends 1", "unknown 1"});
  EXPECT_EQ(scenario.Play("done 1"), "ignored: no such attempt is in flight\n");
  EXPECT_FALSE(scenario.session().legs(0).accepted());
}

TEST(Step, TakesAnInputWithoutAReceiveTimeForOneThatDidNotWait) {
  Input input;
  *input.mutable_incoming_call() = RoutedCall();
  input.mutable_step_time()->set_seconds(1'700'000'000);
  EXPECT_EQ(Step(internal::v1::Session(), input).session().create_time().seconds(), 1'700'000'000);
}

TEST(Step, KnowsItsConferenceByItsIdWhereItsNameIsNotTold) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "does 2"});
  Input created = Event(ProviderEvent::TYPE_CONFERENCE_CREATED, "", "conference-1");
  created.mutable_provider_event()->mutable_conference()->set_base_url("https://elsewhere.example");
  EXPECT_EQ(IgnoredReason(scenario, created), "");
  EXPECT_EQ(scenario.session().conference().base_url(), "https://elsewhere.example");
}

TEST(Step, KeepsTheReasonOfACallThatWasOverBeforeItsDialWasRefused) {
  for (const std::string result : {"refused 6 400", "throttled 6 1s"}) {
    Scenario scenario;
    PlayUntilTheCalleeIsDialled(scenario);
    PlayAll(scenario, {"CALL_FAILED callee-1 BUSY", result});
    EXPECT_EQ(scenario.session().legs(1).end().reason(), v1::END_REASON_BUSY) << result;
    // The dial is not repeated: the caller hears why nobody came.
    EXPECT_TRUE(scenario.session().has_apologizing()) << PhaseName(scenario.session());
  }
}

// The number of the look for the conference that is open; empty: none is.
std::string OpenLook(const Scenario& scenario) {
  for (const auto& open : scenario.session().open_commands()) {
    if (open.command().has_find_conference()) return std::to_string(open.command().number());
  }
  return "";
}

// The end looks for a second conference, and so does the answer that the second creation never had:
// one look is enough.
TEST(Step, AsksForItsConferenceOnceAtATime) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "sends 2", "unknown 2"});
  const auto look = [&scenario]() {
    std::vector<std::string> looks;
    for (const auto& open : scenario.session().open_commands()) {
      if (open.command().has_find_conference()) {
        looks.push_back(std::to_string(open.command().number()));
      }
    }
    return looks;
  };
  for (int empty = 1; empty <= 2; ++empty) {
    ASSERT_EQ(look().size(), 1U);
    PlayAll(scenario, {"does " + look().front(), "wait 2s"});
  }
  // It is created again.
  PlayAll(scenario, {"sends 2", "end"});
  ASSERT_EQ(look().size(), 1U);
  scenario.Play("unknown 2");
  EXPECT_EQ(look().size(), 1U);
}

// The second creation is known by its event before the look for it ends: whoever talks is not
// disturbed by further looks.
TEST(Step, LooksForNoSecondConferenceWhileThereIsOne) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "sends 2", "unknown 2"});
  for (int empty = 1; empty <= 2; ++empty) {
    PlayAll(scenario, {"does " + OpenLook(scenario), "wait 2s"});
  }
  PlayAll(scenario, {"sends 2", "unknown 2"});
  const std::string look = OpenLook(scenario);
  PlayAll(scenario, {"CONFERENCE_CREATED", "does " + look});
  for (const auto& timer : scenario.session().timers()) {
    EXPECT_NE(timer.kind(), internal::v1::Timer::KIND_LOOK_AGAIN) << timer.ShortDebugString();
  }
}

// Nobody knows who calls, and nobody is made up.
TEST(Step, KeepsNoNumberOfACallerWhoHidesIt) {
  Scenario scenario;
  Input call;
  *call.mutable_incoming_call() = RoutedCall();
  call.mutable_incoming_call()->mutable_event()->mutable_call()->clear_endpoint();
  call.mutable_incoming_call()->mutable_event()->mutable_call()->clear_from();
  scenario.Step(call);
  ASSERT_EQ(scenario.session().legs_size(), 1);
  EXPECT_EQ(scenario.session().legs(0).endpoint().kind_case(), v1::Endpoint::KIND_NOT_SET);
}

// The last refusal ends the attempt: nothing is left that would begin another.
TEST(Step, AsksForNoJoinAfterTheLastRefusal) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "CALL_ESTABLISHED caller", "does 2"});
  for (int refusal = 0; refusal < 20 && scenario.session().has_joining_caller(); ++refusal) {
    for (const auto& open : scenario.session().open_commands()) {
      if (!open.command().has_add_caller()) continue;
      const std::string number = std::to_string(open.command().number());
      PlayAll(scenario,
              {"sends " + number, "refused " + number + " 400", "does LookAtConference empty"});
      break;
    }
    if (scenario.session().has_joining_caller()) scenario.Play("wait 1s");
  }
  ASSERT_FALSE(scenario.session().has_joining_caller());
  for (const auto& timer : scenario.session().timers()) {
    EXPECT_NE(timer.kind(), internal::v1::Timer::KIND_JOIN_RETRY) << timer.ShortDebugString();
  }
}

// A word of the provider that this version does not know.
TEST(Step, TakesNoMeaningFromAStateThatIsNotTold) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_ESTABLISHED callee-1", "wait 3s"});
  std::int32_t look = 0;
  for (const auto& open : scenario.session().open_commands()) {
    if (open.command().has_look_at_conference()) look = open.command().number();
  }
  ASSERT_NE(look, 0);
  scenario.Play("sends " + std::to_string(look));
  Input seen;
  auto& result = *seen.mutable_command_result();
  result.set_number(look);
  result.set_attempt(1);
  result.set_verdict(internal::v1::CommandResult::VERDICT_DONE);
  result.add_conferences()->set_conference_id("conference-1");
  for (const std::string call_id : {"call-caller", "call-callee-1"}) {
    result.mutable_conferences(0)->add_participants()->set_call_id(call_id);
  }
  const std::string caller = scenario.session().legs(0).SerializeAsString();
  const std::string callee = scenario.session().legs(1).SerializeAsString();
  scenario.Step(seen);
  EXPECT_EQ(scenario.session().legs(0).SerializeAsString(), caller);
  EXPECT_EQ(scenario.session().legs(1).SerializeAsString(), callee);
  EXPECT_TRUE(scenario.session().has_stopping_music()) << PhaseName(scenario.session());
}

TEST(Step, BrokenInvariantOfASessionWithoutLegsIsIgnored) {
  Scenario scenario;
  Input start;
  // Neither an offer nor a caller to dial.
  start.mutable_start_bridge()->set_request_id("request-1");
  EXPECT_EQ(IgnoredReason(scenario, start),
            "broken invariant: a session that begins with StartBridge dials its caller");
  EXPECT_EQ(scenario.session().phase_case(), internal::v1::Session::PHASE_NOT_SET);
}

TEST(Step, KeepsWhatTheIncomingCallBrings) {
  Scenario scenario;
  Input input;
  *input.mutable_incoming_call() = RoutedCall();
  input.mutable_incoming_call()->set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_OFFER);
  auto& label = *input.mutable_incoming_call()->add_labels();
  label.set_key("customer");
  label.set_value("17");
  input.mutable_incoming_call()->mutable_event()->mutable_call()->add_forwarded_from(
      "442079460009");
  input.mutable_incoming_call()->mutable_event()->mutable_call()->add_forwarded_from("anonymous");
  const Transition offered = scenario.Step(input);
  ASSERT_GT(offered.events_size(), 0);
  EXPECT_EQ(offered.events(0).labels().at("customer"), "17");
  bool told = false;
  for (const v1::SessionEvent& event : offered.events()) {
    if (!event.has_session_offered()) continue;
    told = true;
    ASSERT_EQ(event.session_offered().forwarded_from_size(), 2);
    EXPECT_EQ(event.session_offered().forwarded_from(0), "+442079460009");
    EXPECT_EQ(event.session_offered().forwarded_from(1), "anonymous");
  }
  EXPECT_TRUE(told);
  const v1::Session view = PublicView(scenario.session());
  EXPECT_EQ(view.labels().at("customer"), "17");
  EXPECT_TRUE(view.has_offer_expire_time());
}

TEST(Phrase, SaysEachReasonInItsOwnWords) {
  const std::string other(Phrase(v1::END_REASON_UNSPECIFIED));
  EXPECT_EQ(other, "could not be connected");
  for (const v1::EndReason reason :
       {v1::END_REASON_HUNG_UP, v1::END_REASON_NO_ANSWER, v1::END_REASON_BUSY,
        v1::END_REASON_DECLINED, v1::END_REASON_UNREACHABLE, v1::END_REASON_INVALID_DESTINATION,
        v1::END_REASON_VOICEMAIL, v1::END_REASON_ANSWERED_ELSEWHERE, v1::END_REASON_MAX_DURATION,
        v1::END_REASON_NOT_ALLOWED, v1::END_REASON_LOST, v1::END_REASON_PROVIDER_THROTTLED,
        v1::END_REASON_PROVIDER_REFUSED, v1::END_REASON_PROVIDER_UNAVAILABLE,
        v1::END_REASON_PROVIDER_ACCOUNT}) {
    EXPECT_NE(Phrase(reason), other) << v1::EndReason_Name(reason);
  }
}

TEST(ReasonOfError, IsUnreachableForANameThatIsNotKnown) {
  EXPECT_EQ(ReasonOfError("SOMETHING_NEW"), v1::END_REASON_UNREACHABLE);
  EXPECT_EQ(ReasonOfRefusal(403, ""), v1::END_REASON_PROVIDER_ACCOUNT);
  EXPECT_EQ(ReasonOfRefusal(400, "SOMETHING_NEW"), v1::END_REASON_PROVIDER_REFUSED);
}

// docs/provider.md §1.4: a call that is gone is no fault of the account, a configuration is.
TEST(ReasonOfRefusedCreation, BlamesTheAccountForAnUnknownConfiguration) {
  EXPECT_EQ(ReasonOfRefusedCreation(404, "NOT_FOUND"), v1::END_REASON_PROVIDER_ACCOUNT);
  EXPECT_EQ(ReasonOfRefusal(404, "NOT_FOUND"), v1::END_REASON_PROVIDER_REFUSED);
  EXPECT_EQ(ReasonOfRefusedCreation(403, ""), v1::END_REASON_PROVIDER_ACCOUNT);
  EXPECT_EQ(ReasonOfRefusedCreation(400, "BAD_REQUEST"), v1::END_REASON_PROVIDER_REFUSED);
}

TEST(IsFailure, IsOursOrTheProvidersFaultAndNotThePersons) {
  for (const v1::EndReason reason :
       {v1::END_REASON_PROVIDER_THROTTLED, v1::END_REASON_PROVIDER_REFUSED,
        v1::END_REASON_PROVIDER_UNAVAILABLE, v1::END_REASON_PROVIDER_ACCOUNT,
        v1::END_REASON_INTERNAL}) {
    EXPECT_TRUE(IsFailure(reason)) << v1::EndReason_Name(reason);
  }
  for (const v1::EndReason reason :
       {v1::END_REASON_BUSY, v1::END_REASON_NO_ANSWER, v1::END_REASON_DECLINED,
        v1::END_REASON_UNREACHABLE, v1::END_REASON_HUNG_UP, v1::END_REASON_LOST}) {
    EXPECT_FALSE(IsFailure(reason)) << v1::EndReason_Name(reason);
  }
}

}  // namespace
}  // namespace callbridge::flow
