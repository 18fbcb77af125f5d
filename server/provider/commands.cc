#include "server/provider/commands.h"

#include <absl/status/status.h>

#include <algorithm>
#include <array>

namespace callbridge::provider {
namespace {

using internal::v1::Command;

// FindDial reads the conference, which LookAtConference reads too, and several pages. These shares
// keep both together within the rate of one operation.
constexpr double kFindDialShare = 1.0 / 6;
constexpr double kLookAtConferenceShare = 1 - kFindDialShare;

// Each row has the rate of one operation of the provider (docs/provider.md §8).
// clang-format off
constexpr auto kRows = std::to_array<CommandRow>({
    {Command::kSendRinging,      &Rates::other,      1, EncodeSendRinging,      ReadAction},
    {Command::kAnswerCall,       &Rates::other,      1, EncodeAnswer,           ReadAction},
    {Command::kHangUpCall,       &Rates::other,      1, EncodeHangUpCall,       ReadCallShown},
    {Command::kCreateConference, &Rates::conference, 1, EncodeCreateConference, ReadCreatedConference},
    {Command::kAddCaller,        &Rates::other,      1, EncodeAddCaller,        ReadConferenceShown},
    {Command::kDialLeg,          &Rates::dial,       1, EncodeDial,             ReadDial},
    {Command::kPlayPrompt,       &Rates::other,      1, EncodePlayPrompt,       ReadAction},
    {Command::kPlayMusic,        &Rates::other,      1, EncodePlayMusic,        ReadAction},
    {Command::kStopPlay,         &Rates::other,      1, EncodeStopPlay,         ReadAction},
    {Command::kHangUpConference, &Rates::other,      1, EncodeHangUpConference, ReadConferenceShown},
    {Command::kUpdateAudio,      &Rates::other,      1, EncodeUpdateAudio,      ReadAction},
    {Command::kSendDigits,       &Rates::other,      1, EncodeSendDigits,       ReadAction},
    {Command::kCaptureDigits,    &Rates::other,      1, EncodeCaptureDigits,    ReadAction},
    {Command::kLookAtCall,       &Rates::other,      1, nullptr, nullptr},
    {Command::kLookAtConference, &Rates::other,      kLookAtConferenceShare, nullptr, nullptr},
    {Command::kFindConference,   &Rates::other,      1, nullptr, nullptr},
    {Command::kFindDial,         &Rates::other,      kFindDialShare, nullptr, nullptr},
});
// clang-format on

}  // namespace

std::span<const CommandRow> CommandRows() { return kRows; }

const CommandRow* FindRow(Command::ActionCase action) {
  const auto* found = std::find_if(
      kRows.begin(), kRows.end(), [action](const CommandRow& row) { return row.action == action; });
  return found == kRows.end() ? nullptr : found;
}

Requests EncodeCommand(const Command& command, const AccountOptions& account,
                       const std::string& service_id) {
  const CommandRow* row = FindRow(command.action_case());
  if (row == nullptr) {
    return absl::InvalidArgumentError("the command cannot be sent: action is not set");
  }
  if (row->encode == nullptr) {
    return absl::InvalidArgumentError("a look is not a command with effects");
  }
  return row->encode(command, account, service_id);
}

}  // namespace callbridge::provider
