// All scripts against the simulator with each switch in each position: what the scripts answer is
// the position, and nothing is left behind.
#include <gmock/gmock.h>

#include <map>
#include <set>

#include "server/live/proposal.h"
#include "server/live/questions.h"
#include "server/live/steps.h"
#include "tests/live/model_line.h"
#include "tests/settings/folder.h"
#include "tests/simulator/switches.h"

namespace callbridge::live {
namespace {

using simulator::SwitchRows;
using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;
using Names = std::set<std::string>;

// Switches that no script answers, as docs/provider.md §9 says.
const Names& NotScripted() {
  static const Names names{"lone-participant", "throttles"};
  return names;
}

// Questions that a run answers only if the account gives an occasion.
const Names& ByOccasion() {
  static const Names names{"throttle-body", "sticky-base-url"};
  return names;
}

// Questions that stay open if a switch is in a position.
Names OpenWith(const std::string& position) {
  static const std::map<std::string, Names> open{
      {"call-failed-sent=no",
       {"join-failed-order", "failed-leg-conference-ids", "abandoned-state"}},
      {"join-failed-sent=no", {"join-failed-order"}},
      {"removed-sent=no", {"finished-order"}},
      {"early-media=yes", {"say-too-early"}},
      {"failed-state=failed", {"abandoned-state"}},
      {"recording=403",
       {"second-recording", "recording-stopped-at-end", "composition", "composed-told"}}};
  const auto found = open.find(position);
  return found == open.end() ? Names() : found->second;
}

std::vector<std::string> AllPositions() {
  std::vector<std::string> all;
  for (const auto& row : SwitchRows()) {
    if (NotScripted().contains(row.name)) continue;
    for (const std::string& choice : row.choices) all.push_back(row.name + "=" + choice);
  }
  return all;
}

std::string NameOfPosition(const testing::TestParamInfo<std::string>& info) {
  std::string name;
  for (const char character : info.param) {
    name += std::isalnum(static_cast<unsigned char>(character)) != 0 ? character : '_';
  }
  return name;
}

class EachPosition : public testing::TestWithParam<std::string> {
 protected:
  settings::Folder folder_;
};

TEST_P(EachPosition, IsWhatTheScriptsAnswer) {
  const std::string name = GetParam().substr(0, GetParam().find('='));
  const std::string position = GetParam().substr(name.size() + 1);
  simulator::Settings account = Account();
  ASSERT_TRUE(SetByName(SwitchRows(), account.switches, name, position).ok());
  RunOptions options = OptionsFor(folder_.Path(""));
  // What gives the occasion.
  if (name == "sticky-base-url") account.api_base_url = "http://127.0.0.1:4001";
  if (name == "throttle-body") {
    account.faults.throttled = 1;
    account.faults.times = 1;
  }
  if (GetParam() == "legacy-applications=on") {
    options.stage.configuration.field = "applicationId";
  }
  ModelLine line(account);
  const Findings findings = Play(line, options);

  for (const Question& question : Questions()) {
    if (ByOccasion().contains(question.switch_name) && question.switch_name != name) continue;
    if (OpenWith(GetParam()).contains(question.switch_name)) {
      EXPECT_TRUE(findings.open.contains(question.switch_name)) << question.switch_name;
      continue;
    }
    const auto row = std::ranges::find(SwitchRows(), question.switch_name,
                                       &simulator::Named<simulator::Switches>::name);
    const auto answer = findings.answers.find(question.switch_name);
    const auto open = findings.open.find(question.switch_name);
    ASSERT_NE(answer, findings.answers.end())
        << question.switch_name << ": "
        << (open == findings.open.end() ? "neither answered nor open" : open->second);
    EXPECT_EQ(answer->second, row->get(account.switches)) << question.switch_name;
  }
  EXPECT_THAT(findings.alive, IsEmpty());
  for (const auto& [key, call] : line.model().world().calls.things()) {
    EXPECT_TRUE(call.ended()) << call.id;
  }
  EXPECT_THAT(line.model().world().account.files, IsEmpty());
  EXPECT_EQ(line.model().world().journal.overlaps, 1) << "only the script overlap asks for it";
}

INSTANTIATE_TEST_SUITE_P(All, EachPosition, testing::ValuesIn(AllPositions()), NameOfPosition);

TEST(Questions, AreTheSwitchesOfTheSimulator) {
  Names asked = NotScripted();
  for (const Question& question : Questions()) {
    asked.insert(question.switch_name);
    const auto row = std::ranges::find(SwitchRows(), question.switch_name,
                                       &simulator::Named<simulator::Switches>::name);
    ASSERT_NE(row, SwitchRows().end()) << question.switch_name;
    std::vector<std::string> positions;
    for (const Position& position : question.positions) positions.push_back(position.name);
    EXPECT_THAT(positions, testing::UnorderedElementsAreArray(row->choices));
  }
  for (const auto& row : SwitchRows()) EXPECT_TRUE(asked.contains(row.name)) << row.name;
}

TEST(Questions, AreAskedByScripts) {
  Names asked{"throttle-body"};
  for (const Script& script : Scripts()) {
    for (const std::string& name : script.asks) {
      EXPECT_NE(FindQuestion(name), nullptr) << name;
      asked.insert(name);
    }
  }
  for (const Question& question : Questions()) {
    EXPECT_TRUE(asked.contains(question.switch_name)) << question.switch_name;
  }
}

TEST(Cost, CountsTheCallsThatAreDialledAndTheirLongestTime) {
  const Cost cost = CostOf(AllScripts());
  EXPECT_EQ(cost.calls, 12);
  EXPECT_EQ(cost.incoming, 2);
  EXPECT_EQ(cost.longest_call, std::chrono::seconds(180));
  // What is answered may ring and then last to its end.
  for (const Script* script : AllScripts()) {
    const bool talks = script->calls > 0 && script->person != Person::kNobody &&
                       script->person != Person::kLetsRing;
    EXPECT_TRUE(!talks || script->longest == kRings + kLasts) << script->name;
  }
}

TEST(Run, DialsAsOftenAsItSays) {
  settings::Folder folder;
  ModelLine line(Account());
  Play(line, OptionsFor(folder.Path("")));
  int dialled = 0;
  for (const auto& [key, call] : line.model().world().calls.things()) dialled += !call.inbound;
  EXPECT_EQ(dialled, CostOf(AllScripts()).calls);
}

TEST(Run, ProposesTheSettingsThatFollow) {
  settings::Folder folder;
  simulator::Settings account = Account();
  account.switches.stop_play_scope = simulator::StopPlayScope::kConference;
  account.faults.list_lag = std::chrono::seconds(6);
  ModelLine line(account);
  const Findings findings = Play(line, OptionsFor(folder.Path("")));
  std::ostringstream text;
  WriteText(findings, {"default", {{"accounts.default.setup.flavour", "subscriptions"}}}, text);
  EXPECT_THAT(text.str(),
              testing::AllOf(HasSubstr("setting    accounts.default.stop_play_scope: conference"),
                             HasSubstr("setting    timing.list_lag: 1"),
                             testing::Not(HasSubstr("setup.flavour")),
                             HasSubstr("--switch stop-play-scope=conference")));
}

TEST(Run, ProposesTheHostThatEventsNameAndNeverSendsTheKeyThere) {
  settings::Folder folder;
  simulator::Settings account = Account();
  account.api_base_url = "https://elsewhere.example.com";
  ModelLine line(account);
  const Findings findings =
      Play(line, OptionsFor(folder.Path(""), {FindScript("account"), FindScript("incoming")}));
  const auto settings = ProposeSettings(findings, {});
  ASSERT_THAT(settings, testing::Contains(testing::Field(&ProposedSetting::value,
                                                         "[\"elsewhere.example.com\"]")));
  EXPECT_EQ(findings.open.at("sticky-base-url"),
            "apiBaseUrl is the account's own base URL, or the "
            "settings do not allow it");
}

}  // namespace
}  // namespace callbridge::live
