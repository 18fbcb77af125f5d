#include "server/api/health.h"

#include <absl/strings/str_format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "server/base/account_refused.h"
#include "server/base/command_kinds.h"
#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::api {
namespace {

using Action = Health::Action;

constexpr std::string_view kBridgeService = "callbridge.v1.BridgeService";

// How the provider answers a key that it does not know, and an operation that the key or the
// account may not use (docs/provider.md §1.2).
constexpr int kKeyRefused = 401;
constexpr int kForbidden = 403;

constexpr std::string_view kHelpOfKey =
    "the provider does not accept the account's key: correct the secret that accounts.default "
    "names, then restart";

// No bridge succeeds without these operations.
bool EveryBridgeNeeds(Action action) {
  return action == Action::kCreateConference || action == Action::kDialLeg ||
         action == Action::kAnswerCall || action == Action::kAddCaller;
}

// Returns the scope of the key that opens the operation (docs/provider.md §1.2).
std::string_view ScopeOf(Action action) {
  switch (action) {
    case Action::kSendRinging:
    case Action::kAnswerCall:
      return "calls:traffic:receive";
    case Action::kCaptureDigits:
    case Action::kStartRecording:
    case Action::kStopRecording:
      return "calls:traffic:record";
    case Action::kLookAtRecording:
      return "calls:recording:read";
    case Action::kLookAtCall:
    case Action::kLookAtConference:
    case Action::kFindConference:
    case Action::kFindDial:
      return "calls:logs:read";
    default:
      return "calls:traffic:send";
  }
}

std::string HelpOfForbidden(Action action) {
  const std::string scope = absl::StrFormat("give the key the scope %s", ScopeOf(action));
  if (action == Action::kStartRecording || action == Action::kStopRecording) {
    return "have the provider enable the feature recording on the account, and " + scope +
           "; until then bridges go on without a recording";
  }
  return scope + ", and check the account's features and funds at the provider";
}

}  // namespace

Health::Health(const base::Clock& clock, std::function<absl::Status()> ask_store)
    : clock_(clock), ask_store_(std::move(ask_store)) {}

void Health::OnRoundBegin() {
  const base::Time now = clock_.Now();
  absl::MutexLock lock(&mutex_);
  if (!worker_.has_value()) {
    worker_ = now;
  }
}

void Health::OnRoundEnd(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  if (status.ok()) {
    worker_.reset();
  }
}

void Health::OnProviderAnswer(Action action, int http_status) {
  if (http_status == 0) {
    return;
  }
  const bool key_refused = http_status == kKeyRefused;
  const bool forbidden = http_status == kForbidden;
  {
    absl::MutexLock lock(&mutex_);
    const bool key_changed = std::exchange(key_refused_, key_refused) != key_refused;
    // An answer to a refused key says nothing about the operation.
    const bool operation_changed =
        !key_refused && (forbidden ? !forbidden_.contains(action) : forbidden_.erase(action) > 0);
    if (forbidden) forbidden_[action] = clock_.Now();
    if (!key_changed && !operation_changed) {
      return;
    }
  }
  const std::string_view operation = base::KindOf(action).name;
  if (!key_refused && !forbidden) {
    base::Log(base::LogLevel::kInfo, "provider_accepts_the_account",
              {{"operation", operation}, {"http_status", http_status}});
    return;
  }
  base::Log(
      key_refused || EveryBridgeNeeds(action) ? base::LogLevel::kError : base::LogLevel::kWarning,
      "provider_refuses_the_account",
      {{"operation", operation},
       {"http_status", http_status},
       {"help", key_refused ? std::string(kHelpOfKey) : HelpOfForbidden(action)}});
}

void Health::OnConferenceAnswer(int http_status) {
  const bool unknown = base::IsConfigurationUnknown(http_status);
  // Any other refusal, and no answer, say nothing about the configuration.
  if (!unknown && http_status / 100 != 2) {
    return;
  }
  {
    absl::MutexLock lock(&mutex_);
    const bool was_unknown = configuration_unknown_.has_value();
    configuration_unknown_ = unknown ? Trouble(clock_.Now()) : std::nullopt;
    if (was_unknown == unknown) return;
  }
  if (!unknown) {
    base::Log(base::LogLevel::kInfo, "provider_knows_the_configuration",
              {{"http_status", http_status}});
    return;
  }
  base::Log(base::LogLevel::kError, "provider_does_not_know_the_configuration",
            {{"http_status", http_status},
             {"help",
              "make the calls configuration at the provider, or correct "
              "accounts.default.calls_configuration_id"}});
}

void Health::AskStore() {
  if (!ask_store_) {
    return;
  }
  const base::Time asked = clock_.Now();
  {
    // The store counts as failing from this moment until a read succeeds, so that a read that hangs
    // is noticed too.
    absl::MutexLock lock(&mutex_);
    if (!store_.has_value()) {
      store_ = asked;
    }
  }
  const absl::Status status = ask_store_();
  absl::MutexLock lock(&mutex_);
  if (status.ok()) {
    store_.reset();
  }
}

void Health::Drain() {
  absl::MutexLock lock(&mutex_);
  draining_ = true;
}

Health::Answer Health::Of(std::string_view service) const {
  if (!service.empty() && service != kBridgeService) {
    return Answer::kUnknownService;
  }
  absl::MutexLock lock(&mutex_);
  const bool works = !draining_ && !Lasts(worker_) && !Lasts(store_);
  const bool bridges = service.empty() || AccountBridges();
  return works && bridges ? Answer::kServing : Answer::kNotServing;
}

bool Health::AccountBridges() const {
  const auto counts = [this](base::Time refused) {
    return clock_.Now() - refused <= base::kRefusalCounts;
  };
  return !key_refused_ && !(configuration_unknown_ && counts(*configuration_unknown_)) &&
         std::ranges::none_of(forbidden_, [&counts](const auto& refused) {
           return EveryBridgeNeeds(refused.first) && counts(refused.second);
         });
}

bool Health::Lasts(const Trouble& trouble) const {
  return trouble.has_value() && clock_.Now() - *trouble > base::kHealthPatience;
}

}  // namespace callbridge::api
