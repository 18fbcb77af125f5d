// What a session keeps of the settings, so that changed settings never change a running session.
#pragma once

#include <string>

#include "callbridge/config/v1/settings.pb.h"
#include "callbridge/internal/v1/input.pb.h"

namespace callbridge::settings {

// Returns the part of the settings that a new session keeps. The account must exist.
internal::v1::SessionSettings MakeSessionSettings(const config::v1::Settings& settings,
                                                  const std::string& account);

}  // namespace callbridge::settings
