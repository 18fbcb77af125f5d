#include "webhook/holding_inbox_sink.h"

#include <absl/base/thread_annotations.h>
#include <absl/synchronization/mutex.h>
#include <absl/time/time.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/base/ingress_limits.h"
#include "tests/webhook/answers.h"
#include "webhook/local_inbox_sink.h"

namespace callbridge::webhook {
namespace {

using absl::StatusCode;
using internal::v1::InboxItem;
using std::chrono::milliseconds;
using testing::Each;
using testing::ElementsAre;
using testing::SizeIs;

// The other end of a hand-over: keeps what is delivered and answers what the test says; can be made
// to block.
class Receiver {
 public:
  absl::Status Take(std::vector<InboxItem> items) {
    absl::MutexLock lock(&mutex_);
    ++calls_;
    const auto open = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return !blocked_; };
    mutex_.Await(absl::Condition(&open));
    for (const InboxItem& item : items) {
      if (item.event().type_name() == "bad") return absl::InvalidArgumentError("bad");
    }
    if (!answer_.ok() || items.empty()) return answer_;
    if (items.size() > items_max_) return absl::ResourceExhaustedError("too much");
    for (const InboxItem& item : items) {
      if (item.event().type_name() == "huge") return absl::ResourceExhaustedError("too much");
    }
    std::vector<std::string> names;
    for (const InboxItem& item : items) names.push_back(item.event().type_name());
    batches_.push_back(std::move(names));
    return absl::OkStatus();
  }

  void Answer(absl::Status answer) {
    absl::MutexLock lock(&mutex_);
    answer_ = std::move(answer);
  }
  void TakeAtMost(std::size_t items) {
    absl::MutexLock lock(&mutex_);
    items_max_ = items;
  }
  void Block(bool blocked) {
    absl::MutexLock lock(&mutex_);
    blocked_ = blocked;
  }
  // Waits until Take was called that many more times.
  void AwaitCalls(int count) {
    absl::MutexLock lock(&mutex_);
    const int goal = calls_ + count;
    const auto enough = [this, goal]()
                            ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) { return calls_ >= goal; };
    EXPECT_TRUE(mutex_.AwaitWithTimeout(absl::Condition(&enough), absl::Seconds(10)));
  }
  std::vector<std::vector<std::string>> batches() {
    absl::MutexLock lock(&mutex_);
    return batches_;
  }

 private:
  absl::Mutex mutex_;
  absl::Status answer_ ABSL_GUARDED_BY(mutex_);
  std::size_t items_max_ ABSL_GUARDED_BY(mutex_) = 1'000'000;
  bool blocked_ ABSL_GUARDED_BY(mutex_) = false;
  int calls_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<std::vector<std::string>> batches_ ABSL_GUARDED_BY(mutex_);
};

HoldLimits Quick() { return {.retry = milliseconds(5), .probe = milliseconds(20)}; }

std::unique_ptr<InboxSink> SinkTo(Receiver& receiver, HoldLimits limits = Quick()) {
  return MakeLocalInboxSink(
      [&receiver](std::vector<InboxItem> items) { return receiver.Take(std::move(items)); },
      limits);
}

TEST(HoldingInboxSink, AnswersOkOnceTheItemsAreDelivered) {
  Receiver receiver;
  Answers answers;
  const auto sink = SinkTo(receiver);
  sink->Append(Named({"a", "b"}), answers.Next("1"));
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kOk));
  EXPECT_THAT(receiver.batches(), ElementsAre(ElementsAre("a", "b")));
  sink->Append({}, answers.Next("2"));
  EXPECT_THAT(answers.Await(2), SizeIs(2));
}

TEST(HoldingInboxSink, BatchesWhatArrivesDuringADelivery) {
  Receiver receiver;
  Answers answers;
  receiver.Block(true);
  const auto sink = SinkTo(receiver);
  for (const char* name : {"a", "b", "c"}) sink->Append(Named({name}), answers.Next(name));
  receiver.Block(false);
  EXPECT_THAT(answers.Await(3), Each(StatusCode::kOk));
  EXPECT_THAT(answers.names(), ElementsAre("a", "b", "c"));
  std::vector<std::string> delivered;
  for (const auto& batch : receiver.batches()) {
    delivered.insert(delivered.end(), batch.begin(), batch.end());
  }
  EXPECT_THAT(delivered, ElementsAre("a", "b", "c"));
}

