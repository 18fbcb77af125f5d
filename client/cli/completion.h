// Scripts with which a shell completes the commands and flags of `callbridge`. They come from the
// same table as --help, so that both always agree.
#pragma once

#include <string>

namespace callbridge::cli {

// Returns the script for bash. A user sources it, or puts it into the folder of bash's completions.
std::string BashCompletion();

// Returns the script for zsh. A user puts it into a folder of zsh's fpath as _callbridge.
std::string ZshCompletion();

}  // namespace callbridge::cli
