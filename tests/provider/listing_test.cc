#include "server/provider/listing.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "server/base/limits.h"
#include "server/provider/infobip_provider.h"
#include "tests/provider/provider_fixture.h"
#include "tests/provider/raw_server.h"
#include "tests/provider/result_box.h"

namespace callbridge::provider {
namespace {

using internal::v1::CallFacts;
using internal::v1::CommandResult;
using ::testing::SizeIs;

constexpr char kCalls[] = "/calls/1/calls?callsConfigurationId=bridge-prod&page=";
constexpr char kConferences[] = "/calls/1/conferences?callsConfigurationId=bridge-prod&page=";

std::string PageOf(const std::string& results, int total_pages) {
  return absl::StrCat(R"({"results":[)", results,
                      R"(],"paging":{"page":0,"size":100,"totalPages":)", total_pages,
                      R"(,"totalResults":1}})");
}

std::string Target(const char* list, int page) { return absl::StrCat(list, page, "&size=100"); }

class ListingTest : public InfobipProviderTest {
 protected:
  ListingTest() {
    AnswerWith(Target(kCalls, 0), 200, PageOf("", 1));
    AnswerWith(Target(kConferences, 0), 200, PageOf("", 1));
  }

  void AnswerWith(const std::string& target, int status, const std::string& body) {
    answers_[target] = Answer(status, body);
  }

  CommandResult List(const std::string& account = "default") {
    server_ = std::make_unique<RawServer>([this](const RawServer::Request& request) {
      const auto found = answers_.find(request.target);
      return found == answers_.end() ? Answer(404, "{}") : found->second;
    });
    const auto provider = MakeProvider(Account(server_->url()), clock_);
    ResultBox box;
    provider->List(account, box.Taker());
    return box.Wait();
  }

  std::vector<std::string> Targets() const {
    std::vector<std::string> targets;
    for (const RawServer::Request& request : server_->requests()) targets.push_back(request.target);
    return targets;
  }

  std::map<std::string, RawServer::Reply> answers_;
  std::unique_ptr<RawServer> server_;
};

TEST_F(ListingTest, ReadsBothListsToTheirLastPage) {
  AnswerWith(Target(kCalls, 0), 200,
             PageOf(R"({"id":"a","state":"ESTABLISHED","direction":"INBOUND",
                        "startTime":"2026-01-15T12:00:00.000+0000",
                        "customData":{"service":"bridge","session":"s_1"}})",
                    3));
  AnswerWith(Target(kCalls, 1), 200, PageOf(R"({"id":"b","state":"RINGING"})", 3));
  AnswerWith(Target(kCalls, 2), 200, PageOf(R"({"id":"c","state":"CALLING"})", 3));
  AnswerWith(Target(kConferences, 0), 200, PageOf(R"({"id":"k","name":"bridge/s_1"})", 2));
  AnswerWith(Target(kConferences, 1), 200, PageOf(R"({"id":"l","name":"theirs"})", 2));
  const CommandResult result = List();
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_TRUE(result.complete());
  ASSERT_THAT(result.calls(), SizeIs(3)) << "foreign ones are the sweep's to tell";
  EXPECT_EQ(result.calls(0).state(), CallFacts::STATE_ESTABLISHED);
  EXPECT_TRUE(result.calls(0).has_start_time());
  EXPECT_THAT(result.calls(0).custom_data(), SizeIs(2));
  EXPECT_THAT(result.conferences(), SizeIs(2));
  EXPECT_THAT(server_->requests(), SizeIs(5));
}

TEST_F(ListingTest, AsksOnlyForTheAccountsConfiguration) {
  EXPECT_TRUE(List().complete());
  EXPECT_THAT(Targets(), testing::UnorderedElementsAre(Target(kCalls, 0), Target(kConferences, 0)));
}

TEST_F(ListingTest, IsNotCompleteWithoutAPageOfEitherList) {
  AnswerWith(Target(kCalls, 0), 200, PageOf(R"({"id":"a"})", 2));
  for (const int status : {404, 429, 500}) {
    AnswerWith(Target(kCalls, 1), status, "{}");
    const CommandResult result = List();
    EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
    EXPECT_FALSE(result.complete()) << status;
    EXPECT_THAT(result.calls(), SizeIs(1)) << "what was listed is there";
  }
  AnswerWith(Target(kCalls, 1), 200, PageOf("", 2));
  EXPECT_TRUE(List().complete());
  AnswerWith(Target(kConferences, 0), 200, "no list");
  EXPECT_FALSE(List().complete());
}

TEST_F(ListingTest, IsNotCompleteWithAnEntryThatCannotBeRead) {
  AnswerWith(Target(kConferences, 0), 200, PageOf(R"({"id":"k","name":"bridge/s_1"},{})", 1));
  const CommandResult result = List();
  EXPECT_FALSE(result.complete());
  EXPECT_THAT(result.conferences(), SizeIs(1));
}

TEST_F(ListingTest, SaysWhyNothingCouldBeRead) {
  AnswerWith(Target(kCalls, 0), 500, "{}");
  AnswerWith(Target(kConferences, 0), 429, "{}");
  EXPECT_EQ(List().verdict(), CommandResult::VERDICT_THROTTLED) << "what the pace has to learn";
  AnswerWith(Target(kConferences, 0), 401, "{}");
  EXPECT_EQ(List().verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(List("another").verdict(), CommandResult::VERDICT_REFUSED);
}

TEST_F(ListingTest, StopsAtThePageThatIsTheLastItMayRead) {
  for (int page = 0; page <= base::kLookupPagesMax; ++page) {
    AnswerWith(Target(kCalls, page), 200, PageOf("", base::kLookupPagesMax + 1));
  }
  EXPECT_FALSE(List().complete());
  EXPECT_EQ(server_->Count("GET", Target(kCalls, base::kLookupPagesMax - 1)), 1U);
  EXPECT_EQ(server_->Count("GET", Target(kCalls, base::kLookupPagesMax)), 0U);
}

TEST_F(ListingTest, AnswersAlsoWhenTheProviderIsDestroyedMeanwhile) {
  RawServer silent([](const RawServer::Request&) { return RawServer::Reply(); });
  ResultBox box;
  {
    const auto provider = MakeProvider(Account(silent.url()), clock_);
    provider->List("default", box.Taker());
    ASSERT_TRUE(silent.WaitForRequests(2));
  }
  EXPECT_EQ(box.Wait().verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(box.count(), 1U);
}

}  // namespace
}  // namespace callbridge::provider
