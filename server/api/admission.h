// Turns what admission refuses into an error of the API, which says after which time another try
// makes sense.
#pragma once

#include <absl/status/status.h>

#include "callbridge/config/v1/settings.pb.h"
#include "server/admission/room.h"
#include "server/api/validate.h"

namespace callbridge::api {

// What a checked StartBridge would take of the room.
admission::Wish WishOf(const CheckedStart& start);

// OK: there is room. TOO_MANY_SESSIONS, TOO_LITTLE_DISK and DIAL_BACKLOG with RetryInfo.
absl::Status RefusalOf(const admission::Answer& answer, const config::v1::Limits& limits);

}  // namespace callbridge::api
