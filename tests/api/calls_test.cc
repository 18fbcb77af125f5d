// Unary calls in great numbers, calls whose caller leaves, and answers that are not read.
#include <absl/synchronization/blocking_counter.h>
#include <absl/synchronization/notification.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <latch>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/api/call_count.h"
#include "server/api/reply_waiters.h"
#include "server/api/unary_call.h"
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
  // A call that is being refused counts as well, so in the end fewer may wait than there is room
  // for.
  std::deque<ManyStarts> others;
  while (ReasonOf(world.Get(SessionName(1), &response)) != "TOO_MANY_CALLS") {
    if (others.size() == 100) {
      ADD_FAILURE() << "there is room for any number of calls";
      break;
    }
    others.emplace_back(*world.stub, base::kCallsMax / 50);
  }
  auto ends = starts.CancelAndCount();
  for (ManyStarts& other : others) {
    for (const auto& [end, count] : other.CancelAndCount()) ends[end] += count;
  }
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

// A ListSessions whose client reads the answer only when it is told to.
class UnreadList {
 public:
  // Returns when the answer has begun to come.
  explicit UnreadList(v1::BridgeService::Stub& stub) {
    tests::SetDeadline(context_);
    reader_ = stub.AsyncListSessions(&context_, v1::ListSessionsRequest(), &queue_);
    reader_->ReadInitialMetadata(this);
    Await();
  }

  ~UnreadList() {
    if (!read_) {
      context_.TryCancel();
      // How a call ends that its test gave up is of no interest.
      Read();
    }
    queue_.Shutdown();
  }

  UnreadList(const UnreadList&) = delete;
  UnreadList& operator=(const UnreadList&) = delete;

  grpc::Status Read() {
    read_ = true;
    reader_->Finish(&response_, &status_, this);
    Await();
    return status_;
  }

  const v1::ListSessionsResponse& response() const { return response_; }

 private:
  void Await() {
    void* tag = nullptr;
    bool ok = false;
    EXPECT_TRUE(queue_.Next(&tag, &ok));
  }

  grpc::ClientContext context_;
  grpc::CompletionQueue queue_;
  std::unique_ptr<grpc::ClientAsyncResponseReader<v1::ListSessionsResponse>> reader_;
  v1::ListSessionsResponse response_;
  grpc::Status status_;
  bool read_ = false;
};

TEST(Calls, ListsWhoseAnswersAreNotReadAreLimitedAndHoldUpNothingElse) {
  ApiWorld world;
  constexpr int kSessions = 40;
  for (int i = 0; i < kSessions; ++i) {
    world.story.Begin(SessionName(i));
    // One answer is several times as large as what the client takes unread.
    world.story.Name(SessionName(i), std::string(10'000, 'y'));
  }
  const auto stub =
      v1::BridgeService::NewStub(tests::ConnectWithSmallWindow(world.listener->port()));
  std::deque<UnreadList> unread;
  for (int i = 0; i < base::kListsMax; ++i) unread.emplace_back(*stub);
  v1::ListSessionsResponse response;
  const tests::ReadError error = ReadErrorOf(world.List({}, &response));
  EXPECT_EQ(error.reason, "TOO_MANY_CALLS");
  EXPECT_TRUE(error.retry_delay.has_value());
  v1::GetSessionResponse session;
  EXPECT_TRUE(world.Get(SessionName(0), &session).ok());

  const grpc::Status status = unread.front().Read();
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(unread.front().response().sessions_size(), kSessions);
  // The place is free as soon as the server has let go of the answer.
  while (!world.List({}, &response).ok()) std::this_thread::yield();
  // Clients that leave give their places back too.
  unread.clear();
  EXPECT_TRUE(world.service.WaitUntilAnswered(seconds(30)));
}

TEST(UnaryCall, IsNoLongerCountedOnceGrpcHasLetGoOfIt) {
  tests::Story story;
  api::ReplyWaiters replies(story.store());
  api::WorkPool answers(1, 1);
  api::CallCount calls(2);
  api::CallCount large(1);
  grpc::CallbackServerContext context;
  // Whoever still holds it, an alarm that rings for instance, may do so for longer than what counts
  // exists.
  const auto held = std::make_shared<api::UnaryCall>(
      context, api::UnaryCall::Lent{calls, replies, answers, &large}, api::UnaryCall::Method{});
  EXPECT_EQ(calls.count(), 1);
  EXPECT_EQ(large.count(), 1);
  held->OnDone();
  EXPECT_EQ(calls.count(), 0);
  EXPECT_EQ(large.count(), 0);
}

// Its GetSession works until its client has left, and then waits for a reply that never comes.
class SlowService final : public v1::BridgeService::CallbackService {
 public:
  grpc::ServerUnaryReactor* GetSession(grpc::CallbackServerContext* context,
                                       const v1::GetSessionRequest*,
                                       v1::GetSessionResponse*) override {
    const auto begin =
        [this](const api::Asker& asker) -> absl::StatusOr<std::optional<std::int64_t>> {
      begun.Notify();
      const auto longest = std::chrono::steady_clock::now() + seconds(30);
      while (!asker.cancelled() && std::chrono::steady_clock::now() < longest) {
        std::this_thread::yield();
      }
      told = asker.cancelled();
      return 1;
    };
    return api::UnaryCall::Begin(context, {calls, replies, work}, work, {begin});
  }

  absl::Notification begun;
  std::atomic<bool> told = false;
  tests::Story story;
  api::ReplyWaiters replies{story.store()};
  api::CallCount calls{1};
  api::WorkPool work{1, 1};
};

TEST(UnaryCall, EndsWhenItsClientHasLeftWhileItWorked) {
  SlowService service;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service);
  const std::unique_ptr<grpc::Server> server = builder.BuildAndStart();
  const auto stub = tests::Connect(port);
  grpc::ClientContext context;
  v1::GetSessionRequest request;
  v1::GetSessionResponse response;
  absl::Notification ended;
  stub->async()->GetSession(&context, &request, &response,
                            [&ended](const grpc::Status&) { ended.Notify(); });
  service.begun.WaitForNotification();
  context.TryCancel();
  EXPECT_TRUE(service.calls.WaitUntilZero(seconds(15))) << "the call waits for its reply";
  EXPECT_TRUE(service.told);
  ended.WaitForNotification();
}

TEST(CallCount, IsExceededByOneMoreThanItsLimit) {
  api::CallCount calls(1);
  const api::CallCount::Call first(calls);
  EXPECT_FALSE(calls.IsExceeded());
  {
    const api::CallCount::Call second(calls);
    EXPECT_TRUE(calls.IsExceeded());
  }
  EXPECT_FALSE(calls.IsExceeded());
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
