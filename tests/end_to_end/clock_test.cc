// The system's clock is set to another time while people call, and between two runs of the server.
#include <gmock/gmock.h>

#include "tests/end_to_end/end_to_end.h"
#include "tests/end_to_end/settings_file.h"
#include "tests/end_to_end/system_clock.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::hours;
using testing::HasSubstr;

class Clock : public EndToEnd {
 protected:
  void BootWithClock() {
    SystemOptions options;
    options.server_environment = clock_.Environment();
    Boot(options);
  }
  // A call that rings at a callee.
  std::string Ringing(std::string_view did) {
    const std::string call = provider().StartCall(kCaller, did);
    const std::string session = system().AwaitSessionOf(call).session_id();
    Until(session, "leg_ringing callee-1");
    return session;
  }
  std::string ServerLog() { return ReadFile(system().folder() / "server.err"); }

  // The server saw its clock set; it follows by some milliseconds a second.
  void ExpectDifferenceOfAnHour(const std::string& sign) {
    EXPECT_THAT(ServerLog(), testing::ContainsRegex(R"("event":"clock_differs","system_ahead_s":)" +
                                                    sign + "3[56][0-9][0-9]"));
  }

  SystemClock clock_;
};

TEST_F(Clock, SetBackByAnHourStopsNoDeadline) {
  BootWithClock();
  const std::string session = Ringing(kUnansweredDid);
  clock_.SetAhead(-hours(1));
  EXPECT_EQ(ToEnd(session).Outcome().reason(), v1::END_REASON_NO_ANSWER);
  system().ExpectNothingLeft();
  ExpectDifferenceOfAnHour("-");
}

TEST_F(Clock, SetForwardByAnHourCutsNoRingShort) {
  BootWithClock();
  provider().SetPeople({{kCallee, "answers:15"}});
  const std::string session = Ringing(kAnsweredDid);
  clock_.SetAhead(hours(1));
  Until(session, "parties_connected");
  ASSERT_TRUE(system().client().EndSession(session, "").ok());
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  system().ExpectNothingLeft();
  ExpectDifferenceOfAnHour("");
}

// What was stored lies in the future then.
TEST_F(Clock, SetBackBetweenTwoRunsStopsNoDeadline) {
  BootWithClock();
  const std::string session = Ringing(kUnansweredDid);
  system().server().Kill();
  clock_.SetAhead(-hours(1));
  ASSERT_NO_FATAL_FAILURE(system().StartServer());
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_CALLEE_UNREACHED);
  system().ExpectNothingLeft();
  EXPECT_THAT(ServerLog(), HasSubstr("clock_continues"));
}

}  // namespace
}  // namespace callbridge::end_to_end
