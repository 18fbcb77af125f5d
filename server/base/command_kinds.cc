#include "server/base/command_kinds.h"

#include <algorithm>
#include <array>

namespace callbridge::base {
namespace {

using internal::v1::Command;

// The flow's name of the first leg.
constexpr std::string_view kCallerLeg = "caller";

constexpr auto kLook = Urgency::kLook;
constexpr auto kOrdinary = Urgency::kOrdinary;

// clang-format off
constexpr auto kKinds = std::to_array<CommandKind>({
    //                                                look   urgency                 overtakes held back
    // A courtesy: the answer of the call that it is about must not wait for it.
    {Command::kSendRinging,      "send_ringing",       false, kOrdinary,              true,  true},
    {Command::kAnswerCall,       "answer_call",        false, kOrdinary,              false, true},
    {Command::kHangUpCall,       "hang_up_call",       false, Urgency::kHangUpOrStop, true,  false},
    {Command::kCreateConference, "create_conference",  false, Urgency::kConference,   false, true},
    {Command::kAddCaller,        "add_caller",         false, kOrdinary,              false, true},
    {Command::kDialLeg,          "dial_leg",           false, Urgency::kDialCallee,   false, true},
    {Command::kPlayPrompt,       "play_prompt",        false, kOrdinary,              false, true},
    {Command::kPlayMusic,        "play_music",         false, kOrdinary,              false, true},
    {Command::kStopPlay,         "stop_play",          false, Urgency::kHangUpOrStop, true,  false},
    {Command::kHangUpConference, "hang_up_conference", false, Urgency::kHangUpOrStop, true,  false},
    {Command::kLookAtCall,       "look_at_call",       true,  kLook,                  true,  false},
    {Command::kLookAtConference, "look_at_conference", true,  kLook,                  true,  false},
    {Command::kFindConference,   "find_conference",    true,  kLook,                  true,  false},
    {Command::kFindDial,         "find_dial",          true,  kLook,                  true,  false},
    {Command::ACTION_NOT_SET,    "",                   false, kOrdinary,              false, true},
});
// clang-format on

}  // namespace

std::span<const CommandKind> CommandKinds() { return kKinds; }

const CommandKind& KindOf(const Command& command) {
  const auto* found = std::find_if(
      kKinds.begin(), kKinds.end(),
      [&command](const CommandKind& kind) { return kind.action == command.action_case(); });
  return found == kKinds.end() ? kKinds.back() : *found;
}

Urgency UrgencyOf(const Command& command) {
  if (command.routine()) return Urgency::kRoutineLook;
  if (command.has_dial_leg() && command.leg_id() == kCallerLeg) return Urgency::kDialCaller;
  return KindOf(command).urgency;
}

Command::ActionCase OperationOf(const Command& command) {
  return command.play_prompt().prompt().has_audio() ? Command::kPlayMusic : command.action_case();
}

}  // namespace callbridge::base
