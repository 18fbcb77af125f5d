// Lists and snapshots of sessions.
#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "server/base/ids.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using callbridge::v1::Outcome;
using callbridge::v1::Session;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAreArray;

class SessionListTest : public StoreTest {
 protected:
  static SessionFilter InStates(std::vector<Session::State> states) {
    SessionFilter filter;
    filter.states = std::move(states);
    return filter;
  }

  std::vector<std::string> List(const SessionFilter& filter, const std::string& before_id = "",
                                int limit = 100) {
    std::vector<std::string> ids;
    std::string place = before_id;
    do {
      const auto page = store().ListSessions(filter, place, limit - static_cast<int>(ids.size()));
      EXPECT_TRUE(page.ok()) << page.status();
      AddIds(*page, ids);
      place = page->next_place;
    } while (!place.empty() && static_cast<int>(ids.size()) < limit);
    return ids;
  }

  // In parts of this size. looked_at counts the rows.
  std::vector<std::string> ListInParts(const SessionFilter& filter, int part, int* looked_at) {
    std::vector<std::string> ids;
    std::string place;
    *looked_at = 0;
    do {
      const auto page = store().ListSessions(filter, place, part);
      EXPECT_TRUE(page.ok()) << page.status();
      EXPECT_LE(std::ssize(page->sessions), part);
      AddIds(*page, ids);
      place = page->next_place;
      *looked_at += page->rows;
    } while (!place.empty());
    return ids;
  }

  std::vector<std::string> Snapshot(std::optional<base::Time> ended_after, int part = 100,
                                    const std::map<std::string, std::string>& labels = {}) {
    std::vector<std::string> ids;
    std::string place;
    do {
      const auto page = store().SnapshotSessions(labels, ended_after, place, part);
      EXPECT_TRUE(page.ok()) << page.status();
      EXPECT_LE(page->rows, part);
      AddIds(*page, ids);
      place = page->next_place;
    } while (!place.empty());
    return ids;
  }

  static void AddIds(const SessionPage& page, std::vector<std::string>& ids) {
    for (const internal::v1::Session& session : page.sessions) ids.push_back(session.session_id());
  }
};

TEST_P(SessionListTest, PagesFromTheNewestToTheOldest) {
  for (const char* id : {"s_2", "s_1", "s_4", "s_3"}) Run(id);
  Begin("s_5");
  EXPECT_THAT(List({}), ElementsAre("s_4", "s_3", "s_2", "s_1")) << "s_5 was never stepped";
  EXPECT_THAT(List({}, "", 2), ElementsAre("s_4", "s_3"));
  EXPECT_THAT(List({}, "s_3", 2), ElementsAre("s_2", "s_1"));
  EXPECT_THAT(List({}, "s_1", 2), IsEmpty());
}

TEST_P(SessionListTest, FindsOneAmongManyThatDoNotMatch) {
  for (int number = 0; number < base::kListChunk + 10; ++number) {
    Run("s_" + std::to_string(100000 + number));
  }
  Change("s_100003", [](SessionCommit& commit) { AddEvent(commit, Session::STATE_CONNECTED); });
  EXPECT_THAT(List(InStates({Session::STATE_CONNECTED, Session::STATE_JOINING})),
              ElementsAre("s_100003"));
}

TEST_P(SessionListTest, FiltersByStateAndResult) {
  Run("s_1");
  Run("s_2");
  End("s_2");
  EXPECT_THAT(List(InStates({Session::STATE_GREETING})), ElementsAre("s_1"));
  EXPECT_THAT(List(InStates({Session::STATE_ENDED})), ElementsAre("s_2"));
  EXPECT_THAT(List(InStates({Session::STATE_ENDED, Session::STATE_GREETING})),
              ElementsAre("s_2", "s_1"));
  SessionFilter cancelled;
  cancelled.results = {Outcome::RESULT_CANCELLED, Outcome::RESULT_FAILED};
  EXPECT_THAT(List(cancelled), ElementsAre("s_2"));
  cancelled.results = {Outcome::RESULT_FAILED};
  EXPECT_THAT(List(cancelled), IsEmpty());
}

