// callbridge-admin recording: the list, fetched files and deletions, with the simulator as the
// account.
#include <gmock/gmock.h>
#include <simdjson.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/admin/admin_fixture.h"

namespace callbridge::admin {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class Recording : public AdminTest {
 protected:
  Recording() {
    Run({"setup"});
    call_id_ = simulator::At(Ask("POST", "/calls/1/calls",
                                 R"({"endpoint": {"type": "PHONE", "phoneNumber": "447700900456"},
                "from": "442079460001", "callsConfigurationId": "shop-calls"})")
                                 .body,
                             "/id");
    Record(call_id_);
    const auto& recordings = model_.world().recordings.things();
    if (!recordings.empty() && !recordings.begin()->second.call_files.empty()) {
      id_ = recordings.begin()->second.call_files.front().id;
    }
  }

  // Ten seconds of the call.
  void Record(const std::string& call_id) {
    const std::string path = "/calls/1/calls/" + call_id;
    clock_.Advance(seconds(20));
    EXPECT_EQ(Ask("POST", path + "/start-recording", R"({"recording": {"recordingType": "AUDIO"}})")
                  .status,
              200);
    clock_.Advance(seconds(10));
    EXPECT_EQ(Ask("POST", path + "/stop-recording").status, 200);
    clock_.Advance(seconds(10));
    Ask("GET", path);
  }

