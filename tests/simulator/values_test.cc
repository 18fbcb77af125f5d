// The small pieces that everything else stands on: named values, durations, moments, scripts,
// random numbers, JSON text.
#include <gtest/gtest.h>

#include "tests/simulator/faults.h"
#include "tests/simulator/json_writer.h"
#include "tests/simulator/model_driver.h"
#include "tests/simulator/moment.h"
#include "tests/simulator/people.h"
#include "tests/simulator/random.h"
#include "tests/simulator/switches.h"

namespace callbridge::simulator {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(Named, ReadsDurationsWithAndWithoutUnit) {
  EXPECT_EQ(ParseDuration("250ms").value(), base::Duration(milliseconds(250)));
  EXPECT_EQ(ParseDuration("1.5s").value(), base::Duration(milliseconds(1'500)));
  EXPECT_EQ(ParseDuration("2m").value(), base::Duration(seconds(120)));
  EXPECT_EQ(ParseDuration("3").value(), base::Duration(seconds(3)));
  for (const char* wrong : {"", "s", "-1s", "1h30", "nan", "9999999999s"}) {
    EXPECT_FALSE(ParseDuration(wrong).ok()) << wrong;
  }
}

TEST(Named, EveryRowTakesWhatItShows) {
  for (const auto& row : SwitchRows()) {
    for (const std::string& choice : row.choices) {
      Switches switches;
      ASSERT_TRUE(row.set(switches, choice).ok()) << row.name;
      EXPECT_EQ(row.get(switches), choice) << row.name;
    }
    Switches untouched;
    EXPECT_FALSE(row.set(untouched, "perhaps").ok()) << row.name;
  }
  for (const auto& row : FaultRows()) {
    Faults faults;
    const std::string value = row.values == "word,word …" ? "answer,dial" : "1";
    ASSERT_TRUE(row.set(faults, value).ok()) << row.name;
    EXPECT_EQ(row.get(faults), row.values == "duration" ? "1s" : value) << row.name;
  }
}

TEST(Named, SaysWhichNameAndWhichValuesWhenRefusing) {
  Switches switches;
  const absl::Status unknown = SetByName(SwitchRows(), switches, "stop", "call");
  EXPECT_NE(unknown.message().find("stop"), std::string::npos);
  const absl::Status value = SetByName(SwitchRows(), switches, "stop-play-scope", "all");
  EXPECT_NE(value.message().find("call | conference | both"), std::string::npos);
  Faults faults;
  EXPECT_FALSE(SetByName(FaultRows(), faults, "drop", "1.5").ok());
  EXPECT_FALSE(SetByName(FaultRows(), faults, "drop", "often").ok());
}

TEST(Moment, ReadsEveryFormThatItWrites) {
  const base::Time time = base::Time(seconds(1'768'478'370)) + milliseconds(7);
  for (const TimeFormat format :
       {TimeFormat::kPlusZeros, TimeFormat::kZulu, TimeFormat::kPlusColon}) {
    EXPECT_EQ(ParseMoment(FormatMoment(time, format)), time) << FormatMoment(time, format);
  }
  EXPECT_EQ(FormatMoment(time), "2026-01-15T11:59:30.007+0000");
  EXPECT_EQ(ParseMoment("2026-01-15T12:59:30.007+01:00"), time);
  for (const char* wrong :
       {"", "2026-01-15", "2026-13-15T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-15T24:00:00Z",
        "2026-01-15T00:00:00", "9999-01-01T00:00:00Z"}) {
    EXPECT_FALSE(ParseMoment(wrong)) << wrong;
  }
}

TEST(People, FindsTheNumberThenTheEndingThenTheDefault) {
  People people;
  EXPECT_EQ(people.Find("447700900101").error, "BUSY");
  EXPECT_EQ(people.Find("447700900456").reaction, Script::Reaction::kAnswers);
  ASSERT_TRUE(people.Set("447700900101", "answers:7,hangs-up:9").ok());
  EXPECT_EQ(people.Find("+447700900101").after, base::Duration(seconds(7)));
  EXPECT_EQ(people.Find("447700900101").hangs_up, base::Duration(seconds(9)));
  ASSERT_TRUE(people.Set("*456", "never-answers").ok());
  EXPECT_EQ(people.Find("447700900456").reaction, Script::Reaction::kNeverAnswers);
  ASSERT_TRUE(people.Set("default", "fails:CONGESTION").ok());
  EXPECT_EQ(people.Find("447700900777").error, "CONGESTION");
}

TEST(People, RefusesWordsItDoesNotKnow) {
  for (const char* wrong : {"sleeps", "answers:soon", "hangs-up", "fails:NOTHING", "refused:200"}) {
    EXPECT_FALSE(ParseScript(wrong).ok()) << wrong;
  }
}

TEST(Random, IsTheSameForTheSameSeedAndDrawsNothingForNever) {
  Random first(7);
  Random second(7);
  EXPECT_EQ(first.Uuid(), second.Uuid());
  EXPECT_FALSE(first.Chance(0));
  EXPECT_EQ(first.Next(), second.Next());
  EXPECT_TRUE(first.Chance(1));
  EXPECT_NE(Random(7).Uuid(), Random(8).Uuid());
  EXPECT_LE(first.UpTo(seconds(1)), base::Duration(seconds(1)));
}

TEST(JsonWriter, EscapesAndSeparates) {
  JsonWriter writer({TimeFormat::kPlusZeros, true});
  writer.BeginObject();
  writer.Text("a\"b", "line\nquote\"back\\");
  writer.BeginArray("list");
  writer.String("x");
  writer.String("y");
  writer.EndArray();
  writer.TextIfAny("nothing", "");
  writer.Flag("flag", false);
  writer.EndObject();
  const std::string text = writer.Take();
  EXPECT_EQ(text,
            "{\"a\\\"b\":\"line\\u000aquote\\\"back\\\\\",\"list\":[\"x\",\"y\"],\"nothing\":null,"
            "\"flag\":false}");
  EXPECT_EQ(At(text, "/list/1"), "y");
}

}  // namespace
}  // namespace callbridge::simulator
