// Whether this server does its work, as its parts say: the worker's rounds, the store, and the
// provider's last answer. It decides nothing; probes and balancers read it through gRPC's health
// service.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <optional>
#include <string_view>

#include "server/base/clock.h"
#include "server/base/time.h"

namespace callbridge::api {

// Thread-safe. The clock must outlive it.
class Health {
 public:
  // ask_store: a small read of the store, which may block. Empty: the store is not asked.
  explicit Health(const base::Clock& clock, std::function<absl::Status()> ask_store = {});

  // Around each round of the worker. One that fails, or does not end, is forgiven for
  // kHealthPatience.
  void OnRoundBegin();
  void OnRoundEnd(const absl::Status& status);
  // Called with the HTTP status of each answer. 0 means that no answer came, and changes nothing.
  void OnProviderAnswer(int http_status);
  // Asks the store; call it about once a second.
  void AskStore();
  // From now on it tells NOT_SERVING.
  void Drain();

  enum class Answer { kServing, kNotServing, kUnknownService };
  // "": the server itself, which probes restart or take out of service. The name of BridgeService:
  // also whether a bridge can succeed; it cannot while the provider refuses the account (401, 403).
  Answer Of(std::string_view service) const;

 private:
  // Since when a part does not work. Absent: it works.
  using Trouble = std::optional<base::Time>;

  bool Lasts(const Trouble& trouble) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::Clock& clock_;
  const std::function<absl::Status()> ask_store_;
  mutable absl::Mutex mutex_;
  // Since the first round after the last good one.
  Trouble worker_ ABSL_GUARDED_BY(mutex_);
  Trouble store_ ABSL_GUARDED_BY(mutex_);
  bool account_refused_ ABSL_GUARDED_BY(mutex_) = false;
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace callbridge::api
