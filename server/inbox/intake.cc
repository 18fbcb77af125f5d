#include "server/inbox/intake.h"

#include <algorithm>
#include <utility>

#include "server/base/check.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/base/marks.h"
#include "server/base/mask.h"
#include "server/inbox/call_session_id.h"

namespace callbridge::inbox {
namespace {

using internal::v1::CallFacts;
using internal::v1::InboxItem;
using internal::v1::IncomingCall;
using internal::v1::ProviderEvent;

base::Marks MarksOf(const ProviderEvent& event) {
  if (event.has_recording()) return base::ReadMarks(event.recording().custom_data());
  return base::ReadMarks(event.has_playback() ? event.playback().custom_data()
                                              : event.call().custom_data());
}

// Returns the id of the session from our customData, or otherwise from the name of our conference.
std::string SessionHintOf(const ProviderEvent& event, const base::Marks& marks,
                          const std::string& service_id) {
  if (marks.service == service_id) return marks.session;
  return base::SessionInName(event.conference().name(), service_id).value_or("");
}

bool EndsCall(const ProviderEvent& event) {
  return event.type() == ProviderEvent::TYPE_CALL_FINISHED ||
         event.type() == ProviderEvent::TYPE_CALL_FAILED;
}

bool IsIncomingCall(const ProviderEvent& event) {
  return event.type() == ProviderEvent::TYPE_CALL_RECEIVED &&
         event.call().direction() != CallFacts::DIRECTION_OUTBOUND;
}

void Count(const store::Appended& appended, IntakeCounters& counters) {
  switch (appended.result) {
    case store::Appended::Result::kStored:
      ++counters.stored;
      return;
    case store::Appended::Result::kDuplicate:
      ++counters.duplicates;
      return;
    case store::Appended::Result::kParked:
      ++counters.parked;
      return;
    case store::Appended::Result::kRequestKnown:
    case store::Appended::Result::kRequestReused:
    case store::Appended::Result::kNoSession:
      break;
  }
  base::CheckFailed("the store answered a webhook as if it were a request", __FILE__, __LINE__);
}

// True if the call is long over, so that a session that it began would be one too many. An event
// that tells no time is taken for new. The times are ours.
bool IsOutdated(const ProviderEvent& call_received, base::Time now) {
  const CallFacts& call = call_received.call();
  if (!call_received.has_occur_time() && !call.has_start_time()) return false;
  const base::Time told = base::FromTimestamp(
      call_received.has_occur_time() ? call_received.occur_time() : call.start_time());
  return now - told > base::kCallReceivedAgeMax;
}

admission::Wish WishOf(const IncomingCall& call) {
  const int dials = call.arrangement() == IncomingCall::ARRANGEMENT_BRIDGE ? 1 : 0;
  return {.sessions = 1, .dials = dials, .conferences = dials};
}

// Returns the setting, or the rate, that an operator would check.
std::string_view NameOf(admission::Answer::Shortage shortage) {
  switch (shortage) {
    case admission::Answer::Shortage::kSessions:
      return "limits.sessions_max";
    case admission::Answer::Shortage::kDisk:
      return "limits.free_disk_bytes_min";
    case admission::Answer::Shortage::kDials:
      return "dials that leave in time, by accounts.default.rates.dial and "
             "limits.waiting_dials_max";
    case admission::Answer::Shortage::kNone:
      break;
  }
  return "";
}

}  // namespace

Intake::Intake(IntakeIdentity identity, store::Roles<store::Inbox, store::Sessions> store,
               const IncomingCalls& incoming_calls, admission::Room* room,
               base::ClockOffset* provider_clock)
    : identity_(std::move(identity)),
      inbox_(store.get<store::Inbox>()),
      sessions_(store.get<store::Sessions>()),
      incoming_calls_(incoming_calls),
      room_(room),
      provider_clock_(provider_clock) {}

absl::Status Intake::Append(const std::vector<InboxItem>& items, base::Time now) {
  Batch batch;
  for (const InboxItem& item : items) {
    switch (item.item_case()) {
      case InboxItem::kEvent:
        Sort(item, now, batch);
        break;
      case InboxItem::kQuarantined:
        batch.quarantined.push_back(item);
        break;
      case InboxItem::ITEM_NOT_SET:
        // An ingress of a later version sends an item that this server does not know. It is
        // refused, so that it is not lost silently.
        return absl::InvalidArgumentError("an item is neither an event nor quarantined");
    }
  }
  // Each of the two is one transaction. If the second fails, the whole batch is answered as failed,
  // and its repetition is recognised element by element.
  absl::Status status = StoreInputs(now, batch);
  TellOfLast(now);
  if (status.ok()) status = StoreQuarantined(now, batch);
  if (status.ok()) Add(batch.counters);
  return status;
}

absl::Status Intake::StoreInputs(base::Time now, Batch& batch) {
  absl::StatusOr<admission::Room::Places> places = Admit(now, batch);
  if (!places.ok()) return places.status();
  if (batch.inputs.empty()) return absl::OkStatus();
  const auto appended = inbox_.AppendInputs(batch.inputs, now);
  // The store counts the new sessions from here on.
  *places = {};
  if (!appended.ok()) return appended.status();
  for (std::size_t i = 0; i < appended->size(); ++i) {
    Count((*appended)[i], batch.counters);
    Settle(batch.inputs[i], batch.arrivals[i], (*appended)[i], now, batch.counters);
    MaybeWarnOfKnownCall(batch.inputs[i], (*appended)[i]);
  }
  return absl::OkStatus();
}

absl::Status Intake::StoreQuarantined(base::Time now, Batch& batch) {
  if (batch.quarantined.empty()) return absl::OkStatus();
  const absl::StatusOr<int> kept = inbox_.Quarantine(batch.quarantined, now);
  if (!kept.ok()) return kept.status();
  batch.counters.quarantined += *kept;
  batch.counters.duplicates += static_cast<std::int64_t>(batch.quarantined.size()) - *kept;
  if (*kept > 0) {
    base::Log(base::LogLevel::kError, "webhook_quarantined",
              {{"count", *kept},
               {"reason", batch.quarantined.front().quarantined().error()},
               {"help", "see: callbridge quarantine"}});
  }
  return absl::OkStatus();
}

void Intake::Settle(const store::NewInput& input, const Arrival& arrival,
                    const store::Appended& appended, base::Time now, IntakeCounters& counters) {
  if (appended.result == store::Appended::Result::kDuplicate) {
    // The call of a late repetition may be over, and then nothing would take it out again.
    absl::MutexLock lock(&mutex_);
    if (arrival.placed) living_.Remove(input.call_id);
    return;
  }
  if (!arrival.shortage.empty()) {
    ++counters.rejected_busy;
    LogRefused(arrival.shortage, now);
  }
  if (!arrival.loop.empty()) {
    loops_.Add();
    loop_log_.Log(base::LogLevel::kWarning, "call_loop_broken", arrival.loop,
                  "route " + input.input.incoming_call().route(), base::ThrottledLog::At(now));
  }
}

// Logs what is still counted and not logged. This runs after the batch has logged its own events,
// so that these share one line with earlier ones.
void Intake::TellOfLast(base::Time now) {
  refusals_.Flush(base::ThrottledLog::At(now));
  loop_log_.Flush(base::ThrottledLog::At(now));
}

void Intake::Add(const IntakeCounters& batch) {
  stored_.Add(batch.stored);
  duplicates_.Add(batch.duplicates);
  parked_.Add(batch.parked);
  quarantined_.Add(batch.quarantined);
  foreign_configuration_.Add(batch.foreign_configuration);
  foreign_service_.Add(batch.foreign_service);
  unrouted_calls_.Add(batch.unrouted);
  without_reference_.Add(batch.without_reference);
  other_types_.Add(batch.other_types);
  outdated_calls_.Add(batch.outdated_calls);
  rejected_busy_.Add(batch.rejected_busy);
  left_ringing_.Add(batch.left_ringing);
}

void Intake::Sort(const InboxItem& item, base::Time now, Batch& batch) {
  const ProviderEvent& event = item.event();
  IntakeCounters& counters = batch.counters;
  if (event.type() == ProviderEvent::TYPE_OTHER) {
    ++counters.other_types;
    return;
  }
  if (!event.calls_configuration_id().empty() &&
      event.calls_configuration_id() != identity_.calls_configuration_id) {
    ++counters.foreign_configuration;
    MaybeWarnOfConfiguration(event.calls_configuration_id());
    return;
  }
  const base::Marks marks = MarksOf(event);
  if (base::AreForeign(marks, identity_.service_id)) {
    ++counters.foreign_service;
    return;
  }

  if (provider_clock_ != nullptr && event.has_occur_time()) {
    provider_clock_->HeardBefore(base::FromTimestamp(event.occur_time()), now);
  }
  store::NewInput input;
  *input.input.mutable_receive_time() = base::ToTimestamp(now);
  input.dedupe_key = item.dedupe_key();
  input.call_id = event.call_id();
  input.session_hint = SessionHintOf(event, marks, identity_.service_id);
  input.conference_id = event.conference_id();
  if (input.call_id.empty() && input.session_hint.empty() && input.conference_id.empty()) {
    ++counters.without_reference;
    return;
  }
  if (EndsCall(event)) {
    absl::MutexLock lock(&mutex_);
    living_.Remove(event.call_id());
  }
  if (IsIncomingCall(event) && !event.call_id().empty()) {
    SortIncomingCall(event, now, std::move(input), batch);
    return;
  }
  *input.input.mutable_provider_event() = InOurTime(event);
  batch.inputs.push_back(std::move(input));
  batch.arrivals.emplace_back();
}

void Intake::SortIncomingCall(const ProviderEvent& event, base::Time now, store::NewInput input,
                              Batch& batch) {
  ProviderEvent ours = InOurTime(event);
  if (IsOutdated(ours, now)) {
    ++batch.counters.outdated_calls;
    return;
  }
  std::optional<internal::v1::IncomingCall> arranged = incoming_calls_.Arrange(event);
  if (!arranged.has_value()) {
    ++batch.counters.unrouted;
    MaybeWarnOfUnrouted(event.call().to());
    return;
  }
  Arrival arrival;
  MaybeBreakLoop(event, now, *arranged, arrival);
  input.creates_session_id = SessionIdOf(event, base::FromTimestamp(input.input.receive_time()));
  *input.input.mutable_incoming_call() = *std::move(arranged);
  *input.input.mutable_incoming_call()->mutable_event() = std::move(ours);
  batch.inputs.push_back(std::move(input));
  batch.arrivals.push_back(arrival);
}

absl::StatusOr<admission::Room::Places> Intake::Admit(base::Time now, Batch& batch) {
  std::vector<admission::Wish> wishes;
  for (const store::NewInput& input : batch.inputs) {
    if (input.input.has_incoming_call()) wishes.push_back(WishOf(input.input.incoming_call()));
  }
  if (wishes.empty() || room_ == nullptr) return admission::Room::Places();
  absl::StatusOr<admission::Room::Answers> room = room_->Ask(wishes, now);
  if (!room.ok()) return room.status();
  auto answer = room->answers.begin();
  std::vector<store::NewInput> inputs = std::exchange(batch.inputs, {});
  std::vector<Arrival> arrivals = std::exchange(batch.arrivals, {});
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (inputs[i].input.has_incoming_call() &&
        !TakeAnswer(*answer++, now, inputs[i], arrivals[i])) {
      ++batch.counters.left_ringing;
      continue;
    }
    batch.inputs.push_back(std::move(inputs[i]));
    batch.arrivals.push_back(arrivals[i]);
  }
  return std::move(room->places);
}

