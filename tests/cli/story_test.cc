#include "client/cli/story.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/rewrites.h"

namespace callbridge::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr int kCreated = 1000;

// "3.30 PREPARING leg_answered { … }": seconds, state, and the rest of the event as protobuf text.
v1::SessionEvent ParseEvent(const std::string& line, int sequence) {
  std::istringstream words(line);
  double seconds = 0;
  std::string state;
  std::string rest;
  words >> seconds >> state;
  std::getline(words, rest);
  v1::SessionEvent event;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(rest, &event)) << line;
  v1::Session::State value = v1::Session::STATE_UNSPECIFIED;
  EXPECT_TRUE(v1::Session::State_Parse("STATE_" + state, &value)) << line;
  event.set_sequence(sequence);
  event.set_state(value);
  const double whole = std::floor(seconds);
  event.mutable_record_time()->set_seconds(kCreated + static_cast<int>(whole));
  event.mutable_record_time()->set_nanos(static_cast<int>(std::lround((seconds - whole) * 1e9)));
  return event;
}

StoryOptions ParseOptions(const std::string& line) {
  return {line.find("show-numbers") != std::string::npos,
          line.find("diagnostic") != std::string::npos};
}

struct StoryFile {
  // All that stands before and on the line "----".
  std::string head;
  std::string expected;
  std::string told;
};

StoryFile ReadAndTell(const std::filesystem::path& path) {
  std::ifstream file(path);
  StoryFile result;
  StoryOptions options;
  std::vector<v1::SessionEvent> events;
  std::string line;
  while (std::getline(file, line)) {
    result.head += line + "\n";
    if (line == "----") break;
    if (line.starts_with("options:")) {
      options = ParseOptions(line);
    } else if (!line.starts_with("#")) {
      events.push_back(ParseEvent(line, static_cast<int>(events.size()) + 1));
    }
  }
  std::ostringstream expected;
  expected << file.rdbuf();
  result.expected = expected.str();
  Story story(options);
  for (const v1::SessionEvent& event : events) {
    for (const StoryLine& told : story.Tell(event)) result.told += Render(told, "", false) + "\n";
  }
  return result;
}

// CALLBRIDGE_REWRITE=1 writes what is told into the files; read the change like code.
TEST(Story, TellsEveryFileOfStoriesAsWritten) {
  int files = 0;
  for (const auto& entry :
       std::filesystem::directory_iterator(CALLBRIDGE_SOURCE_DIR "/tests/cli/stories")) {
    ++files;
    const StoryFile story = ReadAndTell(entry.path());
    if (RewritesGoldens()) {
      std::ofstream(entry.path()) << story.head << story.told;
    } else {
      EXPECT_EQ(story.told, story.expected) << entry.path();
    }
  }
  EXPECT_GE(files, 5);
}

v1::Session MakeSession(v1::Session::State state) {
  v1::Session session;
  session.set_session_id("s_1");
  session.set_state(state);
  session.set_origin(v1::Session::ORIGIN_REQUEST);
  session.mutable_create_time()->set_seconds(kCreated);
  return session;
}

TEST(Story, CountsFromTheCreationOfASessionMetInTheMiddle) {
  Story story({});
  story.MeetAt(MakeSession(v1::Session::STATE_RINGING));
  const auto lines = story.Tell(ParseEvent("7.5 RINGING leg_ringing { leg_id: \"callee-1\" }", 20));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(Render(lines[0], "", false), "    7.5s               callee-1 rings");
}

TEST(Story, ShowsADashForTheTimeOfASessionWhoseBeginningIsNotKnown) {
  Story story({});
  const auto lines = story.Tell(ParseEvent("7.5 RINGING leg_ringing { leg_id: \"callee-1\" }", 20));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(Render(lines[0], "", false), "       -  RINGING      callee-1 rings");
}

TEST(Story, KeepsTheStateOfAHiddenEventForTheNextLine) {
  Story story({});
  story.MeetAt(MakeSession(v1::Session::STATE_GREETING));
  EXPECT_THAT(story.Tell(ParseEvent(
                  "1 RINGING detail: DETAIL_DIAGNOSTIC command_sent { command_number: 1 }", 2)),
              IsEmpty());
  const auto lines = story.Tell(ParseEvent("2 RINGING leg_ringing { leg_id: \"callee-1\" }", 3));
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_EQ(lines[0].state, "RINGING");
}

