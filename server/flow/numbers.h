// Telephone numbers as the contract writes them.
#pragma once

#include <string>

namespace callbridge::flow {

// E.164 with "+": the provider leaves it out. What is no number stays as it is.
std::string WithPlus(const std::string& number);

}  // namespace callbridge::flow
