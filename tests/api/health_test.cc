#include "server/api/health.h"

#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>

#include "grpc/health/v1/health.grpc.pb.h"
#include "server/base/command_kinds.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using api::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;
using std::chrono::seconds;
using testing::HasSubstr;

using Action = Health::Action;

constexpr char kBridgeService[] = "callbridge.v1.BridgeService";

class HealthTest : public testing::Test {
 protected:
  // "server bridge", each "+" or "-".
  std::string Both() const {
    const auto sign = [this](const char* service) {
      return health_.Of(service) == Health::Answer::kServing ? "+" : "-";
    };
    return std::string(sign("")) + sign(kBridgeService);
  }

  base::ManualClock clock_{tests::StoryStart()};
  absl::Status store_ = absl::OkStatus();
  Health health_{clock_, [this] { return store_; }};
};

TEST_F(HealthTest, KnowsTheServerAndTheServiceByName) {
  EXPECT_EQ(Both(), "++");
  for (const char* service : {"callbridge.v1.bridgeservice", "callbridge.v1", "x", " "}) {
    EXPECT_EQ(health_.Of(service), Health::Answer::kUnknownService) << service;
  }
}

TEST_F(HealthTest, MissesAWorkerWhoseRoundsFailOrHang) {
  for (const bool hangs : {true, false}) {
    health_.OnRoundBegin();
    health_.OnRoundEnd(absl::OkStatus());
    // An idle worker makes no rounds.
    clock_.Advance(seconds(600));
    EXPECT_EQ(Both(), "++");
    const base::Time trouble = clock_.Now();
    health_.OnRoundBegin();
    while (clock_.Now() - trouble < base::kHealthPatience) {
      EXPECT_EQ(Both(), "++") << hangs;
      clock_.Advance(seconds(1));
      if (hangs) continue;
      health_.OnRoundEnd(absl::UnavailableError("disk"));
      health_.OnRoundBegin();
    }
    EXPECT_EQ(Both(), "++") << hangs;
    clock_.Advance(seconds(1));
    EXPECT_EQ(Both(), "--") << hangs;
    health_.OnRoundEnd(absl::OkStatus());
    EXPECT_EQ(Both(), "++") << hangs;
  }
}

TEST_F(HealthTest, MissesAStoreThatDoesNotAnswer) {
  store_ = absl::UnavailableError("disk");
  health_.AskStore();
  EXPECT_EQ(Both(), "++");
  clock_.Advance(base::kHealthPatience + seconds(1));
  health_.AskStore();
  EXPECT_EQ(Both(), "--");
  store_ = absl::OkStatus();
  health_.AskStore();
  EXPECT_EQ(Both(), "++");
}

TEST_F(HealthTest, ShowsARefusedKeyAtOnceAndOnlyWhereBridgesAreMeant) {
  for (const Action action : {Action::kDialLeg, Action::kStartRecording, Action::kLookAtCall}) {
    health_.OnProviderAnswer(action, 401);
    EXPECT_EQ(Both(), "+-") << action;
    // No answer says nothing about the key.
    health_.OnProviderAnswer(action, 0);
    EXPECT_EQ(Both(), "+-") << action;
    health_.OnProviderAnswer(Action::kHangUpCall, 200);
    EXPECT_EQ(Both(), "++") << action;
  }
  for (const int status : {200, 202, 400, 404, 429, 500, 503, 0}) {
    health_.OnProviderAnswer(Action::kDialLeg, status);
    EXPECT_EQ(Both(), "++") << status;
  }
}

TEST_F(HealthTest, IsHurtByAForbiddenOperationOnlyIfEveryBridgeNeedsIt) {
  for (const base::CommandKind& kind : base::CommandKinds()) {
    const Action action = kind.action;
    const bool needed = action == Action::kCreateConference || action == Action::kDialLeg ||
                        action == Action::kAnswerCall || action == Action::kAddCaller;
    health_.OnProviderAnswer(action, 403);
    EXPECT_EQ(Both(), needed ? "+-" : "++") << kind.name;
    // Another operation says nothing about this one.
    health_.OnProviderAnswer(Action::kHangUpConference, 200);
    EXPECT_EQ(Both(), needed ? "+-" : "++") << kind.name;
    health_.OnProviderAnswer(action, 200);
    EXPECT_EQ(Both(), "++") << kind.name;
  }
}

