// Of what the provider shows: what nobody wants any more.
#include "server/worker/orphans.h"

#include "tests/worker/listed.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using internal::v1::CallFacts;
using internal::v1::ConferenceFacts;

class OrphansTest : public WorkerTest {
 protected:
  // The session that an orphan names; "-": it is none.
  template <typename Facts>
  std::string SessionOfOrphan(const Facts& facts) {
    const auto orphan = orphans_.SessionOfOrphan(facts);
    EXPECT_TRUE(orphan.ok()) << orphan.status();
    return orphan.ok() ? orphan->value_or("-") : "failed";
  }

  Orphans orphans_{*store_, "test"};
};

TEST_F(OrphansTest, ACallOfOursThatNoSessionWantsIsOne) {
  EXPECT_EQ(SessionOfOrphan(OutgoingCall("call-1", "s_nobody")), "s_nobody");
  EXPECT_EQ(SessionOfOrphan(OutgoingCall("call-1", "")), "");
}

TEST_F(OrphansTest, ACallOfASessionThatWasDisownedIsOne) {
  flow_ = [](const internal::v1::Input&, internal::v1::Transition& transition) {
    transition.mutable_session()->mutable_connected();
  };
  Begin("s_1");
  ASSERT_TRUE(Settle());
  EXPECT_EQ(SessionOfOrphan(OutgoingCall("call-1", "s_1")), "-");
  EXPECT_EQ(SessionOfOrphan(ListedConference("conference-1", "test/s_1")), "-");
  orphans_.Disown("s_1");
  EXPECT_EQ(SessionOfOrphan(OutgoingCall("call-1", "s_1")), "s_1");
  EXPECT_EQ(SessionOfOrphan(ListedConference("conference-1", "test/s_1")), "s_1");
}

TEST_F(OrphansTest, ACallOfAnotherServiceIsNone) {
  EXPECT_EQ(SessionOfOrphan(OutgoingCall("call-1", "s_nobody", "other")), "-");
  EXPECT_EQ(SessionOfOrphan(OutgoingCall("call-1", "", "other")), "-");
}

TEST_F(OrphansTest, ACallThatIsOverIsNone) {
  CallFacts call = OutgoingCall("call-1", "s_nobody");
  call.set_state(CallFacts::STATE_ENDED);
  EXPECT_EQ(SessionOfOrphan(call), "-");
}

TEST_F(OrphansTest, AConferenceOfOursThatNoSessionWantsIsOne) {
  EXPECT_EQ(SessionOfOrphan(ListedConference("conference-1", "test/s_nobody")), "s_nobody");
}

TEST_F(OrphansTest, AConferenceOfAnotherServiceIsNone) {
  EXPECT_EQ(SessionOfOrphan(ListedConference("conference-1", "other/s_nobody")), "-");
}

TEST_F(OrphansTest, AConferenceThatIsOverIsNone) {
  ConferenceFacts conference = ListedConference("conference-1", "test/s_nobody");
  conference.set_finished(true);
  EXPECT_EQ(SessionOfOrphan(conference), "-");
}

}  // namespace
}  // namespace callbridge::worker
