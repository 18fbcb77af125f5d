// The provider of calls behind the Infobip Calls API. It turns each command into the requests of
// the reference, sends each request once, and reports the result. It never repeats a request, holds
// no request back (spacing.h does) and makes no decision about a call.
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

// The time limits of requests. Tests use shorter ones.
struct Timeouts {
  base::Duration connect = base::kProviderConnectTimeout;
  // The limit of a whole dial and of a whole look.
  base::Duration request = base::kProviderRequestTimeout;
  // The limit of any other request with effects.
  base::Duration action = base::kProviderActionTimeout;
  // The limit of one GET of a look or a survey.
  base::Duration get = base::kProviderGetTimeout;
  // The limit of a whole survey.
  base::Duration survey = base::kSurveyTimeout;
};

// Thread-safe.
class InfobipProvider final : public Provider, public Survey {
 public:
  // An account, ready for use.
  struct Account {
    AccountOptions options;
    BaseUrl base_url;
    // What the provider tells of its clock. It is shared, because its address must stay when the
    // account is moved.
    std::shared_ptr<base::ClockOffset> clock = std::make_shared<base::ClockOffset>();
  };

  // clock: must outlive the provider. Callers use MakeInfobipProvider.
  InfobipProvider(std::map<std::string, Account> accounts, std::string service_id,
                  const base::Clock& clock, std::unique_ptr<Transport> transport,
                  Timeouts timeouts);

  // Calls `done` always on a thread of this object, never from within Send.
  void Send(const internal::v1::Command& command, base::Time send_by, Provider::Done done) override;

  void List(const std::string& account, Survey::Done done) override;

  // Returns what is known of the provider's clock for this account. Times in results are already in
  // our time. Null means that there is no such account.
  base::ClockOffset* provider_clock(const std::string& account) const;

  // The number of commands that named a base URL that is not allowed. They went to the account's
  // own base URL.
  std::int64_t base_urls_ignored() const { return base_urls_ignored_.value(); }
  // The number of answers that announce the end of an operation (docs/provider.md §1.3).
  std::int64_t deprecated_answers() const { return deprecated_answers_.value(); }

 private:
  // Returns the base URL that the command names. Absent means that it names none, or one that is
  // not allowed.
  std::optional<BaseUrl> NamedBaseUrl(const internal::v1::Command& command, const Account& account);
  // Makes a request to that host, with the account's authorization.
  Outgoing MakeOutgoing(const BaseUrl& base_url, const Account& account) const;
  void SendRequests(const internal::v1::Command& command, const Account& account,
                    const Outgoing& outgoing, std::vector<HttpRequest> requests,
                    Provider::Done done);
  // Notes the time at which the provider says that it made a call. took: the duration of the
  // request.
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

  // The last member, so that it ends, and delivers its last answers, while all other members exist.
  const std::unique_ptr<Transport> transport_;
};

// Makes the provider over the given transport. INVALID_ARGUMENT names the account: ParseBaseUrl
// refuses its base URL, or it lacks an authorization or a calls configuration.
absl::StatusOr<std::unique_ptr<InfobipProvider>> MakeInfobipProvider(
    std::map<std::string, AccountOptions> accounts, std::string service_id,
    const base::Clock& clock, std::unique_ptr<Transport> transport, Timeouts timeouts = {});
// Makes the provider over the network.
absl::StatusOr<std::unique_ptr<InfobipProvider>> MakeInfobipProvider(
    std::map<std::string, AccountOptions> accounts, std::string service_id,
    const base::Clock& clock, Timeouts timeouts = {});

}  // namespace callbridge::provider
