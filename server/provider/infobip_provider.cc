#include "server/provider/infobip_provider.h"

#include <absl/status/status.h>
#include <absl/strings/str_cat.h>

#include <optional>
#include <utility>

#include "server/base/command_kinds.h"
#include "server/base/log.h"
#include "server/provider/command_result.h"
#include "server/provider/commands.h"
#include "server/provider/curl_transport.h"
#include "server/provider/dated_transport.h"
#include "server/provider/listing.h"
#include "server/provider/look.h"

namespace callbridge::provider {
namespace {

using internal::v1::Command;
using internal::v1::CommandResult;

absl::Status Invalid(const std::string& account, absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("accounts.", account, ": ", what));
}

absl::Status NoSuchAccount() {
  return absl::InvalidArgumentError(
      "the settings have no provider account of the command's name; put it back");
}

absl::StatusOr<InfobipProvider::Account> MakeAccount(const std::string& name,
                                                     AccountOptions options) {
  absl::StatusOr<BaseUrl> base_url = ParseBaseUrl(options.base_url);
  if (!base_url.ok()) return Invalid(name, base_url.status().message());
  if (options.authorization_header.empty()) {
    return Invalid(name, "no authorization; set api_key_file, basic or bearer_token_file");
  }
  if (options.configuration.id.empty()) {
    return Invalid(name, "calls_configuration_id is empty; set the id of the calls configuration");
  }
  return InfobipProvider::Account{std::move(options), *std::move(base_url)};
}

// Converts the time in a look to the provider's clock, because the provider filters calls by that
// clock.
Command InTheirTime(const base::ClockOffset& clock, const Command& look) {
  if (!look.find_dial().has_started_after()) return look;
  Command theirs = look;
  google::protobuf::Timestamp& after = *theirs.mutable_find_dial()->mutable_started_after();
  // The lowest possible time counts. A call that is listed in vain costs little, but a call that is
  // not listed is dialled again.
  after = base::ToTimestamp(base::FromTimestamp(after) + clock.ahead_at_least());
  return theirs;
}

Provider::Done InOurTime(std::shared_ptr<const base::ClockOffset> clock, Provider::Done done) {
  return [clock = std::move(clock), done = std::move(done)](CommandResult result) {
    for (internal::v1::CallFacts& call : *result.mutable_calls()) {
      base::ToOurTime(*clock, call);
    }
    for (internal::v1::ConferenceFacts& conference : *result.mutable_conferences()) {
      base::ToOurTime(*clock, conference);
    }
    done(std::move(result));
  };
}

}  // namespace

InfobipProvider::InfobipProvider(std::map<std::string, Account> accounts, std::string service_id,
                                 const base::Clock& clock, std::unique_ptr<Transport> transport,
                                 Timeouts timeouts)
    : accounts_(std::move(accounts)),
      service_id_(std::move(service_id)),
      clock_(clock),
      timeouts_(timeouts),
      transport_(std::move(transport)) {}

void InfobipProvider::Send(const Command& command, base::Time send_by, Provider::Done done) {
  const auto account = accounts_.find(command.account());
  if (account == accounts_.end()) return Refuse(command, NoSuchAccount(), std::move(done));
  const std::optional<BaseUrl> named = NamedBaseUrl(command, account->second);
  Outgoing outgoing = MakeOutgoing(named.value_or(account->second.base_url), account->second);
  outgoing.send_by = send_by;
  done = InOurTime(account->second.clock, std::move(done));
  if (base::KindOf(command).look) {
    outgoing.timeout = timeouts_.get;
    if (!command.base_url().empty() && !named) {
      done = [done = std::move(done)](CommandResult result) {
        // The account's own host was asked, because the named host is unreadable or not allowed. A
        // call that the asked host does not show may live at the named one.
        result.set_complete(false);
        done(std::move(result));
      };
    }
    Look::Start(InTheirTime(*account->second.clock, command),
                {std::move(outgoing), account->second.options.configuration, service_id_,
                 timeouts_.request},
                *transport_, clock_, std::move(done));
    return;
  }
  outgoing.timeout = command.has_dial_leg() ? timeouts_.request : timeouts_.action;
  Requests requests = EncodeCommand(command, account->second.options, service_id_);
  if (!requests.ok()) {
    Refuse(command, requests.status(), std::move(done));
    return;
  }
  SendRequests(command, account->second, outgoing, *std::move(requests), std::move(done));
}

void InfobipProvider::List(const std::string& account_name, Survey::Done done) {
  const auto account = accounts_.find(account_name);
  if (account == accounts_.end()) return Refuse(Command(), NoSuchAccount(), std::move(done));
  Outgoing outgoing = MakeOutgoing(account->second.base_url, account->second);
  outgoing.timeout = timeouts_.get;
  Listing::Start({std::move(outgoing), account->second.options.configuration, timeouts_.survey},
                 *transport_, clock_, InOurTime(account->second.clock, std::move(done)));
}

