// Tells scripts and tests which port was taken if the settings left the choice open.
#pragma once

#include <absl/status/status.h>

#include <cstdint>
#include <string>

namespace callbridge::webhook {

// Writes the number and a line end. The file appears complete, because it is written beside its
// place and then moved.
absl::Status WritePortFile(const std::string& path, std::uint16_t port);

}  // namespace callbridge::webhook
