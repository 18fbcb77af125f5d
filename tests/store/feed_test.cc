// History: of one session, and of all in 64 shards.
#include <map>
#include <numeric>

#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FeedTest : public StoreTest {
 protected:
  void AppendEvents(const std::string& session_id, int count) {
    Append(HintedEvent(session_id));
    SessionCommit commit = StepOf(Load(session_id));
    for (int number = 0; number < count; ++number) AddEvent(commit);
    ASSERT_TRUE(Commit(commit).ok());
  }

  // Everything after the position, which is moved on, read in parts of this size.
  std::vector<FeedEntry> ReadAll(FeedPosition& position, int limit) {
    std::vector<FeedEntry> all;
    for (;;) {
      const auto entries = store().ReadFeed(position, limit);
      EXPECT_TRUE(entries.ok()) << entries.status();
      for (const FeedEntry& entry : *entries) {
        std::int64_t& last = position.at(static_cast<std::size_t>(entry.shard));
        EXPECT_EQ(entry.position, last + 1) << "a gap, or out of order";
        last = entry.position;
        all.push_back(entry);
      }
      if (static_cast<int>(entries->size()) < limit) return all;
    }
  }
};

TEST(FeedShard, IsTheSameForEverAndSpreads) {
  EXPECT_EQ(FeedShard("s_01ARZ3NDEKTSV4RRFFQ69G5FAV"), 15) << "stored positions depend on it";
  std::map<int, int> used;
  for (int number = 0; number < 6400; ++number) ++used[FeedShard("s_" + std::to_string(number))];
  EXPECT_EQ(used.size(), 64U);
  for (const auto& [shard, count] : used) {
    EXPECT_GE(shard, 0);
    EXPECT_LT(shard, base::kFeedShards);
    EXPECT_GT(count, 50);
  }
}

TEST_P(FeedTest, ReadsTheHistoryOfOneSession) {
  Run("s_1");
  AppendEvents("s_1", 4);
  const auto events = store().ReadEvents("s_1", 2, 2);
  ASSERT_TRUE(events.ok());
  ASSERT_THAT(*events, SizeIs(2));
  EXPECT_EQ((*events)[0].sequence(), 3);
  EXPECT_EQ((*events)[1].sequence(), 4);
  EXPECT_THAT(*store().ReadEvents("s_1", 5, 10), IsEmpty());
  EXPECT_EQ(store().ReadEvents("s_nobody", 0, 1).status().code(), absl::StatusCode::kNotFound);
}

TEST_P(FeedTest, IsGaplessInEveryShardAndOrderedInEverySession) {
  std::map<std::string, int> expected;
  for (int session = 0; session < 100; ++session) {
    const std::string id = "s_" + std::to_string(session);
    Run(id);
    expected[id] = 1;
  }
  for (int session = 0; session < 100; session += 7) {
    AppendEvents("s_" + std::to_string(session), 3);
    expected["s_" + std::to_string(session)] += 3;
  }
  for (const int limit : {1000, 64, 7, 1}) {
    FeedPosition position = *store().FeedBeginning();
    std::map<std::string, int> seen;
    for (const FeedEntry& entry : ReadAll(position, limit)) {
      EXPECT_EQ(entry.shard, FeedShard(entry.event.session_id()));
      EXPECT_EQ(entry.event.sequence(), ++seen[entry.event.session_id()]);
    }
    EXPECT_EQ(seen, expected);
    EXPECT_EQ(position, *store().FeedEnd());
  }
}

TEST_P(FeedTest, FollowsTheOrderOfCommitsWithinAShard) {
  // Two sessions of one shard.
  Run("s_1");
  std::string other;
  for (int number = 2; other.empty(); ++number) {
    const std::string id = "s_" + std::to_string(number);
    if (FeedShard(id) == FeedShard("s_1")) other = id;
  }
  Run(other);
  AppendEvents("s_1", 1);
  AppendEvents(other, 1);
  FeedPosition position{};
  std::vector<std::string> order;
  for (const FeedEntry& entry : ReadAll(position, 100)) order.push_back(entry.event.session_id());
  EXPECT_THAT(order, ElementsAre("s_1", other, "s_1", other));
}

TEST_P(FeedTest, ALimitBelowTheNumberOfShardsStarvesNone) {
  for (int session = 0; session < 64; ++session) Run("s_" + std::to_string(session));
  const auto first = store().ReadFeed(FeedPosition{}, 8);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(*first, SizeIs(8));
  FeedPosition position{};
  EXPECT_THAT(ReadAll(position, 8), SizeIs(64));
}

TEST_P(FeedTest, RefusesAPositionThatThisStoreNeverGave) {
  Run("s_1");
  FeedPosition position = *store().FeedEnd();
  EXPECT_THAT(*store().ReadFeed(position, 10), IsEmpty());
  position[5] += 1;
  EXPECT_EQ(store().ReadFeed(position, 10).status().code(), absl::StatusCode::kOutOfRange);
}

TEST_P(FeedTest, SaysWhenSomethingAfterThePositionWasDeleted) {
  Run("s_1");
  End("s_1");
  Run("s_2");
  Advance(std::chrono::hours(2));
  ASSERT_TRUE(store().Maintain(now()).ok());
  EXPECT_EQ(store().ReadFeed(FeedPosition{}, 10).status().code(), absl::StatusCode::kOutOfRange);
  FeedPosition position = *store().FeedBeginning();
  const std::vector<FeedEntry> left = ReadAll(position, 10);
  ASSERT_THAT(left, SizeIs(1));
  EXPECT_EQ(left[0].event.session_id(), "s_2");
  // Numbers are not given again.
  Run("s_1");
  const std::vector<FeedEntry> more = ReadAll(position, 10);
  ASSERT_THAT(more, SizeIs(1));
  EXPECT_EQ(more[0].position, 3);
}

TEST_P(FeedTest, KeepsItsIdAndItsPositions) {
  Run("s_1");
  const std::string id = store().store_id();
  const FeedPosition end = *store().FeedEnd();
  EXPECT_EQ(std::accumulate(end.begin(), end.end(), std::int64_t{0}), 1);
  Reopen();
  EXPECT_EQ(store().store_id(), id);
  EXPECT_EQ(*store().FeedEnd(), end);
  EXPECT_THAT(id, SizeIs(32));
}

CALLBRIDGE_TEST_ENGINES(FeedTest);

}  // namespace
}  // namespace callbridge::store
