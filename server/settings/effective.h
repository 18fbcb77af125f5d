// Settings with every default filled in: what the processes run with and what --print-config shows.
// Pure.
#pragma once

#include "callbridge/config/v1/settings.pb.h"

namespace callbridge::settings {

// Takes valid settings (validation.h). Numbers become "+" and digits, addresses of the provider
// lose their last "/", plans have all fields but the voices of their prompts and the music's loop
// count, which depend on the session. Applied twice it changes nothing more.
config::v1::Settings EffectiveSettings(const config::v1::Settings& written);

}  // namespace callbridge::settings
