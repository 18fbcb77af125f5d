// When something happened, on this service's clock: the provider's word where it gave one,
// otherwise the moment at which it was learned. What was learned late (a lost webhook, an outage)
// then makes no talk longer than it was.
#pragma once

#include <optional>

#include "server/flow/turn.h"

namespace callbridge::flow {

// An event of the provider is at hand: remembers how far the provider's clock seems to be from
// ours.
void NoteProviderClock(Turn& turn, const ProviderEvent& event);

// The provider's time of the event at hand. Absent: it gave none, or the input is no event.
std::optional<Time> TimeOfEvent(const Turn& turn);

// When it happened to this leg: never before what the leg is known to have done, never after it was
// learned. provider_time is by the provider's clock.
Time HappenedAt(const Turn& turn, const Leg& leg, std::optional<Time> provider_time);

}  // namespace callbridge::flow
