// What a call waits for: how often the disk is asked to make something durable before a command
// leaves. The real worker and flow on the real store.
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "server/base/clock.h"
#include "server/flow/step.h"
#include "server/inbox/intake.h"
#include "server/provider/pace.h"
#include "server/provider/provider.h"
#include "server/worker/worker.h"
#include "tests/flow/samples.h"
#include "tests/store/recorded_disk.h"
#include "tests/store/store_fixture.h"

namespace callbridge::store {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;

class FreePace final : public provider::Pace {
 public:
  std::optional<base::Time> TryTake(const Command&, base::Time) override { return std::nullopt; }
  void GiveBack(const Command&) override {}
  void Observe(const Command&, const CommandResult&, base::Time) override {}
};

class RoutedCalls final : public inbox::IncomingCalls {
 public:
  std::optional<internal::v1::IncomingCall> Arrange(
      const internal::v1::ProviderEvent&) const override {
    return flow::RoutedCall();
  }
};

// Writes into the disk's log what leaves, and keeps it until it is answered.
class LoggedProvider final : public provider::Provider {
 public:
  explicit LoggedProvider(PowerLossVfs& vfs) : vfs_(vfs) {}

  void Send(const Command& command, base::Time, Done done) override {
    vfs_.Promise(
        "sent " +
        internal::v1::Command::descriptor()->FindFieldByNumber(command.action_case())->name());
    open_.emplace_back(command, std::move(done));
  }

  // Each that is open is done.
  void AnswerAll() {
    std::vector<std::pair<Command, Done>> answered;
    answered.swap(open_);
    for (auto& [command, done] : answered) {
      CommandResult result;
      result.set_number(command.number());
      result.set_attempt(command.attempt());
      result.set_verdict(CommandResult::VERDICT_DONE);
      if (command.has_create_conference()) {
        result.add_conferences()->set_conference_id("conference");
      }
      done(std::move(result));
    }
  }

 private:
  PowerLossVfs& vfs_;
  std::vector<std::pair<Command, Done>> open_;
};

// Syncs of the store's log between two promises.
int SyncsBetween(const std::vector<DiskOperation>& log, const std::string& from,
                 const std::string& to) {
  const auto find = [&log](auto begin, const std::string& words) {
    return std::find_if(begin, log.end(), [&words](const DiskOperation& operation) {
      return operation.kind == DiskOperation::Kind::kPromise && operation.bytes == words;
    });
  };
  const auto begin = find(log.begin(), from);
  const auto end = find(begin, to);
  EXPECT_NE(begin, log.end()) << from;
  EXPECT_NE(end, log.end()) << to;
  return static_cast<int>(std::count_if(begin, end, [](const DiskOperation& operation) {
    return operation.kind == DiskOperation::Kind::kSync && operation.path.ends_with("-wal");
  }));
}

class FsyncCount : public testing::Test {
 protected:
  // A whole service on the store: work begins, and each answer is given when nothing else is left
  // to do.
  std::vector<DiskOperation> Play(const std::function<void(Store&, PowerLossVfs&)>& begin) {
    const TemporaryFolder folder(ImageParent());
    return Record(folder.File(""), [&begin](Store& store, PowerLossVfs& vfs) {
      base::ManualClock clock(kStart);
      FreePace pace;
      LoggedProvider provider(vfs);
      worker::Worker worker(store, provider, pace, clock, flow::Step);
      const auto work = [&] {
        for (absl::StatusOr<base::Time> next = worker.RunOnce(); next.ok() && *next <= clock.Now();
             next = worker.RunOnce()) {
        }
      };
      worker.SetWake([] {});
      // The run has begun, and what a start writes is written.
      work();
      begin(store, vfs);
      work();
      provider.AnswerAll();
      work();
    });
  }
};

// The request; its step, with which the conference leaves; the answer; its step, with which the
// dial leaves.
TEST_F(FsyncCount, FourFromStartBridgeToTheFirstDial) {
  const auto log = Play([](Store& store, PowerLossVfs& vfs) {
    NewInput input = StartRequest("s_1", "r-1");
    *input.input.mutable_start_bridge() = flow::ClickToCall();
    input.input.mutable_start_bridge()->set_request_id("r-1");
    vfs.Promise("asked");
    ASSERT_TRUE(store.AppendInputs({input}, kStart).ok());
  });
  EXPECT_EQ(SyncsBetween(log, "asked", "sent dial_leg"), 4);
}

// The event; its step, with which the command leaves.
TEST_F(FsyncCount, TwoFromAWebhookToTheCommandThatFollows) {
  const RoutedCalls calls;
  const auto log = Play([&calls](Store& store, PowerLossVfs& vfs) {
    inbox::Intake intake({"test", "bridge-test"}, store, calls);
    internal::v1::InboxItem item;
    item.set_dedupe_key("sixteen bytes 16");
    *item.mutable_event() = flow::RoutedCall().event();
    vfs.Promise("received");
    ASSERT_TRUE(intake.Append({item}, kStart).ok());
  });
  EXPECT_EQ(SyncsBetween(log, "received", "sent answer_call"), 2);
}

}  // namespace
}  // namespace callbridge::store