TEST(Story, TellsOutgoingCallersAsDialledAndIncomingOnesAsAnswered) {
  const std::string dialing =
      "leg_dialing { leg { leg_id: \"caller\" role: ROLE_CALLER state: STATE_RINGING } }";
  Story outgoing({});
  outgoing.MeetAt(MakeSession(v1::Session::STATE_PREPARING));
  EXPECT_THAT(outgoing.Tell(ParseEvent("1 PREPARING " + dialing, 2))[0].text,
              StartsWith("the caller is being dialled"));
  Story incoming({});
  EXPECT_THAT(incoming.Tell(ParseEvent("1 PREPARING " + dialing, 2))[0].text,
              HasSubstr("is being answered"));
}

TEST(Render, ColoursTroublesAndLeavesPlainLinesAlone) {
  const StoryLine trouble{StoryLine::Kind::kTrouble, std::nullopt, "", "lost"};
  EXPECT_THAT(Render(trouble, "", true), StartsWith("\033["));
  EXPECT_THAT(Render(trouble, "", true), HasSubstr("! lost\033[0m"));
  EXPECT_EQ(Render(trouble, "", false).find('\033'), std::string::npos);
  const StoryLine plain{StoryLine::Kind::kNormal, std::nullopt, "", "rings"};
  EXPECT_EQ(Render(plain, "", true), Render(plain, "", false));
}

TEST(Render, PutsThePrefixFirst) {
  EXPECT_EQ(Render({StoryLine::Kind::kOutcome, std::nullopt, "", "done"}, "ABCDEF  ", false),
            "ABCDEF  done");
}

TEST(ResumedLine, SaysAfterWhichEventAndWhetherAnythingWasMissed) {
  EXPECT_EQ(ResumedLine(true, 21).text, "resumed after 21; no event was missed");
  EXPECT_EQ(ResumedLine(true, 0).text, "connected again; no event was missed");
  EXPECT_EQ(ResumedLine(false, 21).text, "connected again; events in between were missed");
}

TEST(OutcomeSentence, IsMadeFromTheReasonWhenTheServerSentNone) {
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_CANCELLED);
  outcome.set_reason(v1::END_REASON_REQUESTED);
  outcome.set_ended_by(v1::PARTY_API);
  EXPECT_EQ(OutcomeSentence(outcome), "CANCELLED: requested (a program).");
}

// The summary tells how long they talked; the same beside it, in other digits, would be a second
// answer.
TEST(OutcomeSentence, SaysOnceHowLongTheyTalked) {
  v1::Outcome outcome;
  outcome.set_result(v1::Outcome::RESULT_COMPLETED);
  outcome.mutable_talk_duration()->set_seconds(6);
  outcome.mutable_talk_duration()->set_nanos(900000000);
  outcome.set_summary("They talked for 7 s, until the callee hung up.");
  EXPECT_EQ(OutcomeSentence(outcome), "COMPLETED: They talked for 7 s, until the callee hung up.");
  outcome.clear_summary();
  outcome.set_reason(v1::END_REASON_HUNG_UP);
  EXPECT_THAT(OutcomeSentence(outcome), HasSubstr(" They talked for 6.9 s."));
}

// The service looks at every call from time to time: that it found it, or did not, is the ordinary
// course, and no word of a command.
TEST(Describe, TellsNoLookAsTrouble) {
  for (const char* kind : {"LookAtCaller", "LookAtCallee", "LookAtConference", "FindConference",
                           "FindCaller", "FindCallee"}) {
    for (int result = 0; result <= v1::CommandFinished::Result_MAX; ++result) {
      Context context;
      context.commands[7] = std::string(kind) + " for callee-1";
      v1::SessionEvent event;
      event.set_inferred(true);
      event.set_source(v1::SessionEvent::SOURCE_LOOK);
      event.mutable_command_finished()->set_command_number(7);
      event.mutable_command_finished()->set_result(
          static_cast<v1::CommandFinished::Result>(result));
      const Sentence sentence = Describe(event, context);
      EXPECT_EQ(sentence.weight, Weight::kDiagnostic) << kind << " " << result;
      EXPECT_THAT(sentence.text, Not(HasSubstr("happened"))) << kind << " " << result;
      EXPECT_THAT(sentence.text, Not(HasSubstr("inferred"))) << kind << " " << result;
    }
  }
}

TEST(Describe, SaysOfADeadlineHowLongWasWaitedIfThatIsKnown) {
  v1::SessionEvent event;
  event.mutable_deadline_passed()->set_waited_for("caller joined");
  EXPECT_EQ(Describe(event, {}).text, "waited in vain for: caller joined");
  event.mutable_deadline_passed()->mutable_waited_duration()->set_seconds(10);
  EXPECT_EQ(Describe(event, {}).text, "waited 10.0 s in vain for: caller joined");
}

}  // namespace
}  // namespace callbridge::cli