// Clients that ask for the health stay away, so that nothing would be tried that could be answered
// otherwise.
TEST_F(HealthTest, OfARefusedBridgeIsTriedAgain) {
  for (int round = 0; round < 2; ++round) {
    health_.OnProviderAnswer(Action::kDialLeg, 403);
    EXPECT_EQ(Both(), "+-");
    clock_.Advance(base::kRefusalCounts + seconds(1));
    EXPECT_EQ(Both(), "++");
    health_.OnConferenceAnswer(404);
    EXPECT_EQ(Both(), "+-");
    clock_.Advance(base::kRefusalCounts + seconds(1));
    EXPECT_EQ(Both(), "++");
  }
}

TEST_F(HealthTest, NamesEachRefusedOperationOnceWithItsRemedy) {
  const base::LogCapture log;
  for (int i = 0; i < 2; ++i) {
    health_.OnProviderAnswer(Action::kStartRecording, 403);
    health_.OnProviderAnswer(Action::kHangUpCall, 204);
  }
  health_.OnProviderAnswer(Action::kLookAtCall, 403);
  health_.OnProviderAnswer(Action::kDialLeg, 401);
  health_.OnProviderAnswer(Action::kStartRecording, 200);
  const auto line = [](const char* level, const char* event, const char* operation,
                       const char* help) {
    return testing::AllOf(HasSubstr(level), HasSubstr(event), HasSubstr(operation),
                          HasSubstr(help));
  };
  EXPECT_THAT(
      log.Lines(),
      testing::ElementsAre(
          line("warning", "provider_refuses_the_account", "\"start_recording\"",
               "the feature recording on the account, and give the key the scope "
               "calls:traffic:record"),
          line("warning", "provider_refuses_the_account", "\"look_at_call\"", "calls:logs:read"),
          line("error", "provider_refuses_the_account", "\"dial_leg\"", "correct the secret"),
          line("info", "provider_accepts_the_account", "\"start_recording\"", "200")));
}

// The answers to other requests say nothing about the calls configuration.
TEST_F(HealthTest, ShowsAnUnknownCallsConfigurationUntilAConferenceIsMade) {
  health_.OnConferenceAnswer(404);
  EXPECT_EQ(Both(), "+-");
  for (const int status : {0, 400, 429, 500}) {
    health_.OnConferenceAnswer(status);
    health_.OnProviderAnswer(Action::kHangUpCall, 200);
    EXPECT_EQ(Both(), "+-") << status;
  }
  health_.OnConferenceAnswer(201);
  EXPECT_EQ(Both(), "++");
  for (const int status : {0, 200, 400, 401, 403, 429, 500}) {
    health_.OnConferenceAnswer(status);
    EXPECT_EQ(Both(), "++") << status;
  }
}

TEST_F(HealthTest, ServesNothingAnyMoreWhenItDrains) {
  health_.Drain();
  EXPECT_EQ(Both(), "--");
  health_.OnProviderAnswer(Action::kHangUpCall, 200);
  EXPECT_EQ(Both(), "--");
}

std::unique_ptr<api::GrpcListener> ListenWith(Health& health) {
  api::ListenOptions options;
  options.address = "127.0.0.1:0";
  options.health = &health;
  auto started = api::GrpcListener::Start(options, {});
  EXPECT_TRUE(started.ok()) << started.status();
  return *std::move(started);
}

std::unique_ptr<grpc::health::v1::Health::Stub> HealthStub(const api::GrpcListener& listener) {
  return grpc::health::v1::Health::NewStub(grpc::CreateChannel(
      "127.0.0.1:" + std::to_string(listener.port()), grpc::InsecureChannelCredentials()));
}

