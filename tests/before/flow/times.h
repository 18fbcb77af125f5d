// When something happened, on this service's clock: the provider's word where it gave one,
// otherwise the moment at which it was learned. What was learned late (a lost webhook, an outage)
// then makes no talk longer than it was.
#pragma once

#include <optional>

#include "tests/before/flow/turn.h"

namespace callbridge::flow_before {

// The provider's time of the event at hand, on our clock: what the provider's clock is wrong by was
// taken off where the event came in (docs/decisions/0013). Absent: it gave none, or the input is no
// event.
std::optional<Time> TimeOfEvent(const Turn& turn);

// When it happened to this leg: never before what the leg is known to have done, never after it was
// learned. provider_time: the provider's word, on our clock.
Time HappenedAt(const Turn& turn, const Leg& leg, std::optional<Time> provider_time);

}  // namespace callbridge::flow_before
