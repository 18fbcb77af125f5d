#include "client/cli/requests.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/cli/command_line.h"

namespace callbridge::cli {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

base::Arguments Parse(const std::vector<std::string>& arguments) {
  const auto line = ParseCommandLine(arguments, {});
  EXPECT_TRUE(line.ok()) << line.status();
  return line.ok() ? line->arguments : base::Arguments();
}

std::string StartError(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "start");
  const auto request = MakeStartRequest(Parse(arguments));
  EXPECT_TRUE(absl::IsInvalidArgument(request.status()));
  return std::string(request.status().message());
}

TEST(MakeStartRequest, FillsEveryFieldThatWasGiven) {
  const auto request = MakeStartRequest(Parse({"start",
                                               "--caller",
                                               "+442079460000",
                                               "--callee",
                                               "sip:bob@trunk",
                                               "--request-id",
                                               "r1",
                                               "--greeting",
                                               "Hold on.",
                                               "--apology",
                                               "Sorry.",
                                               "--language",
                                               "pt-br",
                                               "--voice",
                                               "Ana",
                                               "--music-url",
                                               "https://x/m.wav",
                                               "--music-duration",
                                               "1m35s",
                                               "--ring",
                                               "20s",
                                               "--max-duration",
                                               "2h",
                                               "--label",
                                               "a=b",
                                               "--label=c=d",
                                               "--plan",
                                               "vip",
                                               "--caller-sees",
                                               "+441",
                                               "--callee-sees",
                                               "+442"}));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->request_id(), "r1");
  EXPECT_EQ(request->caller().dial().phone().number(), "+442079460000");
  EXPECT_EQ(request->caller().caller_id_number(), "+441");
  ASSERT_EQ(request->callees_size(), 1);
  EXPECT_EQ(request->callees(0).endpoint().sip().username(), "bob");
  EXPECT_EQ(request->callees(0).endpoint().sip().trunk_id(), "trunk");
  EXPECT_EQ(request->callees(0).caller_id_number(), "+442");
  EXPECT_EQ(request->plan_name(), "vip");
  EXPECT_EQ(request->plan().greeting().text(), "Hold on.");
  EXPECT_FALSE(request->plan().has_announcement());
  EXPECT_EQ(request->plan().apology().text(), "Sorry.");
  EXPECT_EQ(request->plan().voice().language(), "pt-br");
  EXPECT_EQ(request->plan().voice().name(), "Ana");
  EXPECT_EQ(request->plan().music().audio().url(), "https://x/m.wav");
  EXPECT_EQ(request->plan().music().audio().duration().seconds(), 95);
  EXPECT_EQ(request->plan().ring_timeout().seconds(), 20);
  EXPECT_EQ(request->plan().max_duration().seconds(), 7200);
  EXPECT_THAT(request->labels(), UnorderedElementsAre(Pair("a", "b"), Pair("c", "d")));
}

TEST(MakeStartRequest, LeavesThePlanOutWhenNothingOfItWasGiven) {
  const auto request = MakeStartRequest(Parse({"start", "--offer", "s_1", "--callee", "+4477"}));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_FALSE(request->has_plan());
  EXPECT_EQ(request->caller().offered_session_id(), "s_1");
  EXPECT_EQ(request->request_id(), "");
}

TEST(MakeStartRequest, TakesAnEmptyTextForSilenceOnPurpose) {
  const auto request = MakeStartRequest(
      Parse({"start", "--offer", "s_1", "--callee", "webrtc:bob", "--greeting", "", "--no-music"}));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_TRUE(request->plan().has_greeting());
  EXPECT_EQ(request->plan().greeting().content_case(), v1::Prompt::CONTENT_NOT_SET);
  EXPECT_TRUE(request->plan().has_music());
  EXPECT_FALSE(request->plan().music().has_audio());
}

TEST(MakeStartRequest, LeavesTheDurationOfMusicOutIfItIsNotGiven) {
  const auto request = MakeStartRequest(
      Parse({"start", "--offer", "s_1", "--callee", "+4477", "--music-name", "hold"}));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->plan().music().audio().file_name(), "hold");
  EXPECT_FALSE(request->plan().music().audio().has_duration());
}

