// What a worker remembers of how long prompts are, and what it tells the steps of it.
#include "server/worker/prompt_lengths.h"

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "server/worker/stepping.h"
#include "tests/worker/world.h"

namespace callbridge::worker {
namespace {

using std::chrono::milliseconds;
using v1::PromptFinished;

internal::v1::Session Saying(const std::string& greeting, const std::string& announcement,
                             const std::string& apology) {
  internal::v1::Session session;
  session.mutable_plan()->mutable_greeting()->set_text(greeting);
  session.mutable_plan()->mutable_announcement()->set_text(announcement);
  session.mutable_plan()->mutable_apology()->set_text(apology);
  return session;
}

v1::SessionEvent Heard(v1::PromptKind kind, milliseconds played,
                       PromptFinished::Completion completion = PromptFinished::COMPLETION_FULL) {
  v1::SessionEvent event;
  event.mutable_prompt_finished()->set_prompt(kind);
  event.mutable_prompt_finished()->set_completion(completion);
  *event.mutable_prompt_finished()->mutable_played_duration() = base::ToProtoDuration(played);
  return event;
}

// The session's prompt was sent, and its end was told so much later.
void Learn(PromptLengths& lengths, internal::v1::Session session, v1::SessionEvent event,
           milliseconds after) {
  internal::v1::Lane& lane = *session.add_lanes();
  lane.set_content(internal::v1::Lane::CONTENT_PROMPT);
  lane.set_prompt(event.prompt_finished().prompt());
  *lane.mutable_sent_time() = base::ToTimestamp(kStart);
  *event.mutable_record_time() = base::ToTimestamp(kStart + after);
  store::SessionCommit commit;
  commit.session = session;
  // Most events tell of something else.
  commit.events = {v1::SessionEvent(), std::move(event)};
  lengths.Learn(session, commit);
}

void Learn(PromptLengths& lengths, const internal::v1::Session& session,
           const v1::SessionEvent& event) {
  const auto played = base::FromProtoDuration(event.prompt_finished().played_duration());
  Learn(lengths, session, event, std::chrono::duration_cast<milliseconds>(played));
}

std::vector<std::int64_t> Known(const PromptLengths& lengths,
                                const internal::v1::Session& session) {
  const internal::v1::PromptLengths known = lengths.Of(session);
  const auto in_milliseconds = [](bool has, const google::protobuf::Duration& length) {
    return has ? base::FromProtoDuration(length) / milliseconds(1) : -1;
  };
  return {in_milliseconds(known.has_greeting(), known.greeting()),
          in_milliseconds(known.has_announcement(), known.announcement()),
          in_milliseconds(known.has_apology(), known.apology())};
}

TEST(PromptLengths, AreKnownByTheWholePrompt) {
  const internal::v1::Session session = Saying("hello", "here he is", "sorry");
  PromptLengths lengths;
  EXPECT_THAT(Known(lengths, session), testing::ElementsAre(-1, -1, -1));
  Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(400)));
  Learn(lengths, session, Heard(v1::PROMPT_KIND_ANNOUNCEMENT, milliseconds(900)));
  Learn(lengths, session, Heard(v1::PROMPT_KIND_APOLOGY, milliseconds(500)));
  EXPECT_THAT(Known(lengths, session), testing::ElementsAre(400, 900, 500));
  // The same words at another place.
  EXPECT_THAT(Known(lengths, Saying("sorry", "hello", "")), testing::ElementsAre(500, 400, -1));
  // The same words by another voice.
  internal::v1::Session slow = session;
  slow.mutable_plan()->mutable_greeting()->mutable_voice()->set_speaking_rate(0.5);
  EXPECT_THAT(Known(lengths, slow), testing::ElementsAre(-1, 900, 500));
}

TEST(PromptLengths, AreTheLongestInEitherOrder) {
  const internal::v1::Session session = Saying("hello", "", "");
  for (const bool longest_first : {true, false}) {
    PromptLengths lengths;
    for (const int length : {longest_first ? 700 : 300, longest_first ? 300 : 700}) {
      Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(length)));
    }
    EXPECT_THAT(Known(lengths, session), testing::ElementsAre(700, -1, -1)) << longest_first;
  }
}

TEST(PromptLengths, AreOnlyLearnedFromWhatWasHeardToItsEnd) {
  const internal::v1::Session session = Saying("hello", "here he is", "sorry");
  PromptLengths lengths;
  for (int value = 0; value < PromptFinished::Completion_ARRAYSIZE; ++value) {
    const auto completion = static_cast<PromptFinished::Completion>(value);
    if (completion == PromptFinished::COMPLETION_FULL) continue;
    Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(400), completion));
  }
  v1::SessionEvent untold = Heard(v1::PROMPT_KIND_GREETING, milliseconds(400));
  untold.mutable_prompt_finished()->clear_played_duration();
  Learn(lengths, session, untold);
  EXPECT_THAT(Known(lengths, session), testing::ElementsAre(-1, -1, -1));
}

// A voice that has become slower is not cut off for ever.
TEST(PromptLengths, AreUnknownAgainOnceThePromptWasCutOrItsEndWasNotTold) {
  const internal::v1::Session session = Saying("hello", "here he is", "sorry");
  for (int value = 0; value < PromptFinished::Completion_ARRAYSIZE; ++value) {
    const auto completion = static_cast<PromptFinished::Completion>(value);
    PromptLengths lengths;
    Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(400)));
    Learn(lengths, session, Heard(v1::PROMPT_KIND_APOLOGY, milliseconds(500)));
    Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(300), completion));
    const bool forgets = completion == PromptFinished::COMPLETION_CUT ||
                         completion == PromptFinished::COMPLETION_ASSUMED;
    EXPECT_THAT(Known(lengths, session), testing::ElementsAre(forgets ? -1 : 400, -1, 500))
        << completion;
    // What is learned again is known again.
    Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(600)));
    EXPECT_THAT(Known(lengths, session), testing::ElementsAre(600, -1, 500)) << completion;
  }
}