  // What the account has under the id.
  std::string Whole() { return Ask("GET", "/calls/1/recordings/files/" + id_).body; }
  std::string path() const { return folder_.Path("call.wav"); }
  static std::string Read(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  bool IsThere(const std::string& path) const { return std::filesystem::exists(path); }

  std::string call_id_;
  std::string id_;
};

TEST_F(Recording, ListsForAPerson) {
  const Result result = Run({"recording", "list"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.err;
  EXPECT_THAT(result.out,
              AllOf(HasSubstr(id_), HasSubstr("  WAV, "), HasSubstr("10 s, begun 2027-"),
                    HasSubstr("; call " + call_id_ + "\n"), HasSubstr("1 file recorded.")));
  EXPECT_THAT(world_.writes, IsEmpty());
}

TEST_F(Recording, ListsForScripts) {
  const Result result = Run({"recording", "list", "--json"});
  simdjson::dom::parser parser;
  simdjson::dom::element list;
  ASSERT_EQ(parser.parse(result.out).get(list), simdjson::SUCCESS) << result.out;
  const simdjson::dom::element recording = list["recordings"].at(0);
  EXPECT_EQ(simdjson::minify(recording["call_id"]), "\"" + call_id_ + "\"");
  EXPECT_EQ(simdjson::minify(recording["failed"]), "false");
  EXPECT_EQ(simdjson::minify(recording["files"].at(0)["id"]), "\"" + id_ + "\"");
  EXPECT_EQ(simdjson::minify(recording["files"].at(0)["duration_seconds"]), "10");
  EXPECT_EQ(simdjson::minify(recording["files"].at(0)["size_bytes"]),
            std::to_string(Whole().size()));
}

TEST_F(Recording, ListsARecordingThatHasNoFile) {
  ASSERT_EQ(Run({"recording", "delete", id_}).status, ExitStatus::kOk);
  const Result result = Run({"recording", "list"});
  EXPECT_EQ(result.status, ExitStatus::kOk) << result.err;
  EXPECT_THAT(result.out, AllOf(HasSubstr("no file "), HasSubstr("  call " + call_id_ + "\n"),
                                HasSubstr("0 files recorded.")));
}

TEST_F(Recording, FetchesAFileForItsOwnerOnly) {
  terminal_ = true;
  const Result result = Run({"recording", "get", id_, path()});
  ASSERT_EQ(result.status, ExitStatus::kOk) << result.err;
  EXPECT_EQ(Read(path()), Whole());
  struct stat about {};
  ASSERT_EQ(stat(path().c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777U, 0600U);
  EXPECT_FALSE(IsThere(path() + ".part"));
  EXPECT_THAT(result.out, HasSubstr("file " + id_ + ": " + path()));
  EXPECT_THAT(result.err, HasSubstr("100 % of "));
}

TEST_F(Recording, GoesOnWhereItWasCut) {
  world_.breaks_after = 5'000;
  const Result cut = Run({"recording", "get", id_, path()});
  EXPECT_EQ(cut.status, ExitStatus::kFailed);
  EXPECT_THAT(cut.err, AllOf(HasSubstr("cut after 5 kB of "), HasSubstr(path() + ".part"),
                             HasSubstr("run the command again")));
  EXPECT_FALSE(IsThere(path()));
  EXPECT_EQ(Read(path() + ".part"), Whole().substr(0, 5'000));
  world_.breaks_after = 0;
  EXPECT_EQ(Run({"recording", "get", id_, path()}).status, ExitStatus::kOk);
  EXPECT_EQ(world_.last_range, "bytes=5000-");
  EXPECT_EQ(Read(path()), Whole());
  EXPECT_FALSE(IsThere(path() + ".part"));
}

TEST_F(Recording, BeginsAnewIfThePartIsTooLong) {
  folder_.Write("call.wav.part", Whole() + "and more");
  EXPECT_EQ(Run({"recording", "get", id_, path()}).status, ExitStatus::kOk);
  EXPECT_EQ(Read(path()), Whole());
}

TEST_F(Recording, KeepsWhatIsThere) {
  folder_.Write("call.wav", "mine");
  const Result result = Run({"recording", "get", id_, path()});
  EXPECT_EQ(result.status, ExitStatus::kFailed);
  EXPECT_THAT(result.err, HasSubstr(path() + ": is there already"));
  EXPECT_EQ(Read(path()), "mine");
}

TEST_F(Recording, SaysWhyThereIsNoFile) {
  const Result none = Run({"recording", "get", "f-none", path()});
  EXPECT_EQ(none.status, ExitStatus::kFailed);
  EXPECT_THAT(none.err, AllOf(HasSubstr("file f-none: the account has no such file"),
                              HasSubstr("not ready yet, was deleted, or has expired"),
                              HasSubstr("callbridge-admin recording list --config ")));
  EXPECT_FALSE(IsThere(path() + ".part"));
  EXPECT_THAT(Run({"recording", "get", id_, folder_.Path("none/call.wav")}).err,
              HasSubstr("call.wav.part: cannot be opened: No such file"));
  model_.SetScopes({"calls:logs:read"});
  EXPECT_THAT(Run({"recording", "get", id_, path()}).err,
              AllOf(HasSubstr("403"), HasSubstr("calls:recording:read")));
  EXPECT_THAT(Run({"recording", "list"}).err, HasSubstr("calls:recording:read"));
}

TEST_F(Recording, DeletesOnceAndSaysSoTheSecondTime) {
  const Result first = Run({"recording", "delete", id_});
  EXPECT_EQ(first.status, ExitStatus::kOk) << first.err;
  EXPECT_THAT(first.out, HasSubstr("deleted       file " + id_));
  EXPECT_THAT(world_.writes, testing::ElementsAre("DELETE /calls/1/recordings/files/" + id_));
  const Result second = Run({"recording", "delete", id_});
  EXPECT_EQ(second.status, ExitStatus::kOk);
  EXPECT_THAT(second.out, HasSubstr("the account has no such file; it was deleted before"));
}

TEST_F(Recording, RefusesWordsThatItDoesNotKnow) {
  for (const auto& [words, why] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"recording"}, "write recording list"},
           {{"recording", "gett", "x"}, "did you mean \"get\""},
           {{"recording", "get"}, "which file?"},
           {{"recording", "get", "x"}, "where to?"},
           {{"recording", "get", "x", "y", "z"}, "one word too many"},
           {{"recording", "delete"}, "recording list shows the ids"},
           {{"recording", "list", "x"}, "one word too many"},
           {{"recording", "delete", "x", "--json"}, "is for recording list only"}}) {
    const Result result = Run(words);
    EXPECT_EQ(result.status, ExitStatus::kUsage);
    EXPECT_THAT(result.err, HasSubstr(why));
  }
}

TEST_F(Recording, TakesNoIdOfASessionForAFile) {
  for (const std::string id : {"s_01KEZZZZZZZZZZZZZZZZZZ0001", "recording-1"}) {
    for (const std::vector<std::string>& words :
         {std::vector<std::string>{"recording", "delete", id}, {"recording", "get", id, path()}}) {
      const Result result = Run(words);
      EXPECT_EQ(result.status, ExitStatus::kUsage) << result.out;
      EXPECT_THAT(result.err, AllOf(HasSubstr(id + " is an id of this service and no file"),
                                    HasSubstr("callbridge get ID")));
    }
  }
}

}  // namespace
}  // namespace callbridge::admin
