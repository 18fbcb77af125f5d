// The sweep over a store of which some pages are damaged: what cannot be read is left alone, and
// the others are gone through.
#include <absl/strings/str_cat.h>

#include <string>
#include <vector>

#include "server/base/ids.h"
#include "server/base/log.h"
#include "server/worker/living_sessions.h"
#include "server/worker/sweep.h"
#include "tests/worker/sweep_world.h"

namespace callbridge::worker {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

class SweepDamageTest : public SweepTest {
 protected:
  // The newest is 0, and each is ten seconds older than the one before.
  static std::string Name(int number) {
    return base::FirstSessionId(kStart - (number + 1) * seconds(10));
  }

  // The names of the living sessions, as they are gone through.
  std::vector<std::string> ReadAll() {
    std::vector<std::string> names;
    LivingSessions living;
    for (int reads = 0; reads < 1'000 && !living.done(); ++reads) {
      const auto page = living.Read(*store_, clock_.Now());
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      if (!page->has_value()) continue;
      for (const internal::v1::Session& session : **page) names.push_back(session.session_id());
      living.GoOn();
    }
    EXPECT_TRUE(living.done());
    return names;
  }
};

TEST_F(SweepDamageTest, ACallWhoseSessionCannotBeReadIsLeftAloneAndTheOthersAreJudged) {
  Put(Talking("s_damaged", "call-damaged"));
  scripted_.Add(OutgoingCall("call-damaged", "s_damaged"), kStart - minutes(20));
  scripted_.Add(ListedConference("conference-damaged", "test/s_damaged"));
  scripted_.Add(OutgoingCall("call-orphan", "s_nobody"), kStart - minutes(20));
  scripted_.Add(ListedConference("conference-orphan", "test/s_nobody"));
  engine_.damaged = {"s_damaged"};
  const base::LogCapture log;
  const std::vector<std::string> asked = AskedAfter(3 * kInterval);
  EXPECT_THAT(asked, Contains("hang up call-orphan"));
  EXPECT_THAT(asked, Contains("hang up conference-orphan"));
  EXPECT_THAT(asked, Not(Contains(HasSubstr("damaged"))));
  EXPECT_THAT(log.Lines(),
              Contains(HasSubstr(R"("event":"sweep_met_damage","reason":"the session of a call or )"
                                 R"(conference","detail":"call call-damaged")")));
}

TEST_F(SweepDamageTest, ACallWhoseSessionCannotBeReadAfterTheLookIsNotHungUp) {
  internal::v1::Session ended = Talking("s_1", "call-1");
  ended.mutable_ended();
  Put(ended);
  scripted_.Add(OutgoingCall("call-1", "s_1"), kStart - minutes(20));
  scripted_.Add(OutgoingCall("call-2", "s_nobody"), kStart - minutes(20));
  RunFor(kInterval - seconds(1));
  Advance(seconds(1));
  // One round asks for the list, the next one judges it and sends the looks.
  ASSERT_TRUE(sweep_->RunOnce().ok());
  ASSERT_TRUE(sweep_->RunOnce().ok());
  ASSERT_THAT(scripted_.Asked(), ElementsAre("list default", "look call-1", "look call-2"));
  engine_.damaged = {"s_1"};
  EXPECT_THAT(AskedAfter(seconds(10)), ElementsAre("hang up call-2"));
}

TEST_F(SweepDamageTest, OnlyTheSessionThatCannotBeReadIsNotAskedForItsMissingCall) {
  constexpr int kSessions = 30;
  constexpr int kDamaged = 10;
  for (int number = 0; number < kSessions; ++number) {
    Put(Talking(Name(number), absl::StrCat("call-", number)));
  }
  engine_.damaged = {Name(kDamaged)};
  const base::LogCapture log;
  RunFor(kInterval);
  EXPECT_EQ(sweep_->counts().missing, kSessions - 1);
  EXPECT_THAT(log.Lines(),
              Contains(HasSubstr(R"("event":"sweep_met_damage","reason":"a living session",)"
                                 R"("detail":"account default")")));
  engine_.damaged.clear();
  for (int number = 0; number < kSessions; ++number) {
    const std::size_t steps = number == kDamaged ? 1 : 2;
    EXPECT_EQ(Stepped(Name(number)).size(), steps) << number;
  }
}

TEST_F(SweepDamageTest, DamageAtBothEndsAndInTheMiddleHidesNothingElse) {
  for (int number = 0; number < 6; ++number) Put(Talking(Name(number), ""));
  EXPECT_THAT(ReadAll(), ElementsAre(Name(0), Name(1), Name(2), Name(3), Name(4), Name(5)));
  engine_.damaged = {Name(0), Name(3), Name(5)};
  EXPECT_THAT(ReadAll(), ElementsAre(Name(1), Name(2), Name(4)));
}

TEST_F(SweepDamageTest, LongDamageMayHideWhatBeganShortlyBeforeItAndNothingFurtherDown) {
  for (int number = 0; number < 7; ++number) Put(Talking(Name(number), ""));
  // Name(4) began ten seconds before twenty seconds of damage.
  engine_.damaged = {Name(2), Name(3)};
  EXPECT_THAT(ReadAll(), ElementsAre(Name(0), Name(1), Name(5), Name(6)));
}

TEST_F(SweepDamageTest, AStoreOfWhichNothingCanBeReadIsGoneThroughToo) {
  for (int number = 0; number < 6; ++number) {
    Put(Talking(Name(number), ""));
    engine_.damaged.insert(Name(number));
  }
  EXPECT_THAT(ReadAll(), IsEmpty());
}

}  // namespace
}  // namespace callbridge::worker
