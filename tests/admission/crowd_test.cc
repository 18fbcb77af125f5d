// Crowds in simulated time: the whole server against the simulator, with the published rates.
// Whatever was accepted is dialled in time: nobody who answered hears an apology because of our own
// queue.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "server/api/errors.h"
#include "server/base/log.h"
#include "tests/worker/model_world.h"

namespace callbridge::worker {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::Ge;

constexpr char kRoute[] = R"(
dialing: {allowed_prefixes: ["+44"], default_number: "+442079460001"}
routes:
  - {name: desk, number: "+442079460002", callees: [{endpoint: {phone: {number: "+447700900456"}}}]}
)";

simulator::Settings Sociable() {
  simulator::Settings settings;
  // The callers answer soon, or late, or never; a callee who answers talks for a while.
  EXPECT_TRUE(settings.people.Set("default", "answers:3,hangs-up:20").ok());
  EXPECT_TRUE(settings.people.Set("447700900456", "answers:4,hangs-up:9").ok());
  return settings;
}

v1::StartBridgeRequest RequestOf(int number) {
  v1::StartBridgeRequest request;
  request.set_request_id(absl::StrCat("request-", number));
  // Endings from 00 to 99, of which some are busy, or do not answer.
  request.mutable_caller()->mutable_dial()->mutable_phone()->set_number(
      absl::StrFormat("+4477009%05d", number % 100));
  request.add_callees()->mutable_endpoint()->mutable_phone()->set_number("+447700900456");
  return request;
}

// What became of requests and calls.
struct Tally {
  int accepted = 0;
  int refused = 0;
};

void Ask(ModelWorld& world, int number, Tally& tally) {
  const absl::Status status = world.AskForBridge(RequestOf(number));
  if (absl::IsUnavailable(status)) {
    ++tally.accepted;
    return;
  }
  ++tally.refused;
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  google::rpc::Status details;
  ASSERT_TRUE(details.ParseFromString(api::DetailsOf(status).value_or("")));
  google::rpc::ErrorInfo info;
  google::rpc::RetryInfo retry;
  ASSERT_EQ(details.details_size(), 2);
  ASSERT_TRUE(details.details(0).UnpackTo(&info));
  ASSERT_TRUE(details.details(1).UnpackTo(&retry));
  EXPECT_EQ(info.reason(), "DIAL_BACKLOG");
  EXPECT_GE(retry.retry_delay().seconds(), 1);
}

