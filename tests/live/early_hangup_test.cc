// A telephone that does not do what the script asks for makes no answer false: it hangs up at any
// second, or is answered although it should ring. What a script has not seen stays open.
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <gmock/gmock.h>

#include <algorithm>

#include "tests/live/model_line.h"
#include "tests/settings/folder.h"
#include "tests/simulator/switches.h"

namespace callbridge::live {
namespace {

using simulator::SwitchRows;
using std::chrono::seconds;
using testing::Contains;
using testing::HasSubstr;
using testing::Key;
using testing::Not;
using testing::Pair;

// Longer than any script talks, and than any waits for the person.
constexpr int kScriptSecondsMax = 150;
constexpr int kPersonSecondsMax = 65;

// Each position of what the script asks, and those under which a hangup is easily taken for an
// answer. The empty one leaves all as they are.
std::vector<std::string> PositionsFor(const Script& script) {
  std::vector<std::string> positions{"", "ended-call=400", "ended-conference=400",
                                     "last-participant-left=ends"};
  for (const auto& row : SwitchRows()) {
    if (std::ranges::count(script.asks, row.name) == 0) continue;
    for (const std::string& choice : row.choices) positions.push_back(row.name + "=" + choice);
  }
  return positions;
}

simulator::Settings AccountWith(const std::string& position) {
  simulator::Settings account = Account();
  const std::size_t equals = position.find('=');
  if (equals != std::string::npos) {
    EXPECT_TRUE(SetByName(SwitchRows(), account.switches, position.substr(0, equals),
                          position.substr(equals + 1))
                    .ok())
        << position;
  }
  return account;
}

// Lets the telephone hang up, or answer where it should ring, after so many seconds.
void Surprise(ModelLine& line, const Script& script, int after) {
  if (script.person == Person::kCalls || script.person == Person::kGivesUp) {
    simulator::IncomingCall call;
    call.from = kPerson;
    call.to = kRented;
    call.hangs_up = seconds(after);
    line.model().StartIncomingCall(call, line.Now());
    return;
  }
  std::string person = absl::StrCat("answers:2,hangs-up:", after);
  if (script.person == Person::kLetsRing) person = absl::StrCat("answers:", after);
  if (script.person == Person::kPressesKeys) absl::StrAppend(&person, ",presses:12#");
  EXPECT_TRUE(line.model().SetPerson(kPerson, person).ok()) << person;
}

// Plays the scripts, with a person who surprises the one that is named.
Findings PlayUntil(ModelLine& line, const std::vector<const Script*>& scripts,
                   const std::string& name, int after) {
  const settings::Folder folder;
  return PlayScripts(line, OptionsFor(folder.Path(""), scripts), {[&](const Script& script) {
                       if (script.name == name) return Surprise(line, script, after);
                       line.Prepare(script);
                     }});
}

// The two scripts about the order of ends answer one question together.
std::vector<const Script*> With(const Script* script) {
  const Script* conference = FindScript("conference-end");
  const Script* person = FindScript("person-hangs-up");
  if (script == conference || script == person) return {conference, person};
  return {script};
}

void ExpectNothingFalse(const Findings& findings, const simulator::Settings& account,
                        const std::string& when) {
  for (const auto& [name, answer] : findings.answers) {
    const auto row =
        std::ranges::find(SwitchRows(), name, &simulator::Named<simulator::Switches>::name);
    ASSERT_NE(row, SwitchRows().end()) << name;
    EXPECT_EQ(answer, row->get(account.switches)) << name << when;
  }
}

// With each second until the script is played to its end. lost: webhooks that have this text do not
// come.
void PlayWithEachSecond(const Script& script, const simulator::Settings& account,
                        const std::string& position, const std::string& lost = "nothing") {
  const bool ends_it = script.person == Person::kHangsUp || script.person == Person::kGivesUp;
  const int longest = ends_it ? kPersonSecondsMax : kScriptSecondsMax;
  bool whole = false;
  for (int after = 0; after <= longest && (ends_it || !whole); ++after) {
    ModelLine line(account);
    line.passes = [&](Webhook& webhook) { return webhook.body.find(lost) == std::string::npos; };
    const Findings findings = PlayUntil(line, With(&script), script.name, after);
    ExpectNothingFalse(findings, account, absl::StrCat(", after ", after, " s, ", position));
    whole = std::ranges::count(findings.played, script.name) > 0;
  }
  EXPECT_TRUE(whole || ends_it) << position;
}

class EarlyHangup : public testing::TestWithParam<std::string> {};

TEST_P(EarlyHangup, MakesNoAnswerFalse) {
  const Script& script = *FindScript(GetParam());
  for (const std::string& position : PositionsFor(script)) {
    PlayWithEachSecond(script, AccountWith(position), position);
  }
}

// The answer to a request that follows the hangup is there before the webhook that explains it.
TEST_P(EarlyHangup, ThatIsToldLateMakesNoAnswerFalse) {
  for (const std::string position : {"", "ended-call=400"}) {
    simulator::Settings account = AccountWith(position);
    account.delays.event = seconds(2);
    PlayWithEachSecond(*FindScript(GetParam()), account, position);
  }
}

// The webhook of the hangup is lost, so that only the history tells of it.
TEST_P(EarlyHangup, ThatNoWebhookTellsMakesNoAnswerFalse) {
  PlayWithEachSecond(*FindScript(GetParam()), AccountWith(""), "", "\"CALL_FINISHED\"");
}

std::vector<std::string> ScriptsWithAPerson() {
  std::vector<std::string> names;
  for (const Script& script : Scripts()) {
    if (script.person != Person::kNobody) names.push_back(script.name);
  }
  return names;
}

std::string NameOfScript(const testing::TestParamInfo<std::string>& info) {
  return absl::StrReplaceAll(info.param, {{"-", "_"}});
}

INSTANTIATE_TEST_SUITE_P(Scripts, EarlyHangup, testing::ValuesIn(ScriptsWithAPerson()),
                         NameOfScript);

struct Case {
  std::string script;
  std::string position;
  int after;
  std::string question;
};

TEST(EarlyHangupTold, LeavesTheQuestionOpenInWords) {
  for (const Case& one :
       {Case{"conference-sounds", "stop-play-scope=conference", 11, "stop-play-scope"},
        Case{"conference-sounds", "stop-play-scope=conference", 13, "stop-play-scope"},
        Case{"stop-play", "", 4, "interrupted-sound-finishes"},
        Case{"recording", "", 25, "recording-stopped-at-end"},
        Case{"recording", "", 25, "composition"}}) {
    simulator::Settings account = AccountWith(one.position);
    account.delays.recording = seconds(20);
    ModelLine line(account);
    const Findings findings = PlayUntil(line, {FindScript(one.script)}, one.script, one.after);
    EXPECT_THAT(findings.answers, Not(Contains(Key(one.question)))) << one.script;
    EXPECT_THAT(findings.open, Contains(Pair(one.question, HasSubstr("hung up")))) << one.script;
    ASSERT_EQ(findings.troubles.size(), 1U) << one.script;
    EXPECT_THAT(findings.troubles.front().remedy, HasSubstr("stay on the line"));
  }
}

}  // namespace
}  // namespace callbridge::live