TEST_P(SessionListTest, GivesASessionOnceHoweverOftenAResultIsNamed) {
  for (const char* id : {"s_1", "s_2", "s_3"}) Run(id);
  for (const char* id : {"s_1", "s_2", "s_3"}) End(id);
  constexpr auto kCancelled = Outcome::RESULT_CANCELLED;
  constexpr auto kFailed = Outcome::RESULT_FAILED;
  SessionFilter filter;
  for (const auto& results :
       std::vector<std::vector<Outcome::Result>>{{kCancelled},
                                                 {kCancelled, kCancelled},
                                                 {kCancelled, kFailed, kCancelled},
                                                 {kFailed, kCancelled, kCancelled, kFailed}}) {
    filter.results = results;
    int looked_at = 0;
    for (const int part : {1, 2, 100}) {
      EXPECT_THAT(ListInParts(filter, part, &looked_at), ElementsAre("s_3", "s_2", "s_1"));
    }
  }
}

TEST_P(SessionListTest, FiltersByAllLabels) {
  Run("s_1");
  Change("s_1", [](SessionCommit& commit) {
    for (const auto& [key, value] : {std::pair("team", "red"), std::pair("town", "bonn")}) {
      internal::v1::KeyValue& label = *commit.session.add_labels();
      label.set_key(key);
      label.set_value(value);
    }
  });
  SessionFilter filter;
  filter.labels = {{"team", "red"}};
  EXPECT_THAT(List(filter), ElementsAre("s_1"));
  filter.labels = {{"team", "red"}, {"town", "bonn"}};
  EXPECT_THAT(List(filter), ElementsAre("s_1"));
  filter.labels = {{"team", "red"}, {"town", "jena"}};
  EXPECT_THAT(List(filter), IsEmpty());
}

TEST_P(SessionListTest, FiltersByTimeOfCreationWhateverClockNamedTheSession) {
  base::SeededRandomBits random_bits(1);
  std::vector<std::string> ids;
  // The name of an incoming call's session holds the time of the provider, whose clock is not ours.
  for (const int skew : {0, -300, 300, 3'600, -3'600, 0}) {
    ids.push_back(base::MakeSessionId(now() + std::chrono::seconds(skew), random_bits));
    Run(ids.back());
    Advance(std::chrono::seconds(1));
  }
  for (int first = 0; first < std::ssize(ids); ++first) {
    SessionFilter filter;
    filter.created_since = kStart + std::chrono::seconds(first);
    EXPECT_THAT(List(filter), UnorderedElementsAreArray(ids.begin() + first, ids.end())) << first;
    filter.created_before = filter.created_since;
    filter.created_since.reset();
    EXPECT_THAT(List(filter), UnorderedElementsAreArray(ids.begin(), ids.begin() + first)) << first;
  }
}

TEST_P(SessionListTest, SeeksTheTimeOfCreation) {
  base::SeededRandomBits random_bits(1);
  constexpr int kHours = 60;
  for (int hour = 0; hour < kHours; ++hour) {
    for (int i = 0; i < 20; ++i) Run(base::MakeSessionId(now(), random_bits));
    Advance(std::chrono::hours(1));
  }
  SessionFilter filter;
  filter.created_since = kStart + std::chrono::hours(20);
  filter.created_before = kStart + std::chrono::hours(21);
  int looked_at = 0;
  EXPECT_EQ(ListInParts(filter, 50, &looked_at).size(), 20U);
  EXPECT_LE(looked_at, 20 * 4)
      << "an hour and the skew on both sides, once each without and with its body";
}

