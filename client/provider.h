// What the service needs of a provider of calls: send one attempt of one command, once, and say
// what came of it. It never repeats a request (attempts belong to the ledger) and decides nothing
// about a call.
#pragma once

#include <functional>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"

namespace callbridge::client {

class Provider {
 public:
  virtual ~Provider() = default;

  using Done = std::function<void(internal::v1::CommandResult)>;

  // Sends the command unless send_by (by the injected clock) has passed. Returns at once. done is
  // called exactly once, from any thread, with number and attempt filled in; also when the provider
  // object is destroyed (VERDICT_UNKNOWN if bytes may have left). What counts as NOT_SENT,
  // THROTTLED, REFUSED and UNKNOWN stands with CommandResult.Verdict.
  // Thread-safe.
  virtual void Send(const internal::v1::Command& command, base::Time send_by, Done done) = 0;
};

}  // namespace callbridge::client