TEST(HoldingInboxSink, HoldsRequestsWhileTheServerIsAway) {
  Receiver receiver;
  Answers answers;
  receiver.Answer(absl::UnavailableError("away"));
  const auto sink = SinkTo(receiver);
  sink->Append(Named({"a"}), answers.Next("a"));
  sink->Append(Named({"b"}), answers.Next("b"));
  receiver.AwaitCalls(3);
  EXPECT_FALSE(sink->ready());
  EXPECT_THAT(answers.Await(0), SizeIs(0));
  receiver.Answer(absl::OkStatus());
  EXPECT_THAT(answers.Await(2), ElementsAre(StatusCode::kOk, StatusCode::kOk));
  EXPECT_THAT(answers.names(), ElementsAre("a", "b"));
  EXPECT_THAT(receiver.batches(), ElementsAre(ElementsAre("a", "b")));
  EXPECT_TRUE(sink->ready());
}

TEST(HoldingInboxSink, GivesUpWhatItHeldTooLong) {
  Receiver receiver;
  Answers answers;
  receiver.Answer(absl::UnavailableError("away"));
  HoldLimits limits = Quick();
  limits.hold = milliseconds(30);
  const auto sink = SinkTo(receiver, limits);
  const auto begin = std::chrono::steady_clock::now();
  sink->Append(Named({"a"}), answers.Next("a"));
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kUnavailable));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, limits.hold);
  receiver.Answer(absl::OkStatus());
  sink->Append(Named({"b"}), answers.Next("b"));
  EXPECT_THAT(answers.Await(2), ElementsAre(StatusCode::kUnavailable, StatusCode::kOk));
  EXPECT_THAT(receiver.batches(), ElementsAre(ElementsAre("b")));
}

TEST(HoldingInboxSink, GivesUpInTimeAlthoughTheNextAttemptIsFarAway) {
  Receiver receiver;
  Answers answers;
  receiver.Answer(absl::UnavailableError("away"));
  const auto sink = SinkTo(receiver, {.hold = milliseconds(30), .retry = std::chrono::hours(1)});
  sink->Append(Named({"a"}), answers.Next("a"));
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kUnavailable));
}

TEST(HoldingInboxSink, RefusesMoreThanItMayHold) {
  Receiver receiver;
  Answers answers;
  receiver.Answer(absl::UnavailableError("away"));
  HoldLimits limits = Quick();
  limits.requests_max = 2;
  const auto sink = SinkTo(receiver, limits);
  for (const char* name : {"a", "b", "c"}) sink->Append(Named({name}), answers.Next(name));
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kResourceExhausted));
  EXPECT_THAT(answers.names(), ElementsAre("c"));
  receiver.Answer(absl::OkStatus());
  EXPECT_THAT(answers.Await(3), SizeIs(3));
  sink->Append(Named({"d"}), answers.Next("d"));
  EXPECT_THAT(answers.Await(4), testing::Contains(StatusCode::kOk).Times(3));
}

TEST(HoldingInboxSink, AnswersEverythingWhenItIsDestroyed) {
  Receiver receiver;
  Answers answers;
  receiver.Answer(absl::UnavailableError("away"));
  auto sink = SinkTo(receiver);
  sink->Append(Named({"a"}), answers.Next("a"));
  sink->Append(Named({"b"}), answers.Next("b"));
  sink.reset();
  EXPECT_THAT(answers.Await(0), ElementsAre(StatusCode::kUnavailable, StatusCode::kUnavailable));
}

TEST(HoldingInboxSink, LetsOneBadRequestNotSpoilItsNeighbours) {
  Receiver receiver;
  Answers answers;
  receiver.Answer(absl::UnavailableError("away"));
  const auto sink = SinkTo(receiver);
  for (const char* name : {"a", "bad", "c"}) sink->Append(Named({name}), answers.Next(name));
  receiver.Answer(absl::OkStatus());
  EXPECT_THAT(answers.Await(3),
              ElementsAre(StatusCode::kOk, StatusCode::kInvalidArgument, StatusCode::kOk));
  EXPECT_THAT(answers.names(), ElementsAre("a", "bad", "c"));
  EXPECT_TRUE(sink->ready());
}

