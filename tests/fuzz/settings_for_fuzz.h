// The settings that the fuzzers run with: one account, a route that bridges, one that offers, one
// that is turned away, and prefixes that are allowed and denied. Made once, because they cost more
// than what is fuzzed.
#pragma once

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::fuzz {

inline constexpr char kServiceId[] = "bridge";
inline constexpr char kConfiguration[] = "bridge-prod";

// Effective: every default is filled in.
const config::v1::Settings& FuzzSettings();

}  // namespace callbridge::fuzz
