// Recordings of calls and conferences: what is told of them, which files there are and how these
// are fetched and removed.
#include "tests/simulator/recordings.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/simulator/model_driver.h"

namespace callbridge::simulator {
namespace {

using std::chrono::seconds;

constexpr char kRecordAll[] =
    R"({"recordingType":"AUDIO","conferenceComposition":{"enabled":true},"customData":{"recording":"recording-1"}})";
constexpr char kRecordCall[] =
    R"({"recording":{"recordingType":"AUDIO","beep":true,"customData":{"recording":"recording-1"}}})";

std::string ConferencePath(const std::string& conference, const std::string& action) {
  return "/calls/1/conferences/" + conference + action;
}

std::string FilesOf(const std::string& conference) {
  return "/calls/1/recordings/conferences/" + conference;
}

Response GetRange(ModelDriver& driver, const std::string& target, const std::string& range) {
  Request request;
  request.method = "GET";
  request.target = target;
  request.authorization = "App key";
  request.range = range;
  return driver.model().HandleRequest(request, driver.now());
}

TEST(Recordings, ComposeOneFileOfAConference) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  ASSERT_EQ(driver.Post(ConferencePath(conference, "/start-recording"), kRecordAll).status, 200);
  driver.Run(seconds(10));
  const std::string started = driver.Last("CONFERENCE_RECORDING_STARTED").body;
  EXPECT_EQ(At(started, "/conferenceId"), conference);
  EXPECT_EQ(At(started, "/properties/composition"), "true");
  EXPECT_EQ(At(started, "/properties/customData/recording"), "recording-1");
  EXPECT_EQ(driver.Get(FilesOf(conference)).status, 404);
  ASSERT_EQ(driver.Post(ConferencePath(conference, "/stop-recording")).status, 200);
  EXPECT_EQ(driver.Post(ConferencePath(conference, "/stop-recording")).status, 400);
  driver.Run(seconds(10));
  const std::string ready = driver.Last("CONFERENCE_COMPOSITION_FINISHED").body;
  EXPECT_EQ(At(ready, "/properties/recording/composedFiles/0/duration"), "10");
  const std::string shown = driver.Get(FilesOf(conference)).body;
  EXPECT_EQ(At(shown, "/composedFiles/0/id"),
            At(ready, "/properties/recording/composedFiles/0/id"));
  EXPECT_EQ(At(shown, "/composedFiles/0/customData/recording"), "recording-1");
  EXPECT_EQ(At(shown, "/callRecordings/0/callId"), "");
}

TEST(Recordings, EndWithTheCallAndHaveItsFile) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  ASSERT_EQ(driver.Post("/calls/1/calls/" + call + "/start-recording", kRecordCall).status, 200);
  driver.Run(seconds(7));
  const std::string file = At(driver.Last("CALL_RECORDING_STARTED").body, "/properties/fileId");
  EXPECT_EQ(At(driver.Last("CALL_RECORDING_STARTED").body, "/properties/beep"), "true");
  driver.Post("/calls/1/calls/" + call + "/hangup", "{}");
  driver.Run(seconds(10));
  EXPECT_EQ(At(driver.Last("CALL_RECORDING_STOPPED").body, "/properties/fileId"), file);
  const std::string ready = driver.Last("CALL_RECORDING_READY").body;
  EXPECT_EQ(At(ready, "/properties/recording/files/0/id"), file);
  EXPECT_EQ(At(ready, "/properties/recording/status"), "SUCCESSFUL");
  EXPECT_EQ(At(driver.Get("/calls/1/recordings/calls/" + call).body, "/files/0/id"), file);
  EXPECT_EQ(At(driver.Get("/calls/1/recordings/calls?callId=" + call).body, "/results/0/callId"),
            call);
  EXPECT_EQ(At(driver.Get("/calls/1/recordings/calls?callId=other").body, "/results/0/callId"), "");
}