TEST(MakeStartRequest, PlansARecordingAndItsNotice) {
  const auto request = MakeStartRequest(
      Parse({"start", "--offer", "s_1", "--callee", "+4477", "--record", "legs", "--record-from",
             "requested", "--beep", "--notice", "This call is recorded.", "--refusing-key", "9",
             "--refusal", "end", "--refusal-timeout", "5s"}));
  ASSERT_TRUE(request.ok()) << request.status();
  const v1::RecordingPlan& recording = request->plan().recording();
  EXPECT_EQ(recording.mode(), v1::RECORDING_MODE_LEGS);
  EXPECT_EQ(recording.start(), v1::RecordingPlan::START_REQUESTED);
  EXPECT_TRUE(recording.beep());
  EXPECT_EQ(recording.notice().prompt().text(), "This call is recorded.");
  EXPECT_EQ(recording.notice().refusing_key(), "9");
  EXPECT_EQ(recording.notice().refusal(), v1::RecordingNotice::REFUSAL_END);
  EXPECT_EQ(recording.notice().refusal_timeout().seconds(), 5);
}

TEST(MakeStartRequest, PlansNoNoticeThatWasNotGiven) {
  const auto request = MakeStartRequest(
      Parse({"start", "--offer", "s_1", "--callee", "+4477", "--record", "conference"}));
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_EQ(request->plan().recording().mode(), v1::RECORDING_MODE_CONFERENCE);
  EXPECT_FALSE(request->plan().recording().has_notice());
}

