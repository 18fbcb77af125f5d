// Requests of clients about the legs of a session.
#pragma once

#include "server/flow/course.h"

namespace callbridge::flow {

// Mutes, unmutes, deafens or undeafens a leg. Refused if the session is over or unknown to clients
// so far, if it has no such leg, if the leg is gone, or if too much was asked of the session.
void OnUpdateLeg(Course& course, const internal::v1::UpdateLeg& update);

// Lets a prompt or a capture of keys wait for its turn. Refused as OnUpdateLeg, and if a leg has
// not joined, or if too much waits on a leg. Then no leg hears it.
void OnRequestSound(Course& course, const internal::v1::RequestSound& request);
// Ends what clients asked for. Refused as OnUpdateLeg.
void OnStopSounds(Course& course, const internal::v1::StopSounds& request);
// Sends keys. Refused as OnUpdateLeg, and if the leg has not joined.
void OnRequestDigits(Course& course, const internal::v1::RequestDigits& request);

}  // namespace callbridge::flow
