// Tells what certainly did not happen from what is unknown. Pure. A wrong "certainly
// not done" here is a second telephone call to a person, so whatever is not proved is unknown.
#pragma once

#include <curl/curl.h>

#include "callbridge/internal/v1/command.pb.h"
#include "server/provider/http_message.h"

namespace callbridge::provider {

// Of one request with effects. request_left: as in HttpAnswer. http_status: 0 if no status line
// came.
//   status 429                     THROTTLED  certainly not done
//   status 408 and 425             UNKNOWN    they speak of the way of the request, not of what it
//                                             asks; a proxy that sends them may have passed it on
//   any other 4xx                  REFUSED    even if the rest of the answer was lost
//   2xx, read to its end           DONE
//   no answer, nothing had left    NOT_SENT   resolve, connect, TLS, fence
//   everything else                UNKNOWN    5xx, 3xx, resets, timeouts, a lost or overlong answer
internal::v1::CommandResult::Verdict Classify(CURLcode code, bool request_left, int http_status);

// The network's own words for why no answer came, or what is wrong with it. Without host names.
callbridge::v1::ProviderError DescribeFailure(const HttpAnswer& answer);

}  // namespace callbridge::provider
