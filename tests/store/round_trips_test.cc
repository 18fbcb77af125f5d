// How many round trips an engine behind a network makes for each operation of the store: three at
// most for what is changed. An engine in memory that counts them stands for it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/store/memory/memory_store.h"
#include "server/store/table_store.h"
#include "tests/store/forwarded_view.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using std::chrono::hours;
using std::chrono::seconds;

template <typename Base>
class Counted : public Forwarded<Base> {
 public:
  Counted(Base& whole, int& trips) : Forwarded<Base>(whole), trips_(trips) {}

 protected:
  void OnCall() override { ++trips_; }

 private:
  int& trips_;
};

class CountedTransaction final : public Counted<Transaction> {
 public:
  CountedTransaction(Transaction& whole, int& trips) : Counted(whole, trips), locked_(whole) {}

  // Travels with what is looked up next.
  void Lock(const std::vector<std::string>& keys) override { locked_.Lock(keys); }
  // Travels with the commit.
  AddedRows Write(const WriteSet& changes) override { return Called().Write(changes); }

 private:
  Transaction& locked_;
};

class CountingEngine final : public Engine {
 public:
  explicit CountingEngine(int& trips) : trips_(trips) {}

  absl::Status Write(const std::function<absl::Status(Transaction&)>& work) override {
    return engine_->Write([&](Transaction& whole) {
      CountedTransaction counted(whole, trips_);
      return work(counted);
    });
  }
  absl::Status Read(const std::function<absl::Status(View&)>& work) override {
    return engine_->Read([&](View& whole) {
      Counted<View> counted(whole, trips_);
      return work(counted);
    });
  }
  void OnForeignChange(std::function<void()> told) override {
    engine_->OnForeignChange(std::move(told));
  }

 private:
  const std::unique_ptr<Engine> engine_ = MakeMemoryEngine();
  int& trips_;
};

// A store with a session that talks, and calls that have come before.
class RoundTrips : public testing::Test {
 protected:
  RoundTrips() : store_(*MakeTableStore(std::make_unique<CountingEngine>(trips_))) {}

  // Of the operation alone.
  template <typename Operation>
  int Trips(Operation operation) {
    trips_ = 0;
    const auto done = operation();
    EXPECT_TRUE(done.ok());
    return trips_;
  }

  DueSession Load(const std::string& session_id) {
    const auto works = store_->NextSessions(now_, 100, true);
    EXPECT_TRUE(works.ok());
    for (const DueSession& work : *works) {
      if (work.session_id == session_id) return work;
    }
    ADD_FAILURE() << session_id << " has nothing to do";
    return {};
  }

  // The next steps of twenty sessions, each with events, references and two commands, one of them
  // taken at once.
  std::vector<SessionCommit> Commits() {
    std::vector<SessionCommit> commits;
    for (int number = 0; number < 20; ++number) {
      const std::string id = "s_" + std::to_string(number);
      EXPECT_TRUE(store_->AppendInputs({StartRequest(id, "r-" + id)}, now_).ok());
      SessionCommit commit = StepOf(Load(id));
      commit.session.add_legs()->set_call_id("call-" + id);
      commit.session.mutable_conference()->set_conference_id("conference-" + id);
      (*commit.session.add_labels()).set_key("label");
      AddEvent(commit);
      AddEvent(commit);
      commit.commands = {DialCommand(id, 1), HangUpCommand(id, 2)};
      commit.taken_commands = {1};
      commit.wake_time = now_ + seconds(1);
      commits.push_back(std::move(commit));
    }
    return commits;
  }

  static std::vector<CommandKey> Hangups() {
    std::vector<CommandKey> keys;
    for (int number = 0; number < 20; ++number) {
      keys.push_back(KeyOf(HangUpCommand("s_" + std::to_string(number), 2)));
    }
    return keys;
  }

  base::Time now_ = kStart;
  int trips_ = 0;
  std::unique_ptr<Store> store_;
};

