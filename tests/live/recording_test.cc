// Nothing that a script has recorded stays at the provider, and nothing is deleted that it has not
// recorded.
#include <gmock/gmock.h>

#include "tests/live/model_line.h"
#include "tests/settings/folder.h"

namespace callbridge::live {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class RecordedVoice : public testing::Test {
 protected:
  Findings PlayRecordings(ModelLine& line) {
    return Play(line,
                OptionsFor(folder_.Path(""), {FindScript("account"), FindScript("recording")}));
  }

  settings::Folder folder_;
};

TEST_F(RecordedVoice, OfOtherPeopleIsNotDeleted) {
  ModelLine line(Account());
  line.before = [&](const provider::HttpRequest& request) {
    if (request.target.ends_with("/start-recording")) {
      line.Inject(R"({"type": "CALL_RECORDING_READY", "callId": "theirs", "properties":)"
                  R"({"recording": {"callId": "theirs", "files": [{"id": "file-of-theirs"}]}}})");
      line.Inject(R"({"type": "CONFERENCE_COMPOSITION_FINISHED", "conferenceId": "theirs-too",)"
                  R"("properties": {"recording": {"composedFiles": [{"id": "file-of-theirs"}]}}})");
    }
    return std::nullopt;
  };
  EXPECT_THAT(PlayRecordings(line).alive, IsEmpty());
  EXPECT_EQ(RecordingsLeft(line), 0U);
  EXPECT_THAT(line.sent(), Not(Contains(HasSubstr("file-of-theirs"))));
}

TEST_F(RecordedVoice, OfEachCallOfAConferenceIsDeleted) {
  simulator::Settings account = Account();
  account.faults.composition_failed = 1;
  ModelLine line(account);
  EXPECT_THAT(PlayRecordings(line).alive, IsEmpty());
  EXPECT_EQ(RecordingsLeft(line), 0U);
}

TEST_F(RecordedVoice, IsDeletedWhenTheScriptGivesUp) {
  ModelLine line(Account());
  line.before = [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (!request.target.ends_with("/stop-recording")) return std::nullopt;
    provider::HttpAnswer refused;
    refused.http_status = 500;
    return refused;
  };
  const Findings findings = PlayRecordings(line);
  EXPECT_EQ(findings.troubles.size(), 1U);
  EXPECT_THAT(findings.alive, IsEmpty());
  EXPECT_EQ(RecordingsLeft(line), 0U);
}

TEST_F(RecordedVoice, IsDeletedWhenTheAnswerToItsStartWasLost) {
  simulator::Settings account = Account();
  account.faults.reset_after = 1;
  account.faults.operations = {"start-call-recording"};
  ModelLine line(account);
  EXPECT_THAT(PlayRecordings(line).alive, IsEmpty());
  EXPECT_EQ(line.model().world().recordings.things().size(), 1U);
  EXPECT_EQ(RecordingsLeft(line), 0U);
}

TEST_F(RecordedVoice, IsDeletedWhenItsFilesComeLate) {
  simulator::Settings account = Account();
  account.delays.recording = std::chrono::seconds(60);
  ModelLine line(account);
  EXPECT_THAT(PlayRecordings(line).alive, IsEmpty());
  EXPECT_EQ(RecordingsLeft(line), 0U);
}

TEST_F(RecordedVoice, IsFoundByALookWhenNoEventTellsOfIt) {
  ModelLine line(Account());
  line.passes = [](Webhook& webhook) {
    return webhook.body.find("_RECORDING_READY") == std::string::npos &&
           webhook.body.find("_COMPOSITION_") == std::string::npos;
  };
  EXPECT_THAT(PlayRecordings(line).alive, IsEmpty());
  EXPECT_EQ(RecordingsLeft(line), 0U);
}

TEST_F(RecordedVoice, IsDeletedWithAKeyThatMayNotLook) {
  ModelLine line(Account());
  line.before = [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (request.method != provider::Method::kGet ||
        !request.target.starts_with("/calls/1/recordings/")) {
      return std::nullopt;
    }
    provider::HttpAnswer refused;
    refused.http_status = 403;
    return refused;
  };
  EXPECT_THAT(PlayRecordings(line).alive, IsEmpty());
  EXPECT_EQ(RecordingsLeft(line), 0U);
}

TEST_F(RecordedVoice, ThatMayRemainIsTold) {
  simulator::Settings account = Account();
  account.delays.recording = std::chrono::hours(1);
  ModelLine line(account);
  EXPECT_THAT(PlayRecordings(line).alive, Contains(HasSubstr("recording of conference ")));
  EXPECT_GT(RecordingsLeft(line), 0U);
}

}  // namespace
}  // namespace callbridge::live