Outgoing InfobipProvider::MakeOutgoing(const BaseUrl& base_url, const Account& account) const {
  Outgoing outgoing;
  outgoing.base_url = base_url.url;
  outgoing.loopback = base_url.loopback;
  outgoing.authorization_header = account.options.authorization_header;
  outgoing.provider_clock = account.clock.get();
  outgoing.connect_timeout = timeouts_.connect;
  return outgoing;
}

std::optional<BaseUrl> InfobipProvider::NamedBaseUrl(const Command& command,
                                                     const Account& account) {
  if (command.base_url().empty()) return std::nullopt;
  absl::StatusOr<BaseUrl> named = ParseBaseUrl(command.base_url());
  if (named.ok() && IsAllowed(*named, account.options.allowed_hosts)) return *std::move(named);
  if (base_urls_ignored_.Add() == 0) {
    base::Log(base::LogLevel::kWarning, "base_url_ignored",
              {{"account", command.account()},
               {"session", command.session_id()},
               {"advice",
                "an event named an apiBaseUrl whose host is not in allowed_hosts; the "
                "account's base_url is used. Later ones are only counted."}});
  }
  return std::nullopt;
}

void InfobipProvider::SendRequests(const Command& command, const Account& account,
                                   const Outgoing& outgoing, std::vector<HttpRequest> requests,
                                   Provider::Done done) {
  // The parts need no lock, because answers come on the transport's thread, one at a time.
  struct Gathering {
    std::vector<CommandResult> results;
    std::size_t expected;
    Provider::Done done;
  };
  const auto gathering =
      std::make_shared<Gathering>(Gathering{{}, requests.size(), std::move(done)});
  for (HttpRequest& request : requests) {
    Outgoing one = outgoing;
    one.request = std::move(request);
    transport_->Submit(std::move(one),
                       [this, command, &account, gathering](const HttpAnswer& answer) {
                         NoteDeprecation(command, answer);
                         gathering->results.push_back(ResultOf(command, answer));
                         if (command.has_dial_leg())
                           NoteCallsMade(account, gathering->results.back(), answer.took);
                         if (gathering->results.size() < gathering->expected) return;
                         gathering->done(Combine(std::move(gathering->results)));
                       });
  }
}

void InfobipProvider::NoteCallsMade(const Account& account, const CommandResult& result,
                                    base::Duration took) const {
  const base::Time now = clock_.Now();
  for (const internal::v1::CallFacts& call : result.calls()) {
    if (!call.has_start_time()) continue;
    account.clock->HeardBetween(base::ClockOffset::Witness::kCalls,
                                base::FromTimestamp(call.start_time()),
                                std::chrono::milliseconds(1), now - took, now);
  }
}

base::ClockOffset* InfobipProvider::provider_clock(const std::string& account) const {
  const auto found = accounts_.find(account);
  return found == accounts_.end() ? nullptr : found->second.clock.get();
}

void InfobipProvider::NoteDeprecation(const Command& command, const HttpAnswer& answer) {
  if (!answer.deprecated || deprecated_answers_.Add() > 0) return;
  base::Log(base::LogLevel::kWarning, "provider_operation_deprecated",
            {{"session", command.session_id()},
             {"action", std::string(base::KindOf(command).name)},
             {"advice",
              "the provider announces the end of an operation; see the headers "
              "Deprecation and Sunset of its answers. Later ones are only counted."}});
}

void InfobipProvider::Refuse(const Command& command, const absl::Status& reason,
                             Provider::Done done) {
  transport_->Post(
      [result = RefusedResult(command, reason), done = std::move(done)] { done(result); });
}

absl::StatusOr<std::unique_ptr<InfobipProvider>> MakeInfobipProvider(
    std::map<std::string, AccountOptions> accounts, std::string service_id,
    const base::Clock& clock, std::unique_ptr<Transport> transport, Timeouts timeouts) {
  std::map<std::string, InfobipProvider::Account> checked;
  for (auto& [name, options] : accounts) {
    absl::StatusOr<InfobipProvider::Account> account = MakeAccount(name, std::move(options));
    if (!account.ok()) return account.status();
    checked.emplace(name, *std::move(account));
  }
  return std::make_unique<InfobipProvider>(
      std::move(checked), std::move(service_id), clock,
      std::make_unique<DatedTransport>(std::move(transport), clock), timeouts);
}

absl::StatusOr<std::unique_ptr<InfobipProvider>> MakeInfobipProvider(
    std::map<std::string, AccountOptions> accounts, std::string service_id,
    const base::Clock& clock, Timeouts timeouts) {
  return MakeInfobipProvider(std::move(accounts), std::move(service_id), clock,
                             std::make_unique<CurlTransport>(clock), timeouts);
}

}  // namespace callbridge::provider