TEST_F(RoundTrips, TwoForInputsHoweverMany) {
  std::vector<NewInput> inputs;
  for (int number = 0; number < 50; ++number) {
    NewInput event = CallEvent("call-" + std::to_string(number));
    event.dedupe_key = "sixteen bytes " + std::to_string(10 + number);
    if (number % 2 == 0) event.creates_session_id = "s_" + std::to_string(number);
    inputs.push_back(event);
    inputs.push_back(StartRequest("s_asked_" + std::to_string(number), std::to_string(number)));
  }
  EXPECT_EQ(Trips([&] { return store_->AppendInputs(inputs, now_); }), 2);
}

TEST_F(RoundTrips, TwoForCommitsHoweverMany) {
  const std::vector<SessionCommit> commits = Commits();
  EXPECT_EQ(Trips([&] { return store_->MayLeaveAtOnce(commits, now_); }), 2);
  EXPECT_EQ(Trips([&] { return store_->Commit(commits, now_); }), 2);
  EXPECT_EQ(*store_->FeedEnd() == FeedPosition(), false) << "they were stored";
}

TEST_F(RoundTrips, AtMostThreeForTheLedger) {
  ASSERT_TRUE(store_->Commit(Commits(), now_).ok());
  EXPECT_EQ(Trips([&] { return store_->PendingCommands(now_, 32); }), 1);
  EXPECT_EQ(Trips([&] { return store_->TakeCommands(Hangups(), now_, now_ + seconds(1)); }), 2);
  std::vector<Settlement> settlements;
  for (const CommandKey& key : Hangups()) {
    settlements.push_back(
        {key.session_id, ResultOf(HangUpCommand(key.session_id, 2), CommandResult::VERDICT_DONE)});
  }
  EXPECT_EQ(Trips([&] { return store_->SettleCommands(settlements, now_); }), 2);
  // The dials.
  EXPECT_EQ(Trips([&] { return store_->MakeInFlightUnknown(now_); }), 3);
}

TEST_F(RoundTrips, ThreeToTakeDialsBecauseTheirSessionsMayHaveToHearSomething) {
  std::vector<SessionCommit> commits = Commits();
  for (SessionCommit& commit : commits) commit.taken_commands.clear();
  ASSERT_TRUE(store_->Commit(commits, now_).ok());
  std::vector<CommandKey> dials = Hangups();
  for (CommandKey& key : dials) key.number = 1;
  EXPECT_EQ(Trips([&] { return store_->TakeCommands(dials, now_, now_ + seconds(1)); }), 3);
}

TEST_F(RoundTrips, TwoToLoadWhatIsToBeStepped) {
  ASSERT_TRUE(store_->Commit(Commits(), now_).ok());
  now_ += seconds(1);
  EXPECT_EQ(Trips([&] { return store_->NextSessions(now_, 100, true); }), 2);
  EXPECT_EQ(Trips([&] { return store_->NextWakeTime(); }), 1);
}

TEST_F(RoundTrips, AtMostThreeForWhatTheApiReads) {
  ASSERT_TRUE(store_->Commit(Commits(), now_).ok());
  EXPECT_EQ(Trips([&] { return store_->GetSession("s_7"); }), 1);
  EXPECT_EQ(Trips([&] { return store_->FindRequest("r-s_7", nullptr); }), 1);
  EXPECT_EQ(Trips([&] { return store_->ReadFeed({}, 1000); }), 2);
  EXPECT_EQ(Trips([&] { return store_->ReadEvents("s_7", 0, 100); }), 2);
  SessionFilter filter;
  filter.labels["label"] = "";
  EXPECT_EQ(Trips([&] { return store_->ListSessions(filter, "", 20); }), 3);
  EXPECT_EQ(Trips([&] { return store_->SnapshotSessions({}, std::nullopt, "", 20); }), 2);
}

// What has expired is listed, locked and looked at again, and deleted; then whether old sessions
// miss their terms.
TEST_F(RoundTrips, FourToDropWhatIsOld) {
  std::vector<SessionCommit> commits = Commits();
  for (SessionCommit& commit : commits) {
    commit.commands.clear();
    commit.taken_commands.clear();
    commit.wake_time.reset();
    commit.session.mutable_ended();
  }
  ASSERT_TRUE(store_->Commit(commits, now_).ok());
  now_ += hours(24 * 365);
  EXPECT_EQ(Trips([&] { return store_->Maintain(now_); }), 4);
  EXPECT_EQ(store_->GetSession("s_7").status().code(), absl::StatusCode::kNotFound);
}