TEST(Recordings, ServeWholeFilesAndParts) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  driver.Post(ConferencePath(conference, "/start-recording"), kRecordAll);
  driver.Run(seconds(3));
  driver.Post(ConferencePath(conference, "/hangup"));
  driver.Run(seconds(10));
  const std::string body = driver.Last("CONFERENCE_COMPOSITION_FINISHED").body;
  const std::string file =
      "/calls/1/recordings/files/" + At(body, "/properties/recording/composedFiles/0/id");
  const Response whole = driver.Get(file);
  EXPECT_EQ(whole.status, 200);
  EXPECT_EQ(whole.content_type, "application/octet-stream");
  EXPECT_EQ(whole.body.substr(0, 4), "RIFF");
  EXPECT_EQ(whole.body.substr(8, 4), "WAVE");
  EXPECT_EQ(std::to_string(whole.body.size()),
            At(body, "/properties/recording/composedFiles/0/size"));
  EXPECT_EQ(whole.body.size(), 44U + 3U * 8'000U);
  const Response part = GetRange(driver, file, "bytes=100-");
  EXPECT_EQ(part.status, 206);
  EXPECT_EQ(part.body, whole.body.substr(100));
  EXPECT_EQ(part.content_range, "bytes 100-24043/24044");
  EXPECT_EQ(GetRange(driver, file, "bytes=0-3").body, "RIFF");
  EXPECT_EQ(GetRange(driver, file, "bytes=24044-").status, 416);
  EXPECT_EQ(driver.Send("DELETE", file).status, 200);
  EXPECT_EQ(driver.Get(file).status, 404);
}

TEST(Recordings, AreRemovedWithAllTheirFiles) {
  ModelDriver driver;
  const auto [caller, conference] = driver.JoinedCaller();
  driver.Post(ConferencePath(conference, "/start-recording"), R"({"recordingType":"AUDIO"})");
  driver.Run(seconds(3));
  driver.Post(ConferencePath(conference, "/hangup"));
  driver.Run(seconds(10));
  const std::string ready = driver.Last("CONFERENCE_RECORDING_READY").body;
  const std::string file = At(ready, "/properties/recording/callRecordings/0/files/0/id");
  EXPECT_EQ(At(ready, "/properties/recording/callRecordings/0/callId"), caller);
  EXPECT_EQ(driver.Get("/calls/1/recordings/files/" + file).status, 200);
  EXPECT_EQ(driver.Send("DELETE", FilesOf(conference)).status, 200);
  EXPECT_EQ(driver.Get("/calls/1/recordings/files/" + file).status, 404);
}

TEST(Recordings, EndByThemselvesIfTheyWereToldSo) {
  ModelDriver driver;
  const std::string call = driver.Answered();
  const std::string path = "/calls/1/calls/" + call;
  ASSERT_EQ(driver
                .Post(path + "/start-recording",
                      R"({"recording":{"recordingType":"AUDIO","maxDuration":4}})")
                .status,
            200);
  EXPECT_EQ(driver.Post(path + "/stop-recording").status, 400);
  driver.Run(seconds(5));
  EXPECT_EQ(driver.CountOf("CALL_RECORDING_STOPPED"), 1U);
}

TEST(Recordings, FailOnRequest) {
  ModelDriver driver;
  ASSERT_TRUE(driver.model().SetFault("recording-failed", "1").ok());
  const auto [caller, conference] = driver.JoinedCaller();
  ASSERT_EQ(driver.Post(ConferencePath(conference, "/start-recording"), kRecordAll).status, 200);
  driver.Run(seconds(1));
  EXPECT_EQ(driver.CountOf("CONFERENCE_RECORDING_STARTED"), 0U);
  EXPECT_EQ(At(driver.Last("CONFERENCE_RECORDING_FAILED").body,
               "/properties/recordingCustomData/recording"),
            "recording-1");
  ASSERT_TRUE(driver.model().SetFault("recording-failed", "0").ok());
  ASSERT_TRUE(driver.model().SetFault("composition-failed", "1").ok());
  ASSERT_EQ(driver.Post(ConferencePath(conference, "/start-recording"), kRecordAll).status, 200);
  driver.Run(seconds(1));
  driver.Post(ConferencePath(conference, "/stop-recording"));
  driver.Run(seconds(10));
  EXPECT_EQ(driver.CountOf("CONFERENCE_COMPOSITION_FAILED"), 1U);
  EXPECT_EQ(At(driver.Get(FilesOf(conference)).body, "/callRecordings/0/callId"), caller);
}

TEST(WriteSilence, IsNoLongerThanAnHour) {
  RecordedFile file;
  file.end = file.start + std::chrono::hours(9);
  EXPECT_EQ(WriteSilence(file).size(), 44U + 3'600U * 8'000U);
}

}  // namespace
}  // namespace callbridge::simulator
