#include "tests/simulation/network.h"

#include <absl/strings/str_cat.h>

#include <chrono>
#include <utility>

#include "tests/simulation/model_http.h"

namespace callbridge::simulation {
namespace {

using provider::HttpAnswer;
using provider::Outgoing;
using provider::Transfer;

constexpr std::chrono::milliseconds kLatency{3};

}  // namespace

base::Duration Network::Latency() const { return latency_ ? latency_() : kLatency; }

void Network::Send(const Outgoing& outgoing, Deliver deliver) {
  agenda_.At(clock_.Now() + Latency(),
             [this, outgoing, deliver = std::move(deliver)] { Arrive(outgoing, deliver); });
}

void Network::Arrive(const Outgoing& outgoing, const Deliver& deliver) {
  const base::Duration latency = Latency();
  ModelAnswer arrival{.answer = {}, .delay = latency};
  if (cut_off_) {
    arrival.answer.code = CURLE_COULDNT_CONNECT;
  } else {
    const simulator::Request request = AsModelRequest(outgoing);
    const simulator::Response response =
        handle_ ? handle_(request) : model_.HandleRequest(request, clock_.Now());
    const simulator::RequestRecord& record = model_.world().journal.requests.back();
    trace_.Note(
        clock_.Now(), "provider",
        absl::StrCat(record.method, " ", record.target, " ", record.status, " ", record.fault));
    watch_.OnArrived(record);
    arrival = AnswerOf(response, outgoing, latency);
  }
  agenda_.At(clock_.Now() + arrival.delay,
             [deliver, answer = std::move(arrival.answer)] { deliver(answer); });
}

void SimulatedTransport::Submit(Outgoing outgoing, Transfer::Done done) {
  hooks_.before_send();
  // The fence of the real transport's read function: it looks at the clock when the bytes are to
  // leave.
  if (outgoing.send_by && clock_.Now() > *outgoing.send_by) {
    HttpAnswer answer;
    answer.code = CURLE_ABORTED_BY_CALLBACK;
    answer.send_by_passed = true;
    Post([done = std::move(done), answer = std::move(answer)] { done(answer); });
    return;
  }
  network_.Send(outgoing, [weak = std::weak_ptr<int>(alive_), run = hooks_.run,
                           done = std::move(done)](const HttpAnswer& answer) {
    if (weak.expired()) return;
    run([weak, done, answer] {
      if (!weak.expired()) done(answer);
    });
  });
  hooks_.after_send();
}

void SimulatedTransport::Post(std::function<void()> closure) {
  network_.At(start_,
              [weak = std::weak_ptr<int>(alive_), run = hooks_.run, closure = std::move(closure)] {
                if (weak.expired()) return;
                run([weak, closure] {
                  if (!weak.expired()) closure();
                });
              });
}

}  // namespace callbridge::simulation
