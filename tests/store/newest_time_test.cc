#include "server/store/newest_time.h"

#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using std::chrono::hours;
using std::chrono::seconds;
using ::testing::Eq;
using ::testing::Optional;

class NewestTimeTest : public StoreTest {
 protected:
  // One more event at this time, and a timer for later unless told otherwise.
  void Record(const std::string& session_id, base::Time time, bool waits = true) {
    Append(HintedEvent(session_id));
    SessionCommit commit = StepOf(Load(session_id));
    AddEvent(commit);
    *commit.events.back().mutable_record_time() = base::ToTimestamp(time);
    if (waits) commit.wake_time = time + hours(1);
    ASSERT_TRUE(Commit(commit).ok());
  }

  std::optional<base::Time> Newest() {
    const auto newest = NewestTimeWaitedFrom(store());
    EXPECT_TRUE(newest.ok()) << newest.status();
    return newest.ok() ? *newest : std::nullopt;
  }
};

TEST_P(NewestTimeTest, OfAnEmptyStoreIsAbsent) { EXPECT_EQ(Newest(), std::nullopt); }

TEST_P(NewestTimeTest, IsTheGreatestOfAllSessionsWhoeverWaits) {
  for (int number = 0; number < 200; ++number) {
    const std::string session_id = "s_" + std::to_string(number);
    Run(session_id);
    Record(session_id, kStart + seconds(number), number == 3);
    if (number >= 3) {
      EXPECT_THAT(Newest(), Optional(Eq(kStart + seconds(number))));
    }
  }
  Reopen();
  EXPECT_THAT(Newest(), Optional(Eq(kStart + seconds(199))));
}

TEST_P(NewestTimeTest, IsAbsentWhileNoSessionWaitsForATime) {
  Run("s_1");
  Record("s_1", kStart + hours(1), false);
  EXPECT_EQ(Newest(), std::nullopt);
  Run("s_2");
  Record("s_2", kStart);
  EXPECT_THAT(Newest(), Optional(Eq(kStart + hours(1))));
}

TEST_P(NewestTimeTest, DoesNotAskForEventsThatAreGone) {
  Run("s_1");
  Record("s_1", kStart);
  End("s_1");
  Run("s_2");
  Advance(hours(2));
  ASSERT_TRUE(store().Maintain(now()).ok());
  Record("s_2", kStart + seconds(7));
  EXPECT_THAT(Newest(), Optional(Eq(kStart + seconds(7))));
}

CALLBRIDGE_TEST_ENGINES(NewestTimeTest);

}  // namespace
}  // namespace callbridge::store
