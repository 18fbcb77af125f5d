// When something happened, on this service's clock: the time that the provider told, otherwise the
// moment at which it was learned. Therefore something that was learned late (a lost webhook, an
// outage) makes no talk longer than it was.
#pragma once

#include <optional>

#include "server/flow/knowledge.h"

namespace callbridge::flow {

// Returns the provider's time of the present event, on our clock. The error of the provider's clock
// was subtracted where the event came in (docs/decisions/0013). Absent means that the provider gave
// no time, or that the input is not an event.
std::optional<Time> TimeOfEvent(const Knowledge& known);

// Returns when something happened to this leg. It is never before the leg's known past, and never
// after the moment at which it was learned. provider_time: the time that the provider told, on our
// clock.
Time HappenedAt(const Knowledge& known, const Leg& leg, std::optional<Time> provider_time);

}  // namespace callbridge::flow
