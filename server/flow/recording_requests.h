// Requests of clients to record a session, or to stop.
#pragma once

#include "server/flow/course.h"

namespace callbridge::flow {

// Says what is to be recorded from now on. Refused if the session is over, if it is recorded in
// another way, or if too much was asked of it.
void OnRequestRecording(Course& course, const internal::v1::RequestRecording& request);

}  // namespace callbridge::flow
