// The provider of calls behind the Infobip Calls API. It turns each command into the requests of
// the reference, sends them once, and says what came of them; it never repeats a request, holds
// none back (spacing.h does) and decides nothing.
#pragma once

#include <absl/status/statusor.h>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "server/base/clock.h"
#include "server/base/clock_offset.h"
#include "server/base/counters.h"
#include "server/base/limits.h"
#include "server/base/time.h"
#include "server/provider/account_options.h"
#include "server/provider/base_url.h"
#include "server/provider/provider.h"
#include "server/provider/transport.h"

namespace callbridge::provider {

// Shorter ones are for tests.
struct Timeouts {
  base::Duration connect = base::kProviderConnectTimeout;
  // A dial as a whole, and a look as a whole.
  base::Duration request = base::kProviderRequestTimeout;
  // Any other request with effects as a whole.
  base::Duration action = base::kProviderActionTimeout;
  // One GET of a look or a survey.
  base::Duration get = base::kProviderGetTimeout;
  // A survey as a whole.
  base::Duration survey = base::kSurveyTimeout;
};

// Thread-safe.
class InfobipProvider final : public Provider, public Survey {
 public:
  // An account as it is used.
  struct Account {
    AccountOptions options;
    BaseUrl base_url;
    // What the provider says of its clock. Shared, because its address stays when the account is
    // moved.
    std::shared_ptr<base::ClockOffset> clock = std::make_shared<base::ClockOffset>();
  };

  // The clock is lent for life. Use MakeInfobipProvider.
  InfobipProvider(std::map<std::string, Account> accounts, std::string service_id,
                  const base::Clock& clock, std::unique_ptr<Transport> transport,
                  Timeouts timeouts);

  // done is always called on a thread of this object, never from within Send.
  void Send(const internal::v1::Command& command, base::Time send_by, Provider::Done done) override;

  void List(const std::string& account, Survey::Done done) override;

  // What is known of the clock that the provider has for this account. All times in results are
  // ours already. Null: no such account.
  base::ClockOffset* provider_clock(const std::string& account) const;

  // Commands that named a base URL that is not allowed; they went to the account's own.
  std::int64_t base_urls_ignored() const { return base_urls_ignored_.value(); }
  // Answers that announce the end of an operation (docs/provider.md §1.3).
  std::int64_t deprecated_answers() const { return deprecated_answers_.value(); }

 private:
  // The one that the command names. Absent: none, or one that is not allowed.
  std::optional<BaseUrl> NamedBaseUrl(const internal::v1::Command& command, const Account& account);
  // To that host, with the account's authorization.
  Outgoing MakeOutgoing(const BaseUrl& base_url, const Account& account) const;
  void SendRequests(const internal::v1::Command& command, const Account& account,
                    const Outgoing& outgoing, std::vector<HttpRequest> requests,
                    Provider::Done done);
  // Notes when the provider says that it made a call, in answer to a request that took so long.
  void NoteCallsMade(const Account& account, const internal::v1::CommandResult& result,
                     base::Duration took) const;
  void NoteDeprecation(const internal::v1::Command& command, const HttpAnswer& answer);
  void Refuse(const internal::v1::Command& command, const absl::Status& reason,
              Provider::Done done);

  const std::map<std::string, Account> accounts_;
  const std::string service_id_;
  const base::Clock& clock_;
  const Timeouts timeouts_;
  base::Counter base_urls_ignored_{"provider_base_urls_ignored",
                                   "apiBaseUrls of events whose host is not in allowed_hosts."};
  base::Counter deprecated_answers_{"provider_deprecated_answers",
                                    "Answers in which the provider announced an operation's end."};

  // Last, so that it ends, and delivers what it still owes, while all else stands.
  const std::unique_ptr<Transport> transport_;
};

// INVALID_ARGUMENT, naming the account: a base URL that ParseBaseUrl refuses, no authorization, or
// no calls configuration.
absl::StatusOr<std::unique_ptr<InfobipProvider>> MakeInfobipProvider(
    std::map<std::string, AccountOptions> accounts, std::string service_id,
    const base::Clock& clock, std::unique_ptr<Transport> transport, Timeouts timeouts = {});
// Over the network.
absl::StatusOr<std::unique_ptr<InfobipProvider>> MakeInfobipProvider(
    std::map<std::string, AccountOptions> accounts, std::string service_id,
    const base::Clock& clock, Timeouts timeouts = {});

}  // namespace callbridge::provider
