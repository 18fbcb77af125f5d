// Lists of the sessions that were recorded.
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using ::testing::ElementsAre;

class RecordedListTest : public StoreTest {
 protected:
  std::vector<std::string> Recorded() {
    SessionFilter filter;
    filter.only_recorded = true;
    const auto page = store().ListSessions(filter, "", 10);
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> ids;
    for (const auto& session : page->sessions) ids.push_back(session.session_id());
    return ids;
  }
};

TEST_P(RecordedListTest, HasTheSessionsWhoseRecordingsClientsSee) {
  for (const char* id : {"s_1", "s_2", "s_3"}) Run(id, id);
  Change("s_2", [](SessionCommit& commit) {
    commit.session.mutable_recordings()->add_recorders()->set_shown(true);
  });
  Change("s_3",
         [](SessionCommit& commit) { commit.session.mutable_recordings()->add_recorders(); });
  EXPECT_THAT(Recorded(), ElementsAre("s_2"));
  Change("s_3", [](SessionCommit& commit) {
    commit.session.mutable_recordings()->mutable_recorders(0)->set_shown(true);
  });
  EXPECT_THAT(Recorded(), ElementsAre("s_3", "s_2"));
  Reopen();
  EXPECT_THAT(Recorded(), ElementsAre("s_3", "s_2"));
}

CALLBRIDGE_TEST_ENGINES(RecordedListTest);

}  // namespace
}  // namespace callbridge::store
