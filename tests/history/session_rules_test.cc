// The rules over the events of one session, each with events that break it.
#include "tests/history/session_rules.h"

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>

#include "tests/history/good_history.h"

namespace callbridge::history {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

SessionEvents Good() { return GoodHistory().readers.at(0).events; }

v1::SessionEvent Prompt(int sequence, v1::PromptKind kind, bool finished = false) {
  v1::SessionEvent event;
  event.set_sequence(sequence);
  if (finished) {
    event.mutable_prompt_finished()->set_prompt(kind);
  } else {
    event.mutable_prompt_started()->set_prompt(kind);
  }
  return event;
}

v1::SessionEvent Music(int sequence) {
  v1::SessionEvent event;
  event.set_sequence(sequence);
  event.mutable_music_started();
  return event;
}

TEST(SessionRules, FindNothingInAGoodSession) {
  EXPECT_THAT(SequencesWithoutGap(Good()), IsEmpty());
  EXPECT_THAT(NothingAfterTheEnd(Good()), IsEmpty());
  EXPECT_THAT(SoundsInOrder(Good()), IsEmpty());
  EXPECT_THAT(OutcomeFitsTheStory(Good()), IsEmpty());
}

TEST(SessionRules, NoticeAGapARepetitionAndAWrongId) {
  SessionEvents events = Good();
  events.erase(events.begin() + 3);
  EXPECT_THAT(SequencesWithoutGap(events), ElementsAre(HasSubstr("event 5: should be event 4")));
  events = Good();
  events.insert(events.begin(), events.front());
  EXPECT_THAT(SequencesWithoutGap(events), ElementsAre(HasSubstr("should be event 2")));
  events = Good();
  events[1].set_event_id("s_1/1");
  EXPECT_THAT(SequencesWithoutGap(events), ElementsAre(HasSubstr("has the id s_1/1")));
}

TEST(SessionRules, NoticeASecondEndingAndAnEndWithoutOne) {
  SessionEvents events = Good();
  std::erase_if(events, [](const auto& event) { return event.has_session_ending(); });
  EXPECT_THAT(NothingAfterTheEnd(events), ElementsAre(HasSubstr("without SessionEnding")));
  events = Good();
  events.insert(events.end() - 1, *std::find_if(events.begin(), events.end(), [](const auto& one) {
                  return one.has_session_ending();
                }));
  EXPECT_THAT(NothingAfterTheEnd(events), ElementsAre(HasSubstr("second SessionEnding")));
  events = Good();
  events.back().mutable_session_ended()->mutable_session()->mutable_outcome()->set_reason(
      v1::END_REASON_LOST);
  EXPECT_THAT(NothingAfterTheEnd(events), ElementsAre(HasSubstr("the outcome was")));
}

TEST(SessionRules, NoticeSoundsThatOverlapOrComeInTheWrongOrder) {
  EXPECT_THAT(SoundsInOrder({Prompt(1, v1::PROMPT_KIND_GREETING), Music(2)}),
              ElementsAre(HasSubstr("the music begins before the sound before it is over")));
  EXPECT_THAT(SoundsInOrder({Prompt(1, v1::PROMPT_KIND_ANNOUNCEMENT),
                             Prompt(2, v1::PROMPT_KIND_ANNOUNCEMENT, true), Music(3)}),
              ElementsAre(HasSubstr("the music begins after a later part")));
  EXPECT_THAT(
      SoundsInOrder({Prompt(1, v1::PROMPT_KIND_APOLOGY), Prompt(2, v1::PROMPT_KIND_APOLOGY, true),
                     Prompt(3, v1::PROMPT_KIND_ANNOUNCEMENT)}),
      ElementsAre(HasSubstr("ANNOUNCEMENT begins after PROMPT_KIND_APOLOGY")));
  EXPECT_THAT(
      SoundsInOrder({Prompt(1, v1::PROMPT_KIND_GREETING), Prompt(2, v1::PROMPT_KIND_GREETING, true),
                     Prompt(3, v1::PROMPT_KIND_GREETING)}),
      ElementsAre(HasSubstr("GREETING begins after PROMPT_KIND_GREETING")));
}

TEST(SessionRules, NoticeAnOutcomeThatContradictsTheStory) {
  SessionEvents events = Good();
  std::erase_if(events, [](const auto& event) { return event.has_parties_connected(); });
  EXPECT_THAT(OutcomeFitsTheStory(events), ElementsAre(HasSubstr("although never connected")));
  events = Good();
  for (v1::SessionEvent& event : events) {
    if (!event.has_session_ending()) continue;
    event.mutable_session_ending()->mutable_outcome()->set_result(v1::Outcome::RESULT_CANCELLED);
  }
  EXPECT_THAT(OutcomeFitsTheStory(events), ElementsAre(HasSubstr("CANCELLED although connected")));
  for (v1::SessionEvent& event : events) {
    if (event.has_session_ending()) event.mutable_session_ending()->clear_outcome();
  }
  EXPECT_THAT(OutcomeFitsTheStory(events), testing::Contains(HasSubstr("has no result")));
}

}  // namespace
}  // namespace callbridge::history
