// Asks the provider's account, one request at a time, over the service's own transport: https, or
// http to this machine, with the account's authorization. It knows no operation.
#pragma once

#include <absl/status/statusor.h>

#include <functional>
#include <optional>
#include <string>

#include "server/base/clock.h"
#include "server/base/url.h"
#include "server/provider/account_options.h"
#include "server/provider/base_url.h"
#include "server/provider/transport.h"

namespace callbridge::admin {

// What a link works with. Transport and clock must outlive it.
struct LinkParts {
  provider::Transport& transport;
  const base::Clock& clock;
  // Lets this time pass. It is called before a request that has to wait for the provider's rate.
  std::function<void(base::Duration)> wait;
};

// For one thread. Every function waits until its request is answered or its time is over.
class AccountLink {
 public:
  // INVALID_ARGUMENT means that the account's base URL is none to which credentials may go.
  static absl::StatusOr<AccountLink> Make(provider::AccountOptions account, LinkParts parts);

  // Returns the body of an answer with a status from 200 to 299. Errors hold the provider's words:
  // UNAUTHENTICATED 401, PERMISSION_DENIED 403, NOT_FOUND 404, RESOURCE_EXHAUSTED 429 (after five
  // tries), INVALID_ARGUMENT another 4xx. UNAVAILABLE means a 5xx or no answer; a request that
  // changes something may then have had its effect.
  absl::StatusOr<std::string> Send(const provider::HttpRequest& request);
  absl::StatusOr<std::string> Get(std::string target);

  // How far the provider's clock is certainly ahead of this machine's, by the last answer; negative
  // if it is behind, zero if they may be equal. Absent means that no answer told the time.
  std::optional<base::Duration> clock_ahead() const { return clock_ahead_; }

 private:
  AccountLink(provider::AccountOptions account, provider::BaseUrl base_url, LinkParts parts);

  void WaitForRate(const provider::HttpRequest& request);
  provider::HttpAnswer SendOnce(const provider::HttpRequest& request);
  void NoteClock(const provider::HttpAnswer& answer);

  provider::AccountOptions account_;
  provider::BaseUrl base_url_;
  LinkParts parts_;
  std::optional<base::Duration> clock_ahead_;
  bool wrote_number_ = false;
};

// Sends one request and waits for its end.
provider::HttpAnswer SendAndWait(provider::Transport& transport, provider::Outgoing outgoing);

// Sends one request to a host that is not the provider's, without the account's key, and waits for
// its end. request.target: with the path of the URL.
provider::HttpAnswer AskStranger(provider::Transport& transport, const base::Url& url,
                                 provider::HttpRequest request);

}  // namespace callbridge::admin
