// Reads what positive answers tell about the commands that asked. Pure. An unreadable answer
// matters only if an id is learned from it. commands.h says which command uses which reader.
#pragma once

#include <absl/status/status.h>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Adds to a result that is DONE so far. The reader may change the verdict. An answer may say that
// the action failed (REFUSED). An answer without the id that it should hold leaves the fate open
// (UNKNOWN).
using Reader = void(const HttpAnswer& answer, internal::v1::CommandResult& result);

Reader ReadAction;
Reader ReadDial;
Reader ReadCreatedConference;
// Reads the call or the conference as it is now, if the answer shows it.
Reader ReadCallShown;
Reader ReadConferenceShown;

// Makes the result UNKNOWN, because the answer could not be understood.
void SetUnreadable(const absl::Status& reason, internal::v1::CommandResult& result);

}  // namespace callbridge::provider