TEST(HoldingInboxSink, KeepsBatchesSmallEnoughForOneHandOver) {
  Receiver receiver;
  Answers answers;
  receiver.Answer(absl::UnavailableError("away"));
  const auto sink = SinkTo(receiver);
  const std::vector<std::string> many(600, "x");
  for (int i = 0; i < 3; ++i) sink->Append(Named(many), answers.Next("many"));
  const std::string large(1'200'000, 'x');
  for (int i = 0; i < 2; ++i) sink->Append(Named({large}), answers.Next("large"));
  receiver.Answer(absl::OkStatus());
  EXPECT_THAT(answers.Await(5), Each(StatusCode::kOk));
  EXPECT_THAT(receiver.batches(), ElementsAre(SizeIs(600), SizeIs(600), SizeIs(601), SizeIs(1)));
}

TEST(HoldingInboxSink, HalvesABatchThatIsTooMuchUntilItFits) {
  for (std::size_t items_max = 1; items_max <= 20; ++items_max) {
    Receiver receiver;
    Answers answers;
    receiver.Answer(absl::UnavailableError("away"));
    receiver.TakeAtMost(items_max);
    const auto sink = SinkTo(receiver);
    std::vector<std::string> names;
    for (int i = 0; i < 20; ++i) names.push_back(std::to_string(i));
    for (const std::string& name : names) sink->Append(Named({name}), answers.Next(name));
    receiver.Answer(absl::OkStatus());
    EXPECT_THAT(answers.Await(20), Each(StatusCode::kOk)) << items_max;
    EXPECT_EQ(answers.names(), names) << items_max;
    std::vector<std::string> delivered;
    for (const auto& batch : receiver.batches()) {
      EXPECT_LE(batch.size(), items_max);
      delivered.insert(delivered.end(), batch.begin(), batch.end());
    }
    EXPECT_EQ(delivered, names) << items_max;
  }
}

TEST(HoldingInboxSink, LetsARequestThatIsTooMuchAloneNotHoldItsNeighboursUp) {
  for (int place = 0; place < 5; ++place) {
    Receiver receiver;
    Answers answers;
    receiver.Answer(absl::UnavailableError("away"));
    HoldLimits limits = Quick();
    limits.hold = std::chrono::seconds(30);
    auto sink = SinkTo(receiver, limits);
    for (int i = 0; i < 5; ++i) {
      const std::string name = i == place ? "huge" : std::to_string(i);
      sink->Append(Named({name}), answers.Next(name));
    }
    receiver.Answer(absl::OkStatus());
    EXPECT_THAT(answers.Await(4), Each(StatusCode::kOk)) << place;
    EXPECT_THAT(answers.names(), testing::Not(testing::Contains("huge")));
    sink.reset();
    EXPECT_THAT(answers.Await(5), testing::Contains(StatusCode::kUnavailable).Times(1));
  }
}

TEST(HoldingInboxSink, GivesUpARequestThatIsTooMuchAloneWhenItsTimeIsUp) {
  Receiver receiver;
  Answers answers;
  HoldLimits limits = Quick();
  limits.hold = milliseconds(50);
  const auto sink = SinkTo(receiver, limits);
  sink->Append(Named({"huge"}), answers.Next("huge"));
  EXPECT_THAT(answers.Await(1), ElementsAre(StatusCode::kUnavailable));
  EXPECT_THAT(receiver.batches(), SizeIs(0));
}

TEST(HoldingInboxSink, RefusesInWordsWhatNoHandOverTakes) {
  Receiver receiver;
  absl::Status refusal;
  const auto sink = SinkTo(receiver);
  sink->Append(Named({std::string(base::kInboxBatchBytesMax, 'x')}),
               [&refusal](absl::Status status) { refusal = std::move(status); });
  EXPECT_EQ(refusal.code(), StatusCode::kOutOfRange);
  EXPECT_THAT(std::string(refusal.message()), testing::HasSubstr("at most 2097152"));
}

TEST(HoldingInboxSink, LearnsFromSignsOfLifeWhetherItIsReady) {
  Receiver receiver;
  receiver.Block(true);
  const auto sink = SinkTo(receiver);
  EXPECT_FALSE(sink->ready());
  receiver.Block(false);
  // The third call begins after the first one was settled.
  receiver.AwaitCalls(2);
  EXPECT_TRUE(sink->ready());
  receiver.Answer(absl::InternalError("broken"));
  receiver.AwaitCalls(3);
  EXPECT_FALSE(sink->ready());
  receiver.Answer(absl::OkStatus());
  receiver.AwaitCalls(3);
  EXPECT_TRUE(sink->ready());
}

}  // namespace
}  // namespace callbridge::webhook
