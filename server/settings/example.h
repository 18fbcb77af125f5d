// Prints the example settings file: every setting with its comment, its range and its default, from
// the protos and their rules.
#pragma once

#include <string>

namespace callbridge::settings {

// Returns the text of deploy/settings.example.yaml. The settings are valid. A line that is
// commented out is a default, or an example for a setting that is left out.
std::string PrintExample();

}  // namespace callbridge::settings
