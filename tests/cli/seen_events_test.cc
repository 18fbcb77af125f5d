#include "callbridge/seen_events.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace callbridge::client {
namespace {

TEST(SeenEvents, TakesEachEventOfASessionOnce) {
  SeenEvents seen;
  EXPECT_TRUE(seen.Take("a", 1));
  EXPECT_TRUE(seen.Take("b", 1));
  EXPECT_FALSE(seen.Take("a", 1));
  EXPECT_TRUE(seen.Take("a", 3));
  EXPECT_FALSE(seen.Take("a", 2));
}

TEST(SeenEvents, ForgetsTheSessionSilentLongest) {
  SeenEvents seen(2);
  EXPECT_TRUE(seen.Take("a", 1));
  EXPECT_TRUE(seen.Take("b", 1));
  EXPECT_TRUE(seen.Take("a", 2));
  EXPECT_TRUE(seen.Take("c", 1));
  EXPECT_FALSE(seen.Take("a", 2));
  EXPECT_TRUE(seen.Take("b", 1));
}

// Every order of up to six events of two sessions, gaps and repetitions included: delivered is what
// is newer than all that its session had before.
TEST(SeenEvents, TakesInEveryOrderWhatIsNewerThanAllBefore) {
  constexpr int kSequences = 4;
  constexpr int kEvents = 2 * kSequences;
  for (int length = 1; length <= 5; ++length) {
    int orders = 1;
    for (int i = 0; i < length; ++i) orders *= kEvents;
    for (int order = 0; order < orders; ++order) {
      SeenEvents seen;
      std::map<std::string, int> heard;
      int rest = order;
      for (int i = 0; i < length; ++i, rest /= kEvents) {
        const int sequence = 1 + rest % kEvents / 2;
        const std::string session = rest % 2 == 0 ? "a" : "b";
        int& last = heard[session];
        ASSERT_EQ(seen.Take(session, sequence), sequence > last) << order << " " << i;
        last = std::max(last, sequence);
      }
    }
  }
}

// For every bound: the sessions heard of last are known, and no other.
TEST(SeenEvents, RemembersAsManySessionsAsItMayAndThoseHeardOfLast) {
  for (std::size_t sessions_max = 1; sessions_max <= 4; ++sessions_max) {
    std::mt19937 random(7);
    SeenEvents seen(sessions_max);
    // Heard of last at the back.
    std::vector<std::pair<std::string, int>> known;
    for (int i = 0; i < 5'000; ++i) {
      const std::string session(1, static_cast<char>('a' + random() % 6));
      const int sequence = static_cast<int>(1 + random() % 9);
      const auto found = std::ranges::find(known, session, &std::pair<std::string, int>::first);
      const int last = found == known.end() ? 0 : found->second;
      if (found != known.end()) known.erase(found);
      known.emplace_back(session, std::max(last, sequence));
      if (known.size() > sessions_max) known.erase(known.begin());
      ASSERT_EQ(seen.Take(session, sequence), sequence > last) << sessions_max << " " << i;
    }
  }
}

}  // namespace
}  // namespace callbridge::client
