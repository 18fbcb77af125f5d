#include "server/flow/verdicts.h"

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "server/base/command_kinds.h"
#include "server/flow/conference_facts.h"
#include "server/flow/legs.h"
#include "server/flow/looks.h"
#include "server/flow/public_view.h"

namespace callbridge::flow {
namespace {

// How long a verdict waits for the answer to its look.
constexpr std::chrono::seconds kAnswerMax{5};

// What a verdict asks about, and how old an answer may be: as old as the time from the phase's look
// to its verdict.
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
    if (IsSent(leg) && !IsEnded(leg)) legs.push_back(leg.leg_id());
  }
  return legs;
}

Question QuestionOfPhase(Orders& orders) {
  const Session& session = orders.session();
  const internal::v1::Timing& timing = orders.timing();
  Question question;
  switch (session.phase_case()) {
    case Session::kAnsweringCaller:
      question.fresh = Between(timing.answer_look(), timing.answer_verdict());
      question.conference = !IsConferenceKnown(session);
      if (!IsAccepted(Caller(orders))) {
        question.legs.push_back(Caller(orders).leg_id());
      }
      break;
    case Session::kJoiningCaller:
      question.fresh = Between(timing.join_caller_look(), timing.join_caller_verdict());
      question.conference = true;
      break;
    case Session::kDialingCaller:
      if (IsGone(Caller(orders))) {
        question.fresh = base::FromProtoDuration(timing.conference_gone());
        question.legs.push_back(Caller(orders).leg_id());
      } else {
        question.fresh = Between(timing.join_callee_look(), timing.join_callee_verdict());
        question.conference = true;
      }
      break;
    case Session::kStoppingMusic:
      question.fresh = Between(timing.join_callee_look(), timing.join_callee_verdict());
      question.conference = true;
      // A callee whom the conference does not show may have joined and hung up. So the call is
      // asked too.
      if (const Leg* callee = CurrentCallee(orders)) question.legs.push_back(callee->leg_id());
      break;
    case Session::kApologizing:
      question.fresh = base::FromProtoDuration(timing.conference_gone());
      if (const Leg* callee = LastCallee(orders)) question.legs.push_back(callee->leg_id());
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

Question QuestionOf(Orders& orders, const Timer& timer) {
  Question question;
  switch (timer.kind()) {
    case Timer::KIND_PHASE_VERDICT:
      return QuestionOfPhase(orders);
    case Timer::KIND_RING_VERDICT:
      question.fresh = Between(orders.timing().ring_look(), orders.timing().ring_verdict());
      question.legs.push_back(timer.subject());
      return question;
    case Timer::KIND_CONFERENCE_GONE:
      question.fresh = base::FromProtoDuration(orders.timing().conference_gone());
      question.legs = LivingLegs(orders.session());
      return question;
    default:
      return question;
  }
}

bool IsAnsweredSince(Orders& orders, const Question& question, Time since) {
  const internal::v1::Conference& conference = orders.session().conference();
  if (question.conference && !conference.finished() &&
      base::FromTimestamp(conference.looked_time()) < since) {
    return false;
  }
  return std::all_of(question.legs.begin(), question.legs.end(), [&](const std::string& id) {
    const Leg* leg = FindLeg(orders, id);
    return leg == nullptr || IsEnded(*leg) || base::FromTimestamp(leg->looked_time()) >= since;
  });
}

void Ask(Orders& orders, const Question& question) {
  if (question.conference) {
    if (IsConferenceKnown(orders.session())) {
      LookAtConference(orders);
    } else {
      FindConference(orders);
    }
  }
  for (const std::string& id : question.legs) {
    if (Leg* leg = FindLeg(orders, id)) LookForLeg(orders, *leg);
  }
}

bool IsAsking(const Session& session) {
  return std::any_of(session.open_commands().begin(), session.open_commands().end(),
                     [](const OpenCommand& open) { return base::IsLook(open.command()); });
}

}  // namespace

bool AsksFirst(Orders& orders, const Timer& timer) {
  if (timer.asked()) return false;
  const Question question = QuestionOf(orders, timer);
  if (question.fresh <= Duration::zero()) return false;
  if (IsAnsweredSince(orders, question, orders.now() - question.fresh)) return false;
  Ask(orders, question);
  // If nothing can be asked, the verdict falls by what is known.
  if (!IsAsking(orders.session())) return false;
  orders.SetTimer(timer.kind(), timer.subject(), orders.now() + kAnswerMax);
  orders.timers().rbegin()->set_asked(true);
  return true;
}

void HastenVerdicts(Orders& orders) {
  // A PUT may leave together with the look, whose answer then says nothing about it. The leg may
  // still join, so the phase's verdict waits for its own time.
  const bool is_moved = MovedLeg(orders) != nullptr;
  for (Timer& timer : orders.timers()) {
    if (!timer.asked() || (is_moved && timer.kind() == Timer::KIND_PHASE_VERDICT)) continue;
    const Question question = QuestionOf(orders, timer);
    const Time since = base::FromTimestamp(timer.due_time()) - kAnswerMax - question.fresh;
    if (!IsAnsweredSince(orders, question, since)) continue;
    const Time due = std::min(base::FromTimestamp(timer.due_time()), orders.now());
    *timer.mutable_due_time() = base::ToTimestamp(due);
  }
}

}  // namespace callbridge::flow