// What the engine in memory holds the rules to.
class Locks : public testing::Test {
 protected:
  absl::Status Write(const std::vector<std::string>& keys, const WriteSet& changes) {
    return engine_->Write([&](Transaction& tables) {
      tables.Lock(keys);
      tables.Write(changes);
      return absl::OkStatus();
    });
  }

  const std::unique_ptr<Engine> engine_ = MakeMemoryEngine();
};

using LocksDeathTest = Locks;

TEST_F(LocksDeathTest, ComeSortedAndOnce) {
  EXPECT_TRUE(Write({"call/a", "call/b"}, {}).ok());
  EXPECT_DEATH((void)Write({"call/b", "call/a"}, {}), "not sorted");
  EXPECT_DEATH((void)Write({"call/a", "call/a"}, {}), "not all different");
  EXPECT_DEATH((void)engine_->Write([](Transaction& tables) {
    tables.Lock({"call/a"});
    tables.Lock({"call/b"});
    return absl::OkStatus();
  }),
               "locks twice");
}

TEST_F(LocksDeathTest, CoverAllThatIsChanged) {
  WriteSet session;
  session.added_sessions.push_back({.session_id = "s_1", .create_time = kStart, .to_come = {}});
  session.references.emplace_back("call/a", -1);
  session.added_inputs.push_back({.session = -1, .body = ""});
  EXPECT_DEATH((void)Write({}, session), "a session is changed and not locked");
  EXPECT_DEATH((void)Write({SessionLock("s_1")}, session), "a reference is added and not locked");
  ASSERT_TRUE(Write({"call/a", SessionLock("s_1")}, session).ok());

  WriteSet input;
  input.added_inputs.push_back({.session = 1, .body = ""});
  EXPECT_DEATH((void)Write({"call/b"}, input), "nothing that leads to its session is locked");
  EXPECT_TRUE(Write({"call/a"}, input).ok()) << "its reference is enough";

  WriteSet deletion;
  deletion.deleted_sessions = {1};
  EXPECT_DEATH((void)Write({SessionLock("s_1")}, deletion), "a reference to it is not locked");
  WriteSet claim;
  claim.dedupe_keys.emplace_back("key", kStart);
  EXPECT_DEATH((void)Write({"dedupe/other"}, claim), "claimed and not locked");
  WriteSet parked;
  parked.parked.push_back({.receive_time = kStart, .references = {"call/x", "call/y"}, .body = ""});
  EXPECT_DEATH((void)Write({"call/x"}, parked), "is not locked");
  EXPECT_TRUE(Write({"call/x", "call/y"}, parked).ok());
}

// Two servers over one database.
TEST(ForeignChanges, WakeTheListenersOfEveryOtherServerOnly) {
  std::vector<std::unique_ptr<Engine>> engines = MakeMemoryReplicas(2);
  const std::unique_ptr<Store> here = *MakeTableStore(std::move(engines[0]));
  std::unique_ptr<Store> there = *MakeTableStore(std::move(engines[1]));
  int told_here = 0;
  int told_there = 0;
  here->AddListener([&told_here] { ++told_here; });
  there->AddListener([&told_there] { ++told_there; });
  ASSERT_TRUE(here->AppendInputs({StartRequest("s_1", "r-1")}, kStart).ok());
  EXPECT_EQ(told_here, 1) << "its own change, once";
  EXPECT_EQ(told_there, 1);
  EXPECT_EQ(there->NextSessions(kStart, 10, false)->size(), 1U) << "and there it is seen";
  there.reset();
  ASSERT_TRUE(here->AppendInputs({StartRequest("s_2", "r-2")}, kStart).ok());
  EXPECT_EQ(told_here, 2);
  EXPECT_EQ(told_there, 1) << "it has left";
}

}  // namespace
}  // namespace callbridge::store
