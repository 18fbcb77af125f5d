// Whether this server works, from what its parts report: the worker's rounds, the store, and the
// provider's last answer. Probes and balancers read it through gRPC's health service.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <functional>
#include <map>
#include <optional>
#include <string_view>

#include "callbridge/internal/v1/command.pb.h"
#include "server/base/clock.h"
#include "server/base/time.h"

namespace callbridge::api {

// Thread-safe. The clock must outlive it.
class Health {
 public:
  using Action = internal::v1::Command::ActionCase;

  // ask_store: a small read of the store, which may block. Empty means that the store is not asked.
  explicit Health(const base::Clock& clock, std::function<absl::Status()> ask_store = {});

  // The caller calls them around each round of the worker. A round that fails or does not end is
  // tolerated for kHealthPatience.
  void OnRoundBegin();
  void OnRoundEnd(const absl::Status& status);
  // Called with the operation and the HTTP status of each answer. 0 means that no answer came, and
  // is ignored. Each operation that the provider begins to refuse to the account is logged once.
  void OnProviderAnswer(Action action, int http_status);
  // Called with the HTTP status of each answer to a conference's creation, which tells whether the
  // provider knows the calls configuration. 0 is ignored.
  void OnConferenceAnswer(int http_status);
  // Asks the store. The caller calls it about once a second.
  void AskStore();
  // Makes the server NOT_SERVING from now on.
  void Drain();

  enum class Answer { kServing, kNotServing, kUnknownService };
  // Returns the health of a service. "" is the server itself, which probes restart or take out of
  // service. BridgeService's name also tells whether a bridge can succeed, which is impossible
  // while the provider refuses the account's key (401), refuses an operation that every bridge
  // needs (403), or does not know the calls configuration. A bridge goes on without all other
  // operations. A 403 and an unknown configuration count for kRefusalCounts: clients that stay away
  // because of them would keep the operation from being tried again.
  Answer Of(std::string_view service) const;

 private:
  // The time since which a part does not work. Absent means that it works.
  using Trouble = std::optional<base::Time>;

  bool Lasts(const Trouble& trouble) const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  bool AccountBridges() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const base::Clock& clock_;
  const std::function<absl::Status()> ask_store_;
  mutable absl::Mutex mutex_;
  // The time of the first round after the last good one.
  Trouble worker_ ABSL_GUARDED_BY(mutex_);
  Trouble store_ ABSL_GUARDED_BY(mutex_);
  // The provider's last answer was 401.
  bool key_refused_ ABSL_GUARDED_BY(mutex_) = false;
  // The operations whose last answer was 403, and when it came.
  std::map<Action, base::Time> forbidden_ ABSL_GUARDED_BY(mutex_);
  // When the provider last did not know the configuration. Absent means that it knows it.
  Trouble configuration_unknown_ ABSL_GUARDED_BY(mutex_);
  bool draining_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace callbridge::api
