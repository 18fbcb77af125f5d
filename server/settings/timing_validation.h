// Whether the deadlines of the flow fit together. Pure.
#pragma once

#include <string>

#include "callbridge/internal/v1/input.pb.h"
#include "server/settings/findings.h"

namespace callbridge::settings {

// Fields left out have their defaults: a look must still come before its verdict.
void ValidateTiming(const internal::v1::Timing& timing, const std::string& path,
                    Findings& findings);

}  // namespace callbridge::settings
