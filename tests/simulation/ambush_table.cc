#include "tests/simulation/ambush_table.h"

#include <algorithm>
#include <array>

#include "server/base/check.h"

namespace callbridge::simulation {
namespace {

using Way = AmbushWay;
using Step = AmbushStep;

// The answer is late: the command stays in flight while the session goes on.
constexpr Step Slow(std::string_view phase, std::string_view command) {
  return {"slow-response", phase, command};
}
constexpr Step Reset(std::string_view phase, std::string_view command) {
  return {"reset-before", phase, command};
}
constexpr Step NeverDone(std::string_view phase, std::string_view command) {
  return {"reset-before", phase, command, true};
}
// No event comes through: what is not known has to be looked for.
constexpr Step Silence(std::string_view phase) { return {"drop", phase, kAnything, true}; }
constexpr Step Leaves(std::string_view phase, std::string_view command) {
  return {"caller-hangs-up", phase, command};
}

constexpr Step kLostAnswer = Reset("answering_caller", "answer_call");
constexpr Step kSlowRinging = Slow("offered", "send_ringing");
constexpr Step kLostCreation = Reset("answering_caller", "create_conference");
constexpr Step kLostCallerCreation = Reset("dialing_caller", "create_conference");
constexpr Step kLostCallerDial = Reset("dialing_caller", "dial_leg");
constexpr Step kSilentDialingCaller = Silence("dialing_caller");
constexpr Step kSlowAnswer = Slow("answering_caller", "answer_call");
constexpr Step kSlowCreation = Slow("answering_caller", "create_conference");
constexpr Step kSilentJoining = Silence("joining_caller");
constexpr Step kSilentGreeting = Silence("greeting");
constexpr Step kSlowJoin = Slow("joining_caller", "add_caller");
constexpr Step kSlowCallerDial = Slow("dialing_caller", "dial_leg");
constexpr Step kSlowLook = Slow("joining_caller", "look_at_call");
constexpr Step kSilentDialing = Silence("dialing_callee");
constexpr Step kLostCalleeDial = Reset("dialing_callee", "dial_leg");
constexpr Step kSlowPrompt = Slow("greeting", "play_prompt");
constexpr Step kSlowStopPlay = Slow("greeting", "stop_play");
constexpr Step kSilentStopping = Silence("stopping_music");
constexpr Step kSlowCalleeDial = Slow("dialing_callee", "dial_leg");
constexpr Step kSlowMusic = Slow("dialing_callee", "play_music");
constexpr Step kSilentAnnouncing = Silence("announcing");
constexpr Step kSlowStoppingLook = Slow("stopping_music", "look_at_call");
constexpr Step kSlowAnnouncingStopPlay = Slow("announcing", "stop_play");
constexpr Step kSlowAnnouncingPrompt = Slow("announcing", "play_prompt");
constexpr Step kNeverCreation = NeverDone("answering_caller", "create_conference");
constexpr Step kSlowSearch = Slow("answering_caller", "find_conference");
constexpr Step kNeverJoin = NeverDone("joining_caller", "add_caller");
constexpr Step kSlowConferenceLook = Slow("joining_caller", "look_at_conference");
constexpr Step kSilentEnding = Silence("ending");
constexpr Step kLeftAtSearch = Leaves("answering_caller", "find_conference");
constexpr Step kLeftAtIdle = Leaves("dialing_callee", "nothing");
constexpr Step kLeftAtCreation = Leaves("answering_caller", "create_conference");
constexpr Step kLeftAtAnswer = Leaves("joining_caller", "answer_call");
constexpr Step kLeftAtJoin = Leaves("joining_caller", "add_caller");
constexpr Step kLeftAtPrompt = Leaves("greeting", "play_prompt");
constexpr Step kLeftAtMusic = Leaves("dialing_callee", "play_music");
constexpr Step kLeftAtDial = Leaves("dialing_callee", "dial_leg");
constexpr Step kSlowApologizingStopPlay = Slow("apologizing", "stop_play");
constexpr Step kLeftAtStopPlay = Leaves("apologizing", "stop_play");
constexpr Step kLeftAtGreeting = Leaves("greeting", "nothing");
constexpr Step kSlowConferenceHangUp = Slow("ending", "hang_up_conference");
constexpr Step kSlowHangUp = Slow("ending", "hang_up_call");
constexpr Step kSlowEndingLook = Slow("ending", "look_at_call");

constexpr AmbushRow kRows[] = {
    {"offered", "send_ringing", Way::kOffered, {}, {4, 1, 0, 16}},
    {"offered", "nothing", Way::kOffered, {}, {1, 0, 0, 16}},

    {"answering_caller", "nothing", Way::kAny, {kLostAnswer}, {1, 0, 1, 1}},
    {"answering_caller", "answer_call", Way::kAny, {}, {1, 1, 1, 1}},
    {"answering_caller", "create_conference", Way::kAny, {}, {1, 1, 1, 1}},
    {"answering_caller", "send_ringing", Way::kOffered, {kSlowRinging}, {1, 4, 0, 2}},
    {"answering_caller", "look_at_call", Way::kAny, {kLostAnswer}, {1, 1, 60, 6}},
    {"answering_caller", "find_conference", Way::kAny, {kLostCreation}, {1, 1, 6, 4}},

    {"dialing_caller", "nothing", Way::kRequested, {}, {1, 0, 1, 2}},
    {"dialing_caller", "create_conference", Way::kRequested, {}, {4, 1, 16, 14}},
    {"dialing_caller", "dial_leg", Way::kRequested, {}, {1, 1, 1, 13}},
    {"dialing_caller", "find_conference", Way::kRequested, {kLostCallerCreation}, {12, 1, 0, 17}},
    {"dialing_caller", "find_dial", Way::kRequested, {kLostCallerDial}, {14, 2, 0, 23}},
    {"dialing_caller", "look_at_call", Way::kRequested, {kSilentDialingCaller}, {2, 1, 4, 4}},
    {"dialing_caller",
     "look_at_conference",
     Way::kRequested,
     {kSilentDialingCaller},
     {22, 8, 0, 22}},

    {"joining_caller", "nothing", Way::kAny, {}, {1, 0, 1, 1}},
    {"joining_caller", "add_caller", Way::kAny, {}, {1, 1, 1, 1}},
    {"joining_caller", "answer_call", Way::kAny, {kSlowAnswer}, {1, 1, 2, 1}},
    {"joining_caller", "create_conference", Way::kAny, {kSlowCreation}, {1, 1, 1, 3}},
    {"joining_caller", "send_ringing", Way::kOffered, {kSlowRinging}, {33, 60, 24, 40}},
    {"joining_caller", "look_at_call", Way::kAny, {kSilentJoining}, {2, 1, 0, 10}},
    {"joining_caller", "look_at_conference", Way::kAny, {kSilentJoining}, {1, 1, 0, 4}},

    {"greeting", "nothing", Way::kAny, {}, {1, 0, 1, 1}},
    {"greeting", "play_prompt", Way::kAny, {}, {1, 1, 1, 1}},
    {"greeting", "stop_play", Way::kAny, {kSilentGreeting}, {5, 1, 0, 18}},
    {"greeting", "answer_call", Way::kAny, {kSlowAnswer}, {3, 45, 21, 7}},
    {"greeting", "create_conference", Way::kAny, {kSlowCreation}, {1, 5, 1, 1}},
    {"greeting", "send_ringing", Way::kOffered, {kSlowRinging}, {25, 60, 60, 46}},
    {"greeting", "add_caller", Way::kAny, {kSlowJoin}, {1, 19, 7, 1}},
    {"greeting", "dial_leg", Way::kRequested, {kSlowCallerDial}, {29, 0, 60, 30}},
    {"greeting", "look_at_call", Way::kAny, {kSilentJoining, kSlowLook}, {21, 23, 18, 24}},

    {"dialing_callee", "nothing", Way::kAny, {}, {1, 0, 1, 1}},
    {"dialing_callee", "play_music", Way::kAny, {}, {1, 1, 1, 1}},
    {"dialing_callee", "dial_leg", Way::kAny, {}, {1, 1, 1, 1}},
    {"dialing_callee", "look_at_call", Way::kUnanswered, {kSilentDialing}, {3, 1, 1, 14}},
    {"dialing_callee", "find_dial", Way::kAny, {kLostCalleeDial}, {10, 1, 0, 14}},
    {"dialing_callee", "answer_call", Way::kAny, {kSlowAnswer}, {2, 51, 3, 28}},
    {"dialing_callee", "create_conference", Way::kAny, {kSlowCreation}, {1, 3, 1, 7}},
    {"dialing_callee", "send_ringing", Way::kOffered, {kSlowRinging}, {60, 0, 51, 60}},
    {"dialing_callee", "add_caller", Way::kAny, {kSlowJoin}, {1, 4, 1, 13}},
    {"dialing_callee", "play_prompt", Way::kAny, {kSlowPrompt}, {1, 10, 1, 12}},
    {"dialing_callee", "stop_play", Way::kAny, {kSilentGreeting, kSlowStopPlay}, {18, 8, 1, 26}},

    {"stopping_music", "nothing", Way::kAnswered, {}, {1, 0, 1, 11}},
    {"stopping_music", "stop_play", Way::kAnswered, {}, {1, 1, 1, 1}},
    {"stopping_music", "look_at_call", Way::kAnswered, {kSilentStopping}, {9, 1, 0, 9}},
    {"stopping_music", "look_at_conference", Way::kAnswered, {kSilentStopping}, {10, 1, 0, 17}},
    {"stopping_music", "dial_leg", Way::kAnswered, {kSlowCalleeDial}, {11, 10, 3, 20}},
    {"stopping_music", "play_music", Way::kAnswered, {kSlowMusic}, {7, 15, 2, 13}},
    {"stopping_music", "play_prompt", Way::kAnswered, {kSlowPrompt}, {38, 60, 24, 28}},
    {"stopping_music", "add_caller", Way::kAnswered, {kSlowJoin}, {60, 60, 51, 60}},
    {"stopping_music", "answer_call", Way::kAnswered, {kSlowAnswer}, {60, 0, 48, 60}},
    {"stopping_music", "create_conference", Way::kAnswered, {kSlowCreation}, {23, 42, 13, 18}},

    {"announcing", "nothing", Way::kAnswered, {}, {1, 0, 1, 13}},
    {"announcing", "play_prompt", Way::kAnswered, {}, {1, 1, 2, 1}},
    {"announcing", "stop_play", Way::kAnswered, {kSilentAnnouncing}, {9, 1, 14, 14}},
    {"announcing", "dial_leg", Way::kAnswered, {kSlowCalleeDial}, {10, 29, 26, 18}},
    {"announcing", "play_music", Way::kAnswered, {kSlowMusic}, {7, 60, 48, 13}},
    {"announcing", "add_caller", Way::kAnswered, {kSlowJoin}, {54, 0, 60, 60}},
    {"announcing", "answer_call", Way::kAnswered, {kSlowAnswer}, {60, 0, 0, 60}},
    {"announcing", "create_conference", Way::kAnswered, {kSlowCreation}, {22, 60, 58, 29}},
    {"announcing",
     "look_at_call",
     Way::kAnswered,
     {kSilentStopping, kSlowStoppingLook},
     {20, 16, 16, 20}},

    {"connected", "nothing", Way::kTalkative, {}, {1, 0, 1, 10}},
    {"connected", "look_at_call", Way::kTalkative, {}, {21, 1, 0, 19}},
    {"connected",
     "stop_play",
     Way::kAnswered,
     {kSilentAnnouncing, kSlowAnnouncingStopPlay},
     {18, 0, 60, 16}},
    {"connected", "play_prompt", Way::kAnswered, {kSlowAnnouncingPrompt}, {28, 0, 0, 25}},
    {"connected", "dial_leg", Way::kAnswered, {kSlowCalleeDial}, {42, 0, 0, 39}},
    {"connected", "play_music", Way::kAnswered, {kSlowMusic}, {60, 0, 0, 60}},

    {"apologizing", "nothing", Way::kBusy, {}, {1, 0, 1, 1}},
    {"apologizing", "stop_play", Way::kBusy, {}, {1, 1, 1, 4}},
    {"apologizing", "play_prompt", Way::kBusy, {}, {1, 1, 1, 4}},
    {"apologizing", "hang_up_call", Way::kUnanswered, {kSilentDialing}, {60, 1, 1, 48}},
    {"apologizing", "play_music", Way::kBusy, {kSlowMusic}, {16, 29, 20, 20}},
    {"apologizing", "look_at_call", Way::kUnanswered, {kSilentDialing}, {4, 1, 14, 36}},
    {"apologizing", "find_conference", Way::kAny, {kNeverCreation, kSlowSearch}, {10, 1, 19, 12}},
    {"apologizing", "create_conference", Way::kAny, {kNeverCreation}, {56, 24, 54, 60}},
    {"apologizing", "add_caller", Way::kAny, {kNeverJoin, kSilentJoining}, {42, 10, 54, 60}},
    {"apologizing",
     "look_at_conference",
     Way::kAny,
     {kNeverJoin, kSlowConferenceLook},
     {18, 2, 25, 38}},

    {"ending", "nothing", Way::kAny, {kSilentEnding}, {1, 0, 0, 1}},
    {"ending", "hang_up_conference", Way::kAny, {}, {1, 1, 1, 2}},
    {"ending", "hang_up_call", Way::kAny, {kSilentEnding}, {1, 1, 1, 2}},
    {"ending", "look_at_call", Way::kAny, {kSilentEnding}, {1, 1, 1, 5}},
    {"ending", "find_conference", Way::kAny, {kLostCreation, kLeftAtSearch}, {1, 1, 1, 10}},
    {"ending", "find_dial", Way::kAny, {kLostCalleeDial, kLeftAtIdle}, {10, 1, 0, 38}},
    {"ending", "create_conference", Way::kAny, {kSlowCreation, kLeftAtCreation}, {1, 3, 4, 3}},
    {"ending", "answer_call", Way::kAny, {kSlowAnswer, kLeftAtAnswer}, {5, 9, 6, 7}},
    {"ending", "add_caller", Way::kAny, {kSlowJoin, kLeftAtJoin}, {8, 9, 7, 14}},
    {"ending", "play_prompt", Way::kAny, {kSlowPrompt, kLeftAtPrompt}, {28, 12, 1, 32}},
    {"ending", "play_music", Way::kAny, {kSlowMusic, kLeftAtMusic}, {14, 23, 6, 19}},
    {"ending", "dial_leg", Way::kAny, {kSlowCalleeDial, kLeftAtDial}, {6, 14, 21, 10}},
    {"ending",
     "stop_play",
     Way::kBusy,
     {kSlowApologizingStopPlay, kLeftAtStopPlay},
     {33, 2, 1, 33}},

    {"ended", "nothing", Way::kAny, {}, {1, 0, 0, 1}},
    {"ended", "find_conference", Way::kAny, {kLostCreation, kLeftAtGreeting}, {24, 3, 0, 15}},
    {"ended", "hang_up_conference", Way::kAny, {kSlowConferenceHangUp}, {5, 2, 60, 5}},
    {"ended", "hang_up_call", Way::kAny, {kSilentEnding, kSlowHangUp}, {16, 4, 60, 19}},
    {"ended", "look_at_call", Way::kAny, {kSilentEnding, kSlowEndingLook}, {22, 9, 0, 45}},
    {"ended", "play_prompt", Way::kAny, {kSlowPrompt, kLeftAtPrompt}, {3, 0, 0, 3}},
    {"ended", "play_music", Way::kAny, {kSlowMusic, kLeftAtMusic}, {4, 0, 0, 3}},
    {"ended", "stop_play", Way::kBusy, {kSlowApologizingStopPlay, kLeftAtStopPlay}, {16, 0, 0, 16}},
    {"ended", "add_caller", Way::kAny, {kSlowJoin, kLeftAtJoin}, {6, 0, 0, 9}},
};

template <std::size_t kSize>
bool IsOneOf(std::string_view name, const std::array<std::string_view, kSize>& names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Only these are answered with a status that can say FAILED; in the other phases none of them is
// asked for.
bool MayFailAsAction(const AmbushRow& row) {
  constexpr std::array<std::string_view, 5> kActions = {"send_ringing", "answer_call",
                                                        "play_prompt", "play_music", "stop_play"};
  constexpr std::array<std::string_view, 5> kElsewhere = {"dialing_caller", "joining_caller",
                                                          "connected", "ending", "ended"};
  return IsOneOf(row.command, kActions) && !IsOneOf(row.phase, kElsewhere);
}

bool CallerMayHangUp(const AmbushRow& row) {
  // Nobody has been called yet, or nobody knows; and at the end the calls are over before much else
  // is in flight.
  constexpr std::array<std::string_view, 3> kBefore = {"create_conference", "find_conference",
                                                       "find_dial"};
  if (row.phase == "dialing_caller") return !IsOneOf(row.command, kBefore);
  if (row.phase == "ending") return row.command == "hang_up_conference";
  return row.phase != "ended";
}

bool CalleeMayHangUp(const AmbushRow& row) {
  constexpr std::array<std::string_view, 4> kPhases = {"dialing_callee", "stopping_music",
                                                       "announcing", "connected"};
  return IsOneOf(row.phase, kPhases) && row.command != "find_dial";
}

bool MayMissTheEnd(const AmbushRow& row) {
  constexpr std::array<std::string_view, 3> kPhases = {"greeting", "announcing", "apologizing"};
  return row.command == "play_prompt" && IsOneOf(row.phase, kPhases);
}

bool CanStrike(const AmbushFault& fault, const AmbushRow& row) {
  if (fault.name == "action-failed") return MayFailAsAction(row);
  if (fault.name == "stale-read") return row.command == "look_at_call";
  if (fault.name == "missing-finished") return MayMissTheEnd(row);
  if (fault.name == "caller-hangs-up") return CallerMayHangUp(row);
  if (fault.name == "callee-hangs-up") return CalleeMayHangUp(row);
  if (fault.name == "end-asked") return row.phase != "ended";
  return true;
}

unsigned WeightOf(const AmbushFault& fault, const AmbushRow& row) {
  const unsigned weight = row.weights.at(static_cast<std::size_t>(fault.ground));
  // What goes away goes away for all sessions, and is met by the ambushes of others; a person or a
  // client acts in one.
  const bool in_one = fault.name.ends_with("hangs-up") || fault.name == "end-asked";
  constexpr unsigned kAlone = 12;
  return in_one && weight > 0 ? std::max(3 * weight, kAlone) : weight;
}

std::vector<AmbushCell> MakeCells() {
  std::vector<AmbushCell> cells;
  for (const AmbushRow& row : kRows) {
    for (const AmbushFault& fault : kAmbushFaults) {
      const unsigned weight = WeightOf(fault, row);
      if (weight > 0 && CanStrike(fault, row)) cells.push_back({fault.name, &row, weight});
    }
  }
  return cells;
}

}  // namespace

AmbushGround GroundOf(std::string_view fault) {
  const auto is_named = [fault](const AmbushFault& row) { return row.name == fault; };
  const auto* found = std::find_if(kAmbushFaults.begin(), kAmbushFaults.end(), is_named);
  if (found != kAmbushFaults.end()) return found->ground;
  found = std::find_if(kHardshipFaults.begin(), kHardshipFaults.end(), is_named);
  base::Check(found != kHardshipFaults.end(), "the name of an ambush's fault");
  return found->ground;
}

const std::vector<AmbushCell>& ReachableCells() {
  static const std::vector<AmbushCell> cells = MakeCells();
  return cells;
}

}  // namespace callbridge::simulation
