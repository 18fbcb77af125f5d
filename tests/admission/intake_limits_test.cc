// Incoming calls and the limits: who is rejected as busy, who is left ringing, and how often that
// is told.
#include <absl/strings/str_format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "server/base/log.h"
#include "server/inbox/intake.h"
#include "server/store/memory/memory_store.h"
#include "tests/webhook/fixed_calls.h"
#include "webhook/translate.h"

namespace callbridge::inbox {
namespace {

using internal::v1::IncomingCall;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;

constexpr char kDid[] = "442079460001";
constexpr base::Time kNow{std::chrono::seconds(1'768'478'400)};

class AnyRate final : public provider::Outlook {
 public:
  provider::LeavingRate RateOf(const internal::v1::Command&, base::Time now) override {
    return {now, 5};
  }
};

class IntakeLimits : public testing::Test {
 protected:
  IntakeLimits() {
    limits_.set_sessions_max(2);
    limits_.set_waiting_dials_max(120);
    limits_.set_free_disk_bytes_min(100);
    timing_.mutable_dial_queue()->set_seconds(20);
    timing_.mutable_answer_look()->set_seconds(5);
    timing_.mutable_answer_verdict()->set_seconds(15);
  }

  // So many calls in one webhook, as a batch of the ingress brings them, each of another caller.
  void Receive(int calls, base::Time now = kNow) {
    std::string body;
    for (int i = 0; i < calls; ++i) {
      const std::string id = absl::StrFormat("c%d", ++calls_);
      absl::StrAppendFormat(
          &body,
          R"(%s{"type":"CALL_RECEIVED","callId":"%s","timestamp":"2026-01-15T12:00:00.000+0000",)"
          R"("callsConfigurationId":"bridge-prod","properties":{"call":{"id":"%s","from":)"
          R"("4477009%05d","to":"%s","direction":"INBOUND","state":"RINGING"}}})",
          i == 0 ? "[" : ",", id, id, calls_, kDid);
    }
    const auto items = webhook::Translate(body + "]", now);
    ASSERT_TRUE(items.ok()) << items.status();
    ASSERT_TRUE(intake_.Append(*items, now).ok());
  }
  std::vector<IncomingCall::Arrangement> Stored() {
    std::vector<IncomingCall::Arrangement> arrangements;
    const auto works = store_->NextSessions(kNow, 10'000, false);
    for (const store::DueSession& work : *works) {
      arrangements.push_back(work.inputs[0].input.incoming_call().arrangement());
    }
    return arrangements;
  }

  config::v1::Limits limits_;
  internal::v1::Timing timing_;
  AnyRate rate_;
  std::int64_t free_bytes_ = 100;
  std::unique_ptr<store::Store> store_ = store::MakeMemoryStore();
  FixedCalls routes_{kDid};
  admission::Room room_{{*store_, rate_, limits_, timing_, [this] { return free_bytes_; }}};
  Intake intake_{{"bridge", "bridge-prod"}, *store_, routes_, &room_};
  int calls_ = 0;
};

TEST_F(IntakeLimits, ACallBeyondTheLimitOfSessionsIsRejectedAsBusy) {
  const base::LogCapture log;
  Receive(1);
  Receive(2);
  EXPECT_THAT(Stored(),
              ElementsAre(IncomingCall::ARRANGEMENT_BRIDGE, IncomingCall::ARRANGEMENT_BRIDGE,
                          IncomingCall::ARRANGEMENT_BUSY));
  EXPECT_EQ(intake_.counters().rejected_busy, 1);
  EXPECT_EQ(intake_.counters().left_ringing, 0);
  ASSERT_THAT(log.Lines(), SizeIs(1));
  EXPECT_THAT(log.Lines()[0], HasSubstr("limits.sessions_max"));
}

TEST_F(IntakeLimits, ARepetitionIsNoFurtherCallThatIsRefused) {
  Receive(2);
  const base::LogCapture log;
  calls_ = 0;
  Receive(2);
  EXPECT_EQ(intake_.counters().duplicates, 2);
  EXPECT_EQ(intake_.counters().rejected_busy, 0);
  EXPECT_THAT(log.Lines(), testing::IsEmpty());
}

TEST_F(IntakeLimits, ALittleDiskRejectsAndLessLeavesRinging) {
  const base::LogCapture log;
  free_bytes_ = 99;
  Receive(1);
  EXPECT_THAT(Stored(), ElementsAre(IncomingCall::ARRANGEMENT_BUSY));
  free_bytes_ = 49;
  Receive(1);
  EXPECT_THAT(Stored(), SizeIs(1)) << "nothing is written for it";
  EXPECT_EQ(intake_.counters().left_ringing, 1);
  EXPECT_THAT(log.Lines()[0], HasSubstr("limits.free_disk_bytes_min"));
}

TEST_F(IntakeLimits, TellsOnceASecondHowManyThereWere) {
  limits_.set_sessions_max(0);
  const base::LogCapture log;
  for (int i = 0; i < 50; ++i) Receive(2);
  ASSERT_THAT(log.Lines(), SizeIs(1));
  EXPECT_THAT(log.Lines()[0], HasSubstr("\"count\":1"));
  Receive(1, kNow + std::chrono::milliseconds(999));
  EXPECT_THAT(log.Lines(), SizeIs(1));
  Receive(1, kNow + std::chrono::seconds(1));
  ASSERT_THAT(log.Lines(), SizeIs(2));
  EXPECT_THAT(log.Lines()[1], HasSubstr("\"count\":101"));
}

TEST_F(IntakeLimits, TellsTheLastOfThemWithTheNextWebhookOfWhateverKind) {
  limits_.set_sessions_max(0);
  const base::LogCapture log;
  Receive(3);
  ASSERT_THAT(log.Lines(), SizeIs(1));
  const auto other = webhook::Translate(
      R"({"type":"CALL_FINISHED","callId":"c1","callsConfigurationId":"bridge-prod"})", kNow);
  ASSERT_TRUE(other.ok()) << other.status();
  ASSERT_TRUE(intake_.Append(*other, kNow + std::chrono::milliseconds(999)).ok());
  EXPECT_THAT(log.Lines(), SizeIs(1));
  ASSERT_TRUE(intake_.Append(*other, kNow + std::chrono::seconds(1)).ok());
  ASSERT_THAT(log.Lines(), SizeIs(2));
  EXPECT_THAT(log.Lines()[1], HasSubstr("\"count\":2"));
}

TEST_F(IntakeLimits, WithoutLimitsEveryCallIsTaken) {
  Intake unlimited({"bridge", "bridge-prod"}, *store_, routes_);
  limits_.set_sessions_max(0);
  const auto items = webhook::Translate(
      absl::StrFormat(R"({"type":"CALL_RECEIVED","callId":"c1","properties":{"call":{"to":"%s"}}})",
                      kDid),
      kNow);
  ASSERT_TRUE(unlimited.Append(*items, kNow).ok());
  EXPECT_THAT(Stored(), ElementsAre(IncomingCall::ARRANGEMENT_BRIDGE));
}

}  // namespace
}  // namespace callbridge::inbox
