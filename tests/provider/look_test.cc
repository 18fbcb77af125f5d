#include "server/provider/look.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <memory>
#include <string>

#include "server/base/clock.h"
#include "server/base/limits.h"
#include "server/provider/infobip_provider.h"
#include "tests/provider/commands.h"
#include "tests/provider/raw_server.h"
#include "tests/provider/result_box.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::CommandResult;
using ::testing::SizeIs;

std::string ListOf(const std::string& results, int total_pages = 1) {
  return absl::StrCat(R"({"results":[)", results,
                      R"(],"paging":{"page":0,"size":100,"totalPages":)", total_pages,
                      R"(,"totalResults":1}})");
}

std::string CallOf(const std::string& id, const std::string& session,
                   const std::string& state = "RINGING", const std::string& service = "bridge") {
  return absl::StrCat(R"({"id":")", id, R"(","state":")", state, R"(","customData":{"session":")",
                      session, R"(","service":")", service, R"(","dial":"5"}})");
}

class LookTest : public ::testing::Test {
 protected:
  // Answers for targets, by the beginning of the target; anything else is 404.
  CommandResult Look(const internal::v1::Command& command) {
    server_ = std::make_unique<RawServer>([this](const RawServer::Request& request) {
      // The longest beginning that fits.
      for (auto entry = answers_.rbegin(); entry != answers_.rend(); ++entry) {
        if (absl::StartsWith(request.target, entry->first)) return entry->second;
      }
      return Answer(404, R"({"errorCode":"E404","description":"Not found"})");
    });
    AccountOptions account;
    account.base_url = server_->url();
    account.authorization_header = "App key";
    account.configuration.id = "bridge-prod";
    auto provider = MakeInfobipProvider({{"default", account}}, "bridge", clock_);
    EXPECT_TRUE(provider.ok()) << provider.status();
    ResultBox box;
    (*provider)->Send(command, kStart + base::kSendBy, box.Taker());
    return box.Wait();
  }

  void AnswerWith(const std::string& target, int status, const std::string& body) {
    answers_[target] = Answer(status, body);
  }

  const std::string live_ = "/calls/1/calls?";
  const std::string history_ = "/calls/1/calls/history?";
  base::ManualClock clock_{kStart};
  std::map<std::string, RawServer::Reply> answers_;
  std::unique_ptr<RawServer> server_;
};

