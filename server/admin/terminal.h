// What an operator types.
#pragma once

#include <optional>
#include <stop_token>
#include <string>

namespace callbridge::admin {

// Waits for a line on the open descriptor and returns it without its end. Nothing if the input ends
// or fails before the line does, if the line is longer than 1,000 bytes, or as soon as a stop is
// asked for: a read alone would not notice a signal that only asks to stop.
std::optional<std::string> ReadLine(int descriptor, const std::stop_token& stop);

}  // namespace callbridge::admin
