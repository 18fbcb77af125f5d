// How long an MP3 file sounds, frame by frame. Only headers of frames are read, nothing is decoded.
#pragma once

#include <absl/status/statusor.h>

#include "server/admin/input_file.h"
#include "server/base/time.h"

namespace callbridge::admin {

// NOT_FOUND means that the file is no MP3. INVALID_ARGUMENT means that it is one, and says what is
// wrong with it and what to do: it is cut short, or MPEG audio of another layer.
absl::StatusOr<base::Duration> MeasureMp3(const InputFile& file);

}  // namespace callbridge::admin
