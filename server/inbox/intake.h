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
  // as foreign. Any other status comes from the store: either none or all of the items were stored,
  // and a repetition is recognised. For an empty batch it returns OK without asking the store.
  absl::Status Append(const std::vector<internal::v1::InboxItem>& items, base::Time now);

  IntakeCounters counters() const;

 private:
  // Counts the item in `counters`, or adds it to `inputs`.
  void Sort(const internal::v1::InboxItem& item, base::Time now, IntakeCounters& counters,
            std::vector<store::NewInput>& inputs);
  void SortIncomingCall(const internal::v1::ProviderEvent& event, base::Time now,
                        store::NewInput input, IntakeCounters& counters,
                        std::vector<store::NewInput>& inputs);
  internal::v1::ProviderEvent InOurTime(internal::v1::ProviderEvent event) const;
  void MaybeWarnOfUnrouted(const std::string& number);
  void Add(const IntakeCounters& batch);
  // Logs refusals and loops that were counted and not yet logged.
  void TellOfLast(base::Time now);
  // Ends the loop of which a call would be a part, and logs it.
  void MaybeBreakLoop(const internal::v1::ProviderEvent& event, base::Time now,
                      internal::v1::IncomingCall& call);
  // Turns incoming calls for which there is no room into rejections, or removes them. The places
  // are held until the caller drops them.
  absl::StatusOr<admission::Room::Places> Admit(std::vector<store::NewInput>& inputs,
                                                base::Time now, IntakeCounters& counters);
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

// Returns the id of the session that a CALL_RECEIVED begins. A second delivery, or a second
// CALL_RECEIVED of the same call, must lead to the same session. Therefore the id is made only from
// what the call itself says. Its sortable part is the call's creation time, otherwise the event's
// time, otherwise zero, which sorts before all others. The rest is a hash of the call's id. A time
// more than a day ahead of `now` is ignored, because its session would stand first in every list
// for years.
std::string SessionIdOf(const internal::v1::ProviderEvent& call_received, base::Time now);

}  // namespace callbridge::inbox