std::vector<internal::v1::Session> Sessions(ModelWorld& world) {
  std::vector<internal::v1::Session> sessions;
  std::string place;
  do {
    const auto page = world.store().ListSessions({}, place, 1'000);
    EXPECT_TRUE(page.ok()) << page.status();
    if (!page.ok()) break;
    sessions.insert(sessions.end(), page->sessions.begin(), page->sessions.end());
    place = page->next_place;
  } while (!place.empty());
  return sessions;
}

bool IsOfOurQueue(v1::EndReason reason) {
  return reason == v1::END_REASON_PROVIDER_THROTTLED ||
         reason == v1::END_REASON_PROVIDER_UNAVAILABLE || reason == v1::END_REASON_TOO_LATE;
}

// Every session is over, and none of them because something waited too long with us.
void ExpectAllDialledInTime(ModelWorld& world) {
  std::map<std::string, int> reasons;
  for (const internal::v1::Session& session : Sessions(world)) {
    EXPECT_TRUE(session.has_ended()) << session.session_id();
    ++reasons[v1::EndReason_Name(session.outcome().reason())];
    EXPECT_FALSE(IsOfOurQueue(session.outcome().reason()))
        << session.session_id() << ": " << session.outcome().summary();
  }
  for (const auto& [reason, count] : reasons) testing::Test::RecordProperty(reason, count);
}

TEST(Crowd, ABurstIsTakenAsFarAsItCanBeDialledInTime) {
  ModelWorld world({.simulator = Sociable(), .settings = kRoute});
  Tally tally;
  for (int number = 0; number < 400; ++number) {
    Ask(world, number, tally);
    world.Run(std::chrono::microseconds(3'750));
  }
  // Both dials of each, at 5.7 a second, within 18 of the 20 s.
  EXPECT_THAT(tally.accepted, testing::AllOf(Ge(50), testing::Le(58)));
  EXPECT_EQ(tally.accepted + tally.refused, 400);
  world.Run(minutes(3));
  ExpectAllDialledInTime(world);
}

TEST(Crowd, ASteadyCrowdBeyondTheRateIsTakenAtTheRate) {
  ModelWorld world({.simulator = Sociable(), .settings = kRoute});
  Tally tally;
  // Many times as long as a dial may wait, and longer than any memory of the admission.
  constexpr int kSeconds = 600;
  for (int number = 0; number < 6 * kSeconds; ++number) {
    Ask(world, number, tally);
    world.Run(std::chrono::microseconds(166'667));
  }
  // Two dials for each, of 5.7 a second; those whose caller does not answer need one.
  EXPECT_GE(tally.accepted, kSeconds * 57 / 20);
  world.Run(minutes(3));
  ExpectAllDialledInTime(world);
}

TEST(Crowd, IncomingCallsThatCannotBeDialledInTimeAreRejectedAsBusyBeforeTheAnswer) {
  const base::LogCapture log;
  ModelWorld world({.simulator = Sociable(), .settings = kRoute});
  // Twice what fills the queue.
  constexpr int kSeconds = 30;
  constexpr int kCalls = 12 * kSeconds;
  for (int number = 0; number < kCalls; ++number) {
    world.Call(absl::StrFormat("4479%08d", number), "442079460002");
    world.Run(milliseconds(83));
  }
  world.Run(minutes(3));
  int busy = 0;
  for (const internal::v1::Session& session : Sessions(world)) {
    EXPECT_TRUE(session.has_ended());
    EXPECT_FALSE(IsOfOurQueue(session.outcome().reason())) << session.outcome().summary();
    if (session.outcome().reason() != v1::END_REASON_OVERLOADED) continue;
    ++busy;
    EXPECT_FALSE(session.legs(0).has_answer_time());
  }
  EXPECT_EQ(world.intake_counters().rejected_busy, busy);
  EXPECT_GE(kCalls - busy, kSeconds * 57 / 10) << "what could be dialled was taken";
  EXPECT_GT(busy, 0);
  for (const auto& [index, call] : world.model().world().calls.things()) {
    EXPECT_FALSE(call.error == "BUSY" && call.answer.has_value());
  }
  const std::vector<std::string> lines = log.Lines();
  const auto told = std::count_if(lines.begin(), lines.end(), [](const std::string& line) {
    return line.find("incoming_calls_refused") != std::string::npos;
  });
  EXPECT_THAT(told, testing::AllOf(Ge(5), testing::Le(kSeconds + 1))) << "once a second";
}

TEST(Crowd, BothKindsTogetherAreDialledInTime) {
  ModelWorld world({.simulator = Sociable(), .settings = kRoute});
  Tally tally;
  for (int number = 0; number < 4 * 40; ++number) {
    Ask(world, number, tally);
    world.Call(absl::StrFormat("4479%08d", number), "442079460002");
    world.Run(milliseconds(250));
  }
  world.Run(minutes(3));
  ExpectAllDialledInTime(world);
}

TEST(Crowd, AProviderThatThrottlesIsBelieved) {
  ModelWorld world({.simulator = Sociable(), .settings = kRoute});
  ASSERT_TRUE(world.model().SetFault("throttled", "0.1").ok());
  Tally tally;
  for (int number = 0; number < 6 * 60; ++number) {
    Ask(world, number, tally);
    world.Run(std::chrono::microseconds(166'667));
  }
  world.Run(minutes(3));
  EXPECT_GT(tally.accepted, 0);
  EXPECT_GT(tally.refused, 0);
  for (const internal::v1::Session& session : Sessions(world)) {
    EXPECT_TRUE(session.has_ended()) << session.session_id();
  }
}

}  // namespace
}  // namespace callbridge::worker
