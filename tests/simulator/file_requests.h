// The operations of uploaded files (docs/provider.md §3.7), and what the account knows of a file
// that a play names. The bytes of a file are not kept.
#pragma once

#include <optional>
#include <string>

#include "tests/simulator/answer.h"

namespace callbridge::simulator {

// Nothing if the operation is none of these.
std::optional<Answer> OnFiles(World& world, const ParsedRequest& request);

enum class FilePlay { kPlays, kRefused, kFails };
// What becomes of a play: by the switch missing-file if the account does not have its file. answer
// is what a refused play is answered. A play is a use, from which the file's 90 days begin anew.
FilePlay UseFile(World& world, const Sound& sound, Answer& answer);

}  // namespace callbridge::simulator
