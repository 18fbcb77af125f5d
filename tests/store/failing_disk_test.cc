// The store on a disk that is full for a while, fails once, or fails for ever: callers hear of it
// in words, or the process ends; nothing that was promised is lost.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/store/sqlite/sqlite_store.h"
#include "tests/store/recorded_disk.h"
#include "tests/store/store_fixture.h"
#include "tests/store/traffic.h"

// Each victim begins as a copy of this process, so that AddressSanitizer keeps little of what was
// freed here.
extern "C" const char* __asan_default_options() { return "quarantine_size_mb=2"; }

namespace callbridge::store {
namespace {

using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Property;
using ::testing::SizeIs;
using Fault = PowerLossVfs::Fault;
using Promises = std::vector<std::string>;

constexpr Fault kNoFault{.count = 0};
// How the victim ends whose store did not open.
constexpr int kDidNotOpen = 3;

TEST(FullDisk, MakesCallsFailInWordsAndLosesNothing) {
  for (std::int64_t before = 0; before < 200; before += 17) {
    SCOPED_TRACE(before);
    TemporaryFolder folder(ImageParent());
    Promises promises;
    {
      const EveryConnection settings;
      PowerLossVfs vfs;
      auto store = OpenSqliteStore(folder.File("store"));
      ASSERT_TRUE(store.ok()) << store.status();
      Traffic traffic(**store, "t", static_cast<std::uint64_t>(before), kStart,
                      [&promises](const std::string& words) { promises.push_back(words); });
      traffic.Run(1, 2);
      ASSERT_THAT(traffic.failures(), IsEmpty());
      vfs.Plan({.kind = Fault::Kind::kFull, .first = vfs.operations() + before});
      traffic.Run(3, 2);
      const std::vector<absl::Status> failures = traffic.failures();
      ASSERT_THAT(failures, Not(IsEmpty()));
      EXPECT_THAT(failures, Each(Property(&absl::Status::code, absl::StatusCode::kUnavailable)));
      EXPECT_THAT(failures.front().ToString(), HasSubstr("full"));
      // Somebody makes room.
      vfs.Plan(kNoFault);
      traffic.Run(2, 3);
      EXPECT_THAT(traffic.failures(), SizeIs(failures.size())) << traffic.failures().back();
    }
    ASSERT_EQ(WhatIsWrong(folder.File(""), promises, 1), "");
  }
}

// The first webhook of an hour makes a table; the write fails at each of its operations in turn,
// and the same webhook comes again.
TEST(FullDisk, KnowsAWebhookAgainWhoseFirstDeliveryWasRolledBackWhereverThatFailed) {
  std::int64_t operations = 1;
  int failures = 0;
  for (std::int64_t at = 0; at < operations; ++at) {
    TemporaryFolder folder(ImageParent());
    PowerLossVfs vfs;
    auto store = OpenSqliteStore(folder.File("store"));
    ASSERT_TRUE(store.ok()) << store.status();
    NewInput input = CallEvent("call-1");
    input.dedupe_key = "0123456789abcdef";
    const std::int64_t before = vfs.operations();
    vfs.Plan({.kind = Fault::Kind::kFull, .first = before + at, .count = 1});
    const auto first = (*store)->AppendInputs({input}, kStart);
    operations = std::max(operations, vfs.operations() - before);
    failures += first.ok() ? 0 : 1;
    vfs.Plan(kNoFault);
    const auto again = (*store)->AppendInputs({input}, kStart);
    ASSERT_TRUE(again.ok()) << at << ": " << again.status();
    EXPECT_EQ(again->front().result,
              first.ok() ? Appended::Result::kDuplicate : Appended::Result::kParked)
        << at;
    EXPECT_EQ((*store)->Count()->parked, 1) << at;
  }
  EXPECT_GT(failures, 0);
}

TEST(FullDisk, IsNamedByAStoreThatCannotStart) {
  TemporaryFolder folder(ImageParent());
  PowerLossVfs vfs;
  vfs.Plan({.kind = Fault::Kind::kFull});
  const auto store = OpenSqliteStore(folder.File("store"));
  EXPECT_THAT(store.status().ToString(), HasSubstr("full"));
  EXPECT_THAT(store.status().ToString(), Not(HasSubstr("is not a store")));
  vfs.Plan(kNoFault);
  EXPECT_TRUE(OpenSqliteStore(folder.File("store")).ok());
}

// The log has no room left, and the file has: the copy of the log makes room in it, again and
// again.
TEST(FullDisk, RefusesFewCommitsWhileTheFileHasRoomForWhatTheLogHolds) {
  TemporaryFolder folder(ImageParent());
  PowerLossVfs vfs;
  auto store = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(store.ok()) << store.status();
  // The file gets pages that are free afterwards; then the log gets some of its own.
  EXPECT_EQ(RefusedWrites(**store, 80), 0);
  store->reset();
  store = OpenSqliteStore(folder.File("store"));
  EXPECT_EQ(RefusedWrites(**store, 10), 0);
  vfs.Plan({.kind = Fault::Kind::kNoGrowth, .first = vfs.operations()});
  const int refused = RefusedWrites(**store, 60);
  EXPECT_GE(refused, 1) << "the disk was not full";
  EXPECT_LE(refused, 10);
  vfs.Plan(kNoFault);
  EXPECT_EQ(RefusedWrites(**store, 1), 0);
}

// The lock file remembers the first page: if a power loss took it back, the store would count as
// another one.
TEST(FullDisk, KeepsTheFirstPageOfACopyThatTheDiskRefused) {
  TemporaryFolder folder(ImageParent());
  PowerLossVfs vfs;
  auto store = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(store.ok()) << store.status();
  Traffic traffic(**store, "t", 1, kStart, [](const std::string&) {});
  traffic.Run(1, 2);
  vfs.Plan({.kind = Fault::Kind::kNoGrowth, .first = vfs.operations()});
  traffic.Run(1, 2);
  ASSERT_THAT(traffic.failures(), Not(IsEmpty()));
  PowerLossDisk disk;
  for (const DiskOperation& operation : vfs.log()) disk.Apply(operation);
  std::ifstream file(folder.File("store"), std::ios::binary);
  std::string first_page(4096, '\0');
  file.read(first_page.data(), std::ssize(first_page));
  EXPECT_TRUE(disk.Synced().at(folder.File("store")).substr(0, first_page.size()) == first_page);
}

TEST(FullDisk, EndsNoProcessWhenOnlySharedMemoryCannotGrow) {
  TemporaryFolder folder(ImageParent());
  PowerLossVfs vfs;
  auto store = OpenSqliteStore(folder.File("store"));
  ASSERT_TRUE(store.ok()) << store.status();
  // More pages in one transaction than the first part of the shared memory has places for.
  NewInput large = StartRequest("s_1", "");
  large.input.mutable_start_bridge()->set_trace_id(std::string(20'000, 'x'));
  const std::vector<NewInput> inputs(1'000, large);
  vfs.Plan({.kind = Fault::Kind::kSharedMemoryFull, .first = vfs.operations()});
  EXPECT_EQ((*store)->AppendInputs(inputs, kStart).status().code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ((*store)->Count()->waiting_inputs, 0);
  vfs.Plan(kNoFault);
  EXPECT_TRUE((*store)->AppendInputs(inputs, kStart).ok());
  EXPECT_EQ((*store)->Count()->waiting_inputs, 1'000);
}

// A server in a process of its own, whose disk fails. Its files, what it promised and its last
// words stay.
class Victim {
 public:
  // answers: how long it would live (traffic.h). lost: at the first failure the power goes as well,
  // and files() are what the disk kept.
  void Run(int answers, const Fault& fault, bool lost, std::uint64_t seed) {
    const pid_t child = fork();
    ASSERT_GE(child, 0);
    if (child == 0) Live(answers, fault, lost, seed);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    const bool orderly =
        WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == kDidNotOpen);
    const bool died = WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
    EXPECT_TRUE(orderly || died) << "status " << status << ": " << words();
    if (died) {
      EXPECT_THAT(words(), HasSubstr("it is unknown what reached the disk"));
    }
    ended_itself_ = died;
    files_ = lost && std::filesystem::exists(Path("lost/.taken")) ? Path("lost/") : Path("disk/");
  }

  const std::string& files() const { return files_; }
  // It ended because it did not know any more what is on its disk.
  bool ended_itself() const { return ended_itself_; }

  Promises promises() const {
    Promises promises;
    std::ifstream file(Path("promises"));
    for (std::string line; std::getline(file, line);) promises.push_back(line);
    return promises;
  }

 private:
  std::string Path(const std::string& name) const { return folder_.File(name); }

  std::string words() const {
    std::ostringstream words;
    words << std::ifstream(Path("words")).rdbuf();
    return words.str();
  }

  // In the child; does not return.
  [[noreturn]] void Live(int answers, const Fault& fault, bool lost, std::uint64_t seed) {
    std::filesystem::create_directory(Path("disk"));
    std::filesystem::create_directory(Path("lost"));
    const int words = open(Path("words").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int promises = open(Path("promises").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (words < 0 || promises < 0 || dup2(words, STDERR_FILENO) < 0 ||
        dup2(words, STDOUT_FILENO) < 0) {
      _exit(1);
    }
    PowerLossVfs vfs;
    vfs.Plan(fault, [&] {
      if (lost) Lose(vfs.log(), seed);
    });
    {
      auto store = OpenSqliteStore(Path("disk/store"));
      if (!store.ok()) _exit(kDidNotOpen);
      Traffic traffic(**store, "t", 1, kStart, [promises](const std::string& promise) {
        const std::string line = promise + "\n";
        if (write(promises, line.data(), line.size()) != std::ssize(line)) _exit(1);
      });
      traffic.Run(1, answers);
    }
    _exit(0);
  }

  void Lose(const std::vector<DiskOperation>& log, std::uint64_t seed) {
    PowerLossDisk disk;
    for (const DiskOperation& operation : log) disk.Apply(operation);
    std::mt19937_64 random(seed);
    WriteImage(disk.Survivors(random), Path("lost/"));
    std::ofstream(Path("lost/.taken")) << "taken";
  }

  TemporaryFolder folder_{ImageParent()};
  std::string files_;
  bool ended_itself_ = false;
};

// Of a victim's life without a fault.
std::int64_t OperationsOfALife(int answers) {
  TemporaryFolder folder(ImageParent());
  PowerLossVfs vfs;
  {
    auto store = OpenSqliteStore(folder.File("store"));
    EXPECT_TRUE(store.ok()) << store.status();
    Traffic traffic(**store, "t", 1, kStart, [](const std::string&) {});
    traffic.Run(1, answers);
    EXPECT_THAT(traffic.failures(), IsEmpty());
  }
  return vfs.operations();
}

TEST(FailingDisk, FailsOnceAtAnyOperationAndNothingIsLost) {
  constexpr int kAnswers = 0;
  const std::int64_t operations = OperationsOfALife(kAnswers);
  int ended = 0;
  for (std::int64_t at = 0; at < operations && !HasFailure(); ++at) {
    SCOPED_TRACE(at);
    Victim victim;
    victim.Run(kAnswers, {.first = at, .count = 1}, false, 0);
    ended += victim.ended_itself() ? 1 : 0;
    const std::string wrong = at % 8 == 0 ? WhatIsWrong(victim.files(), victim.promises(), 1)
                                          : WhatIsBroken(victim.files(), victim.promises());
    EXPECT_EQ(wrong, "");
  }
  EXPECT_GT(ended, 0) << "no failure was serious";
}

TEST(FailingDisk, GoesForEverWithThePowerAndWhatWasPromisedAfterwardsIsKeptToo) {
  constexpr int kAnswers = 2;
  const std::int64_t operations = OperationsOfALife(kAnswers);
  for (std::int64_t at = 0; at < operations && !HasFailure(); at += 7) {
    SCOPED_TRACE(at);
    Victim victim;
    victim.Run(kAnswers, {.first = at}, true, static_cast<std::uint64_t>(at));
    EXPECT_EQ(WhatIsBroken(victim.files(), victim.promises()), "");
  }
}

}  // namespace
}  // namespace callbridge::store
