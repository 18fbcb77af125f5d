// What the provider tells besides the course of a call: where it is to be asked next, why a call
// ended in its own words, whose call it is. None of it may be lost, and nothing of a stranger's may
// be taken for ours.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "server/flow/legs.h"
#include "tests/flow/samples.h"
#include "tests/flow/scenario.h"

namespace callbridge::flow {
namespace {

using internal::v1::CallFacts;
using internal::v1::Command;
using internal::v1::CommandResult;
using internal::v1::ConferenceFacts;
using internal::v1::Input;
using internal::v1::ParticipantFacts;
using internal::v1::ProviderEvent;
using internal::v1::Transition;

constexpr const char* kElsewhere = "https://elsewhere.example";

Input Result(std::int32_t number, CommandResult::Verdict verdict) {
  Input input;
  input.mutable_command_result()->set_number(number);
  input.mutable_command_result()->set_attempt(1);
  input.mutable_command_result()->set_verdict(verdict);
  input.mutable_command_result()->set_http_status(200);
  input.mutable_command_result()->set_complete(true);
  return input;
}

std::optional<Command> FindCommand(const Transition& transition, Command::ActionCase action) {
  for (const Command& command : transition.commands()) {
    if (command.action_case() == action) return command;
  }
  return std::nullopt;
}

void Tag(const Scenario& scenario, std::int32_t dial, CallFacts* facts) {
  auto& session = *facts->add_custom_data();
  session.set_key("session");
  session.set_value(scenario.session().session_id());
  auto& number = *facts->add_custom_data();
  number.set_key("dial");
  number.set_value(std::to_string(dial));
}

// docs/provider.md §1.1: everything about a call or a conference goes to the base URL that its last
// answer named.
TEST(BaseUrl, OfAConferenceIsTheOneToldLast) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1"});
  Input created;
  created.mutable_provider_event()->set_type(ProviderEvent::TYPE_CONFERENCE_CREATED);
  created.mutable_provider_event()->set_conference_id("conference-1");
  ConferenceFacts& facts = *created.mutable_provider_event()->mutable_conference();
  facts.set_name("test/" + scenario.session().session_id());
  facts.set_base_url(kElsewhere);
  scenario.Step(created);
  EXPECT_EQ(scenario.session().conference().base_url(), kElsewhere);
  // An answer without one changes nothing, a further one with one does.
  scenario.Play("does 2");
  EXPECT_EQ(scenario.session().conference().base_url(), kElsewhere);
  facts.set_base_url("https://third.example");
  scenario.Step(created);
  EXPECT_EQ(scenario.session().conference().base_url(), "https://third.example");
  Input end;
  end.mutable_end_session();
  const auto hang_up = FindCommand(scenario.Step(end), Command::kHangUpConference);
  ASSERT_TRUE(hang_up.has_value());
  EXPECT_EQ(hang_up->base_url(), "https://third.example");
}

TEST(BaseUrl, OfADialledCallIsTheOneOfItsAnswer) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  Input done = Result(6, CommandResult::VERDICT_DONE);
  CallFacts& call = *done.mutable_command_result()->add_calls();
  call.set_call_id("call-callee-1");
  call.set_base_url(kElsewhere);
  scenario.Step(done);
  EXPECT_EQ(scenario.session().legs(1).base_url(), kElsewhere);
  // The next answer about it names none: it stays.
  Input missing;
  missing.mutable_call_missing()->set_call_id("call-callee-1");
  const auto look = FindCommand(scenario.Step(missing), Command::kLookAtCall);
  ASSERT_TRUE(look.has_value());
  EXPECT_EQ(look->base_url(), kElsewhere);
}

