#include "server/flow/times.h"

#include <algorithm>
#include <chrono>
#include <initializer_list>

namespace callbridge::flow {
namespace {

// A smaller difference is the way of a webhook, not the clock.
constexpr std::chrono::seconds kSameClock{2};
// A larger one is no clock that runs.
constexpr std::chrono::hours kClockMax{24};

Duration ClockDifference(const Session& session) {
  if (!session.has_provider_clock_behind()) return Duration::zero();
  const Duration behind = base::FromProtoDuration(session.provider_clock_behind());
  const Duration size = std::chrono::abs(behind);
  return size < kSameClock || size > kClockMax ? Duration::zero() : behind;
}

Time LastTimeOf(const Leg& leg) {
  Time last = base::FromTimestamp(leg.create_time());
  for (const google::protobuf::Timestamp* time :
       {&leg.sent_time(), &leg.ring_time(), &leg.answer_time(), &leg.join_time(),
        &leg.leave_time()}) {
    // An absent one is the epoch.
    last = std::max(last, base::FromTimestamp(*time));
  }
  return last;
}

}  // namespace

void NoteProviderClock(Turn& turn, const ProviderEvent& event) {
  Session& session = turn.session();
  if (!event.has_occur_time() || session.has_ended()) return;
  // An event that was long on its way shows too much; of several the smallest difference is nearest
  // to the truth.
  Duration behind = turn.learned() - base::FromTimestamp(event.occur_time());
  if (session.has_provider_clock_behind()) {
    behind = std::min(behind, base::FromProtoDuration(session.provider_clock_behind()));
  }
  *session.mutable_provider_clock_behind() = base::ToProtoDuration(behind);
}

std::optional<Time> TimeOfEvent(const Turn& turn) {
  if (!turn.input().provider_event().has_occur_time()) return std::nullopt;
  return base::FromTimestamp(turn.input().provider_event().occur_time());
}

Time HappenedAt(const Turn& turn, const Leg& leg, std::optional<Time> provider_time) {
  Time happened = turn.learned();
  if (provider_time) {
    happened = std::min(happened, *provider_time + ClockDifference(turn.session()));
  }
  return std::max(happened, LastTimeOf(leg));
}

}  // namespace callbridge::flow
