// What each guarded revision left behind is gone on with: its database is served to the end of
// every session, and its hand-over is taken. tests/baselines/README.md says how both are made.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "server/flow/public_view.h"
#include "server/flow/upgrade.h"
#include "server/store/sqlite/connection.h"
#include "tests/baselines/harvest.h"
#include "tests/baselines/left_behind.h"
#include "tests/baselines/serving.h"

namespace callbridge::baselines {
namespace {

using internal::v1::Session;

// A session of the database has a few minutes left, and a new one fewer.
constexpr std::chrono::minutes kLongest{15};

std::filesystem::path Root() {
  return std::filesystem::path(CALLBRIDGE_SOURCE_DIR) / "tests/baselines";
}

std::vector<std::string> Revisions() {
  std::vector<std::string> revisions;
  for (const auto& entry : std::filesystem::directory_iterator(Root())) {
    if (entry.is_directory()) revisions.push_back(entry.path().filename());
  }
  std::sort(revisions.begin(), revisions.end());
  return revisions;
}

// As the name of a test may be.
std::string NameOf(std::string revision) {
  std::replace(revision.begin(), revision.end(), '-', '_');
  return revision;
}

std::string Read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file) << path;
  return {std::istreambuf_iterator<char>(file), {}};
}

// What came to pass while no server ran, and what people do.
struct Circumstances {
  const char* name;
  // Commands in flight and of unknown fate reached the provider.
  bool arrived = false;
  // Everybody has left, and the conferences are over.
  bool gone = false;
  // People leave the talk by themselves.
  bool hang_up = false;
  // The ingress hands over what the provider said meanwhile.
  bool handed_over = false;
};
constexpr Circumstances kCircumstances[] = {
    {.name = "CommandsNeverArrived"},
    {.name = "CommandsArrived", .arrived = true, .hang_up = true},
    {.name = "EverybodyHasLeft", .gone = true},
    {.name = "WebhooksWereHeld", .hang_up = true, .handed_over = true},
};

// A copy of a revision's database, and its hand-over.
class Left {
 public:
  explicit Left(const std::string& revision)
      : folder_(std::filesystem::path(testing::TempDir()) /
                absl::StrCat("baseline-", revision, "-", getpid())) {
    std::filesystem::create_directories(folder_);
    std::filesystem::copy_file(Root() / revision / "sessions.db", folder_ / "sessions.db",
                               std::filesystem::copy_options::overwrite_existing);
    EXPECT_TRUE(hand_over_.ParseFromString(Read(Root() / revision / "handover.binpb")));
  }
  ~Left() { std::filesystem::remove_all(folder_); }
  Left(const Left&) = delete;
  Left& operator=(const Left&) = delete;

  std::string database() const { return folder_ / "sessions.db"; }
  // Later versions have stepped all sessions.
  void RaiseLayouts() {
    Session later;
    later.set_layout(flow::kLayout + 1);
    auto connection = store::Connection::Open(database(), store::Connection::Mode::kReadWrite);
    ASSERT_TRUE(connection.ok()) << connection.status();
    // A field that is appended to a message's bytes replaces the earlier one.
    store::Query(**connection, "UPDATE sessions SET body = CAST(body || ? AS BLOB)")
        .Blob(later.SerializeAsString())
        .Run();
    ASSERT_TRUE((*connection)->TakeFailure().ok());
  }
  const internal::v1::AppendRequest& hand_over() const { return hand_over_; }

 private:
  const std::filesystem::path folder_;
  internal::v1::AppendRequest hand_over_;
};

void ExpectExplained(const Session& session) {
  SCOPED_TRACE(session.session_id());
  EXPECT_TRUE(session.has_ended());
  EXPECT_NE(session.outcome().result(), v1::Outcome::RESULT_UNSPECIFIED);
  EXPECT_NE(session.outcome().reason(), v1::END_REASON_UNSPECIFIED);
  EXPECT_NE(session.outcome().reason(), v1::END_REASON_INTERNAL) << session.outcome().summary();
  EXPECT_FALSE(session.outcome().summary().empty());
  for (const internal::v1::Leg& leg : session.legs()) {
    EXPECT_EQ(leg.state(), v1::Leg::STATE_ENDED) << leg.leg_id();
  }
}

