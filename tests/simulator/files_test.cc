// Uploaded files (docs/provider.md §3.7): forms, formats, lists, their end after 90 days, and
// plays.
#include <gtest/gtest.h>

#include <string>

#include "tests/simulator/form.h"
#include "tests/simulator/model_driver.h"
#include "tests/simulator/sound_length.h"
#include "tests/sounds.h"

namespace callbridge::simulator {
namespace {

using std::chrono::days;
using std::chrono::seconds;

const char* const kFiles = "/calls/1/files";

std::string FilePath(const std::string& id) { return std::string(kFiles) + "/" + id; }

Response Upload(ModelDriver& driver, const std::string& content, const std::string& part = "file",
                const std::string& end = "\r\n--b1--\r\n") {
  Request request;
  request.method = "POST";
  request.target = kFiles;
  request.authorization = "App k";
  request.content_type = "multipart/form-data; boundary=b1";
  request.body = "--b1\r\nContent-Disposition: form-data; name=\"" + part +
                 "\"; filename=\"hold.wav\"\r\nContent-Type: audio/wav\r\n\r\n" + content + end;
  return driver.model().HandleRequest(request, driver.now());
}

TEST(Files, KeepsShowsListsAndDeletesAnUpload) {
  ModelDriver driver;
  const std::string wav = sounds::Wav(seconds(3));
  const Response made = Upload(driver, wav);
  ASSERT_EQ(made.status, 200) << made.body;
  const std::string id = At(made.body, "/id");
  EXPECT_EQ(At(made.body, "/name"), "hold.wav");
  EXPECT_EQ(At(made.body, "/fileFormat"), "WAV");
  EXPECT_EQ(At(made.body, "/size"), std::to_string(wav.size()));
  EXPECT_EQ(At(made.body, "/duration"), "3");
  EXPECT_EQ(driver.Get(FilePath(id)).body, made.body);
  EXPECT_EQ(At(driver.Get(kFiles).body, "/results/0/id"), id);
  EXPECT_EQ(At(driver.Send("DELETE", FilePath(id)).body, "/id"), id);
  EXPECT_EQ(driver.Get(FilePath(id)).status, 404);
  EXPECT_EQ(driver.Send("DELETE", FilePath(id)).status, 404);
  EXPECT_EQ(driver.world().journal.violations_seen, 0);
}

TEST(Files, RefusesWhatIsNoSoundAndNoForm) {
  ModelDriver driver;
  EXPECT_EQ(Upload(driver, "plain words").status, 400);
  EXPECT_EQ(Upload(driver, sounds::Wav(seconds(1)), "sound").status, 400);
  EXPECT_EQ(Upload(driver, sounds::Wav(seconds(1)), "file", "").status, 400);
  EXPECT_EQ(driver.Post(kFiles, "{}").status, 400);
  EXPECT_EQ(At(driver.Get(kFiles).body, "/paging/totalResults"), "0");
}

TEST(Files, ForgetsAFileThatWasNotUsedFor90Days) {
  ModelDriver driver;
  const std::string used = At(Upload(driver, sounds::Wav(seconds(2))).body, "/id");
  const std::string unused = At(Upload(driver, sounds::Wav(seconds(2))).body, "/id");
  driver.Run(days(89));
  const std::string call = driver.Answered();
  driver.Post("/calls/1/calls/" + call + "/play",
              R"({"content":{"type":"FILE","fileId":")" + used + R"("}})");
  driver.Run(days(2));
  EXPECT_EQ(driver.Get(FilePath(unused)).status, 404);
  EXPECT_EQ(driver.Get(FilePath(used)).status, 200);
}

TEST(Files, PlaysAFileAsLongAsItIsAndNoneThatIsGone) {
  ModelDriver driver;
  const std::string id = At(Upload(driver, sounds::Mp3(seconds(4))).body, "/id");
  const std::string call = driver.Answered();
  const std::string path = "/calls/1/calls/" + call + "/play";
  const std::string body = R"({"content":{"type":"FILE","fileId":")" + id + R"("},"loopCount":2})";
  EXPECT_EQ(driver.Post(path, body).status, 200);
  driver.Run(seconds(30));
  EXPECT_EQ(At(driver.Last("PLAY_FINISHED").body, "/properties/duration"), "8000");
  driver.Send("DELETE", FilePath(id));
  EXPECT_EQ(driver.Post(path, body).status, 404);
}

TEST(Files, OpenWithTheScopeOfMedia) {
  Settings settings;
  settings.scopes = {"calls:media:manage"};
  ModelDriver driver(settings);
  EXPECT_EQ(driver.Get(kFiles).status, 200);
  settings.scopes = {"calls:logs:read"};
  ModelDriver other(settings);
  EXPECT_EQ(other.Get(kFiles).status, 403);
}

TEST(Files, KeepsNoBytesInTheJournal) {
  ModelDriver driver;
  Upload(driver, sounds::Wav(seconds(1)));
  const RequestRecord& request = driver.world().journal.requests.back();
  EXPECT_EQ(request.operation, "upload-file");
  EXPECT_TRUE(request.body.ends_with(" bytes")) << request.body.substr(0, 40);
}

TEST(Form, ReadsEachPart) {
  const std::string type = "multipart/form-data; charset=x; boundary=\"a b\"";
  const auto parts = ParseForm(
      type,
      "--a b\r\nContent-Disposition: form-data; name=one\r\n\r\n\r\n--a b\r\n"
      "content-disposition: form-data; name=\"two\"; filename=\"f\"\r\n\r\nx\r\n\r\ny\r\n--a b--");
  ASSERT_TRUE(parts.has_value());
  ASSERT_EQ(parts->size(), 2U);
  EXPECT_EQ((*parts)[0].name, "one");
  EXPECT_EQ((*parts)[0].content, "");
  EXPECT_EQ((*parts)[1].file_name, "f");
  EXPECT_EQ((*parts)[1].content, "x\r\n\r\ny");
  EXPECT_FALSE(ParseForm(type, "--a b\r\nhead").has_value());
  EXPECT_FALSE(ParseForm(type, "").has_value());
  EXPECT_FALSE(ParseForm("multipart/form-data", "--\r\n").has_value());
}

TEST(SoundLength, KnowsWavAndMp3) {
  EXPECT_EQ(MeasureSound(sounds::Wav(seconds(5)))->seconds, 5);
  EXPECT_EQ(MeasureSound(sounds::Mp3(seconds(5)))->format, "MP3");
  EXPECT_EQ(MeasureSound(sounds::Mp3(seconds(5)))->seconds, 5);
  EXPECT_FALSE(MeasureSound("RIFF").has_value());
  EXPECT_FALSE(MeasureSound("").has_value());
}

}  // namespace
}  // namespace callbridge::simulator
