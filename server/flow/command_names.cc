#include "server/flow/command_names.h"

namespace callbridge::flow {

using internal::v1::Command;

std::string CommandName(const Command& command) {
  // A second call of the caller, which is hung up, has an id like "caller-2".
  const bool caller = command.leg_id().starts_with("caller");
  switch (command.action_case()) {
    case Command::kSendRinging:
      return "SendRinging";
    case Command::kAnswerCall:
      return "AnswerCaller";
    case Command::kHangUpCall:
      if (command.hang_up_call().reject()) return "RejectCaller";
      return caller ? "HangUpCaller" : "HangUpCallee";
    case Command::kCreateConference:
      return "CreateConference";
    case Command::kAddCaller:
      return caller ? "AddCaller" : "AddCallee";
    case Command::kDialLeg:
      return caller ? "DialCaller" : "DialCallee";
    case Command::kPlayPrompt:
      return "PlayPrompt";
    case Command::kPlayMusic:
      return "PlayMusic";
    case Command::kStopPlay:
      return "StopPlay";
    case Command::kHangUpConference:
      return "HangUpConference";
    case Command::kUpdateAudio:
      return caller ? "UpdateCaller" : "UpdateCallee";
    case Command::kSendDigits:
      return "SendDigits";
    case Command::kCaptureDigits:
      return "CaptureDigits";
    case Command::kStartRecording:
      return "StartRecording";
    case Command::kStopRecording:
      return "StopRecording";
    case Command::kLookAtRecording:
      return "LookAtRecording";
    case Command::kLookAtCall:
      return caller ? "LookAtCaller" : "LookAtCallee";
    case Command::kLookAtConference:
      return "LookAtConference";
    case Command::kFindConference:
      return "FindConference";
    case Command::kFindDial:
      return caller ? "FindCaller" : "FindCallee";
    case Command::ACTION_NOT_SET:
      return "";
  }
  return "";
}

}  // namespace callbridge::flow
