// What the service needs of a provider of calls: one attempt of one command sent once (Provider),
// and a fresh list of everything that is alive there (Survey). Neither repeats a request, since
// attempts belong to the ledger, and neither decides anything about a call.
#pragma once

#include <functional>
#include <string>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/time.h"

namespace callbridge::provider {

// Thread-safe.
class Provider {
 public:
  virtual ~Provider() = default;

  using Done = std::function<void(internal::v1::CommandResult)>;

  // Sends the command unless send_by (by the injected clock) has passed. Returns at once. done is
  // called exactly once, from any thread, with number and attempt filled in; also when the provider
  // object is destroyed (VERDICT_UNKNOWN if bytes may have left). What counts as NOT_SENT,
  // THROTTLED, REFUSED and UNKNOWN stands with CommandResult.Verdict.
  virtual void Send(const internal::v1::Command& command, base::Time send_by, Done done) = 0;
};

// For the sweep. Whose a call is, and whether anyone still wants it, the sweep finds out itself.
// Thread-safe.
class Survey {
 public:
  virtual ~Survey() = default;

  // Like the result of a look, without number and attempt:
  //   DONE      calls and conferences hold what was listed; complete says whether nothing was left
  //             out
  //   THROTTLED, NOT_SENT, UNKNOWN   nothing could be read, for this reason
  //   REFUSED   there is no such account
  using Done = std::function<void(internal::v1::CommandResult)>;

  // Asks for all calls and conferences of the account's calls configuration that live now, page by
  // page; a page may miss what moved while another one was read. Returns at once. done is called
  // exactly once, from any thread, also when the object is destroyed.
  virtual void List(const std::string& account, Done done) = 0;
};

}  // namespace callbridge::provider
