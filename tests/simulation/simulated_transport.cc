#include "tests/simulation/simulated_transport.h"

#include <chrono>
#include <memory>

namespace callbridge::simulation {
namespace {

using client::infobip::HttpAnswer;
using client::infobip::Method;
using client::infobip::Outgoing;
using client::infobip::Transfer;

// One way, there or back.
constexpr std::chrono::milliseconds kLatency{3};

std::string NameOf(Method method) {
  switch (method) {
    case Method::kGet:
      return "GET";
    case Method::kPost:
      return "POST";
    case Method::kPut:
      return "PUT";
  }
  return "";
}

}  // namespace

void SimulatedTransport::Submit(Outgoing outgoing, Transfer::Done done) {
  At(clock_.Now() + kLatency,
     [this, outgoing = std::move(outgoing), done = std::move(done)] { Arrive(outgoing, done); });
}

void SimulatedTransport::Post(std::function<void()> closure) {
  At(clock_.Now(), std::move(closure));
}

void SimulatedTransport::Arrive(const Outgoing& outgoing, const Transfer::Done& done) {
  HttpAnswer answer;
  base::Duration delay = kLatency;
  if (cut_off_) {
    answer.code = CURLE_COULDNT_CONNECT;
  } else if (outgoing.send_by.has_value() && clock_.Now() > *outgoing.send_by) {
    answer.code = CURLE_ABORTED_BY_CALLBACK;
    answer.send_by_passed = true;
  } else {
    simulator::Request request;
    request.method = NameOf(outgoing.request.method);
    request.target = outgoing.request.target;
    request.body = outgoing.request.body;
    request.authorization = outgoing.authorization_header;
    const simulator::Response response = model_.HandleRequest(request, clock_.Now());
    answer.request_left = true;
    answer.took = response.delay + kLatency;
    delay += response.delay;
    if (response.reset) {
      answer.code = CURLE_RECV_ERROR;
    } else if (response.delay > outgoing.timeout) {
      answer.code = CURLE_OPERATION_TIMEDOUT;
      delay = outgoing.timeout;
    } else {
      answer.http_status = response.status;
      answer.body = response.body;
      if (response.retry_after.has_value()) {
        answer.retry_after = std::chrono::seconds(*response.retry_after);
      }
    }
  }
  At(clock_.Now() + delay, [done, answer = std::move(answer)] { done(answer); });
}

void SimulatedTransport::At(base::Time time, std::function<void()> action) {
  due_.emplace(time, std::move(action));
}

void SimulatedTransport::Advance() {
  while (!due_.empty() && due_.begin()->first <= clock_.Now()) {
    const std::function<void()> action = std::move(due_.begin()->second);
    due_.erase(due_.begin());
    action();
  }
}

std::optional<base::Time> SimulatedTransport::NextTime() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

}  // namespace callbridge::simulation
