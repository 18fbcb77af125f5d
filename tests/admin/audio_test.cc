// callbridge-admin audio: uploads, the list and deletions, with the simulator as the account.
#include <gmock/gmock.h>
#include <simdjson.h>

#include "tests/admin/admin_fixture.h"
#include "tests/sounds.h"

namespace callbridge::admin {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Audio : public AdminTest {
 protected:
  Result Upload(const std::string& name, const std::string& content) {
    return Run({"audio", "upload", folder_.Write(name, content)});
  }
  // The id of the file that was uploaded last.
  std::string LastId() {
    return model_.world().account.files.empty() ? "" : model_.world().account.files.back().id;
  }
  void UseInSettings(const std::string& name, const std::string& id) {
    WriteSettings({{"routes:", "audio_files: {" + name + ": {file_id: " + id +
                                   "}}\nplans: {default: {music: {audio: {file_name: " + name +
                                   "}, loop_count: 3}}}\nroutes:"}});
  }
};

TEST_F(Audio, UploadsAFileAndPrintsItsEntryForTheSettings) {
  const Result result = Upload("hold music.wav", sounds::Wav(milliseconds(95'040)));
  ASSERT_EQ(result.status, ExitStatus::kOk) << result.err;
  ASSERT_EQ(model_.world().account.files.size(), 1U);
  const simulator::StoredFile& file = model_.world().account.files.front();
  EXPECT_EQ(file.name, "hold music.wav");
  EXPECT_EQ(file.seconds, 95);
  EXPECT_THAT(result.out, AllOf(HasSubstr("WAV, 1.5 MB, 95.04 s"),
                                HasSubstr("as file " + file.id + ", which expires 2027-"),
                                HasSubstr("(in 90 days)"),
                                HasSubstr("audio_files:\n  hold-music: {file_id: \"" + file.id +
                                          "\", duration: 95.04s}\n")));
  EXPECT_THAT(result.err, AllOf(Not(HasSubstr("warning: ")), Not(HasSubstr("\r"))));
  EXPECT_THAT(world_.writes, ElementsAre("POST /calls/1/files"));
}

TEST_F(Audio, PrintsAnEntryThatTheSettingsTake) {
  const std::string out = Upload("hold.mp3", sounds::Mp3(seconds(3))).out;
  const std::size_t at = out.find("audio_files:\n  hold: ");
  ASSERT_NE(at, std::string::npos) << out;
  WriteSettings(
      {{"routes:",
        out.substr(at) + "plans: {default: {music: {audio: {file_name: hold}}}}\nroutes:"}});
  const Result list = Run({"audio", "list"});
  EXPECT_EQ(list.status, ExitStatus::kOk) << list.err;
  EXPECT_THAT(list.out, HasSubstr("used by audio_files.hold, plans.default.music"));
}

TEST_F(Audio, RefusesABadFileBeforeAByteLeaves) {
  for (const auto& [content, words] : std::vector<std::pair<std::string, std::string>>{
           {"", "is empty"},
           {"plain words", "is neither WAV nor MP3; convert it"},
           {sounds::Wav(seconds(1)).substr(0, 9'000), "is cut short"},
           {"OggS and more", "is Ogg, and the provider plays WAV and MP3 only"}}) {
    const Result result = Upload("bad.wav", content);
    EXPECT_EQ(result.status, ExitStatus::kFailed);
    EXPECT_THAT(result.err, AllOf(HasSubstr("bad.wav: "), HasSubstr(words)));
  }
  EXPECT_THAT(Run({"audio", "upload", folder_.Path("none.wav")}).err,
              HasSubstr("none.wav: there is no such file"));
  EXPECT_THAT(Run({"audio", "upload", folder_.Path("")}).err, HasSubstr("is no file"));
  EXPECT_THAT(world_.writes, IsEmpty());
}

TEST_F(Audio, WarnsOfAFileAboveFourMegabytes) {
  const Result result = Upload("long.wav", sounds::Wav(seconds(251)));
  EXPECT_EQ(result.status, ExitStatus::kOk);
  EXPECT_THAT(result.err, AllOf(HasSubstr("\nwarning: "), HasSubstr("4.0 MB"),
                                HasSubstr("publishes no limit")));
}

TEST_F(Audio, ShowsABarOnATerminalOnly) {
  EXPECT_THAT(Upload("hold.wav", sounds::Wav(seconds(1))).err, Not(HasSubstr("\r")));
  terminal_ = true;
  EXPECT_THAT(Upload("hold.wav", sounds::Wav(seconds(1))).err,
              AllOf(HasSubstr("\r[########"), HasSubstr("100 % of 16 kB\n")));
}

TEST_F(Audio, SaysWhatAKeyLacks) {
  model_.SetScopes({"calls:logs:read"});
  EXPECT_THAT(Upload("hold.wav", sounds::Wav(seconds(1))).err,
              AllOf(HasSubstr("403 FORBIDDEN"), HasSubstr("calls:media:manage")));
  EXPECT_THAT(Run({"audio", "list"}).err, HasSubstr("calls:media:manage"));
}

TEST_F(Audio, SaysThatAWholeFileMayHaveArrived) {
  ASSERT_TRUE(model_.SetFault("reset-after", "1").ok());
  const Result result = Upload("hold.wav", sounds::Wav(seconds(1)));
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err,
              AllOf(HasSubstr("the whole file was sent"), HasSubstr("may have it or not"),
                    HasSubstr("callbridge-admin audio list --config ")));
}

TEST_F(Audio, SendsAgainWhatTheRateRefused) {
  ASSERT_TRUE(model_.SetFault("throttled", "1").ok());
  ASSERT_TRUE(model_.SetFault("times", "2").ok());
  const std::string wav = sounds::Wav(seconds(1));
  EXPECT_EQ(Upload("hold.wav", wav).status, ExitStatus::kOk);
  ASSERT_EQ(model_.world().account.files.size(), 1U);
  EXPECT_EQ(model_.world().account.files.front().size, static_cast<std::int64_t>(wav.size()));
}

TEST_F(Audio, ListsAllPagesAndWhatIsMissing) {
  for (int i = 0; i < 105; ++i) Upload("a.wav", sounds::Wav(milliseconds(500)));
  UseInSettings("hold", "f-gone");
  const Result result = Run({"audio", "list"});
  EXPECT_EQ(result.status, ExitStatus::kOk);
  EXPECT_THAT(result.out, AllOf(HasSubstr("105 files in the account."), HasSubstr(LastId()),
                                HasSubstr("a.wav: WAV, 8 kB, 0 s, made "), HasSubstr("f-gone"),
                                HasSubstr("MISSING: the account has no such file"),
                                HasSubstr("audio_files.hold, plans.default.music use it")));
  EXPECT_THAT(world_.writes, IsEmpty());
}

TEST_F(Audio, ListsForScripts) {
  Upload("a.wav", sounds::Wav(seconds(2)));
  UseInSettings("hold", LastId());
  const Result result = Run({"audio", "list", "--json"});
  simdjson::dom::parser parser;
  simdjson::dom::element list;
  ASSERT_EQ(parser.parse(result.out).get(list), simdjson::SUCCESS) << result.out;
  EXPECT_EQ(simdjson::minify(list["account"]), "\"default\"");
  const simdjson::dom::element file = list["files"].at(0);
  EXPECT_EQ(simdjson::minify(file["id"]), "\"" + LastId() + "\"");
  EXPECT_EQ(simdjson::minify(file["duration_seconds"]), "2");
  EXPECT_EQ(simdjson::minify(file["expired"]), "false");
  EXPECT_EQ(simdjson::minify(file["settings"]), R"(["audio_files.hold","plans.default.music"])");
  EXPECT_EQ(simdjson::minify(list["missing"]), "[]");
}

TEST_F(Audio, NamesEverySoundOfAPlanThatUsesAFile) {
  Upload("a.wav", sounds::Wav(seconds(2)));
  const std::string audio = "audio: {file_id: " + LastId() + "}";
  WriteSettings(
      {{"routes:", "plans: {default: {greeting: {" + audio + "}, announcement: {" + audio +
                       "}, apology: {" + audio + "}, music: {" + audio + "}}}\nroutes:"}});
  const Result list = Run({"audio", "list"});
  EXPECT_EQ(list.status, ExitStatus::kOk) << list.err;
  EXPECT_THAT(list.out, HasSubstr("used by plans.default.greeting, plans.default.announcement, "
                                  "plans.default.apology, plans.default.music"));
}

TEST_F(Audio, DeletesOnceAndSaysSoTheSecondTime) {
  Upload("a.wav", sounds::Wav(seconds(2)));
  const std::string id = LastId();
  UseInSettings("hold", id);
  const Result first = Run({"audio", "delete", id});
  EXPECT_EQ(first.status, ExitStatus::kOk);
  EXPECT_THAT(first.out, HasSubstr("file " + id + " (a.wav)"));
  EXPECT_THAT(first.err, HasSubstr("still use it (audio_files.hold, plans.default.music)"));
  const Result second = Run({"audio", "delete", id});
  EXPECT_EQ(second.status, ExitStatus::kOk);
  EXPECT_THAT(second.out, HasSubstr("the account has no such file; it was deleted before"));
  EXPECT_THAT(Run({"audio", "delete", "hold"}).out,
              HasSubstr("The settings call file " + id + " by this name"));
}

TEST_F(Audio, TellsOfAFileThatExpired) {
  Upload("a.wav", sounds::Wav(seconds(2)));
  UseInSettings("hold", LastId());
  clock_.Advance(days(80));
  EXPECT_THAT(Run({"audio", "list"}).out, HasSubstr("(in 10 days)"));
  clock_.Advance(days(11));
  EXPECT_THAT(Run({"audio", "list"}).out,
              AllOf(HasSubstr("MISSING"), HasSubstr("was not used for 90 days: upload it again"),
                    HasSubstr("0 files")));
}

TEST_F(Audio, RefusesWordsThatItDoesNotKnow) {
  for (const auto& [words, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"audio"}, "write audio upload FILE"},
           {{"audio", "uplaod", "x"}, "did you mean \"upload\""},
           {{"audio", "upload"}, "which file?"},
           {{"audio", "delete"}, "audio list shows the ids"},
           {{"audio", "list", "x"}, "one word too many"},
           {{"audio", "delete", "x", "y"}, "one word too many"},
           {{"audio", "delete", "x", "--json"}, "is for audio list only"}}) {
    const Result result = Run(words);
    EXPECT_EQ(result.status, ExitStatus::kUsage);
    EXPECT_THAT(result.err, HasSubstr(why));
  }
}

}  // namespace
}  // namespace callbridge::admin
