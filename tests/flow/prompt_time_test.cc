#include "server/flow/prompt_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>
#include <vector>

#include "tests/flow/samples.h"

namespace callbridge::flow {
namespace {

using std::chrono::milliseconds;

v1::Prompt Saying(const std::string& text) {
  v1::Prompt prompt;
  prompt.set_text(text);
  return prompt;
}

TEST(ExpectedDuration, CountsCodePointsNotBytes) {
  EXPECT_EQ(ExpectedDuration(Saying("hello")), milliseconds(750));
  EXPECT_EQ(ExpectedDuration(Saying("äöü")), milliseconds(450));
}

TEST(ExpectedDuration, GivesWideScriptsMoreTime) {
  EXPECT_EQ(ExpectedDuration(Saying("你好")), milliseconds(800));
  // U+2E7F is the last narrow one, U+2E80 the first wide one.
  EXPECT_EQ(ExpectedDuration(Saying("\u2E7F")), milliseconds(150));
  EXPECT_EQ(ExpectedDuration(Saying("\u2E80")), milliseconds(400));
  EXPECT_EQ(ExpectedDuration(Saying("\U0001F600")), milliseconds(400));
}

TEST(ExpectedDuration, OfTextThatEndsWithinACodePointReadsNoFurther) {
  EXPECT_EQ(ExpectedDuration(Saying("\xE2")), milliseconds(150));
}

TEST(ExpectedDuration, IsDividedByTheSpeechRate) {
  v1::Prompt prompt = Saying("hello");
  prompt.mutable_voice()->set_speaking_rate(0.5);
  EXPECT_EQ(ExpectedDuration(prompt), milliseconds(1500));
}

TEST(ExpectedDuration, AddsBreaks) {
  const milliseconds without = std::chrono::duration_cast<milliseconds>(
      ExpectedDuration(Saying("<break time=\"xx\"/><break time=\"xxxxx\"/>")));
  EXPECT_EQ(ExpectedDuration(Saying("<break time=\"2s\"/><break time='500ms'/>")),
            without + milliseconds(2500));
}

TEST(ExpectedDuration, OfAudioIsWhatThePlanSaysOrAGuess) {
  v1::Prompt prompt;
  prompt.mutable_audio()->set_file_id("music");
  const base::Duration guess = ExpectedDuration(prompt);
  EXPECT_GT(guess, base::Duration{});
  prompt.mutable_audio()->mutable_duration()->set_seconds(7);
  EXPECT_EQ(ExpectedDuration(prompt), std::chrono::seconds(7));
  EXPECT_NE(ExpectedDuration(prompt), guess);
}

TEST(ExpectedDuration, TakesNoWordForABreakThatHasNoTime) {
  const milliseconds without = std::chrono::duration_cast<milliseconds>(
      ExpectedDuration(Saying("<break time=\"-9s\"/><break time=\"\"/><break/>")));
  EXPECT_EQ(ExpectedDuration(Saying("<break time=\"-9s\"/><break time=\"\"/><break/>aa")) - without,
            ExpectedDuration(Saying("aa")));
}

TEST(ExpectedDuration, CountsOnlyBreaksThatAreWellFormed) {
  const auto with = [](const std::string& tag) {
    return std::chrono::duration_cast<milliseconds>(ExpectedDuration(Saying(tag))) -
           std::chrono::milliseconds(150) * tag.size();
  };
  EXPECT_EQ(with("<break time=\"1s\"/>"), milliseconds(1000));
  EXPECT_EQ(with("<break time=\"1ms\"/>"), milliseconds(1));
  EXPECT_EQ(with("<break time=\"s\"/>"), milliseconds(0));
  EXPECT_EQ(with("<break time=\"ms\"/>"), milliseconds(0));
  EXPECT_EQ(with("<break time=\"7\"/>"), milliseconds(0));
  EXPECT_EQ(with("<break time=\"x7s\"/>"), milliseconds(0));
  EXPECT_EQ(with("<break time="), milliseconds(0));
  EXPECT_EQ(with("<break strength=\"weak\"/><break time=\"2s\"/>"), milliseconds(2000));
}

TEST(PromptDeadline, HasAMaximum) {
  EXPECT_EQ(PromptDeadline(Saying(std::string(1000, 'a')), DefaultTiming()),
            std::chrono::seconds(120));
  EXPECT_EQ(PromptDeadline(Saying("hello"), DefaultTiming()), milliseconds(5750));
}

TEST(KnownDeadline, IsOfEachPromptItsOwnALittleLaterThanItsEnd) {
  internal::v1::PromptLengths lengths;
  const std::vector<v1::PromptKind> kinds = {v1::PROMPT_KIND_GREETING, v1::PROMPT_KIND_ANNOUNCEMENT,
                                             v1::PROMPT_KIND_APOLOGY};
  for (const v1::PromptKind kind : kinds) EXPECT_EQ(KnownDeadline(lengths, kind), std::nullopt);
  lengths.mutable_greeting()->set_seconds(0);
  lengths.mutable_announcement()->set_seconds(1);
  lengths.mutable_apology()->set_seconds(2);
  std::vector<base::Duration> deadlines;
  for (const v1::PromptKind kind : kinds) deadlines.push_back(*KnownDeadline(lengths, kind));
  EXPECT_THAT(deadlines,
              testing::ElementsAre(milliseconds(2000), milliseconds(3000), milliseconds(4000)));
}

TEST(IsSilent, OnlyWithoutContent) {
  EXPECT_TRUE(IsSilent(v1::Prompt()));
  EXPECT_TRUE(IsSilent(Saying("")));
  EXPECT_FALSE(IsSilent(Saying("hello")));
  v1::Prompt audio;
  audio.mutable_audio();
  EXPECT_TRUE(IsSilent(audio));
  audio.mutable_audio()->set_file_id("music");
  EXPECT_FALSE(IsSilent(audio));
}

}  // namespace
}  // namespace callbridge::flow