TEST_F(LookTest, FindsACallThatLives) {
  AnswerWith("/calls/1/calls/aaaa", 200, R"({"id":"aaaa","state":"ESTABLISHED"})");
  const CommandResult result = Look(LookAtCallCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_TRUE(result.complete());
  ASSERT_THAT(result.calls(), SizeIs(1));
  EXPECT_EQ(result.calls(0).state(), CallFacts::STATE_ESTABLISHED);
  EXPECT_THAT(server_->requests(), SizeIs(1));
}

TEST_F(LookTest, FindsACallInItsHistory) {
  AnswerWith("/calls/1/calls/aaaa/history", 200, R"({"callId":"aaaa","state":"FINISHED"})");
  AnswerWith("/calls/1/calls/aaaa", 404, "{}");
  const CommandResult result = Look(LookAtCallCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  ASSERT_THAT(result.calls(), SizeIs(1));
  EXPECT_EQ(result.calls(0).state(), CallFacts::STATE_ENDED);
}

TEST_F(LookTest, SaysThatACallIsAbsentOnlyIfBothPlacesSaySo) {
  const CommandResult absent = Look(LookAtCallCommand());
  EXPECT_EQ(absent.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_TRUE(absent.complete());
  EXPECT_THAT(absent.calls(), SizeIs(0));
  AnswerWith("/calls/1/calls/aaaa/history", 500, "{}");
  const CommandResult unknown = Look(LookAtCallCommand());
  EXPECT_EQ(unknown.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(unknown.http_status(), 500);
  EXPECT_FALSE(unknown.complete());
}

TEST_F(LookTest, FailsWhenItMayNotLookOrCannotRead) {
  AnswerWith("/calls/1/calls/aaaa", 401, R"({"errorCode":"E401"})");
  const CommandResult refused = Look(LookAtCallCommand());
  EXPECT_EQ(refused.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(refused.error().name(), "UNAUTHORIZED");
  AnswerWith("/calls/1/calls/aaaa", 200, "not JSON");
  const CommandResult unreadable = Look(LookAtCallCommand());
  EXPECT_EQ(unreadable.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(unreadable.error().name(), "UNREADABLE_ANSWER");
}

TEST_F(LookTest, FindsAConferenceLiveFinishedOrAbsent) {
  internal::v1::Command command = Command(10, "");
  command.mutable_look_at_conference()->set_conference_id("cccc");
  EXPECT_THAT(Look(command).conferences(), SizeIs(0));
  EXPECT_EQ(Look(command).verdict(), CommandResult::VERDICT_DONE);
  // A live one may stand in the history as well: only its end says that it is over.
  CommandResult result;
  for (const bool over : {false, true}) {
    AnswerWith("/calls/1/conferences/cccc/history", 200,
               absl::StrCat(R"({"conferenceId":"cccc",)",
                            over ? R"("endTime":"2026-01-15T12:01:08Z",)" : "",
                            R"("sessions":[{"callId":"aaaa"}]})"));
    result = Look(command);
    ASSERT_THAT(result.conferences(), SizeIs(1));
    EXPECT_EQ(result.conferences(0).finished(), over);
  }
  AnswerWith("/calls/1/conferences/cccc", 200, R"({"id":"cccc","participants":[]})");
  result = Look(command);
  ASSERT_THAT(result.conferences(), SizeIs(1));
  EXPECT_FALSE(result.conferences(0).finished());
  EXPECT_TRUE(result.complete());
}

TEST_F(LookTest, FindsConferencesOfExactlyTheNameOnAllPages) {
  internal::v1::Command command = Command(10, "");
  command.mutable_find_conference()->set_name("bridge/s_1");
  const std::string list =
      "/calls/1/conferences?name=bridge%2Fs_1&callsConfigurationId=bridge-prod&page=";
  AnswerWith(list + "0", 200,
             ListOf(R"({"id":"c1","name":"bridge/s_1"},{"id":"c2","name":"bridge/s_11"})", 2));
  AnswerWith(list + "1", 200, ListOf(R"({"id":"c3","name":"bridge/s_1"})", 2));
  const CommandResult result = Look(command);
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_TRUE(result.complete());
  ASSERT_THAT(result.conferences(), SizeIs(2));
  EXPECT_EQ(result.conferences(0).conference_id(), "c1");
  EXPECT_EQ(result.conferences(1).conference_id(), "c3");
}

TEST_F(LookTest, IsIncompleteWhenALaterPageFails) {
  internal::v1::Command command = Command(10, "");
  command.mutable_find_conference()->set_name("bridge/s_1");
  const std::string list =
      "/calls/1/conferences?name=bridge%2Fs_1&callsConfigurationId=bridge-prod&page=";
  AnswerWith(list + "0", 200, ListOf("", 2));
  AnswerWith(list + "1", 503, "");
  const CommandResult result = Look(command);
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_FALSE(result.complete());
}

// Each page in turn, the first, one between and the last: fails, cannot be read, or has an entry
// that cannot be read.
TEST_F(LookTest, IsIncompleteWhicheverPageIsNotWhole) {
  internal::v1::Command command = Command(10, "");
  command.mutable_find_conference()->set_name("bridge/s_1");
  const std::string list =
      "/calls/1/conferences?name=bridge%2Fs_1&callsConfigurationId=bridge-prod&page=";
  constexpr int kPages = 4;
  const auto whole = [&](int page) {
    return ListOf(absl::StrCat(R"({"id":"c)", page, R"(","name":"bridge/s_1"})"), kPages);
  };
  const std::pair<int, std::string> spoiled[] = {
      {503, ""}, {200, "not JSON"}, {200, ListOf(R"({"state":"FINISHED"})", kPages)}};
  for (const auto& [status, body] : spoiled) {
    for (int bad = 0; bad < kPages; ++bad) {
      for (int page = 0; page < kPages; ++page) {
        AnswerWith(list + std::to_string(page), page == bad ? status : 200,
                   page == bad ? body : whole(page));
      }
      const CommandResult result = Look(command);
      EXPECT_FALSE(result.complete()) << bad << ": " << status << " " << body;
    }
  }
  for (int page = 0; page < kPages; ++page)
    AnswerWith(list + std::to_string(page), 200, whole(page));
  const CommandResult result = Look(command);
  EXPECT_TRUE(result.complete());
  EXPECT_THAT(result.conferences(), SizeIs(kPages));
}

TEST_F(LookTest, FindsTheCallsOfTheSessionInBothLists) {
  AnswerWith(live_, 200,
             ListOf(absl::StrCat(CallOf("b1", "s_1"), ",", CallOf("x1", "s_2"), ",",
                                 CallOf("x2", "s_1", "RINGING", "other"), R"(,{"id":"x3"})")));
  AnswerWith(
      history_, 200,
      ListOf(absl::StrCat(CallOf("b1", "s_1", "NO_ANSWER"), ",", CallOf("b2", "s_1", "FAILED"))));
  AnswerWith("/calls/1/conferences/cccc", 200,
             R"({"id":"cccc","participants":[{"callId":"b9","state":"JOINING"}]})");
  const CommandResult result = Look(FindDialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_TRUE(result.complete());
  ASSERT_THAT(result.calls(), SizeIs(2));
  for (const CallFacts& call : result.calls()) EXPECT_EQ(call.state(), CallFacts::STATE_ENDED);
  ASSERT_THAT(result.conferences(), SizeIs(1));
  EXPECT_THAT(result.conferences(0).participants(), SizeIs(1));
  EXPECT_THAT(server_->requests(), SizeIs(3));
}

TEST_F(LookTest, IsIncompleteWhenOnePartOfTheSearchFails) {
  AnswerWith(live_, 200, ListOf(CallOf("b1", "s_1")));
  AnswerWith(history_, 429, "{}");
  const CommandResult part = Look(FindDialCommand());
  EXPECT_EQ(part.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_FALSE(part.complete());
  EXPECT_THAT(part.calls(), SizeIs(1));
  AnswerWith(history_, 200, R"({"results":[{"state":"FAILED"}]})");
  const CommandResult unreadable_entry = Look(FindDialCommand());
  EXPECT_EQ(unreadable_entry.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_FALSE(unreadable_entry.complete());
  AnswerWith(history_, 200, ListOf(""));
  // The conference is gone (404), which is an answer.
  EXPECT_TRUE(Look(FindDialCommand()).complete());
}

TEST_F(LookTest, FailsWhenNothingOfTheSearchCouldBeRead) {
  AnswerWith(live_, 500, "{}");
  AnswerWith(history_, 500, "{}");
  EXPECT_EQ(Look(FindDialCommand()).verdict(), CommandResult::VERDICT_UNKNOWN);
  AnswerWith(history_, 429, "{}");
  EXPECT_EQ(Look(FindDialCommand()).verdict(), CommandResult::VERDICT_THROTTLED);
}

TEST_F(LookTest, ReadsAllPagesUpToItsLimit) {
  AnswerWith(live_, 200, ListOf("", 1'000'000));
  AnswerWith(history_, 200, ListOf(""));
  const CommandResult result = Look(FindDialCommand());
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_FALSE(result.complete());
  EXPECT_EQ(server_->requests().size(), static_cast<std::size_t>(base::kLookupPagesMax) + 2);
}

}  // namespace
}  // namespace callbridge::provider
