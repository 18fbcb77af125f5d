// What every request that changes a session has.
#pragma once

#include "callbridge/client.h"
#include "server/base/arguments.h"

namespace callbridge::cli {

// Fills in request_id and validate_only. The request_id is made up if none was given.
template <typename Request>
void ReadChange(const base::Arguments& arguments, Request& request) {
  request.set_request_id(arguments.ValueOr("request-id", ""));
  if (request.request_id().empty()) request.set_request_id(client::MakeRequestId());
  request.set_validate_only(arguments.Has("validate-only"));
}

}  // namespace callbridge::cli
