// Reads the provider's clock from the header Date of the answers of another transport.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "server/base/clock.h"
#include "server/base/clock_offset.h"
#include "server/provider/transport.h"

namespace callbridge::provider {

class DatedTransport final : public Transport {
 public:
  // clock: must outlive the transport.
  DatedTransport(std::unique_ptr<Transport> transport, const base::Clock& clock)
      : clock_(clock), transport_(std::move(transport)) {}

  // Notes the time of the answer in outgoing.provider_clock, which must live as long as this
  // object.
  void Submit(Outgoing outgoing, Transfer::Done done) override {
    base::ClockOffset* const provider_clock = outgoing.provider_clock;
    transport_->Submit(
        std::move(outgoing), [this, provider_clock, done = std::move(done)](HttpAnswer answer) {
          if (answer.date && provider_clock != nullptr) {
            const base::Time now = clock_.Now();
            provider_clock->HeardBetween(base::ClockOffset::Witness::kAnswers, *answer.date,
                                         std::chrono::seconds(1), now - answer.took, now);
          }
          done(std::move(answer));
        });
  }
  void Post(std::function<void()> closure) override { transport_->Post(std::move(closure)); }

 private:
  const base::Clock& clock_;
  const std::unique_ptr<Transport> transport_;
};

}  // namespace callbridge::provider