// A length after which the prompt's own end had not been told would cut it off the next time.
TEST(PromptLengths, AreTakenOnlyIfTheEndWasToldAsSoonAsTheyAreWorth) {
  const internal::v1::Session session = Saying("hello", "here he is", "sorry");
  for (const int played : {0, 400, 3'000}) {
    for (const int late : {0, 1'999, 2'000, 2'001, 60'000}) {
      PromptLengths lengths;
      Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(played)),
            milliseconds(played + late));
      EXPECT_THAT(Known(lengths, session),
                  testing::ElementsAre(late <= 2'000 ? played : -1, -1, -1))
          << played << " " << late;
    }
  }
}

// Another one may come to stand at the same address.
TEST(PromptLengths, OfRecordingsAreNotLearned) {
  internal::v1::Session session;
  session.mutable_plan()->mutable_greeting()->mutable_audio()->set_url("https://host/greeting.wav");
  PromptLengths lengths;
  Learn(lengths, session, Heard(v1::PROMPT_KIND_GREETING, milliseconds(400)));
  EXPECT_THAT(Known(lengths, session), testing::ElementsAre(-1, -1, -1));
}

TEST(PromptLengths, ForgetThoseThatWereLearnedFirst) {
  PromptLengths lengths;
  const auto learn = [&lengths](std::size_t number) {
    Learn(lengths, Saying(std::to_string(number), "", ""),
          Heard(v1::PROMPT_KIND_GREETING, milliseconds(number)));
  };
  const auto knows = [&lengths](std::size_t number) {
    return lengths.Of(Saying(std::to_string(number), "", "")).has_greeting();
  };
  for (std::size_t number = 0; number < base::kPromptLengthsMax; ++number) learn(number);
  EXPECT_TRUE(knows(0));
  learn(base::kPromptLengthsMax);
  EXPECT_FALSE(knows(0));
  EXPECT_TRUE(knows(1));
  EXPECT_TRUE(knows(base::kPromptLengthsMax));
  learn(0);
  EXPECT_TRUE(knows(0));
  EXPECT_FALSE(knows(1));
}

TEST_F(WorkerTest, TellsEachSessionHowLongItsPromptsWereHeardBefore) {
  std::vector<internal::v1::PromptLengths> told;
  flow_ = [&told](const internal::v1::Input& input, internal::v1::Transition& transition) {
    told.push_back(input.prompt_lengths());
    *transition.mutable_session()->mutable_plan() = Saying("hello", "here he is", "sorry").plan();
    transition.mutable_session()->clear_lanes();
    internal::v1::Lane& lane = *transition.mutable_session()->add_lanes();
    lane.set_content(internal::v1::Lane::CONTENT_PROMPT);
    lane.set_prompt(v1::PROMPT_KIND_GREETING);
    *lane.mutable_sent_time() = base::ToTimestamp(kStart);
    Tell(transition);
    *transition.mutable_events(0)->mutable_record_time() = base::ToTimestamp(kStart);
    if (!input.has_provider_event()) return;
    *transition.mutable_events(0)->mutable_prompt_finished() =
        Heard(v1::PROMPT_KIND_GREETING, milliseconds(400)).prompt_finished();
  };
  Begin("s_1");
  ASSERT_TRUE(Settle());
  Append("s_1", "SAY_FINISHED");
  ASSERT_TRUE(Settle());
  Begin("s_2");
  ASSERT_TRUE(Settle());
  Append("s_2", "CALL_RINGING");
  ASSERT_TRUE(Settle());
  // A session that has not begun has no plan.
  ASSERT_EQ(told.size(), 4U);
  for (const std::size_t untold : {0U, 1U, 2U}) EXPECT_FALSE(told[untold].has_greeting()) << untold;
  EXPECT_EQ(base::FromProtoDuration(told[3].greeting()), milliseconds(400));
}

TEST(Surroundings, AreToldByEveryInput) {
  store::DueSession work;
  work.inputs.resize(2);
  std::vector<internal::v1::Input> told;
  const StepFunction step = [&told](const internal::v1::Session& session,
                                    const internal::v1::Input& input) {
    told.push_back(input);
    internal::v1::Transition transition;
    *transition.mutable_session() = session;
    return transition;
  };
  Surroundings surroundings{.routine_look_period = std::chrono::seconds(90)};
  surroundings.prompt_lengths.mutable_apology()->set_seconds(3);
  const store::SessionCommit commit = StepInputs(work, step, kStart, surroundings);
  ASSERT_EQ(told.size(), 2U);
  for (const internal::v1::Input& input : told) {
    EXPECT_EQ(input.routine_look_period().seconds(), 90);
    EXPECT_EQ(input.prompt_lengths().apology().seconds(), 3);
    EXPECT_FALSE(input.prompt_lengths().has_greeting());
  }
  // Kept with the session, so that its course can be played again.
  EXPECT_EQ(commit.consumed.back().input.prompt_lengths().apology().seconds(), 3);
  told.clear();
  StepInputs(work, step, kStart);
  EXPECT_FALSE(told.front().has_routine_look_period());
  EXPECT_FALSE(told.front().has_prompt_lengths());
}

}  // namespace
}  // namespace callbridge::worker