HealthCheckResponse::ServingStatus NextOf(grpc::ClientReader<HealthCheckResponse>& reader) {
  HealthCheckResponse response;
  EXPECT_TRUE(reader.Read(&response));
  return response.status();
}

// A listener with a health that the test holds.
class HealthServiceTest : public HealthTest {
 protected:
  const std::unique_ptr<api::GrpcListener> listener_ = ListenWith(health_);
  const std::unique_ptr<grpc::health::v1::Health::Stub> stub_ = HealthStub(*listener_);
};

TEST_F(HealthServiceTest, ChecksByName) {
  const auto check = [this](const std::string& service, grpc::StatusCode* code) {
    grpc::ClientContext context;
    tests::SetDeadline(context);
    HealthCheckRequest request;
    request.set_service(service);
    HealthCheckResponse response;
    *code = stub_->Check(&context, request, &response).error_code();
    return response.status();
  };
  health_.OnProviderAnswer(Action::kLookAtCall, 401);
  grpc::StatusCode code = grpc::StatusCode::UNKNOWN;
  EXPECT_EQ(check("", &code), HealthCheckResponse::SERVING);
  EXPECT_EQ(check(kBridgeService, &code), HealthCheckResponse::NOT_SERVING);
  EXPECT_EQ(code, grpc::StatusCode::OK);
  check("somebody.else", &code);
  EXPECT_EQ(code, grpc::StatusCode::NOT_FOUND);
}

TEST_F(HealthServiceTest, TellsWatchersEachChange) {
  grpc::ClientContext context;
  tests::SetDeadline(context);
  HealthCheckRequest request;
  request.set_service(kBridgeService);
  const auto reader = stub_->Watch(&context, request);
  const auto next = [&reader] { return NextOf(*reader); };
  EXPECT_EQ(next(), HealthCheckResponse::SERVING);
  health_.OnProviderAnswer(Action::kLookAtCall, 401);
  EXPECT_EQ(next(), HealthCheckResponse::NOT_SERVING);
  health_.OnProviderAnswer(Action::kHangUpCall, 200);
  EXPECT_EQ(next(), HealthCheckResponse::SERVING);
  listener_->SetNotServing();
  EXPECT_EQ(next(), HealthCheckResponse::NOT_SERVING);
  context.TryCancel();
  EXPECT_EQ(reader->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST(HealthService, TellsWatchersThatTheStoreHangs) {
  absl::Notification asked;
  absl::Notification answers;
  base::ManualClock clock(tests::StoryStart());
  Health health(clock, [&] {
    if (!asked.HasBeenNotified()) asked.Notify();
    answers.WaitForNotification();
    return absl::OkStatus();
  });
  const auto listener = ListenWith(health);
  const auto stub = HealthStub(*listener);
  grpc::ClientContext context;
  tests::SetDeadline(context);
  const auto reader = stub->Watch(&context, {});
  EXPECT_EQ(NextOf(*reader), HealthCheckResponse::SERVING);
  asked.WaitForNotification();
  clock.Advance(base::kHealthPatience + seconds(1));
  EXPECT_EQ(NextOf(*reader), HealthCheckResponse::NOT_SERVING);
  answers.Notify();
  EXPECT_EQ(NextOf(*reader), HealthCheckResponse::SERVING);
}

TEST_F(HealthServiceTest, ToldWatchersDoNotHoldUpTheEnd) {
  grpc::ClientContext context;
  tests::SetDeadline(context);
  const auto reader = stub_->Watch(&context, {});
  HealthCheckResponse response;
  ASSERT_TRUE(reader->Read(&response));
  const auto begin = std::chrono::steady_clock::now();
  listener_->Shutdown(base::Duration::zero());
  EXPECT_LT(std::chrono::steady_clock::now() - begin, seconds(10));
}

}  // namespace
}  // namespace callbridge
