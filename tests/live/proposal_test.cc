// What is proposed can be taken over as it stands: the settings accept it, and lose nothing by it.
#include "server/live/proposal.h"

#include <gmock/gmock.h>

#include <sstream>

#include "tests/live/model_line.h"

namespace callbridge::live {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

std::vector<std::string> Lines(const Findings& findings, const Asker& asker) {
  std::vector<std::string> lines;
  for (const ProposedSetting& setting : ProposeSettings(findings, asker)) {
    lines.push_back(setting.path + ": " + setting.value);
  }
  return lines;
}

Asker WithDurations(base::Duration minimum_age = minutes(10)) {
  Asker asker;
  asker.durations = {{"timing.list_lag", seconds(4)},
                     {"timing.dial_search", seconds(20)},
                     {"timing.media_end", std::chrono::milliseconds(1'500)},
                     {"sweep.minimum_age", minimum_age}};
  return asker;
}

TEST(Proposals, RaiseWhatHasToBeLonger) {
  Findings findings;
  findings.settings["timing.list_lag"] = {seconds(16), seconds(32), "seen"};
  EXPECT_THAT(Lines(findings, WithDurations()),
              UnorderedElementsAre("timing.list_lag: 32s", "timing.dial_search: 48s"));
  EXPECT_THAT(Lines(findings, WithDurations(seconds(30))),
              UnorderedElementsAre("timing.list_lag: 32s", "timing.dial_search: 48s",
                                   "sweep.minimum_age: 58s"));
  findings.settings["timing.list_lag"] = {seconds(5), seconds(10), "seen"};
  EXPECT_THAT(Lines(findings, WithDurations()), UnorderedElementsAre("timing.list_lag: 10s"));
}

TEST(Proposals, StandBesideTheNotesInJson) {
  Findings findings;
  findings.notes = {{"9.31", "keys that are sent while a sound is heard are answered 200"}};
  std::ostringstream out;
  WriteJson(findings, WithDurations(), out);
  EXPECT_THAT(out.str(), testing::HasSubstr(R"("notes":[{"section":"9.31","text":"keys that)"));
}

TEST(Proposals, LeaveADurationThatIsLongEnough) {
  Findings findings;
  findings.settings["timing.list_lag"] = {seconds(3), seconds(6), "seen"};
  findings.settings["timing.media_end"] = {std::chrono::milliseconds(1'490), seconds(3), "seen"};
  EXPECT_THAT(Lines(findings, WithDurations()), IsEmpty());
}

TEST(Proposals, FollowTheLargestMeasurement) {
  ModelLine line(Account());
  Stage stage(line, {});
  for (const int seen : {2, 7, 3}) {
    stage.Propose("timing.media_end", {seconds(seen), seconds(2 * seen), "seen"});
  }
  EXPECT_THAT(Lines(stage.findings(), WithDurations()),
              UnorderedElementsAre("timing.media_end: 14s"));
}

TEST(Proposals, NameTheHostsThatAreAllowedAlready) {
  Findings findings;
  Asker asker;
  asker.allowed_hosts = {"own.api.infobip.com", ".infobip.com"};
  findings.foreign_base_urls = {"https://eu.example.com/", "us.example.com:8443"};
  EXPECT_THAT(Lines(findings, asker),
              UnorderedElementsAre(
                  "accounts.default.allowed_hosts: [\"own.api.infobip.com\", \".infobip.com\", "
                  "\"eu.example.com\", \"us.example.com:8443\"]"));
}

TEST(Proposals, NameNoHostToWhichNoKeyIsSent) {
  Findings findings;
  findings.foreign_base_urls = {"http://eu.example.com", "https://eu.example.com/path",
                                "a\"], x: [\"b.example.com", "no host", "/"};
  EXPECT_THAT(Lines(findings, {}), IsEmpty());
}

}  // namespace
}  // namespace callbridge::live