TEST_P(SessionListTest, LooksAtFewRowsForARareFilterAndAtABoundedNumberForAnyOther) {
  constexpr int kSessions = 3 * base::kListRowsMax;
  std::vector<SessionCommit> commits;
  for (int number = 0; number < kSessions; ++number) {
    const std::string id = "s_" + std::to_string(100'000 + number);
    ASSERT_TRUE(store().AppendInputs({StartRequest(id, "")}, now()).ok());
    SessionCommit& commit = commits.emplace_back();
    commit.session_id = id;
    commit.session.set_session_id(id);
    commit.session.mutable_greeting();
    const bool rare = number % 1'000 == 7;
    internal::v1::KeyValue& label = *commit.session.add_labels();
    label.set_key("team");
    label.set_value(rare ? "none" : "all");
    commit.session.add_legs()->mutable_endpoint()->mutable_phone()->set_number(
        rare ? "+447700900123" : "+447700900999");
    if (rare) commit.session.add_issues();
    commit.session.mutable_outcome()->set_result(rare ? Outcome::RESULT_FAILED
                                                      : Outcome::RESULT_COMPLETED);
    AddEvent(commit);
  }
  const auto committed = store().Commit(commits, now());
  ASSERT_TRUE(committed.ok() && committed->back().ok());
  std::vector<SessionFilter> rare(5);
  rare[0].labels = {{"team", "none"}};
  rare[1].number = "447700900123";
  rare[2].only_with_issues = true;
  rare[3].results = {Outcome::RESULT_FAILED};
  // The rare one of two is found, in whichever order they are looked at.
  rare[4].labels = {{"team", "all"}};
  rare[4].number = "+447700900123";
  for (std::size_t i = 0; i < rare.size(); ++i) {
    int looked_at = 0;
    EXPECT_EQ(ListInParts(rare[i], 50, &looked_at).size(), i == 4 ? 0U : 3U) << i;
    EXPECT_LE(looked_at, 2 * base::kListChunk) << i;
  }
  SessionFilter unlikely;
  unlikely.states = {Session::STATE_ENDED};
  std::string place;
  int parts = 0;
  do {
    const auto page = store().ListSessions(unlikely, place, 50);
    ASSERT_TRUE(page.ok());
    EXPECT_LE(page->rows, base::kListRowsMax);
    EXPECT_THAT(page->sessions, IsEmpty());
    place = page->next_place;
    ++parts;
  } while (!place.empty());
  EXPECT_GE(parts, 3);
}

TEST_P(SessionListTest, FiltersByCallRequestAndIssues) {
  Run("s_1", "request-1");
  Run("s_2", "request-2");
  Change("s_1", [](SessionCommit& commit) {
    commit.session.add_legs()->set_call_id("call-1");
    commit.session.add_issues();
  });
  SessionFilter by_call;
  by_call.call_id = "call-1";
  EXPECT_THAT(List(by_call), ElementsAre("s_1"));
  EXPECT_THAT(List(by_call, "s_1"), IsEmpty()) << "the page before ended with it";
  by_call.call_id = "call-2";
  EXPECT_THAT(List(by_call), IsEmpty());
  SessionFilter by_request;
  by_request.request_id = "request-2";
  EXPECT_THAT(List(by_request), ElementsAre("s_2"));
  by_request.states = {Session::STATE_ENDED};
  EXPECT_THAT(List(by_request), IsEmpty());
  SessionFilter with_issues;
  with_issues.only_with_issues = true;
  EXPECT_THAT(List(with_issues), ElementsAre("s_1"));
}

TEST_P(SessionListTest, ARequestThatLostItsOfferDidNotStartTheSession) {
  Run("s_1", "winner");
  NewInput loser = StartRequest("s_1", "loser");
  loser.creates_session_id.clear();
  EXPECT_EQ(Append(loser).result, Appended::Result::kStored);
  SessionFilter filter;
  filter.request_id = "loser";
  EXPECT_THAT(List(filter), IsEmpty());
}

TEST_P(SessionListTest, GivesASnapshotOfTheLivingAndTheRecentlyEnded) {
  for (const char* id : {"s_1", "s_2", "s_3", "s_4"}) Run(id);
  Begin("s_5");
  End("s_1");
  Advance(std::chrono::minutes(10));
  End("s_3");
  for (const int part : {1, 2, 3, 100}) {
    EXPECT_THAT(Snapshot(std::nullopt, part), ElementsAre("s_4", "s_2")) << part;
    EXPECT_THAT(Snapshot(now(), part), ElementsAre("s_4", "s_2")) << part;
    EXPECT_THAT(Snapshot(kStart, part), ElementsAre("s_4", "s_2", "s_3")) << part;
    EXPECT_THAT(Snapshot(kStart - std::chrono::seconds(1), part),
                ElementsAre("s_4", "s_2", "s_3", "s_1"))
        << part;
  }
  SessionFilter living;
  living.living = true;
  EXPECT_THAT(List(living), ElementsAre("s_4", "s_2"));
}

TEST_P(SessionListTest, ASnapshotLosesNoSessionThatEndsWhileItIsRead) {
  for (const char* id : {"s_1", "s_2", "s_3", "s_4", "s_5"}) Run(id);
  // All end at the same moment, so that a part may end between two of them.
  for (int ends_after = 0; ends_after <= 5; ++ends_after) {
    const std::string id = "s_" + std::to_string(ends_after + 1);
    std::set<std::string> seen;
    std::string place;
    int parts = 0;
    do {
      if (parts++ == ends_after && ends_after < 5) End(id);
      const auto page = store().SnapshotSessions({}, kStart - std::chrono::seconds(1), place, 1);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const internal::v1::Session& session : page->sessions) seen.insert(session.session_id());
      place = page->next_place;
    } while (!place.empty());
    EXPECT_THAT(seen, ElementsAre("s_1", "s_2", "s_3", "s_4", "s_5")) << ends_after;
  }
}

