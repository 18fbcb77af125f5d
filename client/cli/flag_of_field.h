// Finds the flag of the command line from which a field of a request came. Pure.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::cli {

// Returns "--caller" for "caller.dial.phone.number". Empty means that no flag sets this field.
std::string FlagOfField(std::string_view field);

}  // namespace callbridge::cli
