// The command recording: lists what the provider recorded for the account, fetches its files and
// deletes them (docs/provider.md §3.6). The service stores none of them.
#pragma once

#include <absl/status/statusor.h>

#include <ostream>
#include <string>
#include <vector>

#include "server/admin/account_link.h"
#include "server/admin/audio.h"
#include "server/admin/exit_status.h"

namespace callbridge::admin {

// What is to be done, by the words behind "recording".
struct RecordingOrder {
  enum class Action { kList, kGet, kDelete };
  Action action = Action::kList;
  // The id of the file to get or delete.
  std::string id;
  // Where the file goes on this machine.
  std::string path;
  // The list as one JSON object.
  bool json = false;
};

// INVALID_ARGUMENT says what is wrong with the words.
absl::StatusOr<RecordingOrder> ReadRecordingOrder(const std::vector<std::string>& words, bool json);

// account: its name in the settings. look: how the list is called, like "callbridge-admin recording
// list --config settings.yaml".
ExitStatus RunRecording(AccountLink& link, const std::string& account, const RecordingOrder& order,
                        const std::string& look, const AudioSurroundings& surroundings);

}  // namespace callbridge::admin
