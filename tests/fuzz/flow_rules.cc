#include "tests/fuzz/flow_rules.h"

#include <algorithm>
#include <set>
#include <string>

#include "server/base/check.h"
#include "server/base/limits.h"
#include "server/base/time.h"
#include "server/flow/public_view.h"
#include "tests/fuzz/flow_notices.h"
#include "tests/fuzz/flow_recordings.h"

namespace callbridge::fuzz {
namespace {

using base::Check;
using internal::v1::Command;
using internal::v1::Input;
using internal::v1::Leg;
using internal::v1::OpenCommand;
using internal::v1::Session;
using internal::v1::Transition;

// More than any bridge needs; a session that grows without bound reaches them.
constexpr int kOpenCommandsMax = 48;
constexpr int kTimersMax = 96;

bool IsClosing(const Session& session) { return session.has_ending() || session.has_ended(); }

bool Ends(const Command& command) {
  return command.has_hang_up_call() || command.has_hang_up_conference();
}

bool Looks(const Command& command) {
  return command.has_look_at_call() || command.has_look_at_conference() ||
         command.has_find_conference() || command.has_find_dial() ||
         command.has_look_at_recording();
}

bool Sounds(const Command& command) {
  return command.has_play_prompt() || command.has_play_music() || command.has_capture_digits();
}

void CheckEvents(const Session& before, const Transition& transition) {
  const Session& after = transition.session();
  std::int32_t sequence = before.sequence();
  base::Time last = base::FromTimestamp(before.last_record_time());
  bool ended = before.has_ended();
  for (const v1::SessionEvent& event : transition.events()) {
    const bool of_files = event.has_recording_ready() || event.has_recording_failed();
    Check(!ended || of_files, "only what becomes of recorded files follows SessionEnded");
    Check(event.sequence() == ++sequence, "event numbers are gapless");
    Check(event.session_id() == after.session_id(), "an event names its session");
    Check(base::FromTimestamp(event.record_time()) >= last, "record times never go back");
    Check(event.event_case() != v1::SessionEvent::EVENT_NOT_SET, "an event says what happened");
    Check(!event.has_session_ending() || !before.has_outcome(), "the end is decided once");
    last = base::FromTimestamp(event.record_time());
    ended = ended || event.has_session_ended();
  }
  Check(after.sequence() == sequence, "the session's version is its last event");
  if (transition.events_size() > 0) {
    Check(transition.events().rbegin()->state() == flow::StateOf(after),
          "the last event tells the state");
  }
  Check(!after.has_ended() || before.has_ended() || ended, "the end is told");
  const bool counted = after.inputs() == before.inputs() + 1;
  const bool absorbed = after.inputs() == before.inputs() && !transition.ignored_reason().empty();
  Check(counted || absorbed, "every input that changes something is counted");
}

void CheckOutcome(const Session& before, const Session& after, bool condemned) {
  Check(!before.has_outcome() ||
            before.outcome().SerializeAsString() == after.outcome().SerializeAsString(),
        "the outcome never changes");
  Check(IsClosing(after) == after.has_outcome(), "an outcome is decided with the end");
  Check(!IsClosing(before) || IsClosing(after), "there is no way back from the end");
  Check(!before.has_ended() || after.has_ended(), "what has ended stays so");
  const bool internal = after.outcome().reason() == v1::END_REASON_INTERNAL;
  Check(!internal || condemned || before.has_outcome(), "no input breaks an invariant");
}

bool HasLeft(const Leg& leg) { return leg.membership() == Leg::MEMBERSHIP_LEFT; }

// A callee's leg whose dial never left is forgotten with the dial.
bool MayBeForgotten(const Leg& leg) {
  return leg.role() == v1::Leg::ROLE_CALLEE && !leg.has_sent_time();
}

void CheckLeg(const Leg& was, const Leg& is) {
  Check(was.role() == is.role(), "a leg stays who it is");
  Check(is.state() >= was.state(), "a leg's state only rises");
  Check(was.call_id().empty() || was.call_id() == is.call_id(), "a leg keeps its call");
  Check(!HasLeft(was) || HasLeft(is), "who left does not come back");
  Check(!was.has_end() || was.end().SerializeAsString() == is.end().SerializeAsString(),
        "the reason of an end never changes");
}

const Leg* FindLeg(const Session& session, const std::string& leg_id) {
  for (const Leg& leg : session.legs()) {
    if (leg.leg_id() == leg_id) return &leg;
  }
  return nullptr;
}

void CheckLegs(const Session& before, const Session& after) {
  for (const Leg& was : before.legs()) {
    const Leg* is = FindLeg(after, was.leg_id());
    Check(is != nullptr || MayBeForgotten(was), "no leg is forgotten");
    if (is != nullptr) CheckLeg(was, *is);
  }
  for (const Leg& leg : after.legs()) {
    Check((leg.state() == v1::Leg::STATE_ENDED) == leg.has_end(), "an end has a reason");
    const auto same = [&leg](const Leg& other) {
      return !leg.call_id().empty() && other.call_id() == leg.call_id();
    };
    Check(std::count_if(after.legs().begin(), after.legs().end(), same) <= 1,
          "a call belongs to one leg");
  }
}

// Nobody but the provider knows that a call has ended: an event, a look or the answer to a hangup
// says so.
void CheckEndsOfCalls(const Session& before, const Input& input, const Session& after,
                      const FlowLedger& ledger) {
  bool told = input.has_provider_event();
  if (input.has_command_result()) {
    const Command& command = ledger.row(input.command_result().number()).command;
    told = Looks(command) || Ends(command) || command.has_add_caller();
  }
  for (const Leg& was : before.legs()) {
    const Leg* is = FindLeg(after, was.leg_id());
    const bool ends =
        is != nullptr && was.state() != v1::Leg::STATE_ENDED && is->state() == v1::Leg::STATE_ENDED;
    Check(!ends || told || is->call_id().empty(),
          "a call that was seen is over when the provider says so");
  }
}

// A callee is called for a caller who is there, once at a time.
void CheckDials(const Session& session, const FlowLedger& ledger) {
  int open = 0;
  for (const OpenCommand& command : session.open_commands()) {
    if (!command.command().has_dial_leg() || command.command().leg_id() == "caller") continue;
    ++open;
    if (command.status() != Command::STATUS_PENDING) continue;
    const Leg& caller = session.legs(0);
    Check(caller.has_join_time() && !HasLeft(caller) && caller.state() != v1::Leg::STATE_ENDED,
          "a dial waits only while the caller is in the conference");
  }
  Check(open <= 1, "a callee is dialled once at a time");
  for (const Leg& leg : session.legs()) {
    if (leg.role() != v1::Leg::ROLE_CALLEE || leg.state() < v1::Leg::STATE_ANSWERED) continue;
    if (leg.unwanted() || leg.state() == v1::Leg::STATE_ENDED) continue;
    Check(ledger.row(leg.dial()).command.leg_id() != "caller", "no call of the caller is a callee");
  }
}

const internal::v1::Lane* FindLane(const Session& session, const std::string& leg_id) {
  for (const internal::v1::Lane& lane : session.lanes()) {
    if (lane.leg_id() == leg_id) return &lane;
  }
  return nullptr;
}

void CheckLanes(const Session& session) {
  std::set<std::string> pending;
  for (const OpenCommand& command : session.open_commands()) {
    if (!Sounds(command.command()) || command.status() != Command::STATUS_PENDING) continue;
    const internal::v1::Lane* lane = FindLane(session, command.command().leg_id());
    Check(pending.insert(command.command().leg_id()).second, "one sound at a time");
    Check(lane != nullptr && lane->command() == command.command().number(),
          "a sound that waits is the lane's head");
    const bool hears = session.has_stopping_music() && session.plan().recording().has_notice();
    Check(!command.command().has_play_music() || session.has_dialing_callee() || hears,
          "music plays while the callee rings or hears the notice");
    Check(!lane->has_requested() || !session.has_apologizing(),
          "nothing that a client asked for begins beside the apology");
  }
  for (const internal::v1::Lane& lane : session.lanes()) {
    const bool empty = lane.state() == internal::v1::Lane::STATE_UNSPECIFIED;
    Check(!IsClosing(session) || session.given_up() || (empty && lane.waiting_size() == 0),
          "the lane is empty at the end");
    Check(lane.has_requested() <= !empty, "what a client asked for is heard as a head");
    Check(lane.waiting_size() <= base::kSoundsWaitingMax + 1, "what waits is bounded");
  }
}

// What clients asked for and whose end is not told: the leg and the request.
std::multiset<std::string> Outstanding(const Session& session) {
  std::multiset<std::string> outstanding;
  for (const internal::v1::Lane& lane : session.lanes()) {
    if (lane.has_requested()) {
      outstanding.insert(lane.leg_id() + " " + lane.requested().request_id());
    }
    for (const internal::v1::RequestedSound& sound : lane.waiting()) {
      outstanding.insert(lane.leg_id() + " " + sound.request_id());
    }
  }
  return outstanding;
}

// The end of each sound that a client asked for is told once for each leg.
void CheckRequestedSounds(const Session& before, const Transition& transition) {
  if (transition.session().given_up()) return;
  std::multiset<std::string> outstanding = Outstanding(before);
  for (const v1::SessionEvent& event : transition.events()) {
    for (const std::string& leg_id : event.prompt_requested().leg_ids()) {
      outstanding.insert(leg_id + " " + event.prompt_requested().request_id());
    }
    if (event.digits_requested().capture()) {
      outstanding.insert(event.digits_requested().leg_id() + " " +
                         event.digits_requested().request_id());
    }
    std::string ended;
    if (event.prompt_finished().prompt() == v1::PROMPT_KIND_REQUESTED) {
      ended = event.prompt_finished().leg_id() + " " + event.prompt_finished().request_id();
    }
    if (event.has_digits_received()) {
      ended = event.digits_received().leg_id() + " " + event.digits_received().request_id();
    }
    if (ended.empty()) continue;
    const auto found = outstanding.find(ended);
    Check(found != outstanding.end(), "only what is outstanding ends");
    outstanding.erase(found);
  }
  Check(outstanding == Outstanding(transition.session()), "what ends is told");
}

void CheckCommands(const Session& before, const Transition& transition) {
  const Session& after = transition.session();
  for (const Command& command : transition.commands()) {
    Check(command.session_id() == after.session_id(), "a command names its session");
    if (!IsClosing(before)) continue;
    // A conference whose fate is unknown is created no more, either.
    Check(Ends(command) || Looks(command),
          "after the end is decided only hangups and looks are asked for");
  }
  for (const OpenCommand& command : after.open_commands()) {
    if (!IsClosing(after) || command.status() != Command::STATUS_PENDING) continue;
    Check(Ends(command.command()) || Looks(command.command()),
          "at the end only hangups and looks wait");
  }
  Check(after.open_commands_size() <= kOpenCommandsMax, "open commands are bounded");
  Check(after.timers_size() <= kTimersMax, "timers are bounded");
  const bool gives_up = std::any_of(after.timers().begin(), after.timers().end(),
                                    [](const internal::v1::Timer& timer) {
                                      return timer.kind() == internal::v1::Timer::KIND_PURSUIT_END;
                                    });
  Check(!flow::IsPursuing(after) || gives_up,
        "what is pursued after the end is pursued until a moment that is known");
  // What is in flight comes back with a result (invariant 17), and is then a reason to wait for.
  const bool begun = after.phase_case() != Session::PHASE_NOT_SET;
  const bool awaits = std::any_of(
      after.open_commands().begin(), after.open_commands().end(),
      [](const OpenCommand& command) { return command.status() == Command::STATUS_IN_FLIGHT; });
  Check(!begun || after.has_ended() || transition.has_wake_time() || awaits,
        "a session that has not ended is woken again");
}

}  // namespace

void CheckTransition(const Session& before, const Input& input, const Transition& transition,
                     const FlowLedger& ledger) {
  const bool condemned = input.has_condemned();
  Check(condemned || !transition.ignored_reason().starts_with("broken invariant"),
        transition.ignored_reason().c_str());
  CheckEvents(before, transition);
  CheckOutcome(before, transition.session(), condemned);
  CheckLegs(before, transition.session());
  CheckEndsOfCalls(before, input, transition.session(), ledger);
  CheckCommands(before, transition);
  CheckDials(transition.session(), ledger);
  CheckLanes(transition.session());
  CheckRequestedSounds(before, transition);
  CheckRecordings(before, transition);
  CheckNotices(before, input, transition);
  ledger.CheckAgainst(transition.session());
}

}  // namespace callbridge::fuzz
