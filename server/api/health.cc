#include "server/api/health.h"

#include <utility>

#include "server/base/account_refused.h"
#include "server/base/limits.h"
#include "server/base/log.h"

namespace callbridge::api {
namespace {

constexpr std::string_view kBridgeService = "callbridge.v1.BridgeService";

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

void Health::OnProviderAnswer(int http_status) {
  if (http_status == 0) {
    return;
  }
  const bool refused = base::IsAccountRefused(http_status);
  {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(account_refused_, refused) == refused) {
      return;
    }
  }
  base::Log(refused ? base::LogLevel::kError : base::LogLevel::kInfo,
            refused ? "provider_refuses_the_account" : "provider_accepts_the_account",
            {{"http_status", http_status}});
}

void Health::OnConferenceAnswer(int http_status) {
  const bool unknown = base::IsConfigurationUnknown(http_status);
  // Any other refusal, and no answer, say nothing about the configuration.
  if (!unknown && http_status / 100 != 2) {
    return;
  }
  {
    absl::MutexLock lock(&mutex_);
    if (std::exchange(configuration_unknown_, unknown) == unknown) {
      return;
    }
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
  const bool bridges = service.empty() || (!account_refused_ && !configuration_unknown_);
  return works && bridges ? Answer::kServing : Answer::kNotServing;
}

bool Health::Lasts(const Trouble& trouble) const {
  return trouble.has_value() && clock_.Now() - *trouble > base::kHealthPatience;
}

}  // namespace callbridge::api
