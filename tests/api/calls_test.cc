// Unary calls in great numbers, and calls whose caller leaves.
#include <absl/synchronization/blocking_counter.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <latch>
#include <map>
#include <string>
#include <vector>

#include "server/api/reply_waiters.h"
#include "server/api/work_pool.h"
#include "server/base/limits.h"
#include "tests/api/api_world.h"
#include "tests/api/error_reading.h"

namespace callbridge {
namespace {

using std::chrono::seconds;
using tests::ApiWorld;
using tests::ClickToCall;
using tests::ReadErrorOf;
using tests::ReasonOf;
using tests::SessionName;

// A world that refuses no bridge for lack of room.
class SpaciousWorld : public ApiWorld {
 public:
  SpaciousWorld() : ApiWorld(Spacious()) {
    rates.dials_per_second = rates.conferences_per_second = 1e6;
  }

 private:
  static config::v1::Settings Spacious() {
    config::v1::Settings settings = tests::TestSettings();
    settings.mutable_limits()->set_sessions_max(100'000);
    settings.mutable_limits()->set_waiting_dials_max(100'000);
    return settings;
  }
};

// Calls of StartBridge that are all under way at once.
class ManyStarts {
 public:
  ManyStarts(v1::BridgeService::Stub& stub, int count) : done_(count) {
    for (int i = 0; i < count; ++i) {
      Start& start = starts_.emplace_back();
      start.request = ClickToCall("r-" + std::to_string(i));
      tests::SetDeadline(start.context);
      stub.async()->StartBridge(&start.context, &start.request, &start.response,
                                [this, &start](grpc::Status status) {
                                  start.status = std::move(status);
                                  ended_ += 1;
                                  done_.DecrementCount();
                                });
    }
  }

  int ended() const { return ended_; }

  // How each ended: by its reason, or by its code where there is none. Cancels what is still under
  // way.
  std::map<std::string, int> CancelAndCount() {
    for (Start& start : starts_) start.context.TryCancel();
    done_.Wait();
    std::map<std::string, int> ends;
    for (const Start& start : starts_) {
      const bool has_reason = !start.status.error_details().empty();
      ends[has_reason ? ReasonOf(start.status)
                      : std::to_string(start.status.error_code()) + " " +
                            start.status.error_message()] += 1;
      if (has_reason) {
        EXPECT_TRUE(ReadErrorOf(start.status).retry_delay.has_value());
      }
    }
    return ends;
  }

 private:
  struct Start {
    grpc::ClientContext context;
    v1::StartBridgeRequest request;
    v1::StartBridgeResponse response;
    grpc::Status status;
  };

  std::deque<Start> starts_;
  std::atomic<int> ended_ = 0;
  absl::BlockingCounter done_;
};

TEST(Calls, TenThousandAtATimeAreRefusedInOurOwnWordsAndHoldUpNothing) {
  SpaciousWorld world;
  constexpr int kCalls = 10'000;
  ManyStarts starts(*world.stub, kCalls);
  // Nothing is stepped, so whatever was accepted waits.
  while (starts.ended() < kCalls - base::kCallsMax) std::this_thread::yield();
  v1::GetSessionResponse response;
  EXPECT_EQ(ReasonOf(world.Get(SessionName(1), &response)), "TOO_MANY_CALLS");
  auto ends = starts.CancelAndCount();
  const int refused = ends["TOO_MANY_CALLS"];
  ends.erase("TOO_MANY_CALLS");
  EXPECT_GE(refused, kCalls - base::kCallsMax);
  ASSERT_EQ(ends.size(), 1U) << ends.begin()->first << " and " << ends.rbegin()->first;
  EXPECT_TRUE(ends.begin()->first.starts_with(std::to_string(grpc::StatusCode::CANCELLED)))
      << ends.begin()->first;
  ASSERT_TRUE(world.service.WaitUntilAnswered(seconds(30)));
  EXPECT_EQ(ReasonOf(world.Get(SessionName(1), &response)), "SESSION_NOT_FOUND");
}

TEST(Calls, ThatWaitForAStepHoldNoThread) {
  SpaciousWorld world;
  constexpr int kWaiting = 8 * base::kWriteThreads;
  ManyStarts starts(*world.stub, kWaiting);
  const auto stored = [&world] { return world.story.store().Count()->waiting_inputs; };
  while (stored() < kWaiting) std::this_thread::yield();
  v1::GetSessionResponse response;
  EXPECT_EQ(ReasonOf(world.Get(SessionName(1), &response)), "SESSION_NOT_FOUND");
  EXPECT_EQ(starts.ended(), 0);
  world.StartWorker();
  while (starts.ended() < kWaiting) std::this_thread::yield();
  const auto ends = starts.CancelAndCount();
  EXPECT_EQ(ends.begin()->first, "0 ");
  EXPECT_EQ(ends.begin()->second, kWaiting);
}

TEST(WorkPool, RefusesWhatIsBeyondItsBoundAndRunsTheRest) {
  std::atomic<int> ran = 0;
  {
    std::latch begun(2);
    std::latch go_on(1);
    api::WorkPool pool(2, 3);
    for (int i = 0; i < 2; ++i) {
      EXPECT_TRUE(pool.TryPost([&] {
        begun.count_down();
        go_on.wait();
        ++ran;
      }));
    }
    begun.wait();
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(pool.TryPost([&] { ++ran; }));
    EXPECT_FALSE(pool.TryPost([&] { ++ran; }));
    pool.Post([&] { ++ran; });
    go_on.count_down();
  }
  EXPECT_EQ(ran, 6);
}

TEST(ReplyWaiters, WakeEachRequestForItsOwnReplyOnce) {
  ApiWorld world;
  api::ReplyWaiters waiters(world.story.store());
  std::map<std::string, int> woken;
  const auto append = [&world](const std::string& session_id) {
    store::NewInput input;
    input.session_id = session_id;
    input.input.mutable_end_session();
    return world.story.store().AppendInputs({input}, world.story.clock().Now())->front().input_id;
  };
  const auto wait = [&](std::int64_t input_id, const std::string& name) {
    return waiters.Wait(input_id, &name,
                        [&woken, name](const internal::v1::Reply&) { ++woken[name]; });
  };
  const std::string first = world.OfferCall("call-1");
  const std::string second = world.OfferCall("call-2");
  tests::StepAll(world.story.store(), world.story.clock().Now());
  const std::int64_t of_first = append(first);
  ASSERT_TRUE(wait(of_first, "a").ok());
  ASSERT_TRUE(wait(of_first, "a again").ok());
  tests::StepAll(world.story.store(), world.story.clock().Now());
  EXPECT_THAT(woken, testing::ElementsAre(testing::Pair("a", 1), testing::Pair("a again", 1)));
  // Its step is behind it.
  ASSERT_TRUE(wait(of_first, "late").ok());
  EXPECT_EQ(woken["late"], 1);
  const std::int64_t of_second = append(second);
  const std::string gone = "gone";
  ASSERT_TRUE(
      waiters.Wait(of_second, &gone, [&woken](const internal::v1::Reply&) { ++woken["gone"]; })
          .ok());
  waiters.Forget(of_second, &gone);
  tests::StepAll(world.story.store(), world.story.clock().Now());
  EXPECT_EQ(woken.count("gone"), 0U);
  EXPECT_EQ(waiters.waiting(), 0U);
  EXPECT_TRUE(absl::IsNotFound(wait(1'000'000, "never")));
  EXPECT_EQ(waiters.waiting(), 0U);
}

}  // namespace
}  // namespace callbridge
