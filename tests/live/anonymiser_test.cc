// What a transcript holds of an account: nothing that belongs to somebody.
#include "server/live/anonymiser.h"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

#include "server/live/transcript.h"
#include "tests/live/model_line.h"
#include "tests/settings/folder.h"

namespace callbridge::live {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string Hidden(Anonymiser& anonymiser, const std::string& body) {
  provider::JsonWriter writer;
  anonymiser.WriteBody("body", body, writer);
  return std::move(writer).Take();
}

std::string Hidden(const std::string& body) {
  Anonymiser anonymiser({"the-secret"});
  return Hidden(anonymiser, body);
}

TEST(Anonymiser, ReplacesNumbersAndKeepsTheirForm) {
  EXPECT_EQ(
      Hidden(R"({"from":"442071234567","to":"+442071234567","phoneNumber":"442077777777"})"),
      R"({"body":{"from":"447700900101","to":"+447700900101","phoneNumber":"447700900102"}})");
}

TEST(Anonymiser, ReplacesIdsConsistently) {
  Anonymiser anonymiser({});
  const std::string id = "7d0f6c1e-3b52-4c19-8e57-1234567890ab";
  EXPECT_EQ(Hidden(anonymiser, R"({"callId":")" + id + R"(","callsConfigurationId":"shop"})"),
            R"({"body":{"callId":"00000000-0000-4000-8000-000000000001",)"
            R"("callsConfigurationId":"id-2"}})");
  EXPECT_EQ(anonymiser.HideTarget("/calls/1/calls/" + id + "/say?callsConfigurationId=shop&page=0"),
            "/calls/1/calls/00000000-0000-4000-8000-000000000001/say?callsConfigurationId=id-2"
            "&page=0");
}

// In a path everything is escaped that is no letter or digit.
TEST(Anonymiser, ReplacesWhatIsEscapedInAPath) {
  Anonymiser anonymiser({"the secret+"});
  anonymiser.Learn(R"({"callsConfigurationId":"Acme Inc","name":"Größe"})");
  EXPECT_EQ(anonymiser.HideTarget("/calls/1/calls?callsConfigurationId=Acme%20Inc&name="
                                  "Gr%C3%B6%C3%9Fe&to=%2B442071234567&page=0"),
            "/calls/1/calls?callsConfigurationId=id-1&name=name-1&to=%2B447700900101&page=0");
  EXPECT_EQ(anonymiser.HideTarget("/x/the%20secret%2B/of%20Acme%20Inc/100%/%zz"),
            "/x/%28secret%29/of%20id-1/100%25/%25zz");
}

TEST(Anonymiser, KeepsTheWordsOfTheProvider) {
  EXPECT_EQ(Hidden(R"({"type":"CALL_FAILED","errorCode":{"id":10200,"name":"NO_ANSWER"},)"
                   R"("conferenceIds":[],"playedCompletely":false,"x":null,"duration":1200})"),
            R"({"body":{"type":"CALL_FAILED","errorCode":{"id":10200,"name":"NO_ANSWER"},)"
            R"("conferenceIds":[],"playedCompletely":false,"x":null,"duration":1200}})");
}

// A language is no name of anybody, and the same letters elsewhere may be one.
TEST(Anonymiser, KeepsALanguageWhereOneStands) {
  EXPECT_EQ(Hidden(R"({"language":"pt-br"})"), R"({"body":{"language":"pt-br"}})");
  EXPECT_EQ(Hidden(R"({"state":"pt-br"})").find("pt-br"), std::string::npos);
}

TEST(Anonymiser, MovesTimesAndKeepsTheirFormAndDistance) {
  EXPECT_EQ(Hidden(R"({"a":"2027-03-04T05:06:07.125+0000","b":"2027-03-04T05:06:09Z"})"),
            R"({"body":{"a":"2026-01-15T00:00:00.125+0000","b":"2026-01-15T00:00:02Z"}})");
}

TEST(Anonymiser, ReplacesWhatItDoesNotKnow) {
  EXPECT_EQ(Hidden(R"({"resolvedCnam":"Jane Doe","new":{"field":"Jane Doe"},"pin":4420771234567,)"
                   R"("apiBaseUrl":"https://x1y2.api.infobip.com/","dtmf":"4711#"})"),
            R"({"body":{"resolvedCnam":"name-1","new":{"field":"name-1"},"pin":447700900101,)"
            R"("apiBaseUrl":"https://api.example.com/","dtmf":"1111#"}})");
}

TEST(Anonymiser, TakesKnownThingsOutOfSentences) {
  Anonymiser anonymiser({"the-secret"});
  anonymiser.Learn(R"({"phoneNumber":"442071234567"})");
  EXPECT_EQ(Hidden(anonymiser, R"({"description":"Number 442071234567 is busy"})"),
            R"({"body":{"description":"Number 447*******01 is busy"}})");
}

TEST(Anonymiser, LetsNoSecretPass) {
  for (const char* body :
       {R"({"description":"key the-secret is wrong"})", R"({"the-secret":"x"})",
        R"({"type":"the-secret"})", R"({"customData":{"a":"Bearer the-secret"}})",
        R"({"list":["the-secret"]})", R"({"url":"https://a.example/the-secret"})"}) {
    EXPECT_THAT(Hidden(body), Not(HasSubstr("the-secret"))) << body;
  }
  Anonymiser anonymiser({"the-secret"});
  EXPECT_THAT(anonymiser.HideTarget("/x/the-secret?y=the-secret"), Not(HasSubstr("the-secret")));
  EXPECT_EQ(Hidden("not JSON, the-secret"), R"({"bytes":20})");
}

// A provider that shows the key in its answers and events.
TEST(Transcript, HoldsNothingOfTheAccount) {
  settings::Folder folder;
  ModelLine line(Account());
  line.before = [](const provider::HttpRequest& request) -> std::optional<provider::HttpAnswer> {
    if (request.target.find("applications") == std::string::npos) return std::nullopt;
    provider::HttpAnswer refused;
    refused.http_status = 404;
    refused.body = std::string(R"({"description":"no application of key )") + kKey + "\"}";
    return refused;
  };
  line.passes = [](Webhook& webhook) {
    webhook.body.insert(1, std::string("\"echo\":\"App ") + kKey + "\",");
    return true;
  };
  const Findings findings = Play(line, OptionsFor(folder.Path("")));
  EXPECT_EQ(findings.played.size(), Scripts().size());
  for (const Script& script : Scripts()) {
    std::ifstream file(folder.Path(script.name + ".jsonl"));
    std::stringstream text;
    text << file.rdbuf();
    ASSERT_NE(text.str(), "") << script.name;
    for (const char* owned : {kKey, kPerson, kRented, "shop-calls", "abcdefgh", "127.0.0.1"}) {
      EXPECT_THAT(text.str(), Not(HasSubstr(owned))) << script.name;
    }
    for (const auto& [key, call] : line.model().world().calls.things()) {
      EXPECT_THAT(text.str(), Not(HasSubstr(call.id))) << script.name;
    }
  }
}

TEST(Transcript, LeavesOtherPeoplesCallsOut) {
  Anonymiser anonymiser({});
  const base::Time now{std::chrono::hours(500'000)};
  const std::string text = WriteTranscript(
      "say", 0,
      {{Entry::Kind::kWebhook, now, "CALL_RINGING", "", {}, R"({"callId":"theirs"})"},
       {Entry::Kind::kRequest,
        now + std::chrono::milliseconds(1500),
        "GET",
        "/calls/1/calls",
        {},
        ""},
       {Entry::Kind::kAnswer,
        now + std::chrono::milliseconds(1625),
        "200",
        "",
        {},
        R"({"id":"ours"})"},
       {Entry::Kind::kWebhook,
        now + std::chrono::seconds(2),
        "CALL_RINGING",
        "",
        {"Content-Type"},
        R"({"type":"CALL_RINGING","callId":"ours"})"}},
      [](const std::string& id) { return id == "ours"; }, anonymiser);
  EXPECT_EQ(text.substr(text.find('\n') + 1),
            R"({"at":0,"request":"GET","target":"/calls/1/calls"})"
            "\n"
            R"({"at":0.125,"answer":200,"body":{"id":"id-1"}})"
            "\n"
            R"({"at":0.5,"webhook":"CALL_RINGING","headers":["Content-Type"],)"
            R"("body":{"type":"CALL_RINGING","callId":"id-1"}})"
            "\n");
}

}  // namespace
}  // namespace callbridge::live