TEST(MakeStartRequest, SaysWhatIsMissingOrTooMuch) {
  EXPECT_THAT(StartError({"--callee", "+44"}), HasSubstr("the first person is missing"));
  EXPECT_THAT(StartError({"--caller", "+44", "--offer", "s_1", "--callee", "+44"}),
              HasSubstr("the first person is missing"));
  EXPECT_THAT(StartError({"--caller", "+44"}), HasSubstr("the second person is missing"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--music-url", "u", "--no-music"}),
              HasSubstr("give one of them"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--music-duration", "2s"}),
              HasSubstr("--music-duration: of which music?"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--no-music", "--music-duration", "2s"}),
              HasSubstr("--music-duration: of which music?"));
  EXPECT_THAT(
      StartError({"--offer", "s", "--callee", "1", "--music-url", "u", "--music-duration", "2"}),
      HasSubstr("--music-duration"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--label", "a=1", "--label", "a=2"}),
              HasSubstr("twice"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--ring", "20"}), HasSubstr("--ring"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--record", "all"}),
              HasSubstr("--record: \"all\" is not one of CONFERENCE, LEGS"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--record-from", "now"}),
              HasSubstr("--record-from: \"now\" is not one of CONNECTED, JOINED, REQUESTED"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--refusal", "no"}),
              HasSubstr("--refusal: \"no\" is not one of UNRECORDED, END"));
  EXPECT_THAT(StartError({"--offer", "s", "--callee", "1", "--wait", "--validate-only"}),
              HasSubstr("leave --wait out"));
}

TEST(ParseEndpoint, RefusesWhatIsNoneWithoutRepeatingIt) {
  for (const char* text : {"", "+", "+44 2079", "bob", "sip:bob", "sip:@t", "sip:b@", "webrtc:"}) {
    const auto endpoint = ParseEndpoint("caller", text);
    ASSERT_FALSE(endpoint.ok()) << text;
    EXPECT_THAT(std::string(endpoint.status().message()), HasSubstr("--caller"));
  }
  EXPECT_EQ(ParseEndpoint("caller", "+44 2079460123").status().message().find("2079460123"),
            std::string::npos);
  EXPECT_EQ(ParseEndpoint("caller", "442079460000")->phone().number(), "442079460000");
  EXPECT_EQ(ParseEndpoint("caller", "webrtc:bob")->webrtc().identity(), "bob");
}

// 2026-01-15T12:00:00Z.
const base::Time kNow = base::Time(std::chrono::seconds(1'768'478'400));

TEST(MakeListRequest, ReadsTimesAndTheNumber) {
  const auto seconds = [](const std::string& flag, const std::string& text) {
    const auto request = MakeListRequest(Parse({"list", "--" + flag, text}), kNow);
    if (!request.ok()) return std::int64_t{-1};
    return flag == "since" ? request->created_since().seconds()
                           : request->created_before().seconds();
  };
  for (const std::string flag : {"since", "until"}) {
    EXPECT_EQ(seconds(flag, "2h"), 1'768'478'400 - 7'200);
    EXPECT_EQ(seconds(flag, "1m30s"), 1'768'478'400 - 90);
    EXPECT_EQ(seconds(flag, "2026-01-15T11:00:00Z"), 1'768'478'400 - 3'600);
    EXPECT_EQ(seconds(flag, "2026-01-15T12:00:00+01:00"), 1'768'478'400 - 3'600);
    EXPECT_EQ(seconds(flag, "2026-01-15"), 1'768'478'400 - 12 * 3'600);
    for (const char* wrong : {"yesterday", "-2h", "2026-13-01", ""}) {
      EXPECT_EQ(seconds(flag, wrong), -1) << wrong;
    }
  }
  EXPECT_EQ(MakeListRequest(Parse({"list", "--number", "+447700900123"}), kNow)->phone_number(),
            "+447700900123");
}

TEST(MakeListRequest, ReadsWordsInAnyCaseAndNamesTheRightOnes) {
  const auto request =
      MakeListRequest(Parse({"list", "--state", "ringing", "--state", "ENDED", "--result",
                             "callee_unreached", "--limit", "5", "--with-issues"}),
                      kNow);
  ASSERT_TRUE(request.ok()) << request.status();
  EXPECT_THAT(request->states(), ElementsAre(v1::Session::STATE_RINGING, v1::Session::STATE_ENDED));
  EXPECT_THAT(request->results(), ElementsAre(v1::Outcome::RESULT_CALLEE_UNREACHED));
  EXPECT_EQ(request->page_size(), 5);
  EXPECT_TRUE(request->only_with_issues());
  const auto wrong = MakeListRequest(Parse({"list", "--state", "rung"}), kNow);
  EXPECT_THAT(std::string(wrong.status().message()), HasSubstr("OFFERED, PREPARING"));
  EXPECT_FALSE(MakeListRequest(Parse({"list", "--limit", "0"}), kNow).ok());
}

TEST(MakeListRequest, AsksForNoMoreThanAPage) {
  EXPECT_EQ(MakeListRequest(Parse({"list", "--limit", "5000"}), kNow)->page_size(), 1000);
}

TEST(MakeWatchRequest, TellsOneSessionFromItsBeginningAndAllFromNow) {
  const auto one = MakeWatchRequest(Parse({"watch", "s_1"}));
  ASSERT_TRUE(one.ok()) << one.status();
  EXPECT_EQ(one->session_id(), "s_1");
  EXPECT_EQ(one->position(), v1::START_POSITION_BEGINNING);
  EXPECT_EQ(one->detail(), v1::SessionEvent::DETAIL_DIAGNOSTIC);
  const auto all = MakeWatchRequest(Parse({"watch", "--label", "team=a"}));
  EXPECT_EQ(all->position(), v1::START_POSITION_SNAPSHOT);
  EXPECT_THAT(all->labels(), ElementsAre(Pair("team", "a")));
  EXPECT_EQ(MakeWatchRequest(Parse({"watch", "--from-beginning"}))->position(),
            v1::START_POSITION_BEGINNING);
}

TEST(MakeWatchRequest, RefusesWhatContradictsItself) {
  EXPECT_FALSE(MakeWatchRequest(Parse({"watch", "s_1", "--all"})).ok());
  EXPECT_FALSE(MakeWatchRequest(Parse({"watch", "s_1", "--label", "a=b"})).ok());
  EXPECT_FALSE(MakeWatchRequest(Parse({"watch", "--exit-status"})).ok());
}

}  // namespace
}  // namespace callbridge::cli
