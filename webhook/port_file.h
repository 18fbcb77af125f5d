// Tells scripts and tests which port was taken when the settings left the choice open.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string>

namespace callbridge::webhook {

// Writes the number and a line end. The file appears complete: it is written beside its place and
// moved there.
absl::Status WritePortFile(const std::string& path, std::uint16_t port);

}  // namespace callbridge::webhook
