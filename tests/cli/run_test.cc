// The program against a server in this process: what it prints and the status it ends with.
#include "client/cli/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/cli/fake_service.h"
#include "tests/cli/run_with.h"
#include "tests/cli/status.h"

namespace callbridge::cli {
namespace {

using client::EndedMessage;
using client::EventMessage;
using client::FakeService;
using client::MakeError;
using client::MakeFieldError;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

v1::Session MakeSession() {
  v1::Session session;
  session.set_session_id("s_1");
  session.set_state(v1::Session::STATE_RINGING);
  v1::Leg& leg = *session.add_legs();
  leg.set_leg_id("caller");
  leg.set_role(v1::Leg::ROLE_CALLER);
  leg.set_state(v1::Leg::STATE_JOINED);
  leg.mutable_endpoint()->mutable_phone()->set_number("+442079460000");
  session.add_callees()->mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  return session;
}

const std::vector<std::string> kStart = {"start", "--caller", "+442079460000", "--callee",
                                         "+447700900456"};

TEST(Run, StartPrintsTheRequestIdBeforeAndTheSessionAfter) {
  FakeService service;
  service.SetSession(MakeSession());
  const Result result = RunWith(service, kStart);
  EXPECT_EQ(result.status, ExitStatus::kOk);
  const auto requests = service.start_requests();
  ASSERT_THAT(requests, SizeIs(1));
  EXPECT_THAT(requests[0].request_id(), SizeIs(36));
  EXPECT_THAT(result.err, HasSubstr(requests[0].request_id()));
  EXPECT_THAT(result.out, HasSubstr("session      s_1\nstate        RINGING\n"));
  EXPECT_THAT(result.out, HasSubstr("caller       JOINED    +44********00\n"));
}

TEST(Run, StartSaysThatARepeatedRequestCallsNobodyAgain) {
  FakeService service;
  service.SetSession(MakeSession());
  std::vector<std::string> arguments = kStart;
  arguments.insert(arguments.end(), {"--request-id", "request-1", "--json"});
  EXPECT_THAT(RunWith(service, arguments).err, IsEmpty());
  const Result again = RunWith(service, arguments);
  EXPECT_EQ(again.status, ExitStatus::kOk);
  EXPECT_THAT(again.err, HasSubstr("no person is dialled again"));
  EXPECT_THAT(again.out, StartsWith("{\"sessionId\":\"s_1\"")) << "the session alone";
}

TEST(Run, StartToBeCheckedSaysThatNobodyIsCalled) {
  FakeService service;
  std::vector<std::string> arguments = kStart;
  arguments.push_back("--validate-only");
  EXPECT_THAT(RunWith(service, arguments).err, HasSubstr("valid; no person is called"));
  ASSERT_THAT(service.start_requests(), SizeIs(1));
  EXPECT_TRUE(service.start_requests()[0].validate_only());
}

TEST(Run, StartTellsARefusalFieldByField) {
  FakeService service;
  service.AddFailure(MakeFieldError("callees[0].endpoint.phone.number", "8 to 15 digits"));
  const Result result = RunWith(service, kStart);
  EXPECT_EQ(result.status, ExitStatus::kRefused);
  EXPECT_THAT(result.err, HasSubstr("callees[0].endpoint.phone.number): 8 to 15 digits\n"));
  EXPECT_THAT(result.out, IsEmpty());
}

TEST(Run, StartAndWaitTellsTheStoryAndEndsByItsOutcome) {
  FakeService service;
  service.SetSession(MakeSession());
  service.AddStream({{EventMessage(1), EndedMessage(2, v1::Outcome::RESULT_CALLEE_UNREACHED)},
                     false,
                     grpc::Status::OK});
  std::vector<std::string> arguments = kStart;
  arguments.push_back("--wait");
  const Result result = RunWith(service, arguments);
  EXPECT_EQ(result.status, ExitStatus::kCalleeUnreached);
  EXPECT_EQ(result.out,
            "session s_1\n"
            "    0.0s  RINGING      callee-1 rings\n"
            "    1.0s  ENDED        the session is over\n"
            "CALLEE_UNREACHED: It is over.\n");
  EXPECT_EQ(service.stream_requests()[0].session_id(), "s_1");
}

TEST(Run, WatchSaysThatItResumed) {
  FakeService service;
  service.AddStream({{EventMessage(1)}, false, {grpc::StatusCode::UNAVAILABLE, "reset"}});
  service.AddStream({{EndedMessage(2, v1::Outcome::RESULT_CANCELLED)}, false, grpc::Status::OK});
  const Result result = RunWith(service, {"watch", "s_1"});
  EXPECT_EQ(result.status, ExitStatus::kOk);
  EXPECT_THAT(result.out, HasSubstr("the connection to the server is lost (reset)"));
  EXPECT_THAT(result.out, HasSubstr("resumed after 1; no event was missed\n"));
}

TEST(Run, WatchEndsByOutcomeWhenAsked) {
  FakeService service;
  service.AddStream({{EndedMessage(1, v1::Outcome::RESULT_FAILED)}, false, grpc::Status::OK});
  EXPECT_EQ(RunWith(service, {"watch", "s_1", "--exit-status"}).status, ExitStatus::kBridgeFailed);
}

TEST(Run, WatchOfOneSessionNamesIdsForWhoeverInterrupts) {
  FakeService service;
  std::stop_source stop;
  stop.request_stop();
  const Result result = RunWith(service, {"watch", "s_1"}, stop.get_token());
  EXPECT_EQ(result.status, ExitStatus::kInterrupted);
  EXPECT_THAT(result.err, HasSubstr("callbridge end s_1"));
}

TEST(Run, WatchOfAllPrefixesShortIdsAndTakesASnapshotAgain) {
  FakeService service;
  v1::StreamEventsResponse event = EventMessage(5);
  event.mutable_event()->set_session_id("s_01JD0000000000000000ABCDEF");
  v1::StreamEventsResponse snapshot;
  snapshot.mutable_snapshot()->set_session_id(event.event().session_id());
  snapshot.mutable_snapshot()->set_state(v1::Session::STATE_ENDED);
  snapshot.mutable_snapshot()->mutable_outcome()->set_result(v1::Outcome::RESULT_COMPLETED);
  service.AddStream(
      {{event}, false, MakeError(grpc::StatusCode::OUT_OF_RANGE, "RESUME_TOKEN_EXPIRED")});
  service.AddStream({{snapshot}, false, {grpc::StatusCode::PERMISSION_DENIED, "no"}});
  const Result result = RunWith(service, {"watch"});
  EXPECT_EQ(result.status, ExitStatus::kRefused);
  EXPECT_THAT(result.out, HasSubstr("ABCDEF         -  RINGING      callee-1 rings\n"));
  EXPECT_THAT(result.out, HasSubstr("no longer kept; starting again\n"));
  EXPECT_THAT(result.out, HasSubstr("ABCDEF  COMPLETED: "));
  const auto requests = service.stream_requests();
  ASSERT_THAT(requests, SizeIs(2));
  EXPECT_EQ(requests[1].position(), v1::START_POSITION_SNAPSHOT);
  EXPECT_EQ(requests[1].ended_since().seconds(), 1005);
}

TEST(Run, WatchOfAllCountsWhatIsUnderWayAndMeetsItInTheMiddle) {
  FakeService service;
  v1::StreamEventsResponse snapshot;
  *snapshot.mutable_snapshot() = MakeSession();
  snapshot.mutable_snapshot()->set_session_id("s_01JD0000000000000000ABCDEF");
  snapshot.mutable_snapshot()->mutable_create_time()->set_seconds(1000);
  v1::StreamEventsResponse event = EventMessage(5);
  event.mutable_event()->set_session_id(snapshot.snapshot().session_id());
  service.AddStream(
      {{snapshot, client::BookmarkMessage(v1::Bookmark::KIND_SNAPSHOT_COMPLETE, "token-4"), event},
       false,
       {grpc::StatusCode::PERMISSION_DENIED, "no"}});
  const Result result = RunWith(service, {"watch", "--all"});
  EXPECT_THAT(result.out, HasSubstr("watching; 1 session under way\n"));
  EXPECT_THAT(result.out, HasSubstr("ABCDEF      5.0s               callee-1 rings\n"));
}

TEST(Run, WatchAsJsonWritesOneObjectALineAndRemarksElsewhere) {
  FakeService service;
  v1::StreamEventsResponse diagnostic = EventMessage(2);
  diagnostic.mutable_event()->set_detail(v1::SessionEvent::DETAIL_DIAGNOSTIC);
  diagnostic.mutable_event()->mutable_command_sent()->set_command_number(1);
  service.AddStream(
      {{EventMessage(1), diagnostic}, false, {grpc::StatusCode::UNAVAILABLE, "reset"}});
  service.AddStream({{EndedMessage(3, v1::Outcome::RESULT_COMPLETED)}, false, grpc::Status::OK});
  const Result result = RunWith(service, {"--json", "watch", "s_1"});
  EXPECT_THAT(result.out, ::testing::StartsWith("{\"event\":{\"eventId\":\"s_1/1\""));
  EXPECT_EQ(std::count(result.out.begin(), result.out.end(), '\n'), 2);
  EXPECT_THAT(result.out, Not(HasSubstr("commandSent")));
  EXPECT_THAT(result.err, HasSubstr("resumed after 2; no event was missed"));
}

TEST(Run, GetTellsAMissingSessionByItsStatus) {
  FakeService service;
  service.AddFailure(MakeError(grpc::StatusCode::NOT_FOUND, "SESSION_NOT_FOUND"));
  const Result result = RunWith(service, {"get", "s_2"});
  EXPECT_EQ(result.status, ExitStatus::kNotFound);
  EXPECT_THAT(result.err, HasSubstr("reason: SESSION_NOT_FOUND"));
}

TEST(Run, GetAsJsonShowsNumbersWhenAsked) {
  FakeService service;
  service.SetSession(MakeSession());
  EXPECT_THAT(RunWith(service, {"get", "s_1", "--json"}).out, Not(HasSubstr("2079460000")));
  EXPECT_THAT(RunWith(service, {"get", "s_1", "--json", "--show-numbers"}).out,
              HasSubstr("\"+442079460000\""));
}

TEST(Run, ListReadsPagesUpToItsLimit) {
  FakeService service;
  service.SetSession(MakeSession());
  const Result all = RunWith(service, {"list"});
  EXPECT_EQ(std::count(all.out.begin(), all.out.end(), '\n'), 4);
  EXPECT_THAT(all.err, IsEmpty());
  const Result two = RunWith(service, {"list", "--limit", "2"});
  EXPECT_EQ(std::count(two.out.begin(), two.out.end(), '\n'), 3);
  EXPECT_THAT(two.err, HasSubstr("there are more"));
}

TEST(Run, EndShowsTheSession) {
  FakeService service;
  service.SetSession(MakeSession());
  EXPECT_THAT(RunWith(service, {"end", "s_1", "--reason", "done"}).out, HasSubstr("s_1"));
}

TEST(Run, UpdateSaysWhoIsToHearWhom) {
  FakeService service;
  service.SetSession(MakeSession());
  const Result done = RunWith(service, {"update", "s_1", "--leg", "callee-1", "--muted", "yes",
                                        "--deafened", "no", "--request-id", "m-1"});
  EXPECT_EQ(done.status, ExitStatus::kOk) << done.err;
  EXPECT_THAT(done.out, HasSubstr("s_1"));
  ASSERT_THAT(service.update_requests(), SizeIs(1));
  const v1::UpdateLegRequest request = service.update_requests().front();
  EXPECT_EQ(request.session_id(), "s_1");
  EXPECT_EQ(request.leg_id(), "callee-1");
  EXPECT_EQ(request.request_id(), "m-1");
  EXPECT_TRUE(request.muted());
  EXPECT_TRUE(request.has_deafened());
  EXPECT_FALSE(request.deafened());
  EXPECT_FALSE(request.validate_only());
  // What is not named stays as it is, and an id is made up.
  RunWith(service, {"update", "s_1", "--leg", "caller", "--deafened", "yes", "--validate-only"});
  ASSERT_THAT(service.update_requests(), SizeIs(2));
  EXPECT_FALSE(service.update_requests().back().has_muted());
  EXPECT_TRUE(service.update_requests().back().deafened());
  EXPECT_TRUE(service.update_requests().back().validate_only());
  EXPECT_FALSE(service.update_requests().back().request_id().empty());
}

TEST(Run, UpdateRefusesWhatItCannotMean) {
  FakeService service;
  EXPECT_THAT(RunWith(service, {"update", "s_1", "--muted", "yes"}).err,
              HasSubstr("which person?"));
  EXPECT_THAT(RunWith(service, {"update", "s_1", "--leg", "caller"}).err,
              HasSubstr("what is to change?"));
  const Result odd = RunWith(service, {"update", "s_1", "--leg", "caller", "--muted", "on"});
  EXPECT_EQ(odd.status, ExitStatus::kUsage);
  EXPECT_THAT(odd.err, HasSubstr("--muted: \"on\" is neither yes nor no"));
  EXPECT_THAT(service.update_requests(), IsEmpty());
}

TEST(Run, SayAndPlayLetPeopleHear) {
  FakeService service;
  service.SetSession(MakeSession());
  const Result said =
      RunWith(service, {"say", "s_1", "One moment.", "--leg", "caller", "--leg", "callee-1",
                        "--language", "de", "--voice", "Marlene", "--request-id", "r-1"});
  EXPECT_EQ(said.status, ExitStatus::kOk) << said.err;
  EXPECT_THAT(said.out, HasSubstr("s_1"));
  ASSERT_THAT(service.play_requests(), SizeIs(1));
  const v1::PlayPromptRequest request = service.play_requests().front();
  EXPECT_EQ(request.session_id(), "s_1");
  EXPECT_THAT(request.leg_ids(), ElementsAre("caller", "callee-1"));
  EXPECT_EQ(request.request_id(), "r-1");
  EXPECT_EQ(request.prompt().text(), "One moment.");
  EXPECT_EQ(request.prompt().voice().language(), "de");
  EXPECT_EQ(request.prompt().voice().name(), "Marlene");
  RunWith(service, {"play", "s_1", "--url", "https://example.com/a.wav", "--duration", "2s",
                    "--validate-only"});
  RunWith(service, {"play", "s_1", "--file", "f-1"});
  RunWith(service, {"play", "s_1", "--name", "chime"});
  ASSERT_THAT(service.play_requests(), SizeIs(4));
  const v1::PlayPromptRequest played = service.play_requests()[1];
  EXPECT_EQ(played.prompt().audio().url(), "https://example.com/a.wav");
  EXPECT_EQ(played.prompt().audio().duration().seconds(), 2);
  EXPECT_TRUE(played.validate_only());
  EXPECT_THAT(played.leg_ids(), IsEmpty());
  EXPECT_FALSE(played.request_id().empty());
  EXPECT_EQ(service.play_requests()[2].prompt().audio().file_id(), "f-1");
  EXPECT_EQ(service.play_requests()[3].prompt().audio().file_name(), "chime");
  EXPECT_FALSE(service.play_requests()[3].prompt().audio().has_duration());
}

TEST(Run, StopSoundsDigitsAndCaptureAskForWhatTheyName) {
  FakeService service;
  service.SetSession(MakeSession());
  EXPECT_EQ(RunWith(service, {"stop-sounds", "s_1", "--leg", "caller"}).status, ExitStatus::kOk);
  RunWith(service, {"stop-sounds", "s_1"});
  ASSERT_THAT(service.stop_requests(), SizeIs(2));
  EXPECT_EQ(service.stop_requests()[0].leg_id(), "caller");
  EXPECT_EQ(service.stop_requests()[1].leg_id(), "");
  EXPECT_EQ(RunWith(service, {"digits", "s_1", "12#", "--leg", "callee-1"}).status,
            ExitStatus::kOk);
  ASSERT_THAT(service.send_requests(), SizeIs(1));
  EXPECT_EQ(service.send_requests()[0].leg_id(), "callee-1");
  EXPECT_EQ(service.send_requests()[0].digits(), "12#");
  const Result captured = RunWith(
      service, {"capture", "s_1", "--leg", "caller", "--length", "4", "--terminator", "#",
                "--first-timeout", "5s", "--digit-timeout", "1500ms", "--say", "Your code."});
  EXPECT_EQ(captured.status, ExitStatus::kOk) << captured.err;
  ASSERT_THAT(service.capture_requests(), SizeIs(1));
  const v1::CaptureDigitsRequest request = service.capture_requests().front();
  EXPECT_EQ(request.max_length(), 4);
  EXPECT_EQ(request.terminator(), "#");
  EXPECT_EQ(request.first_digit_timeout().seconds(), 5);
  EXPECT_EQ(request.digit_timeout().nanos(), 500'000'000);
  EXPECT_EQ(request.prompt().text(), "Your code.");
  EXPECT_FALSE(request.request_id().empty());
}

TEST(Run, WhatPeopleHearIsRefusedIfItCannotBeMeant) {
  FakeService service;
  EXPECT_THAT(RunWith(service, {"say", "s_1"}).err, HasSubstr("what is said?"));
  EXPECT_THAT(RunWith(service, {"say"}).err, HasSubstr("which session?"));
  EXPECT_THAT(RunWith(service, {"say", "s_1", "two", "words"}).err, HasSubstr("quote texts"));
  EXPECT_THAT(RunWith(service, {"play", "s_1"}).err, HasSubstr("what is played?"));
  for (const char* second : {"--file", "--name"}) {
    EXPECT_THAT(RunWith(service, {"play", "s_1", "--url", "u", second, "f"}).err,
                HasSubstr("what is played?"));
  }
  EXPECT_THAT(RunWith(service, {"digits", "s_1", "--leg", "caller"}).err, HasSubstr("which keys?"));
  EXPECT_THAT(RunWith(service, {"digits", "s_1", "1"}).err, HasSubstr("which person?"));
  EXPECT_THAT(RunWith(service, {"capture", "s_1", "--length", "4"}).err,
              HasSubstr("which person?"));
  EXPECT_THAT(RunWith(service, {"capture", "s_1", "--leg", "caller", "--length", "x"}).err,
              HasSubstr("how many keys"));
  EXPECT_THAT(service.play_requests(), IsEmpty());
  EXPECT_THAT(service.capture_requests(), IsEmpty());
}

TEST(Run, AnOfferMayBeNamedByTheEndOfItsId) {
  FakeService service;
  v1::Session offered;
  offered.set_session_id("s_01JD0000000000000000ABCDEF");
  service.SetSession(offered);
  EXPECT_EQ(RunWith(service, {"start", "--offer", "abcdef", "--callee", "+447700900456"}).status,
            ExitStatus::kOk);
  ASSERT_THAT(service.start_requests(), SizeIs(1));
  EXPECT_EQ(service.start_requests().front().caller().offered_session_id(),
            "s_01JD0000000000000000ABCDEF");
}

TEST(Run, UsageErrorsSendNothing) {
  FakeService service;
  EXPECT_EQ(RunWith(service, {"start", "--callee", "+447700900456"}).status, ExitStatus::kUsage);
  EXPECT_EQ(RunWith(service, {"list", "--state", "rung"}).status, ExitStatus::kUsage);
  EXPECT_EQ(RunWith(service, {"list", "--ca", "/nowhere.pem"}).status, ExitStatus::kUsage);
  EXPECT_THAT(service.start_requests(), IsEmpty());
  EXPECT_THAT(service.deadlines(), IsEmpty());
}

TEST(Run, ASessionIdThatIsNoneIsAWrongCommandLineInEveryCommand) {
  FakeService service;
  const std::vector<std::vector<std::string>> lines = {
      {"get", "rung"},           {"end", "rung"},
      {"watch", "rung"},         {"update", "rung", "--leg", "caller", "--muted", "yes"},
      {"say", "rung", "Hello."}, {"record", "rung", "start"},
      {"recordings", "rung"},    {"start", "--offer", "rung", "--callee", "+447700900456"}};
  for (const std::vector<std::string>& line : lines) {
    const Result result = RunWith(service, line);
    EXPECT_EQ(result.status, ExitStatus::kUsage) << line.front();
    EXPECT_THAT(result.err, HasSubstr("is not a session id")) << line.front();
  }
}

TEST(Run, PrintsItsVersionWithoutAServer) {
  FakeService service;
  EXPECT_THAT(RunWith(service, {"--version"}).out, StartsWith("callbridge 0."));
  EXPECT_EQ(RunWith(service, {"completion", "fish"}).status, ExitStatus::kUsage);
}

TEST(Run, HelpGoesToTheOutput) {
  FakeService service;
  const Result result = RunWith(service, {"watch", "--help"});
  EXPECT_EQ(result.status, ExitStatus::kOk);
  EXPECT_THAT(result.out, HasSubstr("callbridge watch [ID]"));
}

}  // namespace
}  // namespace callbridge::cli
