// Reads what the command line says about recording: the plan of start, and the requests of record.
// Pure. What only the server can check (lengths, keys, what excludes each other) is left to it.
#pragma once

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "callbridge/v1/bridge_service.pb.h"
#include "server/base/arguments.h"

namespace callbridge::cli {

// Fills in plan.recording if a flag of it is given.
absl::Status ReadRecordingPlan(const base::Arguments& arguments, v1::Plan& plan);

// Each without its session_id. The request_id is made up if none was given.
absl::StatusOr<v1::StartRecordingRequest> MakeRecordRequest(const base::Arguments& arguments);
v1::StopRecordingRequest MakeStopRecordRequest(const base::Arguments& arguments);

}  // namespace callbridge::cli
