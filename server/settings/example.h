// The settings file that is delivered as an example: every setting with its comment, its range and
// its default, made of the protos and the rules in them.
#pragma once

#include <string>

namespace callbridge::settings {

// deploy/settings.example.yaml. Good settings: what is commented out is a default, or shows what a
// setting that is left out could look like.
std::string PrintExample();

}  // namespace callbridge::settings
