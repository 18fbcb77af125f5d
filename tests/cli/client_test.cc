#include "callbridge/client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>

#include "callbridge/error_details.h"
#include "tests/cli/fake_service.h"
#include "tests/cli/status.h"

namespace callbridge::client {
namespace {

using std::chrono::milliseconds;
using ::testing::Each;
using ::testing::MatchesRegex;
using ::testing::SizeIs;

CallOptions QuickOptions() {
  CallOptions options;
  options.backoff = {milliseconds(1), milliseconds(2)};
  return options;
}

v1::StartBridgeRequest MakeRequest() {
  v1::StartBridgeRequest request;
  request.set_request_id("r1");
  return request;
}

TEST(Client, RepeatsWhatWasUnavailableWithTheSameRequestId) {
  FakeService service;
  service.AddFailure(MakeError(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE"));
  service.AddFailure(MakeError(grpc::StatusCode::UNAVAILABLE, "STORE_UNAVAILABLE"));
  Client client(service.channel(), QuickOptions());
  EXPECT_TRUE(client.StartBridge(MakeRequest()).ok());
  const auto requests = service.start_requests();
  ASSERT_THAT(requests, SizeIs(3));
  for (const v1::StartBridgeRequest& request : requests) EXPECT_EQ(request.request_id(), "r1");
}

TEST(Client, GivesUpAfterItsAttempts) {
  FakeService service;
  for (int i = 0; i < 10; ++i) {
    service.AddFailure(MakeError(grpc::StatusCode::UNAVAILABLE, "DRAINING"));
  }
  Client client(service.channel(), QuickOptions());
  const auto response = client.StartBridge(MakeRequest());
  EXPECT_TRUE(absl::IsUnavailable(response.status()));
  EXPECT_EQ(DetailsOf(response.status()).reason, "DRAINING");
  EXPECT_THAT(service.start_requests(), SizeIs(kAttemptsMax));
}

TEST(Client, DoesNotRepeatARefusal) {
  FakeService service;
  service.AddFailure(MakeError(grpc::StatusCode::FAILED_PRECONDITION, "OFFER_TAKEN"));
  Client client(service.channel(), QuickOptions());
  const auto response = client.StartBridge(MakeRequest());
  EXPECT_TRUE(absl::IsFailedPrecondition(response.status()));
  EXPECT_EQ(DetailsOf(response.status()).reason, "OFFER_TAKEN");
  EXPECT_THAT(service.start_requests(), SizeIs(1));
}

TEST(Client, DoesNotWaitLongerThanItsTimeoutForARetryDelay) {
  FakeService service;
  service.AddFailure(
      MakeError(grpc::StatusCode::UNAVAILABLE, "DRAINING", std::chrono::minutes(10)));
  Client client(service.channel(), QuickOptions());
  EXPECT_TRUE(absl::IsUnavailable(client.GetSession("s_1").status()));
}

TEST(Client, SetsADeadlineOnEveryCall) {
  FakeService service;
  CallOptions options = QuickOptions();
  options.attempt_timeout = milliseconds(3000);
  Client client(service.channel(), options);
  EXPECT_TRUE(client.StartBridge(MakeRequest()).ok());
  EXPECT_TRUE(client.GetSession("s_1").ok());
  EXPECT_TRUE(client.ListSessions({}).ok());
  EXPECT_TRUE(client.EndSession("s_1", "done").ok());
  EXPECT_THAT(service.deadlines(), SizeIs(4));
  // gRPC rounds deadlines up on their way.
  EXPECT_THAT(service.deadlines(), Each(::testing::Le(milliseconds(3500))));
}

TEST(Client, SendsNothingThatCouldNotBeRepeated) {
  FakeService service;
  Client client(service.channel(), QuickOptions());
  EXPECT_TRUE(absl::IsInvalidArgument(client.StartBridge({}).status()));
  EXPECT_THAT(service.start_requests(), SizeIs(0));
}

TEST(Client, EndsCallsWhenStopped) {
  FakeService service;
  std::stop_source stop;
  stop.request_stop();
  CallOptions options = QuickOptions();
  options.stop = stop.get_token();
  Client client(service.channel(), options);
  EXPECT_TRUE(absl::IsCancelled(client.GetSession("s_1").status()));
}

TEST(MakeRequestId, IsAUuidAndNeverTheSame) {
  std::set<std::string> ids;
  for (int i = 0; i < 100; ++i) {
    const std::string id = MakeRequestId();
    EXPECT_THAT(
        id, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 100U);
}

}  // namespace
}  // namespace callbridge::client
