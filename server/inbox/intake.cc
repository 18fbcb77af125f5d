#include "server/inbox/intake.h"

#include <algorithm>
#include <chrono>
#include <span>
#include <utility>

#include "server/base/check.h"
#include "server/base/ids.h"
#include "server/base/limits.h"
#include "server/base/log.h"
#include "server/base/marks.h"
#include "server/base/mask.h"
#include "server/base/sha256.h"

namespace callbridge::inbox {
namespace {

using internal::v1::CallFacts;
using internal::v1::InboxItem;
using internal::v1::IncomingCall;
using internal::v1::ProviderEvent;

// How far the provider's clock may be ahead of ours. A time beyond that is not believed.
constexpr std::chrono::hours kClockAheadMax{24};

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

std::string SessionIdOf(const ProviderEvent& call_received, base::Time now) {
  // `now` itself is not used, because a repetition of the event at another moment must make the
  // same id.
  const auto believed = [now](const google::protobuf::Timestamp& time) {
    return base::FromTimestamp(time) <= now + kClockAheadMax;
  };
  base::Time birth{};
  if (call_received.call().has_start_time() && believed(call_received.call().start_time())) {
    birth = base::FromTimestamp(call_received.call().start_time());
  } else if (call_received.has_occur_time() && believed(call_received.occur_time())) {
    birth = base::FromTimestamp(call_received.occur_time());
  }
  const auto digest = base::Sha256(call_received.call_id());
  return base::MakeSessionId(std::max(birth, base::Time{}),
                             std::span(digest).first<base::kSessionIdTailBytes>());
}

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
  IntakeCounters counters;
  std::vector<store::NewInput> inputs;
  std::vector<InboxItem> quarantined;
  for (const InboxItem& item : items) {
    switch (item.item_case()) {
      case InboxItem::kEvent:
        Sort(item, now, counters, inputs);
        break;
      case InboxItem::kQuarantined:
        quarantined.push_back(item);
        break;
      case InboxItem::ITEM_NOT_SET:
        // An ingress of a later version sends an item that this server does not know. It is
        // refused, so that it is not lost silently.
        return absl::InvalidArgumentError("an item is neither an event nor quarantined");
    }
  }
  absl::StatusOr<admission::Room::Places> places = Admit(inputs, now, counters);
  TellOfLast(now);
  if (!places.ok()) return places.status();
  // Each of the two is one transaction. If the second fails, the whole batch is answered as failed,
  // and its repetition is recognised element by element.
  if (!inputs.empty()) {
    const auto appended = inbox_.AppendInputs(inputs, now);
    // The store counts the new sessions from here on.
    *places = {};
    if (!appended.ok()) return appended.status();
    for (std::size_t i = 0; i < appended->size(); ++i) {
      Count((*appended)[i], counters);
      MaybeWarnOfKnownCall(inputs[i], (*appended)[i]);
    }
  }
  if (!quarantined.empty()) {
    const absl::StatusOr<int> kept = inbox_.Quarantine(quarantined, now);
    if (!kept.ok()) return kept.status();
    counters.quarantined += *kept;
    counters.duplicates += static_cast<std::int64_t>(quarantined.size()) - *kept;
    if (*kept > 0) {
      base::Log(base::LogLevel::kError, "webhook_quarantined",
                {{"count", *kept},
                 {"reason", quarantined.front().quarantined().error()},
                 {"help", "see: callbridge quarantine"}});
    }
  }
  Add(counters);
  return absl::OkStatus();
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

void Intake::Sort(const InboxItem& item, base::Time now, IntakeCounters& counters,
                  std::vector<store::NewInput>& inputs) {
  const ProviderEvent& event = item.event();
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
    SortIncomingCall(event, now, std::move(input), counters, inputs);
    return;
  }
  *input.input.mutable_provider_event() = InOurTime(event);
  inputs.push_back(std::move(input));
}

void Intake::SortIncomingCall(const ProviderEvent& event, base::Time now, store::NewInput input,
                              IntakeCounters& counters, std::vector<store::NewInput>& inputs) {
  ProviderEvent ours = InOurTime(event);
  if (IsOutdated(ours, now)) {
    ++counters.outdated_calls;
    return;
  }
  std::optional<internal::v1::IncomingCall> arranged = incoming_calls_.Arrange(event);
  if (!arranged.has_value()) {
    ++counters.unrouted;
    MaybeWarnOfUnrouted(event.call().to());
    return;
  }
  MaybeBreakLoop(event, now, *arranged);
  input.creates_session_id = SessionIdOf(event, base::FromTimestamp(input.input.receive_time()));
  *input.input.mutable_incoming_call() = *std::move(arranged);
  *input.input.mutable_incoming_call()->mutable_event() = std::move(ours);
  inputs.push_back(std::move(input));
}

absl::StatusOr<admission::Room::Places> Intake::Admit(std::vector<store::NewInput>& inputs,
                                                      base::Time now, IntakeCounters& counters) {
  std::vector<admission::Wish> wishes;
  for (const store::NewInput& input : inputs) {
    if (input.input.has_incoming_call()) wishes.push_back(WishOf(input.input.incoming_call()));
  }
  if (wishes.empty() || room_ == nullptr) return admission::Room::Places();
  absl::StatusOr<admission::Room::Answers> room = room_->Ask(wishes, now);
  if (!room.ok()) return room.status();
  auto answer = room->answers.begin();
  std::erase_if(inputs, [&](store::NewInput& input) {
    if (!input.input.has_incoming_call()) return false;
    const admission::Answer& one = *answer++;
    if (one.shortage == admission::Answer::Shortage::kNone) return false;
    refusals_.Log(base::LogLevel::kWarning, "incoming_calls_refused", NameOf(one.shortage), {},
                  base::ThrottledLog::At(now));
    ++(one.may_reject ? counters.rejected_busy : counters.left_ringing);
    input.input.mutable_incoming_call()->set_arrangement(IncomingCall::ARRANGEMENT_BUSY);
    return !one.may_reject;
  });
  return std::move(room->places);
}

void Intake::MaybeBreakLoop(const ProviderEvent& event, base::Time now, IncomingCall& call) {
  const char* why = "forwarded back to its own route";
  if (call.arrangement() == IncomingCall::ARRANGEMENT_BRIDGE && !event.call().from().empty()) {
    absl::MutexLock lock(&mutex_);
    if (living_.TryAdd(call.route(), event.call().from(), event.call_id(),
                       base::kCallsOfOneCallerMax, now)) {
      return;
    }
    why = "too many calls of one caller to one route at a time";
    call.set_arrangement(IncomingCall::ARRANGEMENT_LOOP);
  }
  if (call.arrangement() != IncomingCall::ARRANGEMENT_LOOP) return;
  loops_.Add();
  loop_log_.Log(base::LogLevel::kWarning, "call_loop_broken", why, "route " + call.route(),
                base::ThrottledLog::At(now));
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
