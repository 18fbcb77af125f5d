// Writes commands with effects as HTTP requests of the provider (docs/provider.md §3.4, §3.5).
// Pure. An encoder checks only what an address or a body requires; other checks were made when the
// bridge was requested. commands.h says which command uses which encoder.
#pragma once

#include <absl/status/statusor.h>

#include <string>
#include <vector>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/account_options.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

using Requests = absl::StatusOr<std::vector<HttpRequest>>;

// Returns one request, or two for a StopPlay with the scope "both". INVALID_ARGUMENT names the
// field: an id is missing, the prompt has no content, or the endpoint has no kind.
using Encoder = Requests(const internal::v1::Command& command, const AccountOptions& account,
                         const std::string& service_id);

Encoder EncodeSendRinging;
Encoder EncodeAnswer;
Encoder EncodeHangUpCall;
Encoder EncodeCreateConference;
Encoder EncodeAddCaller;
Encoder EncodeDial;
Encoder EncodePlayPrompt;
Encoder EncodePlayMusic;
Encoder EncodeStopPlay;
Encoder EncodeHangUpConference;
Encoder EncodeUpdateAudio;
Encoder EncodeSendDigits;
Encoder EncodeCaptureDigits;

}  // namespace callbridge::provider
