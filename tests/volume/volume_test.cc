// What thousands of talks do to one that begins or ends: nothing that a person would notice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "tests/provider/most_in_one_second.h"
#include "tests/volume/crowd.h"

namespace callbridge::volume {
namespace {

using internal::v1::Command;
using provider::MostInOneSecond;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int kTalks = 10'000;
// What the pace makes of the published rate of 100 a second.
constexpr double kPerSecond = 95;

bool IsAnsweredAtOnce(const Crowd& crowd, const std::string& session_id) {
  const std::optional<base::Duration> after = crowd.AnsweredAfter(session_id);
  return after.has_value() && *after < milliseconds(100);
}

TEST(Volume, WithTenThousandTalksACallerIsAnsweredAtOnce) {
  // Spread as talks are that began one after the other.
  const seconds period{kTalks / base::kRoutineLooksPerSecond};
  Crowd crowd(kTalks,
              [&](int number) { return seconds(4) + base::Duration(period) * number / kTalks; });
  for (int call = 0; call < 6; ++call) {
    crowd.Run(seconds(4));
    const std::string session = crowd.Call();
    crowd.Run(milliseconds(100));
    EXPECT_TRUE(IsAnsweredAtOnce(crowd, session)) << call;
  }
}

TEST(Volume, AllRoutineLooksDueAtOnceDelayNoAnswerAndAreSpreadAfterwards) {
  Crowd crowd(kTalks, [](int) { return seconds(-30); });
  // Overdue timers wait for three seconds after a start.
  crowd.Run(seconds(4));
  ASSERT_GE(crowd.store().PendingCommands(crowd.now(), 1'000'000)->size(), std::size_t{kTalks / 2});
  for (int call = 0; call < 3; ++call) {
    const std::string session = crowd.Call();
    crowd.Run(seconds(1));
    EXPECT_TRUE(IsAnsweredAtOnce(crowd, session)) << call;
  }
  const std::vector<base::Time> wake_times = crowd.WakeTimes();
  ASSERT_GE(wake_times.size(), std::size_t{kTalks});
  EXPECT_LE(MostInOneSecond(wake_times), 2 * base::kRoutineLooksPerSecond);
}

TEST(Volume, ALookThatIsNeededDoesNotWaitForRoutineLooks) {
  Crowd crowd(kTalks, [](int) { return seconds(-30); });
  crowd.Run(seconds(4));
  // Of the youngest talk, which stands last among equals.
  const internal::v1::Session talk = crowd.store().GetSession("s_TALK9999").value();
  store::NewInput missing;
  missing.session_id = talk.session_id();
  missing.input.mutable_call_missing()->set_call_id(talk.legs(0).call_id());
  ASSERT_TRUE(crowd.store().AppendInputs({missing}, crowd.now()).ok());
  const base::Time asked = crowd.now();
  crowd.Run(milliseconds(100));
  const auto& sent = crowd.provider().sent;
  EXPECT_TRUE(std::any_of(sent.begin(), sent.end(), [&](const PatientProvider::Sent& one) {
    return one.time >= asked && one.command.session_id() == talk.session_id();
  }));
}

TEST(Volume, HundredsOfTalksThatEndAtOnceAreHungUpAsFastAsTheRatesAllowAndHideNoOtherCall) {
  // More than the worker takes at a time, and many times what it looks at of one kind.
  constexpr int kEnding = 600;
  static_assert(kEnding > 2 * base::kTakeBatchMax && kEnding > 8 * base::kRateClassWindow);
  Crowd crowd(kEnding, [](int) { return std::chrono::hours(1); });
  crowd.Run(seconds(4));
  const base::Time end = crowd.now();
  for (int number = 0; number < kEnding; ++number) crowd.EndTalk(number);
  std::vector<std::string> calls;
  for (int second = 0; second < 17; ++second) {
    calls.push_back(crowd.Call());
    crowd.Run(seconds(1));
  }
  for (const std::string& call : calls) EXPECT_TRUE(IsAnsweredAtOnce(crowd, call)) << call;
  const auto needed = [](int requests) {
    return std::chrono::duration_cast<base::Duration>(
        std::chrono::duration<double>(requests / kPerSecond + 0.2));
  };
  const std::vector<base::Time> conferences = crowd.SentTimes(Command::kHangUpConference);
  ASSERT_EQ(conferences.size(), std::size_t{kEnding});
  EXPECT_LE(conferences.back() - end, needed(kEnding));
  // The provider says nothing of their ends, so each leg is hung up by its id three seconds after
  // the end.
  std::vector<base::Time> hangups = crowd.SentTimes(Command::kHangUpCall);
  ASSERT_GE(hangups.size(), std::size_t{2 * kEnding});
  EXPECT_LE(hangups[2 * kEnding - 1] - end, seconds(3) + needed(2 * kEnding));
}

}  // namespace
}  // namespace callbridge::volume