TEST(BaseUrl, OfADialIsKeptWhereItsAnswerNamesNone) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  Input ringing;
  ringing.mutable_provider_event()->set_type(ProviderEvent::TYPE_CALL_RINGING);
  ringing.mutable_provider_event()->set_call_id("call-callee-1");
  Tag(scenario, 6, ringing.mutable_provider_event()->mutable_call());
  ringing.mutable_provider_event()->mutable_call()->set_base_url(kElsewhere);
  scenario.Step(ringing);
  Input done = Result(6, CommandResult::VERDICT_DONE);
  done.mutable_command_result()->add_calls()->set_call_id("call-callee-1");
  scenario.Step(done);
  EXPECT_EQ(scenario.session().legs(1).base_url(), kElsewhere);
}

// From the ringing to the hangup, and all sounds between.
TEST(BaseUrl, OfAnIncomingCallIsWhereEveryCommandAboutItGoes) {
  for (const auto arrangement : {internal::v1::IncomingCall::ARRANGEMENT_BRIDGE,
                                 internal::v1::IncomingCall::ARRANGEMENT_OFFER}) {
    Scenario scenario;
    Input incoming;
    *incoming.mutable_incoming_call() = RoutedCall();
    incoming.mutable_incoming_call()->set_arrangement(arrangement);
    incoming.mutable_incoming_call()->mutable_event()->mutable_call()->set_base_url(kElsewhere);
    scenario.Step(incoming);
    PlayAll(scenario, {"does 1", "does 2", "does 3", "PARTICIPANT_JOINED caller", "does 4",
                       "missing caller", "SAY_FINISHED 4", "sends 5", "done 5", "end", "wait 4s"});
    int about_the_caller = 0;
    for (const auto& open : scenario.session().open_commands()) {
      about_the_caller += open.command().leg_id() == "caller" ? 1 : 0;
    }
    EXPECT_GT(about_the_caller, 0);
    const std::string& account = scenario.account();
    for (std::size_t at = account.find("command number="); at != std::string::npos;
         at = account.find("command number=", at + 1)) {
      const std::string line = account.substr(at, account.find('\n', at) - at);
      if (line.find("leg_id=\"caller\"") == std::string::npos) continue;
      EXPECT_NE(line.find(kElsewhere), std::string::npos) << line;
    }
  }
}

// It may carry whatever marks it likes: we made no call that came in.
TEST(AdoptCall, TakesNoIncomingCallForOneThatItDialled) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  scenario.Play("unknown 6");
  scenario.Play("wait 2s");
  scenario.Play("sends 7");
  Input found = Result(7, CommandResult::VERDICT_DONE);
  CallFacts& call = *found.mutable_command_result()->add_calls();
  call.set_call_id("call-of-somebody");
  call.set_direction(CallFacts::DIRECTION_INBOUND);
  Tag(scenario, 6, &call);
  scenario.Step(found);
  EXPECT_EQ(scenario.session().legs(1).call_id(), "");
  call.set_direction(CallFacts::DIRECTION_OUTBOUND);
  scenario.Play("wait 2s");
  scenario.Play("sends FindCallee");
  found.mutable_command_result()->set_number(scenario.names().NumberOf("FindCallee"));
  scenario.Step(found);
  EXPECT_EQ(scenario.session().legs(1).call_id(), "call-of-somebody");
}

TEST(EndOfALeg, KeepsAnErrorThatHasOnlyANumber) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  scenario.Play("done 6");
  Input failed;
  failed.mutable_provider_event()->set_type(ProviderEvent::TYPE_CALL_FAILED);
  failed.mutable_provider_event()->set_call_id("call-callee-1");
  failed.mutable_provider_event()->mutable_call()->mutable_error()->set_code(5003);
  scenario.Step(failed);
  ASSERT_TRUE(scenario.session().legs(1).has_end());
  EXPECT_EQ(scenario.session().legs(1).end().provider_error().code(), 5003);
}

TEST(EndOfALeg, HasNoErrorWhereNoneWasTold) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_FINISHED callee-1"});
  ASSERT_TRUE(scenario.session().legs(1).has_end());
  EXPECT_FALSE(scenario.session().legs(1).end().has_provider_error());
}

