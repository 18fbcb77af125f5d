// What surrounds a process and is not its business: who reads its log, and which signals it is
// sent.
#include <gmock/gmock.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include <chrono>
#include <optional>
#include <string>

#include "server/base/ingress_limits.h"
#include "tests/end_to_end/end_to_end.h"

namespace callbridge::end_to_end {
namespace {

using std::chrono::seconds;

constexpr seconds kFillLimit{20};
constexpr seconds kEndLimit{10};
constexpr int kMoreLines = 50;

class Surroundings : public EndToEnd {
 protected:
  // A whole call, from the ring to the end.
  void BridgeOneCall() {
    const std::string call = provider().StartCall(kCaller, kAnsweredDid);
    const std::string session = system().AwaitSessionOf(call).session_id();
    Until(session, "parties_connected");
    provider().HangUp(call);
    EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
  }
  // Makes the program log a line.
  static void Provoke(ChildProcess& child) { child.Signal(SIGHUP); }

  void FillLog(ChildProcess& child, const std::string& name) {
    ASSERT_TRUE(Await(child, kFillLimit, [&] {
      Provoke(child);
      return system().LogIsFull(name);
    })) << name;
    // And beyond it.
    int lines = 0;
    ASSERT_TRUE(Await(child, kFillLimit, [&] {
      Provoke(child);
      return ++lines > kMoreLines;
    }));
  }
  std::string LogOf(const std::string& name) {
    return ReadFile(system().folder() / (name + ".err"));
  }
};

TEST_F(Surroundings, BridgesCallsWhileNothingReadsTheLog) {
  SystemOptions options;
  options.logs_unread = true;
  Boot(options);
  ASSERT_NO_FATAL_FAILURE(FillLog(system().server(), "server"));
  ASSERT_NO_FATAL_FAILURE(FillLog(system().ingress(), "webhook"));
  BridgeOneCall();
  // The exit waits for the reader, but not for ever.
  for (ChildProcess* child : {&system().ingress(), &system().server()}) {
    child->Signal(SIGTERM);
    EXPECT_EQ(child->WaitExit(kEndLimit), std::optional<int>(0)) << child->program();
  }
  system().LeaveLogs();
}

TEST_F(Surroundings, BridgesCallsWhenTheReaderOfTheLogHasLeft) {
  SystemOptions options;
  options.logs_unread = true;
  Boot(options);
  system().LeaveLogs();
  Provoke(system().server());
  Provoke(system().ingress());
  BridgeOneCall();
  const CommandResult status = system().RunCommand({"status", "--json"});
  EXPECT_EQ(status.exit, 0) << status.err;
  EXPECT_THAT(status.out, testing::ContainsRegex("\"log_lines_dropped\"[^}]*\"value\":\"[1-9]"));
}

TEST_F(Surroundings, IgnoresInWordsTheSignalsOfReloaders) {
  Boot();
  const std::string call = provider().StartCall(kCaller, kAnsweredDid);
  const std::string session = system().AwaitSessionOf(call).session_id();
  Until(session, "parties_connected");
  for (const int number : {SIGHUP, SIGUSR1, SIGUSR2}) {
    const std::string line =
        std::string(R"("event":"signal_ignored","signal":"SIG)") + sigabbrev_np(number) + '"';
    system().server().Signal(number);
    system().ingress().Signal(number);
    for (const char* name : {"server", "webhook"}) {
      EXPECT_TRUE(Await(system().server(), kFillLimit,
                        [&] { return LogOf(name).find(line) != std::string::npos; }))
          << name << " does not tell " << line;
    }
  }
  provider().HangUp(call);
  EXPECT_EQ(ToEnd(session).Outcome().result(), v1::Outcome::RESULT_COMPLETED);
}

// The usual soft limit, which the ingress and the provider's client together may exceed.
TEST_F(Surroundings, RaisesTheLimitOfOpenFiles) {
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit low = before;
  low.rlim_cur = 256;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &low), 0);
  Boot();
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  const bool few = before.rlim_max < 2 * base::kWebhookConnectionsMax;
  for (const char* name : {"server", "webhook"}) {
    EXPECT_EQ(LogOf(name).find("\"event\":\"descriptors_few\"") != std::string::npos, few) << name;
  }
}

TEST_F(Surroundings, DrainsOnCtrlCAsOnSigterm) {
  Boot();
  for (ChildProcess* child : {&system().ingress(), &system().server()}) {
    child->Signal(SIGINT);
    EXPECT_EQ(child->WaitExit(kEndLimit), std::optional<int>(0)) << child->program();
  }
  EXPECT_THAT(LogOf("server"), testing::HasSubstr("\"event\":\"server_draining\""));
  EXPECT_THAT(LogOf("webhook"), testing::HasSubstr("\"event\":\"webhook_draining\""));
}

TEST_F(Surroundings, ShowsItsStatus) {
  Boot();
  BridgeOneCall();
  const CommandResult status = system().RunCommand({"status"});
  EXPECT_EQ(status.exit, 0) << status.err;
  EXPECT_THAT(status.out, testing::ContainsRegex("webhooks_stored +[1-9][0-9]* "));
  EXPECT_THAT(status.out, testing::HasSubstr("0 live sessions"));
  EXPECT_THAT(status.out, testing::ContainsRegex("database  .* MiB, write-ahead log .*, free "));
}

}  // namespace
}  // namespace callbridge::end_to_end
