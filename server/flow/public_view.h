// What clients see of a session. The one place that maps Phase to State.
#pragma once

#include "callbridge/internal/v1/phase.pb.h"
#include "callbridge/v1/session.pb.h"

namespace callbridge::flow {

callbridge::v1::Session::State StateOf(const internal::v1::Session& session);
callbridge::v1::Session PublicView(const internal::v1::Session& session);

}  // namespace callbridge::flow
