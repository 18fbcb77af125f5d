// A transition in the words of the scenario files.
#pragma once

#include <string>

#include "callbridge/internal/v1/phase.pb.h"

namespace callbridge::flow {

std::string DescribeEvent(const v1::SessionEvent& event);
std::string DescribeCommand(const internal::v1::Command& command);

}  // namespace callbridge::flow
