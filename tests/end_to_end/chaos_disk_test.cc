// A crowd of bridges over a disk that is slow, and over one that is full.
#include <absl/strings/str_format.h>
#include <gmock/gmock.h>

#include "callbridge/error_details.h"
#include "tests/end_to_end/chaos.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

// What is left of a disk on which no new bridge begins. The store's log grows to 4 MiB before it is
// copied into the file for the first time, and both need room for that.
constexpr std::int64_t kKept = 12 * 1024 * 1024;

// Twenty syncs take 7 s; each bridge needs as many, one after the other.
constexpr seconds kSlowLimit{60};

class ChaosDisk : public Chaos {
 protected:
  void TearDown() override {
    Chaos::TearDown();
    disk_.reset();
  }
  StoreDisk& disk() { return *disk_; }
  SystemOptions OptionsOnDisk() {
    SystemOptions options;
    options.store_folder = disk_->folder();
    options.server_environment = disk_->Environment();
    options.more_settings = absl::StrFormat("limits: {free_disk_bytes_min: %d}\n", 2 * kKept);
    return options;
  }
  // Refused in words, and nothing is begun.
  void ExpectRefusedForTheDisk(const std::string& request_id) {
    const auto refused = system().client().StartBridge(DialBoth(request_id));
    EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted) << refused.status();
    EXPECT_THAT(std::string(refused.status().message()), HasSubstr("are free"));
    EXPECT_TRUE(client::DetailsOf(refused.status()).retry_delay.has_value());
  }

 private:
  std::unique_ptr<StoreDisk> disk_ = std::make_unique<StoreDisk>();
};

TEST_F(ChaosDisk, ThatIsSlowDelaysAndLosesNothing) {
  BootObserved(OptionsOnDisk());
  StartTraffic({.seed = 55, .bridges = 6, .apart = milliseconds(150)});
  AwaitSessions(v1::Session::STATE_CONNECTED, 1);
  DuringOutage(Part::kDisk, [&] {
    disk().SlowDown(milliseconds(200), milliseconds(500));
    StartTraffic({.seed = 56, .bridges = 6, .name = "slow"});
    EXPECT_TRUE(Await(system().simulator(), kSlowLimit, [&] { return disk().syncs_slowed() > 20; }))
        << disk().syncs_slowed();
    disk().SlowDown(milliseconds(0), milliseconds(0));
  });
  const history::History history = SettleAndJudge();
  EXPECT_GE(CountResults(history, v1::Outcome::RESULT_COMPLETED), 1);
}

// As many disks in a network are. Each bridge settles nine results one after the other, so 45 a
// second must share commits.
TEST_F(ChaosDisk, ThatTakes25MillisecondsForEachCommitServesFiveCallsASecond) {
  constexpr int kCalls = 40;
  BootObserved(OptionsOnDisk());
  disk().SlowDown(milliseconds(25), milliseconds(25));
  for (int call = 0; call < kCalls; ++call) {
    // They would stay for twelve seconds; the callee hangs up before that.
    // Each is another caller's: so many of one at a time would be taken for a loop.
    provider().StartCall(absl::StrFormat("4477009%05d", call), kAnsweredDid, 120);
    Last(milliseconds(200));
  }
  const history::History history = SettleAndJudge();
  EXPECT_EQ(CountResults(history, v1::Outcome::RESULT_COMPLETED), kCalls);
}

TEST_F(ChaosDisk, ThatIsFullRefusesNewBridgesInWordsAndEndsTheOthers) {
  RecordProperty("real_disk", disk().BecomeSmall() ? "yes" : "no");
  SystemOptions options = OptionsOnDisk();
  options.webhook_repeats = 10;
  BootObserved(options);
  StartTraffic({.seed = 66, .bridges = 10, .apart = milliseconds(150)});
  AwaitTrafficStarted();
  AwaitSessions(v1::Session::STATE_CONNECTED, 1);

  const std::string talking = provider().StartCall(kCaller, kAnsweredDid, 200);
  const std::string session = system().AwaitSessionOf(talking).session_id();
  Until(session, "leg_answered caller");

  // Below what the settings keep for those that run: they go on, nobody new begins.
  disk().FillUpTo(kKept);
  ExpectRefusedForTheDisk("too-late-1");
  Until(session, "parties_connected");

  // Nothing can be written any more, and a party leaves.
  DuringOutage(Part::kDisk, [&] {
    disk().FillUpTo(0);
    ExpectRefusedForTheDisk("too-late-2");
    provider().HangUp(talking);
    Last(seconds(3));
    EXPECT_TRUE(system().server().StaysAliveFor(milliseconds(0)))
        << "a full disk killed the server";
    disk().MakeRoom();
  });
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  StartTrafficAfterwards();
  const history::History history = SettleAndJudge();
  EXPECT_GE(CountResults(history, v1::Outcome::RESULT_COMPLETED), 3);
}

}  // namespace
}  // namespace callbridge::end_to_end
