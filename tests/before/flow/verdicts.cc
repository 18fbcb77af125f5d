#include "tests/before/flow/verdicts.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "tests/before/flow/conference.h"
#include "tests/before/flow/legs.h"
#include "tests/before/flow/looks.h"

namespace callbridge::flow_before {
namespace {

// As long as a look may take.
constexpr std::chrono::seconds kAnswerMax{5};

// What a verdict is about, and how long an answer about it stays good: as long as the verdict comes
// after its look.
struct Question {
  Duration fresh = Duration::zero();
  bool conference = false;
  std::vector<std::string> legs;
};

Duration Between(const google::protobuf::Duration& look,
                 const google::protobuf::Duration& verdict) {
  return base::FromProtoDuration(verdict) - base::FromProtoDuration(look);
}

std::vector<std::string> LivingLegs(const Session& session) {
  std::vector<std::string> legs;
  for (const Leg& leg : session.legs()) {
    if (!IsEnded(leg)) legs.push_back(leg.leg_id());
  }
  return legs;
}

Question QuestionOfPhase(Turn& turn) {
  const Session& session = turn.session();
  const before::v1::Timing& timing = turn.timing();
  Question question;
  switch (session.phase_case()) {
    case Session::kAnsweringCaller:
      question.fresh = Between(timing.answer_look(), timing.answer_verdict());
      question.conference = !IsConferenceKnown(session);
      if (!session.answering_caller().accepted() && !IsAnswered(Caller(turn))) {
        question.legs.push_back(Caller(turn).leg_id());
      }
      break;
    case Session::kJoiningCaller:
      question.fresh = Between(timing.join_caller_look(), timing.join_caller_verdict());
      question.conference = true;
      break;
    case Session::kDialingCaller:
      if (IsGone(Caller(turn))) {
        question.fresh = base::FromProtoDuration(timing.conference_gone());
        question.legs.push_back(Caller(turn).leg_id());
      } else {
        question.fresh = Between(timing.join_callee_look(), timing.join_callee_verdict());
        question.conference = true;
      }
      break;
    case Session::kStoppingMusic:
      question.fresh = Between(timing.join_callee_look(), timing.join_callee_verdict());
      question.conference = true;
      // A callee who is not in the conference may have been in it and have hung up.
      if (const Leg* callee = CurrentCallee(turn)) question.legs.push_back(callee->leg_id());
      break;
    case Session::kApologizing:
      question.fresh = base::FromProtoDuration(timing.conference_gone());
      if (const Leg* callee = LastCallee(turn)) question.legs.push_back(callee->leg_id());
      break;
    case Session::kEnding:
      if (timing.ending_looks_size() == 0) break;
      question.fresh =
          Between(timing.ending_looks(timing.ending_looks_size() - 1), timing.ending_verdict());
      question.legs = LivingLegs(session);
      break;
    default:
      break;
  }
  return question;
}

Question QuestionOf(Turn& turn, const Timer& timer) {
  Question question;
  switch (timer.kind()) {
    case Timer::KIND_PHASE_VERDICT:
      return QuestionOfPhase(turn);
    case Timer::KIND_RING_VERDICT:
      question.fresh = Between(turn.timing().ring_look(), turn.timing().ring_verdict());
      question.legs.push_back(timer.subject());
      return question;
    case Timer::KIND_CONFERENCE_GONE:
      question.fresh = base::FromProtoDuration(turn.timing().conference_gone());
      question.legs = LivingLegs(turn.session());
      return question;
    default:
      return question;
  }
}

bool IsAnsweredSince(Turn& turn, const Question& question, Time since) {
  const before::v1::Conference& conference = turn.session().conference();
  if (question.conference && !conference.finished() &&
      base::FromTimestamp(conference.looked_time()) < since) {
    return false;
  }
  return std::all_of(question.legs.begin(), question.legs.end(), [&](const std::string& id) {
    const Leg* leg = FindLeg(turn, id);
    return leg == nullptr || IsEnded(*leg) || base::FromTimestamp(leg->looked_time()) >= since;
  });
}

void Ask(Turn& turn, const Question& question) {
  if (question.conference) {
    if (IsConferenceKnown(turn.session())) {
      LookAtConference(turn);
    } else {
      FindConference(turn);
    }
  }
  for (const std::string& id : question.legs) {
    if (Leg* leg = FindLeg(turn, id)) LookForLeg(turn, *leg);
  }
}

bool IsAsking(const Session& session) {
  return std::any_of(session.open_commands().begin(), session.open_commands().end(),
                     [](const OpenCommand& open) { return IsLook(open.command().action_case()); });
}

}  // namespace

bool AsksFirst(Turn& turn, const Timer& timer) {
  if (timer.asked()) return false;
  const Question question = QuestionOf(turn, timer);
  if (question.fresh <= Duration::zero()) return false;
  if (IsAnsweredSince(turn, question, turn.now() - question.fresh)) return false;
  Ask(turn, question);
  // What cannot be asked is judged as it is known.
  if (!IsAsking(turn.session())) return false;
  turn.SetTimer(timer.kind(), timer.subject(), turn.now() + kAnswerMax);
  turn.session().mutable_timers(turn.session().timers_size() - 1)->set_asked(true);
  return true;
}

void HastenVerdicts(Turn& turn) {
  // A PUT may leave together with the look, whose answer says nothing about it: the caller may join
  // until the phase's verdict falls by itself.
  const bool is_moved = turn.session().has_joining_caller();
  for (Timer& timer : *turn.session().mutable_timers()) {
    if (!timer.asked() || (is_moved && timer.kind() == Timer::KIND_PHASE_VERDICT)) continue;
    const Question question = QuestionOf(turn, timer);
    const Time since = base::FromTimestamp(timer.due_time()) - kAnswerMax - question.fresh;
    if (!IsAnsweredSince(turn, question, since)) continue;
    const Time due = std::min(base::FromTimestamp(timer.due_time()), turn.now());
    *timer.mutable_due_time() = base::ToTimestamp(due);
  }
}

}  // namespace callbridge::flow_before
