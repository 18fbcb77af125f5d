// Requests of clients about one leg of a session.
#pragma once

#include "server/flow/course.h"

namespace callbridge::flow {

// Mutes, unmutes, deafens or undeafens a leg. Refused if the session is over or unknown to clients
// so far, if it has no such leg, if the leg is gone, or if too much was asked of the session.
void OnUpdateLeg(Course& course, const internal::v1::UpdateLeg& update);

}  // namespace callbridge::flow