bool Intake::TakeAnswer(const admission::Answer& answer, base::Time now, store::NewInput& input,
                        Arrival& arrival) {
  if (answer.shortage == admission::Answer::Shortage::kNone) return true;
  if (!answer.may_reject) {
    LogRefused(NameOf(answer.shortage), now);
    return false;
  }
  arrival.shortage = NameOf(answer.shortage);
  input.input.mutable_incoming_call()->set_arrangement(IncomingCall::ARRANGEMENT_BUSY);
  return true;
}

void Intake::LogRefused(std::string_view shortage, base::Time now) {
  refusals_.Log(base::LogLevel::kWarning, "incoming_calls_refused", shortage, {},
                base::ThrottledLog::At(now));
}

void Intake::MaybeBreakLoop(const ProviderEvent& event, base::Time now, IncomingCall& call,
                            Arrival& arrival) {
  arrival.loop = "forwarded back to its own route";
  if (call.arrangement() == IncomingCall::ARRANGEMENT_BRIDGE && !event.call().from().empty()) {
    absl::MutexLock lock(&mutex_);
    switch (living_.TryAdd(call.route(), event.call().from(), event.call_id(),
                           base::kCallsOfOneCallerMax, now)) {
      case LivingCalls::Added::kNew:
        arrival.placed = true;
        break;
      case LivingCalls::Added::kKnown:
        break;
      case LivingCalls::Added::kTooMany:
        arrival.loop = "too many calls of one caller to one route at a time";
        call.set_arrangement(IncomingCall::ARRANGEMENT_LOOP);
    }
  }
  if (call.arrangement() != IncomingCall::ARRANGEMENT_LOOP) arrival.loop = {};
}

