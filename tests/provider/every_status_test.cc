// Every status that HTTP knows, with each way that its answer may come, for every command and look.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/provider/breaker.h"
#include "server/provider/command_result.h"
#include "server/provider/error_decoding.h"
#include "server/provider/infobip_provider.h"
#include "server/provider/verdict.h"
#include "tests/provider/all_commands.h"
#include "tests/provider/open_pace.h"
#include "tests/provider/played_look.h"
#include "tests/provider/played_transport.h"
#include "tests/provider/provider_fixture.h"
#include "tests/provider/raw_server.h"

namespace callbridge::provider {
namespace {

using internal::v1::CommandResult;
using std::chrono::seconds;

constexpr int kStatusFrom = 100;
constexpr int kStatusTo = 599;
// Shows what every kind of command looks for in its answer.
constexpr char kShowsAll[] =
    R"({"id":"x","conference":{"id":"cccc"},"call":{"id":"bbbb"},"results":[]})";

CommandResult::Verdict VerdictOfStatus(int status) {
  if (status == 429) return CommandResult::VERDICT_THROTTLED;
  if (status == 408 || status == 425) return CommandResult::VERDICT_UNKNOWN;
  if (status >= 400 && status <= 499) return CommandResult::VERDICT_REFUSED;
  if (status >= 200 && status <= 299) return CommandResult::VERDICT_DONE;
  return CommandResult::VERDICT_UNKNOWN;
}

TEST(EveryStatus, HasOneVerdictHoweverItsAnswerCame) {
  for (int status = kStatusFrom; status <= kStatusTo; ++status) {
    for (const bool left : {false, true}) {
      EXPECT_EQ(Classify(CURLE_OK, left, status), VerdictOfStatus(status)) << status;
      // A refusal stands even if the rest of it was lost; a success does not.
      const CommandResult::Verdict cut =
          status / 100 == 2 ? CommandResult::VERDICT_UNKNOWN : VerdictOfStatus(status);
      for (const CURLcode code : {CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_WRITE_ERROR,
                                  CURLE_OPERATION_TIMEDOUT, CURLE_ABORTED_BY_CALLBACK}) {
        EXPECT_EQ(Classify(code, left, status), cut) << status << " " << code;
      }
    }
  }
  for (int code = 1; code < CURL_LAST; ++code) {
    EXPECT_EQ(Classify(static_cast<CURLcode>(code), false, 0), CommandResult::VERDICT_NOT_SENT);
    EXPECT_EQ(Classify(static_cast<CURLcode>(code), true, 0), CommandResult::VERDICT_UNKNOWN);
  }
}

TEST(EveryStatus, IsTheVerdictOfEveryCommandAndIsToldWithIt) {
  for (const Sample& sample : AllCommands()) {
    for (int status = kStatusFrom; status <= kStatusTo; ++status) {
      const CommandResult result = ResultOf(sample.command, AnswerOf(status, kShowsAll));
      EXPECT_EQ(result.verdict(), VerdictOfStatus(status)) << sample.name << " " << status;
      EXPECT_EQ(result.http_status(), status);
      EXPECT_EQ(result.has_error(), status / 100 != 2) << status;
      if (result.has_error()) {
        EXPECT_EQ(result.error().name(), "HTTP_" + std::to_string(status));
      }
      EXPECT_EQ(result.number(), sample.command.number());
      EXPECT_EQ(result.attempt(), sample.command.attempt());
      const bool shows = !result.calls().empty() || !result.conferences().empty();
      const bool learns = sample.command.has_dial_leg() || sample.command.has_hang_up_call() ||
                          sample.command.has_create_conference() ||
                          sample.command.has_add_caller() ||
                          sample.command.has_hang_up_conference();
      EXPECT_EQ(shows, learns && status / 100 == 2) << sample.name << " " << status;
    }
  }
}

// Every request of the look is answered alike.
CommandResult LookAnswered(const internal::v1::Command* look, const HttpAnswer& answer) {
  return PlayLook(look, [&](PlayedTransport& transport) { transport.AnswerTo(0, answer); });
}

TEST(EveryStatus, OfALookIsAnAnswerOrNoneAndNeverARefusal) {
  std::vector<Sample> looks = AllLooks();
  looks.push_back({"list", internal::v1::Command()});
  for (const Sample& sample : looks) {
    const internal::v1::Command* look = sample.name == "list" ? nullptr : &sample.command;
    const bool by_id = sample.name.starts_with("look");
    for (int status = kStatusFrom; status <= kStatusTo; ++status) {
      const CommandResult result =
          LookAnswered(look, AnswerOf(status, R"({"id":"x","conferenceId":"x","results":[]})"));
      CommandResult::Verdict expected = CommandResult::VERDICT_UNKNOWN;
      if (status == 200 || (status == 404 && by_id)) expected = CommandResult::VERDICT_DONE;
      if (status == 429) expected = CommandResult::VERDICT_THROTTLED;
      EXPECT_EQ(result.verdict(), expected) << sample.name << " " << status;
      EXPECT_EQ(result.complete(), expected == CommandResult::VERDICT_DONE) << status;
      EXPECT_EQ(result.http_status(), status);
      // Cut off in the middle it says nothing, an absence least of all.
      const CommandResult cut = LookAnswered(look, AnswerOf(status, "{", CURLE_PARTIAL_FILE));
      EXPECT_EQ(cut.verdict(),
                status == 429 ? CommandResult::VERDICT_THROTTLED : CommandResult::VERDICT_UNKNOWN)
          << sample.name << " " << status;
      EXPECT_FALSE(cut.complete());
    }
    HttpAnswer none;
    none.code = CURLE_COULDNT_CONNECT;
    EXPECT_EQ(LookAnswered(look, none).verdict(), CommandResult::VERDICT_NOT_SENT) << sample.name;
    none.request_left = true;
    EXPECT_EQ(LookAnswered(look, none).verdict(), CommandResult::VERDICT_UNKNOWN) << sample.name;
  }
}

TEST(EveryStatus, From500OnSaysThatTheProviderIsAway) {
  const base::LogCapture log;
  for (int status = kStatusFrom; status <= kStatusTo; ++status) {
    OpenPace inner;
    Breaker breaker(inner, 1);
    const CommandResult result = ResultOf(DialCommand(), AnswerOf(status, kShowsAll));
    for (int failures = 1; failures <= base::kBreakerFailures; ++failures) {
      EXPECT_EQ(breaker.state("default", kNow), Breaker::State::kClosed) << failures;
      breaker.Observe(DialCommand(), result, kNow);
    }
    EXPECT_EQ(breaker.state("default", kNow) == Breaker::State::kClosed, status < 500) << status;
  }
}

TEST(EveryWait, ThatAnAnswerAsksForIsKeptWithinItsBounds) {
  for (const int status : {429, 503, 200}) {
    const std::pair<base::Duration, base::Duration> table[] = {
        {base::Duration(-1), base::Duration(0)},
        {seconds(-100), base::Duration(0)},
        {base::Duration(0), base::Duration(0)},
        {base::Duration(1), base::Duration(1)},
        {base::kRetryAfterMax - base::Duration(1), base::kRetryAfterMax - base::Duration(1)},
        {base::kRetryAfterMax, base::kRetryAfterMax},
        {base::kRetryAfterMax + base::Duration(1), base::kRetryAfterMax},
        {std::chrono::hours(100'000), base::kRetryAfterMax}};
    for (const auto& [asked, kept] : table) {
      HttpAnswer answer = AnswerOf(status, kShowsAll);
      answer.retry_after = asked;
      const CommandResult result = ResultOf(DialCommand(), answer);
      ASSERT_TRUE(result.has_retry_after());
      EXPECT_EQ(base::FromProtoDuration(result.retry_after()), kept) << asked.count();
    }
    EXPECT_FALSE(ResultOf(DialCommand(), AnswerOf(status, kShowsAll)).has_retry_after());
  }
}

using EveryForm = InfobipProviderTest;

TEST_F(EveryForm, OfTheHeaderRetryAfterIsRead) {
  // 0: none is told.
  const std::vector<std::pair<std::string, std::int64_t>> table = {
      {"0", 0},
      {"1", 1},
      {"59", 59},
      {"60", 60},
      {"61", 60},
      {"9223372036854775807", 60},
      {"-5", 0},
      {"soon", 0},
      {"", 0},
      {"Wed, 31 Dec 2098 23:59:59 GMT", 60},
      {"Wed, 01 Jan 2020 00:00:00 GMT", 0}};
  for (const int status : {429, 503}) {
    for (const auto& [value, wait] : table) {
      for (const std::string name : {"Retry-After", "retry-after"}) {
        const std::string header = name + ": " + value + "\r\n";
        RawServer server([&](const RawServer::Request&) { return Answer(status, "{}", header); });
        const auto provider = MakeProvider(Account(server.url()), clock_);
        const CommandResult result = SendAndWait(*provider, DialCommand());
        EXPECT_EQ(result.http_status(), status);
        EXPECT_EQ(result.has_retry_after(), wait > 0) << header;
        EXPECT_EQ(result.retry_after().seconds(), wait) << header;
      }
    }
  }
}

TEST(EveryErrorCode, HasOneNameInBothShapes) {
  const std::vector<std::pair<std::string, std::string>> names = {
      {"E400", "BAD_REQUEST"}, {"E401", "UNAUTHORIZED"},      {"E403", "FORBIDDEN"},
      {"E404", "NOT_FOUND"},   {"E429", "TOO_MANY_REQUESTS"}, {"E500", "GENERAL_ERROR"}};
  for (const auto& [newer, older] : names) {
    EXPECT_EQ(DecodeError(R"({"errorCode":")" + newer + R"("})").name(), older);
    EXPECT_EQ(
        DecodeError(R"({"requestError":{"serviceException":{"messageId":")" + older + R"("}}})")
            .name(),
        older);
  }
}

}  // namespace
}  // namespace callbridge::provider
