// What counts as an answer of the account: one lost webhook, or a key without a scope, answers no
// question and changes no setting.
#include <gmock/gmock.h>

#include <algorithm>

#include "server/live/proposal.h"
#include "tests/live/model_line.h"
#include "tests/settings/folder.h"

namespace callbridge::live {
namespace {

using testing::Contains;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class Evidence : public testing::Test {
 protected:
  Findings PlayAlso(ModelLine& line, const std::string& script) {
    return Play(line, OptionsFor(folder_.Path(""), {FindScript("account"), FindScript(script)}));
  }

  settings::Folder folder_;
};

// Drops this many of the next webhooks that have the text.
auto Loses(const std::string& text, int count) {
  return [text, count](Webhook& webhook) mutable {
    return webhook.body.find(text) == std::string::npos || count-- <= 0;
  };
}

auto Answers(const std::string& end, int status, const std::string& body = "") {
  return [=](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (request.method == provider::Method::kGet || !request.target.ends_with(end)) {
      return std::nullopt;
    }
    provider::HttpAnswer answer;
    answer.http_status = status;
    answer.body = body;
    return answer;
  };
}

// The conference's stop-play does nothing, and the webhook of the sound's end is lost.
TEST_F(Evidence, OneLostEndOfASoundProposesNoSetting) {
  simulator::Settings account = Account();
  account.switches.stop_play_scope = simulator::StopPlayScope::kCall;
  ModelLine line(account);
  line.passes = Loses("PLAY_FINISHED", 1);
  const Findings findings = PlayAlso(line, "conference-sounds");
  EXPECT_EQ(findings.answers.at("stop-play-scope"), "call");
}

TEST_F(Evidence, EndsOfSoundsThatNeverComeProveNothing) {
  ModelLine line(Account());
  line.passes = Loses("PLAY_FINISHED", 1'000);
  const Findings findings = PlayAlso(line, "conference-sounds");
  EXPECT_FALSE(findings.answers.contains("stop-play-scope"));
  EXPECT_THAT(findings.open.at("stop-play-scope"), HasSubstr("PLAY_FINISHED"));
  const Findings again = PlayAlso(line, "stop-play");
  EXPECT_FALSE(again.answers.contains("interrupted-sound-finishes"));
}

TEST_F(Evidence, AStopThatIsRefusedEndsNothing) {
  ModelLine line(Account());
  line.before = [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (!request.target.starts_with("/calls/1/conferences/") ||
        !request.target.ends_with("/stop-play")) {
      return std::nullopt;
    }
    provider::HttpAnswer answer;
    answer.http_status = 404;
    return answer;
  };
  line.passes = Loses("PLAY_FINISHED", 1);
  EXPECT_EQ(PlayAlso(line, "conference-sounds").answers.at("stop-play-scope"), "call");
}

// Both stop-plays work, and the person hangs up before the second one.
TEST_F(Evidence, AHangupDuringASoundAnswersNothing) {
  simulator::Settings account = Account();
  account.switches.stop_play_scope = simulator::StopPlayScope::kBoth;
  ModelLine line(account);
  line.before = [&](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    const std::string calls = "/calls/1/calls/";
    if (!request.target.starts_with(calls) || !request.target.ends_with("/stop-play")) {
      return std::nullopt;
    }
    const std::string call =
        request.target.substr(calls.size(), request.target.rfind('/') - calls.size());
    line.Inject(R"({"type": "CALL_FINISHED", "callId": ")" + call + "\"}");
    provider::HttpAnswer gone;
    gone.http_status = 404;
    return gone;
  };
  const Findings findings = PlayAlso(line, "conference-sounds");
  EXPECT_FALSE(findings.answers.contains("stop-play-scope"));
  EXPECT_THAT(findings.open.at("stop-play-scope"), HasSubstr("hung up"));
}

TEST_F(Evidence, AStopWithoutAnAnswerProvesNothing) {
  ModelLine line(Account());
  line.before = Answers("/stop-play", 0);
  const Findings findings = PlayAlso(line, "conference-sounds");
  EXPECT_FALSE(findings.answers.contains("stop-play-scope"));
  EXPECT_THAT(ProposeSettings(findings, {}),
              Not(Contains(Field(&ProposedSetting::path, HasSubstr("stop_play_scope")))));
}

// 401, 403 and 429 say something about the key and the rate, and nothing about the operation.
TEST_F(Evidence, AMissingScopeOrAFullRateIsNoRefusal) {
  for (const int status : {401, 403, 429}) {
    const std::string said = std::to_string(status);
    ModelLine line(Account());
    line.before = Answers("/say", status);
    const Findings say = PlayAlso(line, "no-answer");
    EXPECT_FALSE(say.answers.contains("say-too-early")) << status;
    EXPECT_THAT(say.open.at("say-too-early"), HasSubstr(said));
    line.before = Answers("/stop-play", status);
    const Findings stop = PlayAlso(line, "stop-play");
    EXPECT_FALSE(stop.answers.contains("idle-stop-play")) << status;
    EXPECT_THAT(stop.open.at("idle-stop-play"), HasSubstr(said));
    EXPECT_THAT(stop.open.at("stop-play-stops-say"), HasSubstr(said));
    EXPECT_FALSE(stop.answers.contains("interrupted-sound-finishes")) << status;
  }
}

TEST_F(Evidence, AStopThatIsNotAllowedSaysNothingAboutACapture) {
  ModelLine line(Account());
  line.before = Answers("/stop-play", 403);
  const Findings findings = PlayAlso(line, "keys");
  EXPECT_FALSE(findings.answers.contains("stop-play-ends-capture"));
  EXPECT_EQ(findings.open.at("stop-play-ends-capture"), "a stop-play was answered 403");
}

TEST_F(Evidence, AMissingScopeAnswersNoSecondRequest) {
  ModelLine line(Account());
  int answers = 0;
  line.before = [&](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (!request.target.ends_with("/answer") || ++answers < 2) return std::nullopt;
    provider::HttpAnswer answer;
    answer.http_status = 403;
    return answer;
  };
  const Findings findings = PlayAlso(line, "incoming");
  EXPECT_FALSE(findings.answers.contains("second-answer"));
  EXPECT_EQ(findings.open.at("second-answer"), "the request was answered 403");
}

// Somebody else posts one webhook, and the authentication refuses it. Those that it takes are
// signed.
TEST_F(Evidence, AForgedWebhookProposesNoSignature) {
  ModelLine line(Account());
  line.passes = [](Webhook& webhook) {
    webhook.signature = "{header: X-Good}";
    return true;
  };
  line.Inject(R"({"type": "CALL_RINGING", "callId": "forged"})", false);
  const Findings findings = PlayAlso(line, "say");
  EXPECT_EQ(findings.refused_webhooks, 0);
  EXPECT_THAT(ProposeSettings(findings, {}),
              Not(Contains(Field(&ProposedSetting::path, "webhook.hmac"))));
}

// It comes while doctor waits for the first webhook.
TEST_F(Evidence, AForgedWebhookEndsNoRun) {
  ModelLine line(Account());
  int held = 0;
  line.passes = [&](Webhook&) {
    if (held++ == 0) line.Inject(R"({"type": "CALL_RINGING", "callId": "forged"})", false);
    return true;
  };
  EXPECT_THAT(PlayAlso(line, "say").played, testing::ElementsAre("account", "say"));
}

TEST_F(Evidence, ARefusedWebhookWithOurSignatureProposesItsForm) {
  ModelLine line(Account());
  line.passes = [](Webhook& webhook) {
    webhook.authentic = false;
    webhook.signature = "{header: X-Another}";
    return true;
  };
  EXPECT_THAT(ProposeSettings(PlayAlso(line, "say"), {}),
              Contains(Field(&ProposedSetting::value, "{header: X-Another}")));
}

TEST_F(Evidence, KeysOverASoundAreNoted) {
  ModelLine line(Account());
  const Findings findings = PlayAlso(line, "keys");
  const auto noted = std::ranges::find(findings.notes, "9.31", &Note::section);
  ASSERT_NE(noted, findings.notes.end());
  EXPECT_THAT(noted->text, HasSubstr("are answered 200"));
}

// The question is left open, not answered as "empty".
TEST_F(Evidence, ADialThatTellsNoParticipantsAnswersNothing) {
  ModelLine line(Account());
  line.before = Answers("/call", 201, R"({"conference":{"id":"c"},"call":{"id":"b"}})");
  const Findings findings = PlayAlso(line, "no-answer");
  EXPECT_FALSE(findings.answers.contains("answer-participants"));
  EXPECT_EQ(findings.open.at("answer-participants"), "the answer to a dial has no participants");
}

TEST_F(Evidence, ACallOfWhichNothingIsToldIsGivenUp) {
  ModelLine line(Account());
  line.passes = [](Webhook& webhook) { return webhook.body.find("\"CALL_") == std::string::npos; };
  const Findings findings = PlayAlso(line, "say");
  ASSERT_FALSE(findings.troubles.empty());
  EXPECT_THAT(findings.troubles.front().what,
              HasSubstr("no webhook told within 36 s that the telephone was answered"));
}

}  // namespace
}  // namespace callbridge::live
