// The id of the session that an incoming call begins.
#pragma once

#include <string>

#include "callbridge/internal/v1/facts.pb.h"
#include "server/base/time.h"

namespace callbridge::inbox {

// Returns the id of the session that a CALL_RECEIVED begins. A second delivery, or a second
// CALL_RECEIVED of the same call, must lead to the same session. Therefore the id is made only from
// what the call itself says. Its sortable part is the call's creation time, otherwise the event's
// time, otherwise zero, which sorts before all others. The rest is a hash of the call's id. A time
// more than a day ahead of `now` is ignored, because its session would stand first in every list
// for years.
std::string SessionIdOf(const internal::v1::ProviderEvent& call_received, base::Time now);

}  // namespace callbridge::inbox
