// Brings sessions that earlier versions stored to the present layout.
#pragma once

#include "callbridge/internal/v1/session.pb.h"

namespace callbridge::flow {

// The layout of stored sessions that this version writes. The version of the store rises with it
// (server/store/sqlite/schema.cc), so that an earlier program refuses the file.
inline constexpr int kLayout = 1;

// Brings a session to the present layout. A session of the present layout stays as it is, and so
// does a session of a later layout, which this version cannot step.
void Upgrade(internal::v1::Session* session);

}  // namespace callbridge::flow
