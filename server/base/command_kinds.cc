#include "server/base/command_kinds.h"

#include <algorithm>
#include <array>

namespace callbridge::base {
namespace {

using Action = internal::v1::Command::ActionCase;

// The id that the flow gives to the caller's leg.
constexpr std::string_view kCallerLeg = "caller";

constexpr auto kLook = Urgency::kLook;
constexpr auto kOrdinary = Urgency::kOrdinary;

// clang-format off
constexpr auto kKinds = std::to_array<CommandKind>({
    //                                               look   urgency                 overtakes held back
    // Send-ringing is a courtesy, so the answer to the same call must not wait for it.
    {Action::kSendRinging,      "send_ringing",       false, kOrdinary,              true,  true},
    {Action::kAnswerCall,       "answer_call",        false, kOrdinary,              false, true},
    {Action::kHangUpCall,       "hang_up_call",       false, Urgency::kHangUpOrStop, true,  false},
    {Action::kCreateConference, "create_conference",  false, Urgency::kConference,   false, true},
    {Action::kAddCaller,        "add_caller",         false, kOrdinary,              false, true},
    {Action::kDialLeg,          "dial_leg",           false, Urgency::kDialCallee,   false, true},
    {Action::kPlayPrompt,       "play_prompt",        false, kOrdinary,              false, true},
    {Action::kPlayMusic,        "play_music",         false, kOrdinary,              false, true},
    {Action::kStopPlay,         "stop_play",          false, Urgency::kHangUpOrStop, true,  false},
    {Action::kHangUpConference, "hang_up_conference", false, Urgency::kHangUpOrStop, true,  false},
    // Both values are said at once and may be said again, so no other command waits for the answer.
    {Action::kUpdateAudio,      "update_audio",       false, kOrdinary,              true,  true},
    // Keys are sent in the order in which they were asked for.
    {Action::kSendDigits,       "send_digits",        false, kOrdinary,              false, true},
    {Action::kCaptureDigits,    "capture_digits",     false, kOrdinary,              false, true},
    // An event tells whether it is on, so no other command waits for the answer.
    {Action::kStartRecording,   "start_recording",    false, kOrdinary,              true,  true},
    {Action::kStopRecording,    "stop_recording",     false, kOrdinary,              true,  true},
    {Action::kLookAtCall,       "look_at_call",       true,  kLook,                  true,  false},
    {Action::kLookAtConference, "look_at_conference", true,  kLook,                  true,  false},
    {Action::kFindConference,   "find_conference",    true,  kLook,                  true,  false},
    {Action::kFindDial,         "find_dial",          true,  kLook,                  true,  false},
    {Action::kLookAtRecording,  "look_at_recording",  true,  kLook,                  true,  false},
    {Action::ACTION_NOT_SET,    "",                   false, kOrdinary,              false, true},
});
// clang-format on

}  // namespace

std::span<const CommandKind> CommandKinds() { return kKinds; }

const CommandKind& KindOf(const internal::v1::Command& command) {
  return KindOf(command.action_case());
}

const CommandKind& KindOf(Action action) {
  const auto* found = std::find_if(kKinds.begin(), kKinds.end(), [action](const CommandKind& kind) {
    return kind.action == action;
  });
  return found == kKinds.end() ? kKinds.back() : *found;
}

bool IsLook(const internal::v1::Command& command) { return KindOf(command).look; }

Urgency UrgencyOf(const internal::v1::Command& command) {
  if (command.routine()) return Urgency::kRoutineLook;
  if (command.has_dial_leg() && command.leg_id() == kCallerLeg) return Urgency::kDialCaller;
  return KindOf(command).urgency;
}

Action OperationOf(const internal::v1::Command& command) {
  return command.play_prompt().prompt().has_audio() ? Action::kPlayMusic : command.action_case();
}

}  // namespace callbridge::base