void ExpectWholeStory(const Session& session, store::Store& store) {
  SCOPED_TRACE(session.session_id());
  const auto events = store.ReadEvents(session.session_id(), 0, 10'000);
  ASSERT_TRUE(events.ok()) << events.status();
  std::int32_t sequence = 0;
  int ends = 0;
  for (const v1::SessionEvent& event : *events) {
    EXPECT_EQ(event.sequence(), ++sequence);
    ends += event.has_session_ended() ? 1 : 0;
  }
  EXPECT_EQ(sequence, session.sequence());
  EXPECT_EQ(ends, 1);
}

class Stored : public testing::TestWithParam<std::tuple<std::string, Circumstances>> {};

TEST_P(Stored, SessionsComeToOneExplainedEndEachAndNobodyIsLeftOnTheLine) {
  const auto& [revision, circumstances] = GetParam();
  const Left left(revision);
  Serving serving(left.database());
  std::map<std::string, Session> before;
  const std::set<std::string> over =
      circumstances.handed_over ? EndedBy(left.hand_over()) : std::set<std::string>();
  for (const Session& session : serving.Sessions()) {
    before[session.session_id()] = session;
    if (circumstances.gone) continue;
    Restore(session, over, circumstances.hang_up, serving.model());
    if (circumstances.arrived) LetArrive(session, serving.now(), serving.model());
  }
  serving.Start();
  if (circumstances.handed_over) {
    ASSERT_TRUE(serving.HandOver(left.hand_over()).ok());
  }
  ASSERT_TRUE(serving.RunUntil([&serving] { return serving.IsOver(); }, kLongest))
      << absl::StrJoin(serving.Alive(), ", ");
  const std::vector<Session> sessions = serving.Sessions();
  EXPECT_GE(sessions.size(), before.size());
  for (const Session& session : sessions) {
    ExpectExplained(session);
    ExpectWholeStory(session, serving.store());
    const v1::Outcome& decided = before[session.session_id()].outcome();
    if (decided.result() == v1::Outcome::RESULT_UNSPECIFIED) continue;
    EXPECT_EQ(decided.result(), session.outcome().result()) << session.session_id();
    EXPECT_EQ(decided.reason(), session.outcome().reason()) << session.session_id();
  }
}

INSTANTIATE_TEST_SUITE_P(Baselines, Stored,
                         testing::Combine(testing::ValuesIn(Revisions()),
                                          testing::ValuesIn(kCircumstances)),
                         [](const auto& stored) {
                           return absl::StrCat(NameOf(std::get<0>(stored.param)), "_",
                                               std::get<1>(stored.param).name);
                         });

class Revision : public testing::TestWithParam<std::string> {};

// A session that was stored earlier shows clients the same before and after it is brought to the
// present layout.
TEST_P(Revision, SessionsShowTheSameBeforeAndAfterTheUpgrade) {
  const Left left(GetParam());
  Serving serving(left.database());
  for (const Session& stored : serving.Sessions()) {
    Session upgraded = stored;
    flow::Upgrade(&upgraded);
    EXPECT_EQ(upgraded.layout(), flow::kLayout);
    EXPECT_EQ(flow::PublicView(stored).DebugString(), flow::PublicView(upgraded).DebugString());
  }
}

// holds.txt beside the database says what it is for: no situation gets lost in silence.
TEST_P(Revision, HoldsWhatItSays) {
  const Left left(GetParam());
  Serving serving(left.database());
  std::set<std::string> situations;
  for (const Session& session : serving.Sessions()) situations.merge(SituationsOf(session));
  std::string text;
  for (const std::string& situation : situations) absl::StrAppend(&text, situation, "\n");
  EXPECT_EQ(text, Read(Root() / GetParam() / "holds.txt"));
}

TEST_P(Revision, HandOverIsTakenWholeAndOnce) {
  const Left left(GetParam());
  Serving serving(left.database());
  serving.Start();
  ASSERT_TRUE(serving.HandOver(left.hand_over()).ok());
  const inbox::IntakeCounters first = serving.intake_counters();
  EXPECT_GT(first.stored, 0);
  EXPECT_EQ(first.quarantined, 1);
  EXPECT_EQ(first.foreign_configuration + first.foreign_service, 0);
  EXPECT_EQ(first.stored + first.parked + first.other_types + first.duplicates + first.quarantined,
            left.hand_over().items_size());
  ASSERT_TRUE(serving.HandOver(left.hand_over()).ok());
  EXPECT_EQ(serving.intake_counters().stored, first.stored);
}

// This version knows no rules for them: it gives them up, and the sweep hangs up what is left.
TEST_P(Revision, SessionsOfALaterLayoutEndAndEverybodyIsHungUp) {
  Left left(GetParam());
  ASSERT_NO_FATAL_FAILURE(left.RaiseLayouts());
  Serving serving(left.database());
  std::set<std::string> undecided;
  for (const Session& session : serving.Sessions()) {
    Restore(session, {}, false, serving.model());
    if (!session.has_outcome()) undecided.insert(session.session_id());
  }
  EXPECT_FALSE(undecided.empty());
  serving.Start();
  ASSERT_TRUE(serving.RunUntil([&serving] { return serving.IsOver(); }, kLongest))
      << absl::StrJoin(serving.Alive(), ", ");
  for (const Session& session : serving.Sessions()) {
    EXPECT_TRUE(session.has_ended());
    if (!undecided.contains(session.session_id())) continue;
    EXPECT_EQ(session.outcome().reason(), v1::END_REASON_INTERNAL);
    const bool talked = session.has_connect_time();
    EXPECT_EQ(session.outcome().result(),
              talked ? v1::Outcome::RESULT_COMPLETED : v1::Outcome::RESULT_FAILED);
  }
}

INSTANTIATE_TEST_SUITE_P(Baselines, Revision, testing::ValuesIn(Revisions()),
                         [](const auto& revision) { return NameOf(revision.param); });

}  // namespace
}  // namespace callbridge::baselines
