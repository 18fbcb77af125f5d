// What positive answers show of the commands that asked. Pure. Whether an answer can be read
// matters only where an id is learned from it. Which reader is whose stands in commands.h.
#pragma once

#include <absl/status/status.h>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Adds to a result that is DONE so far. The reader may take that back: an answer may say that the
// action failed (REFUSED), and one without the id that it should hold tells nothing (UNKNOWN).
using Reader = void(const HttpAnswer& answer, internal::v1::CommandResult& result);

Reader ReadAction;
Reader ReadDial;
Reader ReadCreatedConference;
// The call, or the conference, as it is now, if the answer shows it.
Reader ReadCallShown;
Reader ReadConferenceShown;

// UNKNOWN, because the answer made no sense.
void SetUnreadable(const absl::Status& reason, internal::v1::CommandResult& result);

}  // namespace callbridge::provider
