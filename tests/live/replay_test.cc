// Transcripts are played again by the simulator: doctor sees the same account, the decoder reads
// what was posted, and what differs is told in words.
#include "tests/simulator/replay.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "server/provider/event_decoding.h"
#include "tests/live/model_line.h"
#include "tests/rewrites.h"
#include "tests/settings/folder.h"

namespace callbridge::live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ReplayLine final : public SimulatedLine {
 public:
  explicit ReplayLine(const std::string& folder)
      : replay_(simulator::LoadTranscripts(folder).value(), {1, kOwnUrl}) {}

  const simulator::Replay& replay() const { return replay_; }

 private:
  // The recorded times have it already.
  base::Duration Latency() const override { return base::Duration::zero(); }
  simulator::Response Handle(const simulator::Request& request) override {
    return replay_.HandleRequest(request, Now());
  }
  std::vector<simulator::Delivery> Due() override { return replay_.Advance(Now()); }
  std::optional<base::Time> NextTime() const override { return replay_.NextTime(); }

  simulator::Replay replay_;
};

// Another account and another telephone than the recorded ones.
RunOptions OtherOptions(const std::string& folder, const std::vector<const Script*>& scripts) {
  RunOptions options = OptionsFor(folder, scripts);
  options.stage.configuration.id = "Other Calls";
  options.stage.to = "+447700900777";
  options.stage.from = "+442079460099";
  options.stage.run = "zyxwvuts";
  return options;
}

class ReplayTest : public ::testing::Test {
 protected:
  Findings Record(const std::vector<const Script*>& scripts) {
    ModelLine line(Account());
    return Play(line, OptionsFor(recorded_.Path(""), scripts));
  }
  Findings PlayAgain(ReplayLine& line, const std::vector<const Script*>& scripts) {
    return PlayScripts(line, OtherOptions(again_.Path(""), scripts), {[](const Script&) {}});
  }
  static std::string Read(const std::filesystem::path& path) {
    std::ifstream file(path);
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
  }

  settings::Folder recorded_;
  settings::Folder again_;
};

TEST_F(ReplayTest, AnswersAsTheAccountDid) {
  const Findings recorded = Record(AllScripts());
  ReplayLine line(recorded_.Path(""));
  const Findings again = PlayAgain(line, AllScripts());
  EXPECT_THAT(line.replay().differences(), IsEmpty());
  EXPECT_EQ(line.replay().left(), 0U);
  EXPECT_EQ(again.answers, recorded.answers);
  EXPECT_THAT(again.troubles, IsEmpty());
  EXPECT_THAT(again.alive, IsEmpty());
}

TEST_F(ReplayTest, OfAReplayIsTheSameTranscript) {
  Record(AllScripts());
  ReplayLine line(recorded_.Path(""));
  PlayAgain(line, AllScripts());
  for (const Script& script : Scripts()) {
    // Hosts are the only thing that a replay replaces by its own.
    EXPECT_EQ(Read(again_.Path(script.name + ".jsonl")),
              Read(recorded_.Path(script.name + ".jsonl")));
  }
}

TEST_F(ReplayTest, TellsWhatDiffers) {
  Record({FindScript("account"), FindScript("say")});
  ReplayLine line(recorded_.Path(""));
  PlayAgain(line, {FindScript("account"), FindScript("conference-end")});
  ASSERT_FALSE(line.replay().differences().empty());
  EXPECT_THAT(line.replay().differences().front(),
              testing::AllOf(HasSubstr("script say, line 2: POST /calls/1/calls"),
                             HasSubstr("was recorded, and POST /calls/1/conferences")));
}

TEST_F(ReplayTest, PassesOverARequestThatDoesNotCome) {
  Record({FindScript("repeat")});
  ReplayLine line(recorded_.Path(""));
  const auto scripts = simulator::LoadTranscripts(recorded_.Path("")).value();
  ASSERT_EQ(scripts.size(), 1U);
  simulator::Replay replay(scripts, {});
  simulator::Request hangup;
  hangup.method = "POST";
  hangup.target = "/calls/1/conferences/any/hangup";
  hangup.body = "{}";
  EXPECT_EQ(replay.HandleRequest(hangup, base::Time()).status, 200);
  EXPECT_THAT(replay.differences(),
              ElementsAre("script repeat: POST /calls/1/conferences/any/hangup came before POST "
                          "/calls/1/conferences"));
}

TEST_F(ReplayTest, IsReadByTheDecoder) {
  Record(AllScripts());
  int events = 0;
  const auto scripts = simulator::LoadTranscripts(recorded_.Path("")).value();
  for (const auto& script : scripts) {
    for (const auto& line : script.lines) {
      if (line.kind != simulator::RecordedLine::Kind::kWebhook) continue;
      provider::JsonDocument document;
      internal::v1::ProviderEvent event;
      ASSERT_TRUE(document.Parse(line.body).ok()) << line.body;
      ASSERT_TRUE(provider::ReadEvent(document.object(), &event)) << line.body;
      EXPECT_NE(event.type(), internal::v1::ProviderEvent::TYPE_OTHER) << line.word;
      EXPECT_NE(event.call().call_id() + event.conference().conference_id() +
                    event.participant().call_id() + event.call_id() + event.conference_id(),
                "")
          << line.body;
      ++events;
    }
  }
  EXPECT_GT(events, 100);
}

// A transcript that is kept reads the same, and is played without a difference.
TEST_F(ReplayTest, PlaysTheTranscriptsThatAreKept) {
  const std::filesystem::path kept =
      std::filesystem::path(CALLBRIDGE_SOURCE_DIR) / "tests/live/transcripts";
  const std::vector<const Script*> scripts{FindScript("account"), FindScript("no-answer"),
                                           FindScript("say")};
  if (RewritesGoldens()) {
    ModelLine line(Account());
    Play(line, OptionsFor(kept.string(), scripts));
  }
  ReplayLine line(kept.string());
  const Findings findings = PlayAgain(line, scripts);
  EXPECT_THAT(line.replay().differences(), IsEmpty());
  EXPECT_EQ(line.replay().left(), 0U);
  EXPECT_EQ(findings.answers.at("join-failed-order"), "join-failed-first");
  EXPECT_EQ(findings.answers.at("custom-data"), "replace");
}

TEST(Transcripts, ThatCannotBeReadNameTheLine) {
  const auto error = [](const std::string& text) {
    return std::string(simulator::ParseTranscript(text).status().message());
  };
  const std::string head = R"({"transcript":1,"script":"say","place":0})"
                           "\n";
  EXPECT_EQ(error(""), "it is empty");
  EXPECT_EQ(error(R"({"transcript":2,"script":"say","place":0})"),
            "line 1: is no head of a transcript of version 1");
  EXPECT_EQ(error(head + "x"), "line 2: is no JSON object");
  EXPECT_EQ(error(head + R"({"request":"GET","target":"/"})"), "line 2: has no time \"at\"");
  EXPECT_EQ(error(head + R"({"at":0,"request":"GET"})"),
            "line 2: is a request without a \"target\"");
  EXPECT_EQ(error(head + R"({"at":0})"), "line 2: is no \"request\", \"answer\" or \"webhook\"");
  settings::Folder folder;
  EXPECT_THAT(std::string(simulator::LoadTranscripts(folder.Path("")).status().message()),
              HasSubstr("there is no transcript (*.jsonl)"));
}

}  // namespace
}  // namespace callbridge::live
