#include "server/provider/infobip_provider.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>

#include "server/base/limits.h"
#include "server/base/log.h"
#include "tests/provider/commands.h"
#include "tests/provider/provider_fixture.h"
#include "tests/provider/raw_server.h"

namespace callbridge::provider {
namespace {

using internal::v1::CommandResult;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

TEST_F(InfobipProviderTest, SendsADialOnceWithAllItsHeaders) {
  RawServer server([](const RawServer::Request&) { return Answer(200, kDialed); });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  const CommandResult result = SendAndWait(*provider, DialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(result.number(), 5);
  EXPECT_EQ(result.attempt(), 1);
  EXPECT_EQ(result.http_status(), 200);
  EXPECT_TRUE(result.has_took());
  ASSERT_THAT(server.requests(), SizeIs(1));
  const RawServer::Request request = server.requests().front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.target, "/calls/1/conferences/cccc/call");
  EXPECT_THAT(request.head, AllOf(HasSubstr("Authorization: App secret-key\r\n"),
                                  HasSubstr("Content-Type: application/json\r\n"),
                                  HasSubstr("Accept: application/json\r\n"),
                                  HasSubstr("HTTP/1.1\r\n"), Not(HasSubstr("Expect"))));
  EXPECT_THAT(request.body, HasSubstr(R"("phoneNumber":"447700900456")"));
}

// By the header Date, both ways: what it says becomes our time, and what it is asked is its own.
TEST_F(InfobipProviderTest, KnowsTheProvidersClockByItsAnswers) {
  struct Case {
    std::string date;
    base::Duration ahead;
    std::string asks_for_calls_after;
  };
  for (const Case& one :
       {Case{"Fri, 15 Jan 2027 07:55:00 GMT", -std::chrono::minutes(5), "07%3A53%3A00.000"},
        Case{"Fri, 15 Jan 2027 08:05:00 GMT", std::chrono::minutes(5), "07%3A58%3A00.000"},
        Case{"Fri, 15 Jan 2027 08:00:00 GMT", {}, "07%3A58%3A00.000"},
        Case{"yesterday", {}, "07%3A58%3A00.000"}}) {
    RawServer server([&one](const RawServer::Request&) {
      const std::string body = R"({"id":"aaaa","startTime":"2027-01-15T07:59:00.000+0000"})";
      return RawServer::Reply{"HTTP/1.1 200 OK\r\nDate: " + one.date + "\r\nContent-Length: " +
                              std::to_string(body.size()) + "\r\n\r\n" + body};
    });
    const auto provider = MakeProvider(Account(server.url()), clock_);
    EXPECT_EQ(provider->provider_clock("another"), nullptr);
    EXPECT_EQ(provider->provider_clock("default")->ahead(), base::Duration::zero());
    const CommandResult result = SendAndWait(*provider, LookAtCallCommand());
    ASSERT_THAT(result.calls(), SizeIs(1)) << one.date;
    const base::Duration off = base::FromTimestamp(result.calls(0).start_time()) -
                               (kNow - std::chrono::minutes(1) - one.ahead);
    EXPECT_LT(std::chrono::abs(off), seconds(1)) << one.date;
    internal::v1::Command find = FindDialCommand();
    *find.mutable_find_dial()->mutable_started_after() =
        base::ToTimestamp(kNow - std::chrono::minutes(2));
    SendAndWait(*provider, find);
    const auto requests = server.requests();
    EXPECT_TRUE(std::any_of(requests.begin(), requests.end(), [&one](const auto& request) {
      return request.target.find(one.asks_for_calls_after) != std::string::npos;
    })) << one.date;
  }
}

// When somebody came into a conference and left it is told by the same clock.
TEST_F(InfobipProviderTest, TellsInOurTimeWhenParticipantsCameAndWent) {
  RawServer server([](const RawServer::Request&) {
    const std::string body = R"({"id":"cccc","participants":[{"callId":"aaaa","state":"LEFT",)"
                             R"("joinTime":"2027-01-15T08:04:20.000+0000",)"
                             R"("leaveTime":"2027-01-15T08:04:50.000+0000"},)"
                             R"({"callId":"bbbb","state":"JOINED"}]})";
    return Answer(200, body, "Date: Fri, 15 Jan 2027 08:05:00 GMT\r\n");
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  internal::v1::Command look = LookAtCallCommand();
  look.mutable_look_at_conference()->set_conference_id("cccc");
  const CommandResult result = SendAndWait(*provider, look);
  ASSERT_THAT(result.conferences(), SizeIs(1));
  ASSERT_THAT(result.conferences(0).participants(), SizeIs(2));
  const internal::v1::ParticipantFacts& gone = result.conferences(0).participants(0);
  const auto off = [](const google::protobuf::Timestamp& told, base::Time expected) {
    return std::chrono::abs(base::FromTimestamp(told) - expected);
  };
  EXPECT_LT(off(gone.join_time(), kNow - seconds(40)), seconds(1));
  EXPECT_LT(off(gone.leave_time(), kNow - seconds(10)), seconds(1));
  EXPECT_FALSE(result.conferences(0).participants(1).has_join_time());
  EXPECT_FALSE(result.conferences(0).participants(1).has_leave_time());
}

TEST_F(InfobipProviderTest, SendsRequestsWithoutABodyWithLengthZero) {
  RawServer server([](const RawServer::Request&) { return Answer(200, R"({"id":"cccc"})"); });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  EXPECT_EQ(SendAndWait(*provider, HangUpConferenceCommand()).verdict(),
            CommandResult::VERDICT_DONE);
  ASSERT_THAT(server.requests(), SizeIs(1));
  EXPECT_THAT(server.requests().front().head,
              AllOf(HasSubstr("POST "), HasSubstr("Content-Length: 0\r\n"),
                    Not(HasSubstr("Content-Type"))));
}

TEST_F(InfobipProviderTest, KnowsThatNothingWasSentWhenTheConnectionIsRefused) {
  std::string url;
  {
    const RawServer gone([](const RawServer::Request&) { return RawServer::Reply(); });
    url = gone.url();
  }
  const auto provider = MakeProvider(Account(url), clock_);
  for (const internal::v1::Command& command :
       {DialCommand(), HangUpConferenceCommand(), LookAtCallCommand()}) {
    const CommandResult result = SendAndWait(*provider, command);
    EXPECT_EQ(result.verdict(), CommandResult::VERDICT_NOT_SENT) << command.action_case();
    EXPECT_EQ(result.error().name(), "NETWORK");
    EXPECT_EQ(result.http_status(), 0);
  }
}

TEST_F(InfobipProviderTest, KnowsThatNothingWasSentWhenTlsFails) {
  RawServer server([](const RawServer::Request&) { return RawServer::Reply(); });
  server.ResetAfter(1);
  const auto provider = MakeProvider(Account("https://" + server.authority()), clock_);
  EXPECT_EQ(SendAndWait(*provider, DialCommand()).verdict(), CommandResult::VERDICT_NOT_SENT);
  EXPECT_EQ(SendAndWait(*provider, HangUpConferenceCommand()).verdict(),
            CommandResult::VERDICT_NOT_SENT);
}

TEST_F(InfobipProviderTest, DoesNotKnowWhatAResetAfterTheRequestMeans) {
  RawServer server([](const RawServer::Request&) {
    return RawServer::Reply{"", RawServer::Then::kReset};
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  EXPECT_EQ(SendAndWait(*provider, DialCommand()).verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST_F(InfobipProviderTest, DoesNotKnowWhatATimeoutMeans) {
  RawServer server([](const RawServer::Request&) { return RawServer::Reply(); });
  const Timeouts timeouts{.connect = seconds(2),
                          .request = milliseconds(150),
                          .action = milliseconds(100),
                          .get = milliseconds(100)};
  const auto provider = MakeProvider(Account(server.url()), clock_, timeouts);
  const CommandResult result = SendAndWait(*provider, DialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(result.error().name(), "NETWORK");
  EXPECT_EQ(SendAndWait(*provider, LookAtCallCommand()).verdict(), CommandResult::VERDICT_UNKNOWN);
}

// A person waits in silence for everything else.
TEST_F(InfobipProviderTest, WaitsForTheAnswerToADialLongerThanForAnyOther) {
  RawServer server([](const RawServer::Request&) { return RawServer::Reply(); });
  const Timeouts timeouts{.connect = seconds(2),
                          .request = std::chrono::hours(1),
                          .action = milliseconds(50),
                          .get = std::chrono::hours(1)};
  // The provider answers it when it is destroyed.
  ResultBox dialled;
  const auto provider = MakeProvider(Account(server.url()), clock_, timeouts);
  provider->Send(DialCommand(), clock_.Now() + seconds(1), dialled.Taker());
  for (const internal::v1::Command& command : {AnswerCommand(), SayCommand()}) {
    EXPECT_EQ(SendAndWait(*provider, command).verdict(), CommandResult::VERDICT_UNKNOWN);
  }
  EXPECT_EQ(dialled.count(), 0U);
}

TEST_F(InfobipProviderTest, DoesNotTrustAnAnswerThatWasCutOff) {
  RawServer server([](const RawServer::Request&) {
    return RawServer::Reply{"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"conf",
                            RawServer::Then::kClose};
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  const CommandResult result = SendAndWait(*provider, DialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(result.http_status(), 200);
}

TEST_F(InfobipProviderTest, GivesUpAnAnswerThatIsTooLong) {
  RawServer server([](const RawServer::Request&) {
    return RawServer::Reply{"HTTP/1.1 200 OK\r\nContent-Length: 2000000\r\n\r\n" +
                                std::string(base::kProviderBodyBytesMax + 1, ' '),
                            RawServer::Then::kKeep};
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  EXPECT_EQ(SendAndWait(*provider, DialCommand()).verdict(), CommandResult::VERDICT_UNKNOWN);
}

TEST_F(InfobipProviderTest, FollowsNoRedirect) {
  RawServer elsewhere([](const RawServer::Request&) { return Answer(200, kDialed); });
  const std::string location = "Location: " + elsewhere.url() + "/\r\n";
  RawServer server([location](const RawServer::Request&) { return Answer(307, "", location); });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  EXPECT_EQ(SendAndWait(*provider, DialCommand()).verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(SendAndWait(*provider, LookAtCallCommand()).verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_THAT(elsewhere.requests(), SizeIs(0));
}

TEST_F(InfobipProviderTest, ReportsThrottlingWithAndWithoutRetryAfter) {
  const std::string body =
      R"({"requestError":{"serviceException":{"messageId":"TOO_MANY_REQUESTS","text":"Too many"}}})";
  const std::vector<std::pair<std::string, std::int64_t>> table = {
      {"", 0}, {"Retry-After: 7\r\n", 7}, {"Retry-After: 86400\r\n", 60}};
  for (const auto& [header, wait] : table) {
    RawServer server(
        [&, header = header](const RawServer::Request&) { return Answer(429, body, header); });
    const auto provider = MakeProvider(Account(server.url()), clock_);
    for (const internal::v1::Command& command : {DialCommand(), LookAtCallCommand()}) {
      const CommandResult result = SendAndWait(*provider, command);
      EXPECT_EQ(result.verdict(), CommandResult::VERDICT_THROTTLED);
      EXPECT_EQ(result.has_retry_after(), wait > 0);
      EXPECT_EQ(result.retry_after().seconds(), wait);
      EXPECT_EQ(result.error().name(), "TOO_MANY_REQUESTS");
    }
  }
}

TEST_F(InfobipProviderTest, ReadsRefusalsInBothShapes) {
  std::atomic<int> asked = 0;
  RawServer server([&asked](const RawServer::Request&) {
    if (asked++ == 0) {
      return Answer(400, R"({"requestError":{"serviceException":{"messageId":"BAD_REQUEST",)"
                         R"("text":"447700900456 is bad"}}})");
    }
    return Answer(403, R"({"errorCode":"E403","description":"No conferencing"})");
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  CommandResult result = SendAndWait(*provider, DialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_REFUSED);
  EXPECT_EQ(result.error().name(), "BAD_REQUEST");
  EXPECT_THAT(result.error().description(), Not(HasSubstr("77009")));
  result = SendAndWait(*provider, DialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_REFUSED);
  EXPECT_EQ(result.http_status(), 403);
  EXPECT_EQ(result.error().name(), "FORBIDDEN");
}

TEST_F(InfobipProviderTest, DoesNotKnowWhatA500Means) {
  RawServer server([](const RawServer::Request&) {
    return Answer(500, R"({"errorCode":"E500","description":"Something went wrong"})");
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  const CommandResult result = SendAndWait(*provider, DialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(result.error().name(), "GENERAL_ERROR");
  EXPECT_THAT(server.requests(), SizeIs(1));
}

TEST_F(InfobipProviderTest, StopsPlayInBothPlacesAndNeedsOneToAgree) {
  RawServer server([](const RawServer::Request& request) {
    if (request.target == "/calls/1/calls/aaaa/stop-play") return Answer(404, "{}");
    return Answer(200, R"({"status":"PENDING"})");
  });
  AccountOptions account = Account(server.url());
  account.stop_play_scope = StopPlayScope::kBoth;
  const auto provider = MakeProvider(account, clock_);
  ResultBox box;
  provider->Send(StopPlayCommand(), kNow + base::kSendBy, box.Taker());
  EXPECT_EQ(box.Wait().verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(server.Count("POST", "/calls/1/calls/aaaa/stop-play"), 1U);
  EXPECT_EQ(server.Count("POST", "/calls/1/conferences/cccc/stop-play"), 1U);
  EXPECT_EQ(box.count(), 1U);
}

TEST_F(InfobipProviderTest, UsesABaseUrlOnTheAllowListOnly) {
  const base::LogCapture log;
  RawServer home([](const RawServer::Request&) { return Answer(200, kDialed); });
  RawServer region([](const RawServer::Request&) { return Answer(200, kDialed); });
  RawServer stranger([](const RawServer::Request&) { return Answer(200, kDialed); });
  AccountOptions account = Account(home.url());
  account.allowed_hosts = {region.authority()};
  const auto provider = MakeProvider(account, clock_);
  internal::v1::Command command = DialCommand();
  command.set_base_url(region.url() + "/");
  EXPECT_EQ(SendAndWait(*provider, command).verdict(), CommandResult::VERDICT_DONE);
  command.set_base_url(region.authority());
  EXPECT_EQ(SendAndWait(*provider, command).verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(provider->base_urls_ignored(), 0);
  for (const std::string& url : {stranger.url(), std::string("not a URL")}) {
    command.set_base_url(url);
    EXPECT_EQ(SendAndWait(*provider, command).verdict(), CommandResult::VERDICT_DONE);
  }
  EXPECT_EQ(provider->base_urls_ignored(), 2);
  EXPECT_THAT(log.Lines(), SizeIs(1));
  EXPECT_THAT(region.requests(), SizeIs(2));
  EXPECT_THAT(home.requests(), SizeIs(2));
  EXPECT_THAT(stranger.requests(), SizeIs(0));
}

TEST_F(InfobipProviderTest, NotesThatAnOperationIsAnnouncedToGo) {
  const base::LogCapture log;
  RawServer server([](const RawServer::Request&) {
    return Answer(200, kDialed, "Sunset: Sat, 31 Dec 2033 23:59:59 GMT\r\n");
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  EXPECT_EQ(SendAndWait(*provider, DialCommand()).verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(SendAndWait(*provider, DialCommand()).verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(provider->deprecated_answers(), 2);
  EXPECT_THAT(log.Lines(), SizeIs(1));
}

TEST_F(InfobipProviderTest, RefusesWhatCannotBeSent) {
  RawServer server([](const RawServer::Request&) { return Answer(200, "{}"); });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  internal::v1::Command command = DialCommand();
  command.mutable_dial_leg()->clear_endpoint();
  EXPECT_EQ(SendAndWait(*provider, command).verdict(), CommandResult::VERDICT_REFUSED);
  command = DialCommand();
  command.set_account("unheard of");
  const CommandResult result = SendAndWait(*provider, command);
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_REFUSED);
  EXPECT_EQ(result.error().name(), "INVALID_COMMAND");
  EXPECT_THAT(server.requests(), SizeIs(0));
}

TEST_F(InfobipProviderTest, TellsEveryoneWhenItIsDestroyed) {
  RawServer server([](const RawServer::Request&) { return RawServer::Reply(); });
  ResultBox dial;
  ResultBox hang_up;
  ResultBox look;
  {
    const auto provider = MakeProvider(Account(server.url()), clock_);
    provider->Send(DialCommand(), kNow + base::kSendBy, dial.Taker());
    provider->Send(HangUpConferenceCommand(), kNow + base::kSendBy, hang_up.Taker());
    provider->Send(FindDialCommand(), kNow + base::kSendBy, look.Taker());
    ASSERT_TRUE(server.WaitForRequests(5));
  }
  for (ResultBox* box : {&dial, &hang_up, &look}) {
    ASSERT_EQ(box->count(), 1U);
    EXPECT_EQ(box->Wait().verdict(), CommandResult::VERDICT_UNKNOWN);
    EXPECT_EQ(box->Wait().error().name(), "STOPPED");
  }
}

TEST_F(InfobipProviderTest, AnswersManyAtATimeEachOnce) {
  RawServer server([](const RawServer::Request&) { return Answer(200, kDialed); });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  std::vector<ResultBox> boxes(100);
  for (ResultBox& box : boxes) {
    provider->Send(DialCommand(), kNow + base::kSendBy, box.Taker());
  }
  for (ResultBox& box : boxes) EXPECT_EQ(box.Wait().verdict(), CommandResult::VERDICT_DONE);
  EXPECT_THAT(server.requests(), SizeIs(boxes.size()));
  for (const ResultBox& box : boxes) EXPECT_EQ(box.count(), 1U);
}

TEST(MakeInfobipProvider, NamesTheAccountThatCannotBeUsed) {
  const base::ManualClock clock(kNow);
  const auto message = [&clock](const AccountOptions& options) {
    return std::string(
        MakeInfobipProvider({{"main", options}}, "bridge", clock).status().message());
  };
  AccountOptions options = Account("http://api.infobip.com");
  EXPECT_THAT(message(options), AllOf(HasSubstr("accounts.main"), HasSubstr("https://")));
  options = Account("https://api.infobip.com");
  options.authorization_header.clear();
  EXPECT_THAT(message(options), HasSubstr("authorization"));
  options = Account("https://api.infobip.com");
  options.configuration.id.clear();
  EXPECT_THAT(message(options), HasSubstr("calls_configuration_id"));
}

}  // namespace
}  // namespace callbridge::provider
