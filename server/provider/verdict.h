// Separates what was certainly not done from what is unknown. Pure. A wrong "certainly not done"
// would cause a second telephone call to a person. Therefore everything that is not proved is
// unknown.
#pragma once

#include <curl/curl.h>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Returns the verdict of one request with effects. request_left: see HttpAnswer. http_status: 0 if
// no status line came.
//   status 429                     THROTTLED  certainly not done
//   status 408 and 425             UNKNOWN    they concern the request's way, not its content; a
//                                             proxy that sends them may have passed the request on
//   any other 4xx                  REFUSED    even if the rest of the answer was lost
//   2xx, read to its end           DONE
//   no answer, and no byte left    NOT_SENT   resolve, connect, TLS, fence
//   everything else                UNKNOWN    5xx, 3xx, resets, timeouts, a lost or overlong answer
internal::v1::CommandResult::Verdict Classify(CURLcode code, bool request_left, int http_status);

// Describes, without host names, why no answer came or what is wrong with it.
callbridge::v1::ProviderError DescribeFailure(const HttpAnswer& answer);

}  // namespace callbridge::provider
