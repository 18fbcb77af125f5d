// Lets commands leave for the provider: asks for their tokens, takes them in flight, and sends them
// once that is durable. Commands that were issued just now may leave with the commit that issues
// them; all others wait in the ledger for their turn (docs/decisions/0041).
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

// Not thread-safe: the worker's rounds use it. Its parameters must outlive it; the provider's
// callbacks hold only the flights.
class Dispatcher {
 public:
  Dispatcher(store::Ledger& ledger, provider::Provider& provider, provider::Pace& pace,
             std::shared_ptr<Flights> flights);

  // Returns the commands that the commits issue, that may leave together with them and that have a
  // token now. The caller sends each command or gives it back. A session takes no command while
  // inputs wait that its commit has not seen, because they may cancel what was just issued. works:
  // what the commits were made of, in the same order.
  absl::StatusOr<std::vector<internal::v1::Command>> ChooseIssued(
      const std::vector<store::DueSession>& works, const std::vector<store::SessionCommit>& commits,
      base::Time now);

  // Sends the command. The caller calls it only after it is durable that the command is in flight.
  void Send(const internal::v1::Command& command, base::Time send_by);
  // Gives back the token of a command that does not leave.
  void GiveBack(const internal::v1::Command& command) { pace_.GiveBack(command); }

  // Takes and sends pending commands that have a token. Returns when the first of the commands that
  // wait for their rate may ask again, which may be now. Absent means that no command is left.
  absl::StatusOr<std::optional<base::Time>> Dispatch(base::Time now);

  // Tells that the answer to a taking was lost, so that a command may be in flight of which only
  // the store knows.
  void Doubt() { doubtful_ = true; }
  // Settles commands that were taken and never sent as not sent, so that they may be taken again.
  // It may be called only while no other worker works on the store.
  absl::Status EndDoubt();

 private:
  store::Ledger& ledger_;
  provider::Provider& provider_;
  provider::Pace& pace_;
  const std::shared_ptr<Flights> flights_;
  bool doubtful_ = false;
};

}  // namespace callbridge::worker
