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

v1::Recording RecordingOf(const std::string& id, const std::string& leg_id) {
  v1::Recording recording;
  recording.set_recording_id(id);
  recording.set_leg_id(leg_id);
  return recording;
}

v1::SessionEvent Started(const std::string& id, const std::string& leg_id = "") {
  v1::SessionEvent event;
  *event.mutable_recording_started()->mutable_recording() = RecordingOf(id, leg_id);
  return event;
}

v1::SessionEvent Stopped(const std::string& id) {
  v1::SessionEvent event;
  *event.mutable_recording_stopped()->mutable_recording() = RecordingOf(id, "");
  return event;
}

v1::SessionEvent Failed(const std::string& id) {
  v1::SessionEvent event;
  *event.mutable_recording_failed()->mutable_recording() = RecordingOf(id, "");
  return event;
}

v1::SessionEvent Ready(const std::string& id) {
  v1::SessionEvent event;
  *event.mutable_recording_ready()->mutable_recording() = RecordingOf(id, "");
  return event;
}

TEST(SessionRules, NoticeRecordingsThatOverlapOrAreToldTwice) {
  EXPECT_THAT(RecordingsOneAtATime({Started("r-1", "caller"), Started("r-2", "callee-1")}),
              IsEmpty());
  EXPECT_THAT(RecordingsOneAtATime({Started("r-1"), Stopped("r-1"), Started("r-2"), Failed("r-2"),
                                    Started("r-3"), Stopped("r-3"), Ready("r-1"), Ready("r-3")}),
              IsEmpty());
  EXPECT_THAT(RecordingsOneAtATime({Started("r-1"), Started("r-2")}),
              ElementsAre(HasSubstr("r-2 starts while r-1 is on")));
  EXPECT_THAT(RecordingsOneAtATime({Started("r-1"), Stopped("r-1"), Started("r-1")}),
              ElementsAre(HasSubstr("r-1 starts twice")));
  EXPECT_THAT(RecordingsOneAtATime({Stopped("r-1")}),
              ElementsAre(HasSubstr("r-1 stops and has not started")));
  EXPECT_THAT(RecordingsOneAtATime({Started("r-1"), Ready("r-1"), Ready("r-1")}),
              ElementsAre(HasSubstr("r-1 is ready twice")));
}

v1::SessionEvent Noticed(const std::string& leg_id, v1::NoticeEvidence::Result result,
                         bool complete = true) {
  v1::SessionEvent event;
  v1::NoticeEvidence& notice = *event.mutable_notice_finished()->mutable_notice();
  notice.set_leg_id(leg_id);
  notice.set_result(result);
  notice.set_complete(complete);
  return event;
}

TEST(SessionRules, NoticeWhoIsRecordedWithoutANotice) {
  v1::SessionEvent begun;
  begun.mutable_session_started()->mutable_plan()->mutable_recording()->mutable_notice();
  v1::SessionEvent connected;
  connected.mutable_parties_connected()->set_callee_leg_id("callee-1");
  const v1::SessionEvent caller = Noticed("caller", v1::NoticeEvidence::RESULT_PROVED);
  const v1::SessionEvent callee = Noticed("callee-1", v1::NoticeEvidence::RESULT_PROVED);
  EXPECT_THAT(RecordedAfterNotices({connected, Started("r-1")}), IsEmpty()) << "no notice is due";
  EXPECT_THAT(RecordedAfterNotices({begun, caller, callee, connected, Started("r-1")}), IsEmpty());
  EXPECT_THAT(RecordedAfterNotices({begun, caller, callee, Started("r-1")}),
              ElementsAre(HasSubstr("not connected")));
  EXPECT_THAT(RecordedAfterNotices({begun, callee, connected, Started("r-1")}),
              ElementsAre(HasSubstr("caller is recorded")));
  EXPECT_THAT(
      RecordedAfterNotices({begun, caller, Noticed("callee-1", v1::NoticeEvidence::RESULT_UNPROVED),
                            connected, Started("r-1")}),
      ElementsAre(HasSubstr("callee-1 is recorded")));
  EXPECT_THAT(
      RecordedAfterNotices({begun, Noticed("caller", v1::NoticeEvidence::RESULT_PROVED, false)}),
      ElementsAre(HasSubstr("not heard to its end")));
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
