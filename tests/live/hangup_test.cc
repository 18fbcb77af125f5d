// Every call that a script made is hung up: when the operator stops at any moment, when an answer
// is lost, when a script fails.
#include <gmock/gmock.h>

#include <set>

#include "tests/live/model_line.h"
#include "tests/settings/folder.h"

namespace callbridge::live {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

int CallsAlive(ModelLine& line) {
  int alive = 0;
  for (const auto& [key, call] : line.model().world().calls.things()) alive += !call.ended();
  return alive;
}

int ConferencesAlive(ModelLine& line) {
  int alive = 0;
  for (const auto& [key, conference] : line.model().world().conferences.things()) {
    alive += !conference.end.has_value();
  }
  return alive;
}

// Plays the script and asks to stop when the request of this number leaves, 0 for none. Returns the
// number of requests until then.
int PlayAndStop(const Script& script, int stop_at) {
  settings::Folder folder;
  ModelLine line(Account());
  int until_stop = 0;
  line.before = [&](const provider::HttpRequest&) {
    if (!line.stopped()) ++until_stop;
    if (until_stop == stop_at) line.Stop();
    return std::nullopt;
  };
  const Findings findings = Play(line, OptionsFor(folder.Path(""), {&script}));
  EXPECT_EQ(CallsAlive(line), 0) << script.name << ", stopped at request " << stop_at;
  EXPECT_THAT(findings.alive, IsEmpty()) << script.name << ", " << stop_at;
  EXPECT_THAT(line.model().world().account.files, IsEmpty()) << script.name << ", " << stop_at;
  EXPECT_EQ(RecordingsLeft(line), 0U) << script.name << ", " << stop_at;
  return until_stop;
}

TEST(HangUp, FollowsAStopAtEachRequest) {
  int stops = 0;
  for (const Script& script : Scripts()) {
    const int requests = PlayAndStop(script, 0);
    for (int stop_at = 1; stop_at <= requests; ++stop_at) PlayAndStop(script, stop_at);
    stops += requests;
  }
  EXPECT_GT(stops, 80);
}

TEST(HangUp, FindsACallWhoseDialHadNoAnswer) {
  settings::Folder folder;
  simulator::Settings account = Account();
  account.faults.reset_after = 1;
  account.faults.operations = {"dial", "create-call"};
  ModelLine line(account);
  // Not even its events tell of it.
  line.passes = [](Webhook& webhook) { return webhook.body.find("\"CALL_") == std::string::npos; };
  const Findings findings =
      Play(line, OptionsFor(folder.Path(""),
                            {FindScript("account"), FindScript("say"), FindScript("no-answer")}));
  EXPECT_EQ(line.model().world().calls.things().size(), 2U);
  EXPECT_EQ(CallsAlive(line), 0);
  EXPECT_THAT(findings.alive, IsEmpty());
}

// The call whose dial had no answer stands behind a page of calls of others.
TEST(HangUp, FindsALostCallOnAnyPageOfTheList) {
  settings::Folder folder;
  simulator::Settings account = Account();
  account.faults.reset_after = 1;
  account.faults.operations = {"create-call"};
  ModelLine line(account);
  line.passes = [](Webhook& webhook) { return webhook.body.find("\"CALL_") == std::string::npos; };
  line.before = [&](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    const bool first = request.target.find("&page=0") != std::string::npos;
    const bool second = request.target.find("&page=1") != std::string::npos;
    if (!request.target.starts_with("/calls/1/calls?") || (!first && !second)) return std::nullopt;
    const std::string id = line.model().world().calls.things().begin()->second.id;
    provider::HttpAnswer page;
    page.http_status = 200;
    page.body = first ? R"({"results": [{"id": "of-others", "state": "ESTABLISHED"}],)"
                      : R"({"results": [{"id": ")" + id +
                            R"(", "state": "ESTABLISHED", "customData": {"doctor": "abcdefgh"}}],)";
    page.body += R"("paging": {"page": 0, "size": 1, "totalPages": 2, "totalResults": 2}})";
    return page;
  };
  const Findings findings =
      Play(line, OptionsFor(folder.Path(""), {FindScript("account"), FindScript("say")}));
  EXPECT_EQ(line.model().world().calls.things().size(), 1U);
  EXPECT_EQ(CallsAlive(line), 0);
  EXPECT_THAT(findings.alive, IsEmpty());
}

// The provider makes the conference, and neither its answer nor its event comes.
struct LostConference {
  LostConference() {
    line.passes = [](Webhook&) { return false; };
  }
  static simulator::Settings LosingAnswers() {
    simulator::Settings account = Account();
    account.faults.reset_after = 1;
    account.faults.operations = {"create-conference"};
    return account;
  }
  Findings Play() { return live::Play(line, OptionsFor(folder.Path(""), {FindScript("account")})); }

  settings::Folder folder;
  ModelLine line{LosingAnswers()};
};

TEST(HangUp, FindsALostConferenceByItsName) {
  LostConference lost;
  const Findings findings = lost.Play();
  ASSERT_EQ(lost.line.model().world().conferences.things().size(), 1U);
  EXPECT_EQ(ConferencesAlive(lost.line), 0);
  EXPECT_THAT(findings.alive, IsEmpty());
}

// The list is asked for in vain, so that nobody can say whether the conference exists.
TEST(HangUp, TellsOfALostConference) {
  LostConference lost;
  lost.line.before =
      [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (!request.target.starts_with("/calls/1/conferences?")) return std::nullopt;
    provider::HttpAnswer refused;
    refused.http_status = 503;
    return refused;
  };
  const Findings findings = lost.Play();
  EXPECT_THAT(findings.alive, testing::Contains("a conference that was created without an answer"));
}

TEST(HangUp, TellsWhatMayBeAlive) {
  settings::Folder folder;
  ModelLine line(Account());
  line.before = [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (!request.target.ends_with("/hangup")) return std::nullopt;
    provider::HttpAnswer lost;
    lost.code = CURLE_RECV_ERROR;
    return lost;
  };
  const Findings findings =
      Play(line, OptionsFor(folder.Path(""), {FindScript("account"), FindScript("early-add")}));
  EXPECT_EQ(CallsAlive(line), 1);
  EXPECT_THAT(findings.alive, testing::Contains(HasSubstr("call ")));
  const std::set<std::string> different(findings.alive.begin(), findings.alive.end());
  EXPECT_EQ(different.size(), findings.alive.size()) << "each is told once";
}

// The hangups of the first script fail, those of the second end what is left of both.
TEST(HangUp, ForgetsWhatALaterHangupHasEnded) {
  settings::Folder folder;
  ModelLine line(Account());
  bool lost = true;
  line.before = [&](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (!lost || !request.target.ends_with("/hangup")) return std::nullopt;
    provider::HttpAnswer answer;
    answer.code = CURLE_RECV_ERROR;
    return answer;
  };
  const auto options = OptionsFor(folder.Path(""), {FindScript("account"), FindScript("say")});
  std::vector<std::string> first;
  const Findings findings = PlayScripts(line, options,
                                        {[&](const Script& script) { line.Prepare(script); },
                                         [&](const Script&, const Findings& so_far) {
                                           if (first.empty()) first = so_far.alive;
                                           lost = false;
                                         }});
  EXPECT_THAT(first, testing::Not(IsEmpty()));
  EXPECT_EQ(ConferencesAlive(line), 0);
  EXPECT_THAT(findings.alive, IsEmpty());
}

}  // namespace
}  // namespace callbridge::live
