// Which inputs are requests of clients.
#pragma once

#include "callbridge/internal/v1/input.pb.h"

namespace callbridge::store {

// True if a client waits for the reply of the input's step.
bool IsRequest(const internal::v1::Input& input);

}  // namespace callbridge::store
