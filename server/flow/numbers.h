// Telephone numbers in the form of the public contract.
#pragma once

#include <string>

namespace callbridge::flow {

// Returns the number in E.164 with "+", which the provider leaves out. A text that is not a number
// stays as it is.
std::string WithPlus(const std::string& number);

}  // namespace callbridge::flow
