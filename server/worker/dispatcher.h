// Lets commands leave for the provider: asks for their tokens, takes them in flight, and sends them
// once that is durable. Those that are issued just now may leave with the commit that issues them;
// all others wait in the ledger for their turn (docs/decisions/0041).
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include <memory>
#include <optional>
#include <vector>

#include "server/base/time.h"
#include "server/provider/pace.h"
#include "server/provider/provider.h"
#include "server/store/ledger.h"
#include "server/store/work.h"
#include "server/worker/flights.h"

namespace callbridge::worker {

// Not thread-safe: the worker's rounds use it. Everything lent must outlive it; the callbacks of
// the provider hold only the flights.
class Dispatcher {
 public:
  Dispatcher(store::Ledger& ledger, provider::Provider& provider, provider::Pace& pace,
             std::shared_ptr<Flights> flights);

  // The commands that the commits issue, that may leave together with them and that have a token
  // now. Whoever takes one sends it or gives it back. A session takes nothing while inputs of it
  // wait that its commit has not seen: they may take back what has just been issued. works: what
  // the commits were made of, in the same order.
  absl::StatusOr<std::vector<internal::v1::Command>> ChooseIssued(
      const std::vector<store::DueSession>& works, const std::vector<store::SessionCommit>& commits,
      base::Time now);

  // After it is durable that the command is in flight, and only then.
  void Send(const internal::v1::Command& command, base::Time send_by);
  // The command has a token and does not leave.
  void GiveBack(const internal::v1::Command& command) { pace_.GiveBack(command); }

  // Takes and sends pending commands that have a token. Absent: nothing is left. Otherwise when the
  // first of those that wait for their rate may ask again, or now.
  absl::StatusOr<std::optional<base::Time>> Dispatch(base::Time now);

  // The answer to a taking was lost: a command may be in flight that only the store knows of.
  void Doubt() { doubtful_ = true; }
  // What was taken and never sent is told so, and may be taken again. Only while no other worker
  // works on the store.
  absl::Status EndDoubt();

 private:
  store::Ledger& ledger_;
  provider::Provider& provider_;
  provider::Pace& pace_;
  const std::shared_ptr<Flights> flights_;
  bool doubtful_ = false;
};

}  // namespace callbridge::worker
