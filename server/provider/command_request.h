// A command with effects as the HTTP requests of the Calls API (§3.4, §3.5). Pure. It checks only
// what an address or a body cannot do without: everything else was checked when the bridge was
// asked for.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/account_options.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// One request; two for a StopPlay with the scope "both". INVALID_ARGUMENT, naming the field: an id
// is missing, the prompt has no content, the endpoint no kind, or the command is a look
// (look_request.h).
absl::StatusOr<std::vector<HttpRequest>> EncodeCommand(const internal::v1::Command& command,
                                                       const AccountOptions& account,
                                                       const std::string& service_id);

}  // namespace callbridge::provider
