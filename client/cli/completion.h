// Scripts that complete commands and flags of `callbridge` in a shell. They are made of the same
// table as --help, so that they know what the program knows.
#pragma once

#include <string>

namespace callbridge::cli {

// To be sourced, or put into the folder of bash's completions.
std::string BashCompletion();

// To be put into a folder of zsh's fpath as _callbridge.
std::string ZshCompletion();

}  // namespace callbridge::cli
