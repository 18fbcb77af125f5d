#include "server/provider/verdict.h"

namespace callbridge::provider {

using internal::v1::CommandResult;

CommandResult::Verdict Classify(CURLcode code, bool request_left, int http_status) {
  constexpr int kRequestTimeout = 408;
  constexpr int kTooEarly = 425;
  constexpr int kTooManyRequests = 429;
  if (http_status == kTooManyRequests) return CommandResult::VERDICT_THROTTLED;
  if (http_status == kRequestTimeout || http_status == kTooEarly) {
    return CommandResult::VERDICT_UNKNOWN;
  }
  if (http_status / 100 == 4) return CommandResult::VERDICT_REFUSED;
  if (code == CURLE_OK) {
    return http_status / 100 == 2 ? CommandResult::VERDICT_DONE : CommandResult::VERDICT_UNKNOWN;
  }
  return request_left || http_status != 0 ? CommandResult::VERDICT_UNKNOWN
                                          : CommandResult::VERDICT_NOT_SENT;
}

callbridge::v1::ProviderError DescribeFailure(const HttpAnswer& answer) {
  callbridge::v1::ProviderError error;
  if (answer.send_by_passed) {
    error.set_name("SEND_BY_PASSED");
    error.set_description("It was not sent because its time to be sent had passed.");
  } else if (answer.stopped) {
    error.set_name("STOPPED");
    error.set_description("This process stopped before an answer came.");
  } else if (answer.crowded_out) {
    error.set_name("TOO_MANY_IN_FLIGHT");
    error.set_description("It was not sent because too many requests wait for their answers.");
  } else if (answer.code != CURLE_OK) {
    error.set_name("NETWORK");
    error.set_description(curl_easy_strerror(answer.code));
  }
  return error;
}

}  // namespace callbridge::provider
