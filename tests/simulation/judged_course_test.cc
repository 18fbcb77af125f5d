// What people could complain about is found: a line that is dead for too long, a prompt that is cut
// off, sounds over one another, a wrong end. Each is planted in a world behind the back of those
// who judge it. Then worlds from seeds in which nobody may complain; ./dev simulate --first-seed
// 10000000000 plays more of them.
#include "tests/simulation/judged_course.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "tests/simulation/judged_case.h"

namespace callbridge::simulation {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// --- what a telephone hears ---

// A provider with one call that was answered at the beginning, and maybe a second one.
class Telephone {
 public:
  simulator::Call& Answer(const std::string& id) {
    simulator::Call call;
    call.id = id;
    call.state = simulator::CallState::kEstablished;
    call.answer = start_;
    return provider_.calls.Add(std::move(call));
  }
  void Join(const std::string& call_id) {
    if (provider_.conferences.Find("conference") == nullptr) {
      simulator::Conference conference;
      conference.id = "conference";
      provider_.conferences.Add(std::move(conference));
    }
    provider_.calls.Find(call_id)->conference_id = "conference";
    simulator::Participant participant;
    participant.call_id = call_id;
    participant.state = simulator::ParticipantState::kJoined;
    provider_.conferences.Find("conference")->participants.push_back(participant);
  }
  void Leave(const std::string& call_id) {
    simulator::Conference& conference = *provider_.conferences.Find("conference");
    simulator::FindParticipant(conference, call_id)->state = simulator::ParticipantState::kLeft;
    provider_.calls.Find(call_id)->conference_id.clear();
    provider_.calls.Find(call_id)->end = provider_.now;
  }
  void Say(simulator::Call& call, base::Time at) {
    simulator::Sound sound;
    sound.say = true;
    sound.what = "say";
    sound.length = seconds(2);
    sound.began = at;
    sound.number = ++sounds_;
    call.sounds = {sound};
  }
  base::Time At(base::Duration after) const { return start_ + after; }
  const simulator::World& provider() const { return provider_; }

 private:
  const base::Time start_ = std::chrono::sys_days(std::chrono::year(2026) / 1 / 15);
  simulator::World provider_{simulator::Settings()};
  std::uint64_t sounds_ = 0;
};

TEST(Hearing, CountsSilenceFromTheAnswerUntilSomethingIsHeard) {
  Telephone telephone;
  simulator::Call& call = telephone.Answer("caller");
  Hearing hearing(telephone.provider());
  hearing.Listen(telephone.At(seconds(0)));
  hearing.Listen(telephone.At(seconds(3)));
  telephone.Say(call, telephone.At(seconds(4)));
  hearing.Listen(telephone.At(seconds(4)));
  ASSERT_EQ(hearing.silences().size(), 1U);
  EXPECT_EQ(hearing.silences().front().begins, telephone.At(seconds(0)));
  EXPECT_EQ(hearing.silences().front().lasts, seconds(4));
  EXPECT_FALSE(hearing.silences().front().after_talk);
}

TEST(Hearing, TakesCompanyInTheConferenceForTalkAndWhatFollowsForSilence) {
  Telephone telephone;
  simulator::Call& caller = telephone.Answer("caller");
  telephone.Answer("callee");
  telephone.Join("caller");
  telephone.Join("callee");
  Hearing hearing(telephone.provider());
  hearing.Listen(telephone.At(seconds(0)));
  hearing.Listen(telephone.At(seconds(60)));
  telephone.Leave("callee");
  hearing.Listen(telephone.At(seconds(60)));
  caller.end = telephone.At(seconds(70));
  hearing.Listen(telephone.At(seconds(70)));
  ASSERT_EQ(hearing.silences().size(), 1U);
  EXPECT_EQ(hearing.silences().front().call_id, "caller");
  EXPECT_EQ(hearing.silences().front().lasts, seconds(10));
  EXPECT_TRUE(hearing.silences().front().after_talk);
}

TEST(Hearing, TellsAPromptThatWasCutFromOneThatWasHeard) {
  Telephone telephone;
  simulator::Call& call = telephone.Answer("caller");
  Hearing hearing(telephone.provider());
  telephone.Say(call, telephone.At(seconds(1)));
  hearing.Listen(telephone.At(seconds(1)));
  call.sounds.clear();
  hearing.Listen(telephone.At(seconds(3)));
  EXPECT_THAT(hearing.cut_prompts(), IsEmpty());
  EXPECT_EQ(hearing.prompts_heard("caller"), 1);
  telephone.Say(call, telephone.At(seconds(4)));
  hearing.Listen(telephone.At(seconds(4)));
  telephone.Say(call, telephone.At(seconds(5)));
  hearing.Listen(telephone.At(seconds(5)));
  ASSERT_EQ(hearing.cut_prompts().size(), 1U);
  EXPECT_EQ(hearing.cut_prompts().front().at, telephone.At(seconds(5)));
  EXPECT_EQ(hearing.prompts_heard("caller"), 1);
}

// --- what people could complain about ---

// The end of what is said just now is never told.
Mishap LostEnd(World& world) {
  Mishap mishap;
  mishap.at = world.now();
  mishap.fault = "drop";
  mishap.what = "SAY_FINISHED";
  mishap.call_id = CallOf(world, kCaller).id;
  return mishap;
}

// Longer than a bridge of these worlds lasts.
constexpr seconds kAll{60};

void Ask(World& world, const std::string& call_id, const std::string& action,
         const std::string& body) {
  simulator::Request request;
  request.method = "POST";
  request.target = absl::StrCat("/calls/1/calls/", call_id, "/", action);
  request.authorization = "App key";
  request.body = body;
  EXPECT_EQ(world.model().HandleRequest(request, world.now()).status, 200) << Story(world);
}

bool RunUntilSaid(World& world) {
  return world.RunUntil(
      [&world] {
        const auto calls = CallsOf(world, kCaller);
        return !calls.empty() && !calls.front().sounds.empty() && calls.front().sounds.front().say;
      },
      kAll);
}

TEST(Complaints, AreNoneIfNothingGoesWrong) {
  for (const char* callee : {"answers:3,hangs-up:20", "never-answers", "busy", "refused:403"}) {
    const Plan plan = JudgedPlan({.callee = callee});
    World world(plan, Kept());
    world.Run(kAll);
    EXPECT_THAT(Complaints(plan, world), IsEmpty()) << callee << Story(world);
  }
}

// The greeting's end is never told, and its deadline lets the caller wait in silence.
TEST(Complaints, NameADeadLine) {
  const Plan plan = JudgedPlan();
  World world(plan, Kept([](const simulator::Delivery& delivery) {
                return delivery.type != "SAY_FINISHED";
              }));
  world.Run(kAll);
  EXPECT_THAT(Complaints(plan, world), ElementsAre(HasSubstr("nothing is heard for")))
      << Story(world);
  world.OnMishap(LostEnd(world));
  EXPECT_FALSE(Complaints(plan, world).empty()) << "what comes later excuses nothing";
}

TEST(Complaints, AreFewerWhereAFaultExplainsTheSilence) {
  const Plan plan = JudgedPlan();
  World world(plan, Kept([](const simulator::Delivery& delivery) {
                return delivery.type != "SAY_FINISHED";
              }));
  ASSERT_TRUE(RunUntilSaid(world)) << Story(world);
  world.OnMishap(LostEnd(world));
  world.Run(kAll);
  EXPECT_THAT(Complaints(plan, world), IsEmpty()) << Story(world);
}

TEST(Complaints, NameAPromptThatIsCutOff) {
  const Plan plan = JudgedPlan();
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilSaid(world)) << Story(world);
  world.Run(milliseconds(100));
  Ask(world, CallOf(world, kCaller).id, "stop-play", "{}");
  world.Run(kAll);
  EXPECT_THAT(Complaints(plan, world),
              ElementsAre(HasSubstr("1 of 2 prompts"), HasSubstr("cut off")))
      << Story(world);
}

