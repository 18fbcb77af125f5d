// What must never leave twice, and what must not leave at all: regression tests against libcurl,
// which sends a POST again by itself.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <vector>

#include "tests/provider/commands.h"
#include "tests/provider/provider_fixture.h"
#include "tests/provider/raw_server.h"

namespace callbridge::provider {
namespace {

using internal::v1::CommandResult;
using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::SizeIs;

using SendOnce = InfobipProviderTest;

// Passes the send-by time after so many readings.
class ImpatientClock final : public base::Clock {
 public:
  explicit ImpatientClock(int readings) : readings_(readings) {}
  base::Time Now() const override { return readings_-- > 0 ? kNow : kNow + seconds(2); }

 private:
  mutable std::atomic<int> readings_;
};

// libcurl alone sends a POST again when a reused connection dies before the answer: a second
// telephone call.
TEST_F(SendOnce, SendsNothingTwiceWhenTheReusedConnectionDies) {
  for (const internal::v1::Command& command :
       {DialCommand(), CreateConferenceCommand(), HangUpCommand(), StopPlayCommand(),
        HangUpConferenceCommand()}) {
    std::atomic<int> answered = 0;
    RawServer server([&answered](const RawServer::Request&) {
      if (answered++ == 0) return Answer(200, R"({"status":"PENDING"})");
      return RawServer::Reply{"", RawServer::Then::kClose};
    });
    const auto provider = MakeProvider(Account(server.url()), clock_);
    ASSERT_EQ(SendAndWait(*provider, AnswerCommand()).verdict(), CommandResult::VERDICT_DONE);
    EXPECT_EQ(SendAndWait(*provider, command).verdict(), CommandResult::VERDICT_UNKNOWN);
    const std::vector<RawServer::Request> requests = server.requests();
    ASSERT_THAT(requests, SizeIs(2)) << command.action_case();
    // Without this the case that libcurl retries was never made.
    EXPECT_EQ(requests[0].connection, requests[1].connection);
  }
}

TEST_F(SendOnce, SendsNothingTwiceWhenTheReusedConnectionIsReset) {
  std::atomic<int> answered = 0;
  RawServer server([&answered](const RawServer::Request&) {
    if (answered++ == 0) return Answer(200, R"({"status":"PENDING"})");
    return RawServer::Reply{"", RawServer::Then::kReset};
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  ASSERT_EQ(SendAndWait(*provider, AnswerCommand()).verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(SendAndWait(*provider, DialCommand()).verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_THAT(server.requests(), SizeIs(2));
}

class SendByTest : public ::testing::TestWithParam<int> {};

// The clock is read when the request begins, when it is connected, and when its body is asked for.
TEST_P(SendByTest, LetsNoBodyLeaveAfterTheSendByTime) {
  RawServer server([](const RawServer::Request&) { return Answer(200, kDialed); });
  const ImpatientClock clock(GetParam());
  const auto provider = MakeProvider(Account(server.url()), clock);
  ResultBox box;
  provider->Send(DialCommand(), kNow + base::kSendBy, box.Taker());
  const CommandResult result = box.Wait();
  if (GetParam() >= 3) {
    EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
    EXPECT_THAT(server.requests(), SizeIs(1));
    return;
  }
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_NOT_SENT);
  EXPECT_EQ(result.error().name(), "SEND_BY_PASSED");
  // The last fence is behind the head.
  if (GetParam() == 2) {
    EXPECT_TRUE(server.WaitForHeadsWithoutBody(1));
  }
  EXPECT_THAT(server.requests(), SizeIs(0));
}

INSTANTIATE_TEST_SUITE_P(Readings, SendByTest, ::testing::Values(0, 1, 2, 3));

// A look changes nothing at the provider, and a session may wait for what it finds.
TEST_F(SendOnce, SendsALookAgainWhenTheReusedConnectionDies) {
  std::atomic<int> answered = 0;
  RawServer server([&answered](const RawServer::Request&) {
    if (answered++ == 1) return RawServer::Reply{"", RawServer::Then::kClose};
    return Answer(200, R"({"id":"aaaa","state":"ESTABLISHED"})");
  });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  ASSERT_EQ(SendAndWait(*provider, AnswerCommand()).verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(SendAndWait(*provider, LookAtCallCommand()).verdict(), CommandResult::VERDICT_DONE);
  EXPECT_THAT(server.requests(), SizeIs(3));
}

TEST_F(SendOnce, SendsNoBodylessRequestAndNoLookAfterTheSendByTime) {
  RawServer server([](const RawServer::Request&) { return Answer(200, "{}"); });
  const auto provider = MakeProvider(Account(server.url()), clock_);
  clock_.Advance(base::kSendBy + milliseconds(1));
  for (const internal::v1::Command& command :
       {HangUpConferenceCommand(), LookAtCallCommand(), FindDialCommand()}) {
    EXPECT_EQ(SendAndWait(*provider, command).verdict(), CommandResult::VERDICT_NOT_SENT)
        << command.action_case();
  }
  EXPECT_THAT(server.requests(), SizeIs(0));
}

TEST_F(SendOnce, SendsNoBodylessRequestWhenConnectingTookTooLong) {
  RawServer server([](const RawServer::Request&) { return Answer(200, "{}"); });
  // In time when it begins, too late when it is connected.
  const ImpatientClock clock(1);
  const auto provider = MakeProvider(Account(server.url()), clock);
  EXPECT_EQ(SendAndWait(*provider, HangUpConferenceCommand()).verdict(),
            CommandResult::VERDICT_NOT_SENT);
  EXPECT_THAT(server.requests(), SizeIs(0));
}

}  // namespace
}  // namespace callbridge::provider
