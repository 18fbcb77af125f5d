// What the flags of doctor --live mean.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "callbridge/config/v1/settings.pb.h"
#include "server/base/arguments.h"
#include "server/live/scripts.h"

namespace callbridge::admin {

struct LiveOrder {
  // The telephone that is called, "+447700900123".
  std::string to;
  // The folder of the transcripts.
  std::string folder;
  // In the order in which they are played.
  std::vector<const live::Script*> scripts;
  // Without asking.
  bool yes = false;
  bool json = false;
  bool show_numbers = false;
};

// INVALID_ARGUMENT says which flag is missing, wrong or has no meaning without --live.
absl::StatusOr<LiveOrder> ReadLiveOrder(const base::Arguments& arguments);

// The number that the telephone sees, and that the person calls: the default number, or the first
// one of the routes. INVALID_ARGUMENT means that there is none, or that the settings do not allow a
// call to the telephone; it names the setting.
absl::StatusOr<std::string> NumberFor(const LiveOrder& order, const config::v1::Settings& settings);

}  // namespace callbridge::admin