TEST_P(SessionListTest, ASnapshotOfManyThatEndedReadsEachOnce) {
  constexpr int kSessions = 60;
  for (int number = 0; number < kSessions; ++number) {
    const std::string id = "s_" + std::to_string(100 + number);
    Run(id);
    End(id);
    if (number % 4 == 0) Advance(std::chrono::seconds(1));
  }
  int rows = 0;
  std::string place;
  do {
    const auto page = store().SnapshotSessions({{"team", "none"}}, kStart, place, 7);
    ASSERT_TRUE(page.ok()) << page.status();
    rows += page->rows;
    place = page->next_place;
  } while (!place.empty());
  EXPECT_EQ(rows, kSessions - 1) << "the first ended at the start";
}

// What a list must contain, by reading every session.
bool Passes(const SessionFilter& filter, const internal::v1::Session& session) {
  const auto is_any = [](const auto& wanted, auto value) {
    return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
  };
  bool passes =
      is_any(filter.results, session.outcome().result()) &&
      is_any(filter.states, session.has_ended() ? Session::STATE_ENDED : Session::STATE_GREETING) &&
      (!filter.only_with_issues || !session.issues().empty()) &&
      (!filter.living || !session.has_ended());
  for (const auto& wanted : filter.labels) {
    passes &= std::any_of(session.labels().begin(), session.labels().end(), [&](const auto& label) {
      return label.key() == wanted.first && label.value() == wanted.second;
    });
  }
  if (filter.number.empty()) return passes;
  return passes && (session.legs(0).endpoint().phone().number() == filter.number ||
                    session.legs(0).service_number() == filter.number);
}

TEST_P(SessionListTest, FindsWhatEachCombinationOfConditionsAsksForInPartsOfAnySize) {
  std::mt19937 random(GetParam() == "memory" ? 1 : 2);
  const auto draw = [&random](int below) {
    return static_cast<int>(random() % static_cast<unsigned>(below));
  };
  std::map<std::string, internal::v1::Session> all;
  for (int number = 0; number < 120; ++number) {
    const std::string id = "s_" + std::to_string(100 + number);
    Run(id);
    // Twice, so that the second change takes back what the first one was found by.
    for (int change = 0; change < 2; ++change) {
      Change(id, [&](SessionCommit& commit) {
        internal::v1::Session& session = commit.session;
        session.clear_labels();
        session.clear_issues();
        session.clear_legs();
        for (const char* key : {"team", "town"}) {
          internal::v1::KeyValue& label = *session.add_labels();
          label.set_key(key);
          label.set_value(std::to_string(draw(3)));
        }
        internal::v1::Leg& leg = *session.add_legs();
        leg.mutable_endpoint()->mutable_phone()->set_number("+4477009000" +
                                                            std::to_string(draw(3)));
        leg.set_service_number("+4477009000" + std::to_string(draw(5)));
        if (draw(4) == 0) session.add_issues();
        if (change == 1 && draw(2) == 0) {
          session.mutable_ended();
          session.mutable_outcome()->set_result(draw(2) == 0 ? Outcome::RESULT_FAILED
                                                             : Outcome::RESULT_COMPLETED);
        }
        AddEvent(commit, session.has_ended() ? Session::STATE_ENDED : Session::STATE_GREETING);
        all[id] = session;
      });
    }
  }
  for (int trial = 0; trial < 200; ++trial) {
    SessionFilter filter;
    if (draw(2) == 0) filter.labels["team"] = std::to_string(draw(4));
    if (draw(3) == 0) filter.labels["town"] = std::to_string(draw(4));
    if (draw(3) == 0) filter.number = "+4477009000" + std::to_string(draw(6));
    if (draw(3) == 0) filter.only_with_issues = true;
    if (draw(3) == 0) filter.results.push_back(Outcome::RESULT_FAILED);
    if (draw(4) == 0) filter.results.push_back(Outcome::RESULT_COMPLETED);
    if (draw(4) == 0) filter.states.push_back(Session::STATE_GREETING);
    if (draw(4) == 0) filter.states.push_back(Session::STATE_ENDED);
    if (draw(5) == 0) filter.living = true;
    std::vector<std::string> expected;
    for (auto one = all.rbegin(); one != all.rend(); ++one) {
      if (Passes(filter, one->second)) expected.push_back(one->first);
    }
    int looked_at = 0;
    EXPECT_EQ(ListInParts(filter, 1 + draw(20), &looked_at), expected) << trial;
  }
}

CALLBRIDGE_TEST_ENGINES(SessionListTest);

}  // namespace
}  // namespace callbridge::store
