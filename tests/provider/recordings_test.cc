// Looks at recordings: what the provider shows of a conference or a call, and that it shows nothing
// yet.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/provider/commands.h"
#include "tests/provider/provider_fixture.h"
#include "tests/provider/raw_server.h"

namespace callbridge::provider {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;
using ::testing::SizeIs;

class RecordingLook : public InfobipProviderTest {
 protected:
  CommandResult Look(const Command& command, int status, const std::string& body) {
    RawServer server([&](const RawServer::Request& request) {
      target_ = request.target;
      return Answer(status, body);
    });
    return SendAndWait(*MakeProvider(Account(server.url()), clock_), command);
  }
  static Command OfConference() {
    Command command = LookAtCallCommand();
    command.mutable_look_at_recording()->set_conference_id("cccc");
    return command;
  }
  static Command OfCall() {
    Command command = LookAtCallCommand();
    command.mutable_look_at_recording()->set_call_id("aaaa");
    return command;
  }

  std::string target_;
};

TEST_F(RecordingLook, ReadsTheComposedFileOfAConference) {
  const CommandResult result = Look(OfConference(), 200, R"({"conferenceId": "cccc",
      "composedFiles": [{"id": "f-1", "name": "cccc.wav", "fileFormat": "WAV", "size": 4800000,
                         "duration": 275, "location": "HOSTED", "customData": {"a": "b"}}],
      "callRecordings": [], "startTime": "2027-01-15T08:00:00.000+0000"})");
  EXPECT_EQ(target_, "/calls/1/recordings/conferences/cccc");
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  ASSERT_THAT(result.recording().composed_files(), SizeIs(1));
  const v1::RecordingFile& file = result.recording().composed_files(0).file();
  EXPECT_EQ(file.file_id(), "f-1");
  EXPECT_EQ(file.format(), "WAV");
  EXPECT_EQ(file.size_bytes(), 4'800'000);
  EXPECT_EQ(file.duration().seconds(), 275);
  EXPECT_EQ(file.location(), "HOSTED");
  EXPECT_EQ(result.recording().composed_files(0).custom_data(0).key(), "a");
  EXPECT_EQ(result.recording().start_time().seconds(), base::ToTimestamp(kNow).seconds());
}

TEST_F(RecordingLook, ReadsTheFilesOfACallAndWhatIsMissing) {
  const CommandResult result = Look(OfCall(), 200, R"({"callId": "aaaa",
      "endpoint": {"type": "PHONE", "phoneNumber": "447700900123"}, "status": "PARTIALLY_FAILED",
      "reason": "The call of 447700900123 was lost",
      "files": [{"id": "f-1"}, {"name": "without an id"}, {"id": "f-2", "duration": -1}]})");
  EXPECT_EQ(target_, "/calls/1/recordings/calls/aaaa");
  ASSERT_THAT(result.recording().call_files(), SizeIs(2));
  EXPECT_EQ(result.recording().call_files(0).call_id(), "aaaa");
  EXPECT_FALSE(result.recording().call_files(1).file().has_duration());
  EXPECT_TRUE(result.recording().incomplete());
  EXPECT_FALSE(result.recording().failed());
  EXPECT_EQ(result.recording().reason().find("447700900123"), std::string::npos);
  EXPECT_TRUE(Look(OfCall(), 200, R"({"status": "FAILED"})").recording().failed());
}

TEST_F(RecordingLook, KnowsNothingYetFromALookThatFindsNothing) {
  const CommandResult result = Look(OfCall(), 404, R"({"errorCode": "E404"})");
  EXPECT_EQ(result.verdict(), CommandResult::VERDICT_DONE);
  EXPECT_EQ(result.http_status(), 404);
  EXPECT_FALSE(result.has_recording());
}

}  // namespace
}  // namespace callbridge::provider
