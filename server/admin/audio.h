// The command audio: uploads sounds to the provider's account, lists and deletes them
// (docs/provider.md §3.7). Plans play them by their ids, or by names of the settings.
#pragma once

#include <absl/status/statusor.h>

#include <ostream>
#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admin/account_link.h"
#include "server/admin/exit_status.h"
#include "server/base/clock.h"

namespace callbridge::admin {

// What is to be done, by the words behind "audio".
struct AudioOrder {
  enum class Action { kUpload, kList, kDelete };
  Action action = Action::kList;
  // A path of this machine to upload, or the id of a file to delete.
  std::string operand;
  // The list as one JSON object.
  bool json = false;
};

// INVALID_ARGUMENT says what is wrong with the words.
absl::StatusOr<AudioOrder> ReadAudioOrder(const std::vector<std::string>& words, bool json);

struct AudioSurroundings {
  std::ostream& out;
  std::ostream& err;
  // Whether `err` is a terminal, which is shown the progress of an upload.
  bool terminal = false;
  const base::Clock& clock;
};

// settings: effective settings. account: its name in them. look: how the list is called, like
// "callbridge-admin audio list --config settings.yaml".
ExitStatus RunAudio(AccountLink& link, const config::v1::Settings& settings,
                    const std::string& account, const AudioOrder& order, const std::string& look,
                    const AudioSurroundings& surroundings);

}  // namespace callbridge::admin
