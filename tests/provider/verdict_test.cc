#include "server/provider/verdict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/provider/command_result.h"
#include "tests/provider/commands.h"

namespace callbridge::provider {
namespace {

using internal::v1::CommandResult;
using ::testing::SizeIs;

TEST(Classify, TellsCertainFromUnknown) {
  struct Row {
    CURLcode code;
    bool request_left;
    int http_status;
    CommandResult::Verdict verdict;
  };
  const std::vector<Row> table = {
      {CURLE_OK, true, 200, CommandResult::VERDICT_DONE},
      {CURLE_OK, true, 201, CommandResult::VERDICT_DONE},
      {CURLE_OK, true, 429, CommandResult::VERDICT_THROTTLED},
      {CURLE_OK, true, 400, CommandResult::VERDICT_REFUSED},
      {CURLE_OK, true, 401, CommandResult::VERDICT_REFUSED},
      {CURLE_OK, true, 404, CommandResult::VERDICT_REFUSED},
      {CURLE_OK, true, 302, CommandResult::VERDICT_UNKNOWN},
      {CURLE_OK, true, 500, CommandResult::VERDICT_UNKNOWN},
      {CURLE_OK, true, 503, CommandResult::VERDICT_UNKNOWN},
      {CURLE_COULDNT_RESOLVE_HOST, false, 0, CommandResult::VERDICT_NOT_SENT},
      {CURLE_COULDNT_CONNECT, false, 0, CommandResult::VERDICT_NOT_SENT},
      {CURLE_SSL_CONNECT_ERROR, false, 0, CommandResult::VERDICT_NOT_SENT},
      {CURLE_PEER_FAILED_VERIFICATION, false, 0, CommandResult::VERDICT_NOT_SENT},
      {CURLE_OPERATION_TIMEDOUT, false, 0, CommandResult::VERDICT_NOT_SENT},
      {CURLE_ABORTED_BY_CALLBACK, false, 0, CommandResult::VERDICT_NOT_SENT},
      {CURLE_OPERATION_TIMEDOUT, true, 0, CommandResult::VERDICT_UNKNOWN},
      {CURLE_SEND_FAIL_REWIND, true, 0, CommandResult::VERDICT_UNKNOWN},
      {CURLE_GOT_NOTHING, true, 0, CommandResult::VERDICT_UNKNOWN},
      {CURLE_RECV_ERROR, true, 0, CommandResult::VERDICT_UNKNOWN},
      {CURLE_COULDNT_CONNECT, true, 0, CommandResult::VERDICT_UNKNOWN},
      {CURLE_PARTIAL_FILE, true, 200, CommandResult::VERDICT_UNKNOWN},
      {CURLE_WRITE_ERROR, false, 200, CommandResult::VERDICT_UNKNOWN},
      {CURLE_PARTIAL_FILE, true, 404, CommandResult::VERDICT_REFUSED},
      {CURLE_RECV_ERROR, true, 429, CommandResult::VERDICT_THROTTLED},
  };
  for (const Row& row : table) {
    EXPECT_EQ(Classify(row.code, row.request_left, row.http_status), row.verdict)
        << row.code << " " << row.request_left << " " << row.http_status;
  }
}

// A refusal is certain where it judges what was asked. 408 and 425 speak of the request's way (RFC
// 9110 §15.5.9, RFC 8470 §5.2), and a proxy that answers so may have passed it on.
TEST(Classify, KnowsWhichRefusalsAreCertain) {
  for (int status = 400; status < 500; ++status) {
    CommandResult::Verdict expected = CommandResult::VERDICT_REFUSED;
    if (status == 408 || status == 425) expected = CommandResult::VERDICT_UNKNOWN;
    if (status == 429) expected = CommandResult::VERDICT_THROTTLED;
    EXPECT_EQ(Classify(CURLE_OK, true, status), expected) << status;
    EXPECT_EQ(Classify(CURLE_PARTIAL_FILE, true, status), expected) << status;
  }
}

HttpAnswer Answered(int status, const std::string& body) {
  HttpAnswer answer;
  answer.request_left = true;
  answer.http_status = status;
  answer.body = body;
  return answer;
}

TEST(ResultOf, RefusesAnActionThatFailed) {
  const CommandResult result = ResultOf(AnswerCommand(), Answered(200, R"({"status":"FAILED"})"));
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_REFUSED);
  EXPECT_EQ(result.error().name(), "ACTION_FAILED");
  EXPECT_EQ(ResultOf(AnswerCommand(), Answered(200, R"({"status":"PENDING"})")).verdict(),
            CommandResult::VERDICT_DONE);
  EXPECT_EQ(ResultOf(AnswerCommand(), Answered(200, "")).verdict(), CommandResult::VERDICT_DONE);
}

TEST(ResultOf, LooksForADialWhoseAnswerShowsNoCall) {
  const CommandResult found = ResultOf(
      DialCommand(), Answered(200, R"({"conference":{"id":"cccc"},"call":{"id":"bbbb"}})"));
  EXPECT_EQ(found.verdict(), CommandResult::VERDICT_DONE);
  ASSERT_THAT(found.calls(), SizeIs(1));
  EXPECT_EQ(found.calls(0).call_id(), "bbbb");
  EXPECT_THAT(found.conferences(), SizeIs(1));
  const CommandResult lost = ResultOf(DialCommand(), Answered(200, "not JSON"));
  EXPECT_EQ(lost.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(lost.error().name(), "UNREADABLE_ANSWER");
  EXPECT_EQ(ResultOf(CreateConferenceCommand(), Answered(201, "{}")).verdict(),
            CommandResult::VERDICT_UNKNOWN);
}

TEST(ResultOf, ShowsWhatAHangupShowed) {
  const CommandResult call =
      ResultOf(HangUpCommand(), Answered(200, R"({"id":"aaaa","state":"FINISHED"})"));
  ASSERT_THAT(call.calls(), SizeIs(1));
  EXPECT_EQ(call.calls(0).state(), internal::v1::CallFacts::STATE_ENDED);
  EXPECT_THAT(ResultOf(HangUpConferenceCommand(), Answered(200, R"({"id":"cccc"})")).conferences(),
              SizeIs(1));
  EXPECT_EQ(ResultOf(HangUpCommand(), Answered(200, "")).verdict(), CommandResult::VERDICT_DONE);
}

TEST(ResultOf, NamesAnErrorWithoutAReadableBody) {
  const CommandResult result = ResultOf(DialCommand(), Answered(502, "<html>"));
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(result.error().name(), "HTTP_502");
  EXPECT_EQ(result.number(), 5);
  EXPECT_EQ(result.attempt(), 1);
}

TEST(Combine, IsDoneIfAnyIsElseTheLeastCertain) {
  const auto combined = [](CommandResult::Verdict first, CommandResult::Verdict second) {
    std::vector<CommandResult> results(2);
    results[0].set_verdict(first);
    results[1].set_verdict(second);
    return Combine(std::move(results)).verdict();
  };
  EXPECT_EQ(combined(CommandResult::VERDICT_REFUSED, CommandResult::VERDICT_DONE),
            CommandResult::VERDICT_DONE);
  EXPECT_EQ(combined(CommandResult::VERDICT_UNKNOWN, CommandResult::VERDICT_REFUSED),
            CommandResult::VERDICT_UNKNOWN);
  EXPECT_EQ(combined(CommandResult::VERDICT_NOT_SENT, CommandResult::VERDICT_THROTTLED),
            CommandResult::VERDICT_THROTTLED);
  EXPECT_EQ(combined(CommandResult::VERDICT_REFUSED, CommandResult::VERDICT_NOT_SENT),
            CommandResult::VERDICT_NOT_SENT);
}

}  // namespace
}  // namespace callbridge::provider
