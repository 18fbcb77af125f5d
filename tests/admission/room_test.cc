// The limits alone: a store whose sessions are only begun, and a pace that the test sets.
#include "server/admission/room.h"

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include <chrono>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/store/memory/memory_store.h"

namespace callbridge::admission {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using Shortage = Answer::Shortage;

constexpr base::Time kNow{std::chrono::sys_days{std::chrono::January / 15 / 2026}};
constexpr Wish kIncoming{.sessions = 1, .dials = 1, .conferences = 1};
constexpr Wish kOffer{.sessions = 1};

Wish ClickToCall(base::Duration start_before = seconds(30)) {
  return {.sessions = 1, .dials = 2, .conferences = 1, .dial_by_time = kNow + start_before};
}

class RoomTest : public testing::Test {
 protected:
  RoomTest() {
    limits_.set_sessions_max(10'000);
    limits_.set_waiting_dials_max(10'000);
    limits_.set_free_disk_bytes_min(1'000);
    timing_.mutable_dial_queue()->set_seconds(20);
    timing_.mutable_answer_look()->set_seconds(5);
    timing_.mutable_answer_verdict()->set_seconds(15);
  }

  Answer Ask(const Wish& wish) {
    auto room = room_.Ask({wish}, kNow);
    EXPECT_TRUE(room.ok()) << room.status();
    return room->answers.front();
  }
  // Asks and stores, as StartBridge and the intake do. False: refused.
  bool Begin(const Wish& wish) {
    auto room = room_.Ask({wish}, kNow);
    EXPECT_TRUE(room.ok()) << room.status();
    if (room->answers.front().shortage != Shortage::kNone) return false;
    Append(wish);
    return true;
  }
  void Append(const Wish& wish) {
    store::NewInput input;
    *input.input.mutable_receive_time() = base::ToTimestamp(kNow);
    if (wish.dials == 2) {
      internal::v1::StartBridge& start = *input.input.mutable_start_bridge();
      start.mutable_caller()->mutable_phone()->set_number("+447700900123");
      *start.mutable_settings()->mutable_timing() = timing_;
      *start.mutable_start_before_time() = base::ToTimestamp(*wish.dial_by_time);
    } else {
      input.input.mutable_incoming_call()->set_arrangement(
          wish.dials == 1 ? internal::v1::IncomingCall::ARRANGEMENT_BRIDGE
                          : internal::v1::IncomingCall::ARRANGEMENT_OFFER);
    }
    input.session_id = absl::StrCat("s_", ++sessions_);
    input.creates_session_id = input.session_id;
    ASSERT_TRUE(store_->AppendInputs({input}, kNow).ok());
  }
  int BeginAll(const Wish& wish) {
    int begun = 0;
    while (begun < 1'000 && Begin(wish)) ++begun;
    return begun;
  }

  class Rates final : public provider::Outlook {
   public:
    provider::LeavingRate RateOf(const internal::v1::Command& like, base::Time now) override {
      EXPECT_EQ(like.account(), "default");
      if (like.has_create_conference()) return {now, conferences};
      return {std::max(now, next_dial), dials};
    }
    double dials = 5;
    double conferences = 20;
    base::Time next_dial = kNow;
  };

  config::v1::Limits limits_;
  internal::v1::Timing timing_;
  Rates rates_;
  std::int64_t free_bytes_ = 1'000;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  Room room_{{*store_, rates_, limits_, timing_, [this] { return free_bytes_; }}};
  int sessions_ = 0;
};

TEST_F(RoomTest, TakesAsManyCallsAsCanBeDialledInTheTimeThatACallerWaits) {
  // 18 of the 20 s, five a second, and the first leaves at once.
  EXPECT_EQ(BeginAll(kIncoming), 91);
  const Answer refused = Ask(kIncoming);
  EXPECT_EQ(refused.shortage, Shortage::kDials);
  EXPECT_EQ(refused.dials_to_come, 91);
  EXPECT_EQ(refused.dials_per_second, 5);
  EXPECT_EQ(refused.retry_delay, seconds(1));
}

TEST_F(RoomTest, CountsBothDialsOfAClickToCall) { EXPECT_EQ(BeginAll(ClickToCall()), 45); }

TEST_F(RoomTest, CountsAnOfferThatIsTakenAndNotAnOfferThatWaits) {
  for (int i = 0; i < 200; ++i) ASSERT_TRUE(Begin(kOffer));
  const Wish taken{.sessions = 0, .dials = 1, .conferences = 1};
  EXPECT_EQ(Ask(taken).shortage, Shortage::kNone);
  EXPECT_EQ(BeginAll(kIncoming), 91);
  EXPECT_EQ(Ask(taken).shortage, Shortage::kDials);
  EXPECT_EQ(Ask(kOffer).shortage, Shortage::kNone);
}

TEST_F(RoomTest, GoesByWhatReallyLeavesNow) {
  rates_.dials = 2.5;
  EXPECT_EQ(BeginAll(kIncoming), 46);
}

TEST_F(RoomTest, WaitsForAProviderThatAskedForSilence) {
  rates_.next_dial = kNow + seconds(17);
  EXPECT_EQ(BeginAll(kIncoming), 6);
  rates_.next_dial = kNow + seconds(19);
  EXPECT_EQ(Ask(kIncoming).shortage, Shortage::kDials);
}

TEST_F(RoomTest, TakesNoMoreThanConferencesCanBeMadeFor) {
  rates_.dials = 1'000;
  rates_.conferences = 2;
  // Ten seconds, from the look at an answered call to its verdict.
  EXPECT_EQ(BeginAll(kIncoming), 21);
}

TEST_F(RoomTest, LetsNoAcceptedCallerComeTooLateThroughLaterOnes) {
  // Must leave within 4 s; all others go before it.
  ASSERT_TRUE(Begin(ClickToCall(seconds(4))));
  EXPECT_EQ(BeginAll(kIncoming), 17);
}

TEST_F(RoomTest, RefusesACallerWhoCannotBeDialledBeforeItsTime) {
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(Begin(kIncoming));
  const Answer refused = Ask(ClickToCall(seconds(4)));
  EXPECT_EQ(refused.shortage, Shortage::kDials);
  EXPECT_EQ(Ask(ClickToCall(seconds(5))).shortage, Shortage::kNone);
}

TEST_F(RoomTest, HoldsTheSettingsLimitOfDials) {
  limits_.set_waiting_dials_max(10);
  EXPECT_EQ(BeginAll(ClickToCall()), 5);
  EXPECT_EQ(Ask(kIncoming).shortage, Shortage::kDials);
}

TEST_F(RoomTest, HoldsTheLimitOfSessionsExactly) {
  limits_.set_sessions_max(7);
  EXPECT_EQ(BeginAll(kOffer), 7);
  EXPECT_EQ(Ask(kIncoming).shortage, Shortage::kSessions);
  EXPECT_EQ(Ask({.sessions = 0, .dials = 1, .conferences = 1}).shortage, Shortage::kNone);
}

// Between the question and the append others ask.
TEST_F(RoomTest, CountsWhatWasGrantedAndIsNotStoredYet) {
  limits_.set_sessions_max(2);
  auto first = room_.Ask({kOffer}, kNow);
  auto second = room_.Ask({kOffer}, kNow);
  EXPECT_EQ(Ask(kOffer).shortage, Shortage::kSessions);
  first->places = {};
  EXPECT_EQ(Ask(kOffer).shortage, Shortage::kNone) << "the first was never stored";
}

TEST_F(RoomTest, ACallerWhoWasGrantedAndIsNotStoredYetComesTooLateThroughNoLaterOnes) {
  // Both must leave within 4 s; all others go before them.
  auto first = room_.Ask({ClickToCall(seconds(4))}, kNow);
  auto second = room_.Ask({ClickToCall(seconds(4)), ClickToCall(seconds(15))}, kNow);
  ASSERT_TRUE(first.ok() && second.ok());
  for (const Answer& answer : second->answers) ASSERT_EQ(answer.shortage, Shortage::kNone);
  EXPECT_EQ(BeginAll(kIncoming), 13) << "19 in 3.6 s, six of which are granted";
  first->places = {};
  EXPECT_EQ(BeginAll(kIncoming), 2) << "the second is in the same hurry";
  second->places = {};
  EXPECT_EQ(BeginAll(kIncoming), 91 - 15) << "neither was ever stored";
}

TEST_F(RoomTest, CountsTheWishesOfOneQuestionTogether) {
  limits_.set_sessions_max(3);
  const auto room = room_.Ask({kOffer, kIncoming, kOffer, kOffer}, kNow);
  ASSERT_TRUE(room.ok());
  std::vector<Shortage> shortages;
  for (const Answer& answer : room->answers) shortages.push_back(answer.shortage);
  EXPECT_EQ(shortages,
            (std::vector{Shortage::kNone, Shortage::kNone, Shortage::kNone, Shortage::kSessions}));
}

TEST_F(RoomTest, RejectsCallsOnlyAsLongAsThereIsRoomForTheRejections) {
  limits_.set_sessions_max(1);
  ASSERT_TRUE(Begin(kOffer));
  EXPECT_TRUE(Ask(kIncoming).may_reject);
  for (int i = 0; i < base::kRejectedCallsMax; ++i) Append(kOffer);
  EXPECT_FALSE(Ask(kIncoming).may_reject);
}

TEST_F(RoomTest, KeepsTheLastHalfOfTheReserveForTheSessionsThatRun) {
  free_bytes_ = 999;
  EXPECT_EQ(Ask(kIncoming).shortage, Shortage::kDisk);
  EXPECT_EQ(Ask(ClickToCall()).shortage, Shortage::kDisk);
  EXPECT_TRUE(Ask(kIncoming).may_reject);
  free_bytes_ = 499;
  EXPECT_FALSE(Ask(kIncoming).may_reject);
  free_bytes_ = 1'000;
  EXPECT_EQ(Ask(kIncoming).shortage, Shortage::kNone);
}

}  // namespace
}  // namespace callbridge::admission
