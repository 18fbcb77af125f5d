// The provider's schemas of the requests that prepare an account, as tables (docs/provider.md §3.1
// to §3.3). Constant data only.
#pragma once

#include "tests/simulator/schema.h"

namespace callbridge::simulator {

const Schema& CreateConfigurationSchema();
const Schema& UpdateConfigurationSchema();
const Schema& CreateSubscriptionSchema();
const Schema& UpdateSubscriptionSchema();
const Schema& CreateProfileSchema();
const Schema& UpdateProfileSchema();
const Schema& CreateSecuritySchema();
const Schema& UpdateSecuritySchema();
const Schema& VoiceSetupSchema();
const Schema& ApplicationSchema();

// The events that the channel VOICE_VIDEO knows: docs/provider.md §5.1.
bool IsEventOfVoice(std::string_view name);

}  // namespace callbridge::simulator
