// The commands that ask the inbox: what they print and the status they end with.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/cli/fake_service.h"
#include "tests/cli/run_with.h"

namespace callbridge::cli {
namespace {

using client::FakeService;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Inbox, QuarantineMasksBodiesUnlessAsked) {
  FakeService service;
  internal::v1::Quarantined item;
  item.set_error("line 1: no object");
  item.set_body("[+442079460000]\033");
  service.AddQuarantined(item);
  const Result masked = RunWith(service, {"quarantine", "--inbox", service.address()});
  EXPECT_EQ(masked.status, ExitStatus::kOk);
  EXPECT_THAT(masked.out, HasSubstr("line 1: no object"));
  EXPECT_THAT(masked.out, Not(HasSubstr("2079460000")));
  EXPECT_THAT(masked.err, HasSubstr("1 shown, 1 kept"));
  EXPECT_THAT(RunWith(service, {"quarantine", "--inbox", service.address(), "--show-numbers"}).out,
              HasSubstr("[+442079460000]?"));
}

TEST(Inbox, QuarantineAsJsonMasksTheBodyBeforeItIsEncoded) {
  FakeService service;
  internal::v1::Quarantined item;
  item.set_error("no object");
  item.set_body("+442079460000");
  service.AddQuarantined(item);
  const std::vector<std::string> arguments = {"quarantine", "--inbox", service.address(), "--json"};
  // Base64 of the number as it came.
  EXPECT_THAT(RunWith(service, arguments).out, Not(HasSubstr("KzQ0MjA3OTQ2MDAwMA==")));
  std::vector<std::string> whole = arguments;
  whole.push_back("--show-numbers");
  EXPECT_THAT(RunWith(service, whole).out, HasSubstr("KzQ0MjA3OTQ2MDAwMA=="));
}

TEST(Inbox, QuarantineShowsAllPagesUpToItsLimit) {
  FakeService service;
  for (int i = 1; i <= 5; ++i) {
    internal::v1::Quarantined item;
    item.set_error("error " + std::to_string(i));
    service.AddQuarantined(item);
  }
  const auto shown = [&service](const std::string& limit) {
    return RunWith(service, {"quarantine", "--inbox", service.address(), "--limit", limit}).err;
  };
  for (int limit = 1; limit <= 5; ++limit) {
    EXPECT_EQ(shown(std::to_string(limit)), std::to_string(limit) + " shown, 5 kept\n");
  }
  EXPECT_EQ(shown("100"), "5 shown, 5 kept\n");
}

TEST(Inbox, QuarantineReplaysAndDismissesWhatIsNamedOrAll) {
  FakeService service;
  for (int i = 1; i <= 5; ++i) service.AddQuarantined({});
  const auto run = [&service](std::vector<std::string> words) {
    std::vector<std::string> arguments = {"quarantine", "--inbox", service.address()};
    arguments.insert(arguments.end(), words.begin(), words.end());
    return RunWith(service, arguments);
  };
  EXPECT_EQ(run({"replay", "2", "3"}).out, "1 replayed, 1 still unreadable\n");
  EXPECT_EQ(run({"replay", "--all"}).out, "2 replayed, 3 still unreadable\n");
  EXPECT_EQ(run({"dismiss", "4"}).out, "1 dismissed\n");
  EXPECT_EQ(run({"dismiss", "--all"}).out, "5 dismissed\n");
  for (const std::vector<std::string>& wrong :
       std::vector<std::vector<std::string>>{{"replay"},
                                             {"dismiss"},
                                             {"dismiss", "4", "--all"},
                                             {"dismiss", "four"},
                                             {"dismiss", "0"},
                                             {"forget", "4"}}) {
    EXPECT_EQ(run(wrong).status, ExitStatus::kUsage) << wrong.front();
  }
}

TEST(Inbox, QuarantineTellsAnInboxThatIsAwayFromOneThatRefuses) {
  FakeService service;
  service.AddFailure({grpc::StatusCode::UNAVAILABLE, "away"});
  service.AddFailure({grpc::StatusCode::PERMISSION_DENIED, "no"});
  const std::vector<std::string> arguments = {"quarantine", "--inbox", service.address()};
  const Result away = RunWith(service, arguments);
  EXPECT_EQ(away.status, ExitStatus::kUnavailable);
  EXPECT_THAT(away.err, HasSubstr("--inbox ADDRESS names another"));
  EXPECT_EQ(RunWith(service, arguments).status, ExitStatus::kRefused);
  EXPECT_EQ(RunWith(service, {"quarantine", "--limit", "none"}).status, ExitStatus::kUsage);
}

TEST(Inbox, StatusShowsTheServerTheStoreAndEveryCounter) {
  FakeService service;
  internal::v1::GetStatusResponse status;
  status.set_version("1.2.3");
  status.mutable_start_time()->set_seconds(1'768'478'400);
  status.mutable_current_time()->set_seconds(1'768'478'400 + 3'725);
  status.set_live_sessions(12);
  status.set_waiting_inputs(34);
  status.set_pending_dials(56);
  status.set_parked_webhooks(78);
  status.set_parked_webhooks_dropped(90);
  status.set_quarantined_webhooks(11);
  status.set_database_bytes(3 * 1024 * 1024);
  status.set_wal_bytes(512 * 1024);
  status.set_free_disk_bytes(7LL * 1024 * 1024 * 1024);
  internal::v1::Counter& counter = *status.add_counters();
  counter.set_name("log_lines_dropped");
  counter.set_meaning("Lines that nobody read.");
  counter.set_value(98'765);
  service.SetStatus(status);
  const Result result = RunWith(service, {"status", "--inbox", service.address()});
  EXPECT_EQ(result.status, ExitStatus::kOk);
  for (const char* part : {"1.2.3, up 1 h 2 min, since 2026-01-15T12:00:00", "12 live", "34 inputs",
                           "56 dials", "78 parked (90 dropped)", "11 in quarantine",
                           "database  3.0 MiB", "write-ahead log 0.5 MiB", "free 7168.0 MiB",
                           "log_lines_dropped      98765  Lines that nobody read."}) {
    EXPECT_THAT(result.out, HasSubstr(part));
  }
  EXPECT_THAT(RunWith(service, {"status", "--inbox", service.address(), "--json"}).out,
              HasSubstr("\"liveSessions\":\"12\""));
}

TEST(Inbox, StatusSaysThatTheStoreFails) {
  FakeService service;
  internal::v1::GetStatusResponse status;
  status.set_store_error("disk I/O error");
  service.SetStatus(status);
  const Result result = RunWith(service, {"status", "--inbox", service.address()});
  EXPECT_THAT(result.out, HasSubstr("store     fails: disk I/O error"));
  EXPECT_EQ(result.status, ExitStatus::kUnavailable);
}

TEST(Inbox, AnInboxThatDoesNotAnswerInTimeIsNamed) {
  FakeService service;
  service.AddFailure({grpc::StatusCode::DEADLINE_EXCEEDED, "Deadline Exceeded"});
  const Result result = RunWith(service, {"status", "--inbox", service.address()});
  EXPECT_EQ(result.status, ExitStatus::kUnavailable);
  EXPECT_THAT(result.err, HasSubstr("no answer from the inbox at " + service.address()));
}

TEST(Inbox, AnotherServiceIsNotTakenForTheInbox) {
  FakeService service;
  service.AddFailure({grpc::StatusCode::UNIMPLEMENTED, ""});
  const Result result = RunWith(service, {"status", "--inbox", service.address()});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err,
              HasSubstr(service.address() + " answers gRPC, but is not a Callbridge inbox"));
}

}  // namespace
}  // namespace callbridge::cli
