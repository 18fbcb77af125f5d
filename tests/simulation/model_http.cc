#include "tests/simulation/model_http.h"

#include <chrono>

#include "server/base/check.h"

namespace callbridge::simulation {

std::map<std::string, provider::AccountOptions> ModelAccounts(
    const config::v1::Settings& settings) {
  auto options = provider::MakeAccountOptions(settings.accounts().at("default"), "key");
  base::Check(options.ok(), "the account of the world's settings");
  return {{"default", *options}};
}

simulator::Request AsModelRequest(const provider::Outgoing& outgoing) {
  simulator::Request request;
  request.method = NameOf(outgoing.request.method);
  request.target = outgoing.request.target;
  request.body = outgoing.request.body;
  request.authorization = outgoing.authorization_header;
  return request;
}

ModelAnswer AnswerOf(const simulator::Response& response, const provider::Outgoing& outgoing,
                     base::Duration latency) {
  ModelAnswer result;
  result.delay = latency + response.delay;
  provider::HttpAnswer& answer = result.answer;
  answer.request_left = true;
  answer.took = response.delay + latency;
  if (response.reset) {
    answer.code = CURLE_RECV_ERROR;
  } else if (response.delay > outgoing.timeout) {
    answer.code = CURLE_OPERATION_TIMEDOUT;
    result.delay = outgoing.timeout;
  } else {
    answer.http_status = response.status;
    answer.body = response.body;
    if (response.date) answer.date = std::chrono::floor<std::chrono::seconds>(*response.date);
    if (response.retry_after) answer.retry_after = std::chrono::seconds(*response.retry_after);
  }
  return result;
}

}  // namespace callbridge::simulation