ProviderEvent Intake::InOurTime(ProviderEvent event) const {
  if (provider_clock_ != nullptr) base::ToOurTime(*provider_clock_, event);
  return event;
}

bool Intake::IsNew(std::string_view what, const std::string& name) {
  absl::MutexLock lock(&mutex_);
  std::set<std::string>& names = warned_of_[what];
  return names.size() < base::kWarnedNamesMax && names.insert(name).second;
}

void Intake::MaybeWarnOfUnrouted(const std::string& number) {
  constexpr std::string_view kEvent = "call_to_unrouted_number";
  if (!IsNew(kEvent, number)) return;
  base::Log(base::LogLevel::kWarning, kEvent,
            {{"number", base::MaskNumber(number)},
             {"help", "add a route for this number, or set unrouted to REJECT or OFFER"}});
}

void Intake::MaybeWarnOfConfiguration(const std::string& configuration_id) {
  constexpr std::string_view kEvent = "webhook_of_another_configuration";
  if (!IsNew(kEvent, configuration_id)) return;
  base::Log(base::LogLevel::kWarning, kEvent,
            {{"configuration", configuration_id},
             {"ours", identity_.calls_configuration_id},
             {"help",
              "if these calls are meant for this service, correct calls_configuration_id; if not, "
              "take this webhook out of the other configuration"}});
}

