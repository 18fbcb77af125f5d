// Calls as a store sees them: webhooks through the real intake, requests with a request_id, the
// real worker with the real flow, and a provider that answers when the traffic says so. What it
// does follows from its seed and from what the store answers; a store that fails is asked again, as
// the service would.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <deque>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/inbox/intake.h"
#include "server/store/store.h"
#include "server/worker/worker.h"
#include "tests/store/witnessed_store.h"

namespace callbridge::store {

class Traffic {
 public:
  // name: goes into every id, so that two traffics on one store do not meet. The witness hears
  // every promise.
  Traffic(Store& store, const std::string& name, std::uint64_t seed, base::Time start,
          Witness witness);
  ~Traffic();

  // In each round a new call or request and its steps; then so many times a webhook, an answer to
  // something that was sent, and their steps.
  void Run(int rounds, int answers);

  // Of the store, in order.
  const std::vector<absl::Status>& failures() const { return failures_; }

 private:
  class Provider;
  class Calls;

  std::uint64_t Draw(std::uint64_t below) { return random_() % below; }
  // Also counts a failure.
  bool Succeeded(const absl::Status& status);
  void Request();
  void Receive(internal::v1::ProviderEvent event);
  void Deliver();
  void ReceiveCall();
  void ReceiveSomething();
  void ReceiveGarbage();
  void Work();

  const std::string name_;
  const Witness witness_;
  std::mt19937_64 random_;
  base::ManualClock clock_;
  WitnessedInbox inbox_;
  WitnessedWork work_;
  WitnessedLedger ledger_;
  const std::unique_ptr<Calls> calls_;
  inbox::Intake intake_;
  const std::unique_ptr<Provider> provider_;
  const std::unique_ptr<provider::Pace> pace_;
  worker::Worker worker_;
  std::vector<absl::Status> failures_;
  std::vector<std::string> sessions_;
  std::vector<std::string> call_ids_;
  int webhooks_ = 0;
  std::deque<internal::v1::InboxItem> held_;
};

}  // namespace callbridge::store
