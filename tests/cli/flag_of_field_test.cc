#include "client/cli/flag_of_field.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "client/cli/requests.h"
#include "client/cli/usage.h"

namespace callbridge::cli {
namespace {

using ::testing::IsEmpty;
using ::testing::Not;

// Every field that a flag sets, named by the request that the flag makes.
void CollectPaths(const google::protobuf::Message& message, const std::string& prefix,
                  std::vector<std::string>& paths) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const auto* field : fields) {
    const std::string path = prefix + field->name() + (field->is_repeated() ? "[0]" : "");
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE ||
        field->is_map() || field->message_type()->full_name() == "google.protobuf.Duration") {
      paths.push_back(path);
    } else if (field->is_repeated()) {
      CollectPaths(message.GetReflection()->GetRepeatedMessage(message, field, 0), path + ".",
                   paths);
    } else {
      CollectPaths(message.GetReflection()->GetMessage(message, field), path + ".", paths);
    }
  }
}

TEST(FlagOfField, KnowsTheFlagOfEveryFieldThatStartCanSet) {
  const auto flags = FindCommand("start")->flags;
  const auto arguments = base::Arguments::Parse({"--caller=+442079460000",
                                                 "--callee=+447700900456",
                                                 "--caller-sees=+442079460001",
                                                 "--callee-sees=+442079460001",
                                                 "--request-id=r",
                                                 "--plan=p",
                                                 "--greeting=a",
                                                 "--announcement=b",
                                                 "--apology=c",
                                                 "--language=en",
                                                 "--voice=Joanna",
                                                 "--music-url=https://example.com/a.mp3",
                                                 "--music-duration=30s",
                                                 "--ring=20s",
                                                 "--max-duration=1h",
                                                 "--record=legs",
                                                 "--record-from=requested",
                                                 "--beep",
                                                 "--notice=d",
                                                 "--refusing-key=9",
                                                 "--refusal=end",
                                                 "--refusal-timeout=3s",
                                                 "--label=team=a"},
                                                flags);
  ASSERT_TRUE(arguments.ok()) << arguments.status();
  const auto request = MakeStartRequest(*arguments);
  ASSERT_TRUE(request.ok()) << request.status();
  std::vector<std::string> paths;
  CollectPaths(*request, "", paths);
  EXPECT_GE(paths.size(), 22u);
  for (const std::string& path : paths) {
    const std::string flag = FlagOfField(path);
    ASSERT_THAT(flag, Not(IsEmpty())) << path;
    EXPECT_TRUE(arguments->Has(flag.substr(2))) << path << " is said to come from " << flag;
  }
}

TEST(FlagOfField, KnowsTheFlagsOfWhatIsPlayed) {
  EXPECT_EQ(FlagOfField("prompt.audio.url"), "--url");
  EXPECT_EQ(FlagOfField("prompt.audio.file_id"), "--file");
  EXPECT_EQ(FlagOfField("prompt.audio.file_name"), "--name");
  EXPECT_EQ(FlagOfField("prompt.audio.duration"), "--duration");
  EXPECT_EQ(FlagOfField("plan.music.audio.file_name"), "--music-name");
  EXPECT_EQ(FlagOfField("plan.music.audio.duration"), "--music-duration");
}

TEST(FlagOfField, KnowsTheFlagsOfLists) {
  EXPECT_EQ(FlagOfField("phone_number"), "--number");
  EXPECT_EQ(FlagOfField("created_since"), "--since");
  EXPECT_EQ(FlagOfField("created_before"), "--until");
}

TEST(FlagOfField, TellsSimilarFieldsApart) {
  EXPECT_EQ(FlagOfField("caller.dial.phone.number"), "--caller");
  EXPECT_EQ(FlagOfField("caller.caller_id_number"), "--caller-sees");
  EXPECT_EQ(FlagOfField("callees[12].caller_id_number"), "--callee-sees");
  EXPECT_EQ(FlagOfField("labels.team"), "--label");
  EXPECT_EQ(FlagOfField("reasonable"), "");
  EXPECT_EQ(FlagOfField("plan.something_new"), "");
  EXPECT_EQ(FlagOfField("callees["), "--callee");
  EXPECT_EQ(FlagOfField(""), "");
}

}  // namespace
}  // namespace callbridge::cli