// Warns if the call has the id of a call whose session has ended. A second delivery of one call has
// the same creation time, and therefore the same session id. So another session id means another
// call.
void Intake::MaybeWarnOfKnownCall(const store::NewInput& input, const store::Appended& appended) {
  constexpr std::string_view kEvent = "call_of_an_ended_session";
  if (input.creates_session_id.empty() || appended.session_id.empty() ||
      appended.session_id == input.creates_session_id) {
    return;
  }
  const auto session = sessions_.GetSession(appended.session_id);
  if (!session.ok() || !session->has_ended() || !IsNew(kEvent, input.call_id)) return;
  base::Log(base::LogLevel::kWarning, kEvent,
            {{"call", input.call_id},
             {"session", appended.session_id},
             {"help",
              "this call will not be answered: its id is that of a call that has ended; a "
              "simulator was started again with the same seed, or the provider repeats ids"}});
}

IntakeCounters Intake::counters() const {
  return {.stored = stored_.value(),
          .duplicates = duplicates_.value(),
          .parked = parked_.value(),
          .quarantined = quarantined_.value(),
          .foreign_configuration = foreign_configuration_.value(),
          .foreign_service = foreign_service_.value(),
          .unrouted = unrouted_calls_.value(),
          .rejected_busy = rejected_busy_.value(),
          .left_ringing = left_ringing_.value(),
          .without_reference = without_reference_.value(),
          .other_types = other_types_.value(),
          .outdated_calls = outdated_calls_.value()};
}

}  // namespace callbridge::inbox
