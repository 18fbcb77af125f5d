// Turns a refusal of admission into an error of the API, which says when another try makes sense.
#pragma once

#include <absl/status/status.h>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admission/room.h"
#include "server/api/validate.h"

namespace callbridge::api {

// Returns the room that a checked StartBridge would take.
admission::Wish WishOf(const CheckedStart& start);

// Returns OK if there is room. Otherwise TOO_MANY_SESSIONS, TOO_LITTLE_DISK or DIAL_BACKLOG, each
// with RetryInfo.
absl::Status RefusalOf(const admission::Answer& answer, const config::v1::Limits& limits);

}  // namespace callbridge::api
