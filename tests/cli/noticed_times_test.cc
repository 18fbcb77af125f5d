#include "client/cli/noticed_times.h"

#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace callbridge::cli {
namespace {

using std::chrono::milliseconds;

v1::SessionEvent At(std::int64_t recorded_seconds) {
  v1::SessionEvent event;
  event.mutable_record_time()->set_seconds(recorded_seconds);
  return event;
}

v1::SessionEvent Answered(std::int64_t seconds, v1::Leg::Role role, const std::string& leg_id) {
  v1::SessionEvent event = At(seconds);
  event.mutable_leg_answered()->set_role(role);
  event.mutable_leg_answered()->set_leg_id(leg_id);
  return event;
}

v1::SessionEvent Ended(std::int64_t seconds, const std::string& leg_id, v1::EndReason reason) {
  v1::SessionEvent event = At(seconds);
  event.mutable_leg_ended()->mutable_leg()->set_leg_id(leg_id);
  event.mutable_leg_ended()->mutable_leg()->mutable_end()->set_reason(reason);
  return event;
}

v1::SessionEvent Connected(std::int64_t seconds) {
  v1::SessionEvent event = At(seconds);
  event.mutable_parties_connected()->set_callee_leg_id("callee-1");
  return event;
}

TEST(NoticedTimes, AreAllAbsentWithoutEvents) {
  const NoticedTimes times;
  EXPECT_EQ(times.answer_to_audio(), std::nullopt);
  EXPECT_EQ(times.Text(), "");
}

TEST(NoticedTimes, CompareMomentsOnOneClock) {
  NoticedTimes times;
  v1::SessionEvent answered = Answered(10, v1::Leg::ROLE_CALLER, "caller");
  // The provider's clock is an hour ahead: of no use beside a moment without it.
  answered.mutable_occur_time()->set_seconds(3610);
  times.Observe(answered);
  v1::SessionEvent music = At(12);
  music.mutable_music_started()->set_run_number(1);
  times.Observe(music);
  EXPECT_EQ(times.answer_to_audio(), milliseconds(2000));
}

TEST(NoticedTimes, PreferTheProvidersClockWhenBothMomentsHaveIt) {
  NoticedTimes times;
  v1::SessionEvent answered = Answered(10, v1::Leg::ROLE_CALLEE, "callee-1");
  answered.mutable_occur_time()->set_seconds(3600);
  times.Observe(answered);
  v1::SessionEvent joined = At(19);
  joined.mutable_leg_joined()->set_leg_id("callee-1");
  joined.mutable_occur_time()->set_seconds(3601);
  times.Observe(joined);
  EXPECT_EQ(times.answer_to_join(), milliseconds(1000));
}

TEST(NoticedTimes, SayNothingOfAnOrderThatCannotBe) {
  NoticedTimes times;
  times.Observe(Answered(10, v1::Leg::ROLE_CALLER, "caller"));
  v1::SessionEvent music = At(9);
  music.mutable_music_started()->set_run_number(1);
  times.Observe(music);
  EXPECT_EQ(times.answer_to_audio(), std::nullopt);
}

TEST(NoticedTimes, CountTheCalleeThatGotThrough) {
  NoticedTimes times;
  times.Observe(Answered(10, v1::Leg::ROLE_CALLEE, "callee-1"));
  times.Observe(Answered(20, v1::Leg::ROLE_CALLEE, "callee-2"));
  v1::SessionEvent joined = At(21);
  joined.mutable_leg_joined()->set_leg_id("callee-2");
  times.Observe(joined);
  EXPECT_EQ(times.answer_to_join(), milliseconds(1000));
}

TEST(NoticedTimes, CountTheMusicOnlyWhenSomebodyJoined) {
  NoticedTimes times;
  v1::SessionEvent stopped = At(10);
  stopped.mutable_music_stopped()->mutable_stop_duration()->set_nanos(120'000'000);
  times.Observe(stopped);
  EXPECT_EQ(times.join_to_music_off(), std::nullopt);
  times.Observe(Connected(11));
  EXPECT_EQ(times.join_to_music_off(), milliseconds(120));
}

TEST(NoticedTimes, MeasureFromTheLeaveToTheOthersHangup) {
  NoticedTimes times;
  times.Observe(Connected(10));
  times.Observe(Ended(20, "caller", v1::END_REASON_HUNG_UP));
  times.Observe(Ended(20, "caller", v1::END_REASON_HUNG_UP));
  EXPECT_EQ(times.leave_to_hang_up(), std::nullopt);
  times.Observe(Ended(22, "callee-1", v1::END_REASON_OTHER_PARTY_LEFT));
  EXPECT_EQ(times.leave_to_hang_up(), milliseconds(2000));
}

TEST(NoticedTimes, KnowNoLeaveWhenAProgramEndedTheBridge) {
  NoticedTimes times;
  times.Observe(Connected(10));
  times.Observe(Ended(20, "caller", v1::END_REASON_REQUESTED));
  times.Observe(Ended(22, "callee-1", v1::END_REASON_REQUESTED));
  EXPECT_EQ(times.leave_to_hang_up(), std::nullopt);
}

}  // namespace
}  // namespace callbridge::cli