// The end tells of an answer that is known already: it is told once.
TEST(EndOfALeg, DoesNotTellAnAnswerAgain) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "wait 3s", "CALL_ESTABLISHED callee-1"});
  const auto answered = scenario.session().legs(1).answer_time();
  scenario.Play("wait 2s");
  Input finished;
  finished.mutable_provider_event()->set_type(ProviderEvent::TYPE_CALL_FINISHED);
  finished.mutable_provider_event()->set_call_id("call-callee-1");
  CallFacts& call = *finished.mutable_provider_event()->mutable_call();
  *call.mutable_answer_time() = base::ToTimestamp(scenario.now());
  const Transition over = scenario.Step(finished);
  EXPECT_EQ(scenario.session().legs(1).answer_time().SerializeAsString(),
            answered.SerializeAsString());
  EXPECT_EQ(scenario.session().legs(1).end().reason(), v1::END_REASON_HUNG_UP);
  for (const v1::SessionEvent& event : over.events()) EXPECT_FALSE(event.has_leg_answered());
}

// A look at the conference: what it shows of the caller depends on whether it had ever joined.
class CallerWhoLeft : public testing::Test {
 protected:
  static Transition LookShowsLeft(Scenario& scenario, std::int32_t look) {
    scenario.Play("sends " + std::to_string(look));
    Input seen = Result(look, CommandResult::VERDICT_DONE);
    ConferenceFacts& conference = *seen.mutable_command_result()->add_conferences();
    conference.set_conference_id("conference-1");
    ParticipantFacts& participant = *conference.add_participants();
    participant.set_call_id("call-caller");
    participant.set_state(ParticipantFacts::STATE_LEFT);
    return scenario.Step(seen);
  }
};

TEST_F(CallerWhoLeft, IsHungUpIfItHadJoined) {
  Scenario scenario;
  PlayUntilTheCalleeIsDialled(scenario);
  PlayAll(scenario, {"done 6", "CALL_ESTABLISHED callee-1", "wait 3s"});
  ASSERT_TRUE(scenario.session().has_stopping_music()) << PhaseName(scenario.session());
  std::int32_t look = 0;
  for (const auto& open : scenario.session().open_commands()) {
    if (open.command().has_look_at_conference()) look = open.command().number();
  }
  ASSERT_NE(look, 0);
  const Transition seen = LookShowsLeft(scenario, look);
  EXPECT_TRUE(FindCommand(seen, Command::kHangUpCall).has_value());
  EXPECT_TRUE(scenario.session().has_ending()) << PhaseName(scenario.session());
}

TEST_F(CallerWhoLeft, IsAskedInAgainIfItWasNeverIn) {
  Scenario scenario;
  PlayAll(scenario,
          {"incoming-call", "does 1", "CALL_ESTABLISHED caller", "does 2", "does 3", "wait 3s"});
  ASSERT_TRUE(scenario.session().has_joining_caller()) << PhaseName(scenario.session());
  LookShowsLeft(scenario, 4);
  EXPECT_TRUE(scenario.session().has_joining_caller()) << PhaseName(scenario.session());
  EXPECT_FALSE(HasLeft(scenario.session().legs(0)));
}

TEST(SessionStarted, NamesWhoAskedForIt) {
  Scenario scenario;
  Input input;
  *input.mutable_start_bridge() = ClickToCall();
  input.mutable_start_bridge()->set_requested_by("billing");
  const Transition started = scenario.Step(input);
  ASSERT_GT(started.events_size(), 0);
  EXPECT_EQ(started.events(0).session_started().client_identity(), "billing");
}

TEST(SessionOffered, NamesTheCaller) {
  Scenario scenario;
  Input input;
  *input.mutable_incoming_call() = RoutedCall();
  input.mutable_incoming_call()->set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_OFFER);
  input.mutable_incoming_call()->mutable_event()->mutable_call()->set_caller_name("Ada");
  const Transition offered = scenario.Step(input);
  ASSERT_GT(offered.events_size(), 0);
  EXPECT_EQ(offered.events(0).session_offered().caller_name(), "Ada");
}

