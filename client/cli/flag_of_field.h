// Which flag of the command line a field of a request came from. Pure.
#pragma once

#include <string>
#include <string_view>

namespace callbridge::cli {

// "--caller" for "caller.dial.phone.number". Empty: no flag sets this field.
std::string FlagOfField(std::string_view field);

}  // namespace callbridge::cli
