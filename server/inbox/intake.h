// Turns webhooks into inputs. It decides whether an event is ours, by which ids it may be
// correlated, and which session an incoming call begins. It stores the inputs before it returns.
// Events of other services are counted and never stored. It changes no session and sends no request
// to the provider.
#pragma once

#include <absl/base/thread_annotations.h>
#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/synchronization/mutex.h>

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "callbridge/internal/v1/inbox_service.pb.h"
#include "server/admission/room.h"
#include "server/base/clock_offset.h"
#include "server/base/counters.h"
#include "server/base/throttled_log.h"
#include "server/base/time.h"
#include "server/inbox/incoming_calls.h"
#include "server/inbox/living_calls.h"
#include "server/store/inbox.h"
#include "server/store/roles.h"
#include "server/store/sessions.h"

namespace callbridge::inbox {

// Identifies the events that are ours.
struct IntakeIdentity {
  std::string service_id;
  std::string calls_configuration_id;
};

// What became of the items since the start. Items of a batch that failed are not counted, because
// they come again.
struct IntakeCounters {
  std::int64_t stored = 0;
  // Items that were seen before.
  std::int64_t duplicates = 0;
  std::int64_t parked = 0;
  std::int64_t quarantined = 0;
  // Items of another calls configuration.
  std::int64_t foreign_configuration = 0;
  // Items whose customData names another service_id.
  std::int64_t foreign_service = 0;
  // CALL_RECEIVED events of numbers that the settings say to leave alone.
  std::int64_t unrouted = 0;
  // CALL_RECEIVED events for which there was no room: the calls were rejected as busy.
  std::int64_t rejected_busy = 0;
  // CALL_RECEIVED events for which there was no room even to reject them: the call rings until its
  // caller gives up.
  std::int64_t left_ringing = 0;
  // Items that name no call and no conference, so that no session could ever ask for them.
  std::int64_t without_reference = 0;
  // Items of a type that the flow does not use; they are not stored.
  std::int64_t other_types = 0;
  // CALL_RECEIVED events older than kCallReceivedAgeMax: repetitions of calls that are long over.
  std::int64_t outdated_calls = 0;
};

// Thread-safe.
class Intake {
 public:
  // The parameters must outlive the intake. room: null means that there are no limits.
  // provider_clock: learns from the times of the events, and converts them to our time; null leaves
  // the times as they are.
  Intake(IntakeIdentity identity, store::Roles<store::Inbox, store::Sessions> store,
         const IncomingCalls& incoming_calls, admission::Room* room = nullptr,
         base::ClockOffset* provider_clock = nullptr);

  // Stores the items. OK means that every item is durable, set aside, or counted as a duplicate or
  // as foreign. INVALID_ARGUMENT means that an item is of a kind that this server does not know;
  // nothing was stored. Any other status comes from the store. Then all events or none were stored,
  // and all quarantined items or none; a repetition of the batch is recognised item by item. For an
  // empty batch it returns OK without asking the store.
  absl::Status Append(const std::vector<internal::v1::InboxItem>& items, base::Time now);

  IntakeCounters counters() const;

 private:
  // What an input has caused before it was stored. It counts when the store has found it to be new.
  struct Arrival {
    // The call has taken a place among the living calls of its caller.
    bool placed = false;
    // Why there was no room for the call; empty if there was.
    std::string_view shortage;
    // Why the call would go round; empty if it would not.
    std::string_view loop;
  };

  // The items that are stored together.
  struct Batch {
    IntakeCounters counters;
    std::vector<store::NewInput> inputs;
    // One for each input, in the same order.
    std::vector<Arrival> arrivals;
    std::vector<internal::v1::InboxItem> quarantined;
  };

  // Counts the event, or adds it to the inputs.
  void Sort(const internal::v1::InboxItem& item, base::Time now, Batch& batch);
  void SortIncomingCall(const internal::v1::ProviderEvent& event, base::Time now,
                        store::NewInput input, Batch& batch);
  absl::Status StoreInputs(base::Time now, Batch& batch);
  absl::Status StoreQuarantined(base::Time now, Batch& batch);
  // Counts and logs what an input has caused, or takes it back if the input was known.
  void Settle(const store::NewInput& input, const Arrival& arrival, const store::Appended& appended,
              base::Time now, IntakeCounters& counters);
  internal::v1::ProviderEvent InOurTime(internal::v1::ProviderEvent event) const;
  void MaybeWarnOfUnrouted(const std::string& number);
  void Add(const IntakeCounters& batch);
  // Logs refusals and loops that were counted and not yet logged.
  void TellOfLast(base::Time now);
  // Ends the loop of which a call would be a part.
  void MaybeBreakLoop(const internal::v1::ProviderEvent& event, base::Time now,
                      internal::v1::IncomingCall& call, Arrival& arrival);
  // Turns incoming calls for which there is no room into rejections, or removes them. The places
  // are held until the caller drops them.
  absl::StatusOr<admission::Room::Places> Admit(base::Time now, Batch& batch);
  // Returns false if the call is to be left ringing.
  bool TakeAnswer(const admission::Answer& answer, base::Time now, store::NewInput& input,
                  Arrival& arrival);
  void LogRefused(std::string_view shortage, base::Time now);
  void MaybeWarnOfConfiguration(const std::string& configuration_id);
  void MaybeWarnOfKnownCall(const store::NewInput& input, const store::Appended& appended);
  // True if this name may be logged now and was not logged before.
  bool IsNew(std::string_view what, const std::string& name);

  const IntakeIdentity identity_;
  store::Inbox& inbox_;
  store::Sessions& sessions_;
  const IncomingCalls& incoming_calls_;
  admission::Room* const room_;
  base::ClockOffset* const provider_clock_;
  base::ThrottledLog refusals_;

  // The counters follow the members of IntakeCounters, in their order.
  base::Counter stored_{"webhooks_stored", "Webhooks stored for their session."};
  base::Counter duplicates_{"webhooks_duplicate", "Webhooks that had been seen before."};
  base::Counter parked_{"webhooks_parked", "Webhooks that no session owned yet when they came."};
  base::Counter quarantined_{"webhooks_quarantined", "Authentic webhooks that cannot be read."};
  base::Counter foreign_configuration_{"webhooks_foreign_configuration",
                                       "Webhooks of another calls configuration."};
  base::Counter foreign_service_{"webhooks_foreign_service",
                                 "Webhooks whose customData names another service_id."};
  base::Counter unrouted_calls_{"webhooks_unrouted",
                                "Incoming calls to numbers that the settings leave alone."};
  base::Counter rejected_busy_{"calls_rejected_busy",
                               "Incoming calls rejected as busy, because there was no room."};
  base::Counter left_ringing_{
      "calls_left_ringing",
      "Incoming calls left ringing, because there was no room even to reject them."};
  base::Counter without_reference_{"webhooks_without_reference",
                                   "Webhooks that name no call and no conference."};
  base::Counter other_types_{"webhooks_other_types", "Webhooks of types that are not used."};
  base::Counter outdated_calls_{"webhooks_outdated_calls",
                                "Incoming calls that were told almost a day late, and not taken."};

  base::Counter loops_{"calls_looping",
                       "Incoming calls rejected because they came back from their own route."};
  base::ThrottledLog loop_log_;

  absl::Mutex mutex_;
  LivingCalls living_ ABSL_GUARDED_BY(mutex_);
  // The names that were logged, up to kWarnedNamesMax of each kind.
  std::map<std::string_view, std::set<std::string>> warned_of_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace callbridge::inbox
