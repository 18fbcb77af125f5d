// What the service needs of a provider of calls. A Provider sends one attempt of one command once.
// A Survey lists everything that is alive there. Neither repeats a request, because the ledger owns
// attempts, and neither makes a decision about a call.
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

  // Sends the command unless send_by (by the injected clock) has passed. Returns at once. `done` is
  // called exactly once, from any thread, with number and attempt filled in. That also holds when
  // the provider object is destroyed (VERDICT_UNKNOWN if bytes may have left).
  // CommandResult.Verdict describes NOT_SENT, THROTTLED, REFUSED and UNKNOWN.
  virtual void Send(const internal::v1::Command& command, base::Time send_by, Done done) = 0;
};

// Lists what is alive at the provider, for the sweep. The sweep itself finds out to whom a call
// belongs and whether a session wants it. Thread-safe.
class Survey {
 public:
  virtual ~Survey() = default;

  // Receives a result like that of a look, without number and attempt:
  //   DONE      calls and conferences hold what was listed; complete says whether that is all
  //   REFUSED   there is no such account
  //   THROTTLED, NOT_SENT, UNKNOWN   no answer could be read, for this reason
  using Done = std::function<void(internal::v1::CommandResult)>;

  // Lists all living calls and conferences of the account's calls configuration, page by page. A
  // page may miss an object that moved while another page was read. Returns at once. `done` is
  // called exactly once, from any thread, also when the object is destroyed.
  virtual void List(const std::string& account, Done done) = 0;
};

}  // namespace callbridge::provider