TEST(Complaints, NameSoundsOverOneAnother) {
  const Plan plan = JudgedPlan();
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilSaid(world)) << Story(world);
  Ask(world, CallOf(world, kCaller).id, "say", R"({"text":"Again.","language":"en"})");
  world.Run(kAll);
  EXPECT_THAT(Complaints(plan, world), testing::Contains(HasSubstr("two sounds at once")))
      << Story(world);
}

// The callee is one who answers, and rejects the call this time.
TEST(Complaints, NameAWrongResult) {
  const Plan plan = JudgedPlan({.callee = "answers:5"});
  World world(plan, Kept());
  ASSERT_TRUE(RunUntilCallIs(world, kCallee, simulator::CallState::kRinging)) << Story(world);
  HangUp(world, kCallee);
  world.Run(kAll);
  EXPECT_THAT(Complaints(plan, world), ElementsAre(HasSubstr("not RESULT_COMPLETED")))
      << Story(world);
}

TEST(Complaints, NameACallerOfWhomTheServiceKnowsNothing) {
  const Plan plan = JudgedPlan();
  World world(plan, Kept([](const simulator::Delivery& delivery) {
                return delivery.type != "CALL_RECEIVED";
              }));
  world.Run(seconds(30));
  EXPECT_THAT(Complaints(plan, world), ElementsAre("bridge 1 has 0 sessions")) << Story(world);
}

// The server dies when it is about to stop the music: the apology may not be said over it.
TEST(Complaints, AreNoneIfAPauseKeepsTheMusicFromBeingStopped) {
  for (const char* callee : {"refused:403", "busy", "answers:3,hangs-up:20"}) {
    for (const char* phase : {"apologizing", "stopping_music"}) {
      Plan plan = JudgedPlan({.callee = callee});
      plan.calm_after = seconds(60);
      plan.ambushes = {Ambush{.fault = "crash-after",
                              .phase = phase,
                              .command = std::string(kNothing),
                              .lasts = seconds(5)}};
      ExpectHolds(plan);
    }
  }
}

// --- worlds from seeds ---

class JudgedSeeds : public testing::TestWithParam<int> {};

TEST_P(JudgedSeeds, LeaveNothingToComplainAbout) {
  constexpr std::uint64_t kBatch = 8;
  ExpectSeedsHold(kJudgedFrom + kBatch * static_cast<std::uint64_t>(GetParam()), kBatch);
}

INSTANTIATE_TEST_SUITE_P(Worlds, JudgedSeeds, testing::Range(0, 8));

}  // namespace
}  // namespace callbridge::simulation
