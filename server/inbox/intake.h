// Where webhooks become inputs: it decides whose an event is, what it may be correlated by, and which session an incoming call
// begins, and stores all of it before it returns. Events of others are counted and left alone, never stored. It changes no
// session and sends nothing to the provider.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/base/time.h"
#include "server/inbox/incoming_calls.h"
#include "server/store/store.h"

namespace callbridge::inbox {

// Whose events are ours.
struct IntakeIdentity {
  std::string service_id;
  std::string calls_configuration_id;
};

// What became of the items since the start. Items of a batch that failed are not counted: they come again.
struct IntakeCounters {
  std::int64_t stored = 0;
  // Seen before.
  std::int64_t duplicates = 0;
  std::int64_t parked = 0;
  std::int64_t quarantined = 0;
  // Of another calls configuration.
  std::int64_t foreign_configuration = 0;
  // Their customData names another service_id.
  std::int64_t foreign_service = 0;
  // CALL_RECEIVED of a number that the settings say to leave alone.
  std::int64_t unrouted = 0;
  // They name no call and no conference, so that nothing could ever ask for them.
  std::int64_t without_reference = 0;
  // Of a type that the flow does not use; nothing of them is stored.
  std::int64_t other_types = 0;
};

// Thread-safe.
class Intake {
 public:
  // The store and incoming_calls must outlive it.
  Intake(IntakeIdentity identity, store::Store& store, const IncomingCalls& incoming_calls);

  // OK: every item is durable, set aside, or counted as a duplicate or as not ours. Anything else, as the store said it: nothing
  // or all of it was stored, and a repetition is recognised. Of an empty batch it says OK without asking the store.
  absl::Status Append(const std::vector<internal::v1::InboxItem>& items, base::Time now);

  IntakeCounters counters() const;

 private:
  // Counted in counters, or added to inputs.
  void Sort(const internal::v1::InboxItem& item, base::Time now, IntakeCounters& counters,
            std::vector<store::NewInput>& inputs);
  void SortIncomingCall(const internal::v1::ProviderEvent& event, store::NewInput input,
                        IntakeCounters& counters, std::vector<store::NewInput>& inputs);
  void MaybeWarnOfUnrouted(const std::string& number);
  void MaybeWarnOfConfiguration(const std::string& configuration_id);
  void MaybeWarnOfKnownCall(const store::NewInput& input, const store::Appended& appended);
  // This name was not warned of yet, and may be now.
  bool IsNew(std::string_view what, const std::string& name);

  const IntakeIdentity identity_;
  store::Store& store_;
  const IncomingCalls& incoming_calls_;

  mutable absl::Mutex mutex_;
  IntakeCounters counters_ ABSL_GUARDED_BY(mutex_);
  // What was warned of, at most kWarnedNamesMax of each kind.
  std::map<std::string_view, std::set<std::string>> warned_of_ ABSL_GUARDED_BY(mutex_);
};

// The session that a CALL_RECEIVED begins. A second delivery of it, or a second CALL_RECEIVED of the same call, must meet the
// first, so that only what the call itself says goes in: its creation (else the event's time, else nothing, which sorts before
// all others) as the sortable part, and a hash of its id.
std::string SessionIdOf(const internal::v1::ProviderEvent& call_received);

}  // namespace callbridge::inbox