TEST(IncomingCall, FromAnotherKindOfEndpointKeepsIt) {
  Scenario scenario;
  Input input;
  *input.mutable_incoming_call() = RoutedCall();
  CallFacts& call = *input.mutable_incoming_call()->mutable_event()->mutable_call();
  call.mutable_endpoint()->mutable_sip()->set_username("desk");
  scenario.Step(input);
  EXPECT_EQ(scenario.session().legs(0).endpoint().sip().username(), "desk");
}

TEST(IncomingCall, FromNobodyHasNoNumber) {
  Scenario scenario;
  Input input;
  *input.mutable_incoming_call() = RoutedCall();
  input.mutable_incoming_call()->mutable_event()->mutable_call()->clear_from();
  scenario.Step(input);
  EXPECT_EQ(scenario.session().legs(0).endpoint().phone().number(), "");
}

// Another server may have repeated it meanwhile.
TEST(CommandResult, OfAnotherAttemptIsIgnored) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "sends 1"});
  Input result = Result(1, CommandResult::VERDICT_DONE);
  result.mutable_command_result()->set_attempt(2);
  EXPECT_EQ(scenario.Step(result).ignored_reason(), "no such attempt is in flight");
  result.mutable_command_result()->set_attempt(1);
  EXPECT_EQ(scenario.Step(result).ignored_reason(), "");
}

// A caller who is shown in the conference by the answer itself needs no event.
TEST(AddCaller, CountsWhoItsAnswerShowsInTheConference) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "CALL_ESTABLISHED caller", "does 2", "sends 3"});
  Input done = Result(3, CommandResult::VERDICT_DONE);
  ConferenceFacts& conference = *done.mutable_command_result()->add_conferences();
  conference.set_conference_id("conference-1");
  ParticipantFacts& participant = *conference.add_participants();
  participant.set_call_id("call-caller");
  participant.set_state(ParticipantFacts::STATE_JOINED);
  scenario.Step(done);
  EXPECT_TRUE(scenario.session().has_greeting()) << PhaseName(scenario.session());
}

TEST(CommandTaken, OfAnotherAttemptIsIgnored) {
  Scenario scenario;
  scenario.Play("incoming-call");
  Input taken;
  taken.mutable_command_taken()->set_number(1);
  taken.mutable_command_taken()->set_attempt(2);
  EXPECT_EQ(scenario.Step(taken).ignored_reason(), "no such attempt is open");
}

// The service has no room: the caller hears "busy", and the record says why.
TEST(IncomingCall, WithoutRoomIsRejectedAsBusyBeforeItIsAnswered) {
  Scenario scenario;
  Input input;
  *input.mutable_incoming_call() = RoutedCall();
  input.mutable_incoming_call()->set_arrangement(internal::v1::IncomingCall::ARRANGEMENT_BUSY);
  const Transition transition = scenario.Step(input);
  ASSERT_EQ(transition.commands_size(), 1);
  EXPECT_TRUE(transition.commands(0).hang_up_call().reject());
  EXPECT_TRUE(transition.commands(0).hang_up_call().busy());
  const v1::Outcome& outcome = scenario.session().outcome();
  EXPECT_EQ(outcome.result(), v1::Outcome::RESULT_REJECTED);
  EXPECT_EQ(outcome.reason(), v1::END_REASON_OVERLOADED);
  EXPECT_EQ(outcome.summary(),
            "The incoming call was rejected as busy: this service had no room for it.");
}

// Nothing was ever put to the provider, so nothing is told of it.
TEST(Preparation, ThatWaitedInOurOwnQueueIsNotToldAsTheProvidersSilence) {
  Scenario scenario;
  PlayAll(scenario, {"incoming-call", "does 1", "wait 21s"});
  EXPECT_EQ(scenario.session().apologizing().reason(), v1::END_REASON_PROVIDER_THROTTLED);
}

}  // namespace
}  // namespace callbridge::flow
